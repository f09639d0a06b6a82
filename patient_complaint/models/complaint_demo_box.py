# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Suggestion boxes of the demo: one round finished, one being registered."""

from datetime import timedelta

from odoo import fields, models

from ..demo import box as told
from ..demo.moments import at


class ComplaintDemo(models.AbstractModel):
    _inherit = "complaint.demo"

    def _fill_offices(self):
        """Say also where the complaint office is."""
        result = super()._fill_offices()
        self._company().write(told.OFFICE)
        return result

    def _add(self, cases):
        result = super()._add(cases)
        boxes = self._as(self._user("officer"), "complaint.box").create(
            [
                {"name": place, "department_id": self._department(key).id}
                for key, place in told.BOXES
            ]
        )
        now = fields.Datetime.now()
        for box, (days, count, sheets) in zip(boxes, told.ROUNDS, strict=True):
            with at(now - timedelta(days=days)):
                self._open_box(box, count, sheets)
        return result

    def _open_box(self, box, count, sheets):
        """Count the sheets with a witness and register them."""
        witness = self.env.ref("patient_followup.demo_employee_nurse")
        office = self._as(self._user("specialist"), "complaint.box.round")
        opening = office.create(
            {
                "box_id": box.id,
                "opened_at": fields.Datetime.now(),
                "witness_id": witness.id,
                "sheet_count": count,
            }
        )
        for kind, category, words in sheets:
            issue = {
                "category_id": self.env.ref(
                    f"patient_complaint.complaint_category_{category}"
                ).id
            }
            office.env["complaint.case"].create(
                {
                    "box_round_id": opening.id,
                    "kind": kind,
                    "received_at": fields.Datetime.now(),
                    "description": words,
                    "department_id": box.department_id.id,
                    "issue_ids": [(0, 0, issue)],
                }
            )
        if len(sheets) == count:
            opening.action_close()
