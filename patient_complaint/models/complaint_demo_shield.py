# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Named employees, hearings and evidence of the demo."""

import base64
from datetime import timedelta

from odoo import fields, models

from ..demo import shield as told


class ComplaintDemo(models.AbstractModel):
    _inherit = "complaint.demo"

    def _add(self, cases):
        result = super()._add(cases)
        running = cases.filtered(
            lambda case: case.state == "investigation" and case.track == "full"
        )
        for case, name in zip(running, ("nurse", "doctor"), strict=False):
            self._investigate(case, name)
        return result

    def _investigate(self, case, name):
        """Name an employee, hear him, put on record what was read and said."""
        employee = self.env.ref(f"patient_followup.demo_employee_{name}")
        case.issue_ids[:1].employee_ids = [(4, employee.id)]
        question = getattr(told, f"QUESTION_{name.upper()}")
        hearing = case.env["complaint.hearing"].create(
            {
                "case_id": case.id,
                "employee_id": employee.id,
                "question": question,
                "deadline": fields.Date.today() + timedelta(days=2),
            }
        )
        for number, (kind, title, note) in enumerate(
            (told.RECORD, told.INTERVIEW, told.FILE)
        ):
            self._put_on_record(case, number, kind, title, note)
        if name == "doctor":
            # sudo: the question that only he reads
            row = self._as(employee.user_id, hearing.sudo().question_id.sudo(False))
            row.answer = told.ANSWER_DOCTOR
            row.action_answer()

    def _do_record(self, case):
        """Put on record what was read, said and sent."""
        for number, row in enumerate((told.RECORD, told.INTERVIEW, told.FILE)):
            self._put_on_record(case, number, *row)

    def _put_on_record(self, case, number, kind, title, note):
        vals = {"case_id": case.id, "kind": kind, "name": title, "note": note}
        vals["taken_at"] = fields.Datetime.now() - timedelta(hours=5 - number)
        if kind == "interview":
            vals["person"] = told.PERSON
        if kind == "file":
            content = base64.b64encode(told.LETTER.encode())
            vals.update(file=content, file_name="letter.txt")
        evidence = case.env["complaint.evidence"].create(vals)
        if kind == "file":
            event, place = told.CUSTODY
            case.env["complaint.custody"].create(
                {"evidence_id": evidence.id, "event": event, "place": place}
            )
