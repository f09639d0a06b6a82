# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""The patient's programmes and goals; what his death or a merge does to them."""

from odoo import fields, models
from odoo.fields import Domain

from .followup_programme import OPEN_ENROLMENTS


class FollowupPatient(models.Model):
    _inherit = "followup.patient"

    enrolment_ids = fields.One2many(
        "followup.enrolment", "patient_id", string="Programmes"
    )
    goal_ids = fields.One2many("followup.goal", "patient_id", string="Goals")
    eligible_programme_id = fields.Many2one(
        "followup.programme",
        string="Proposed for Programme",
        compute="_compute_eligible_programme_id",
        search="_search_eligible_programme_id",
        export_string_translation=False,
    )

    def _compute_eligible_programme_id(self):
        """Only searched: the list of patients proposed for a programme."""
        self.eligible_programme_id = False

    def _search_eligible_programme_id(self, operator, value):
        if operator != "in":
            return NotImplemented
        ids = [key for key in value if isinstance(key, int) and key]
        programmes = self.env["followup.programme"].browse(ids).exists()
        return Domain.OR(row._get_eligible_domain() for row in programmes)

    # ------------------------------------------------------------
    # STOP (I-12)
    # ------------------------------------------------------------

    def _stop_follow_up(self, reason=None):
        """End the programmes with the calls; open goals fall with them."""
        result = super()._stop_follow_up(reason)
        for text, patients in self._by_stop_reason(reason).items():
            # sudo: programmes of every department end, whoever heard of it
            rows = self.env["followup.enrolment"].sudo()
            rows.search(
                [
                    ("patient_id", "in", patients.ids),
                    ("state", "in", OPEN_ENROLMENTS),
                ]
            )._end("left", text)
            # sudo: goals without a programme are open work as well
            goals = self.env["followup.goal"].sudo()
            goals.search([("patient_id", "in", patients.ids)])._cancel_engine()
        return result

    # ------------------------------------------------------------
    # MERGE
    # ------------------------------------------------------------

    def _merge(self, others, reason=None):
        """End what the kept record has as well: one open row per programme."""
        self.ensure_one()
        others -= self
        self._check_may_merge()
        self._check_mergeable(others)
        # sudo: who merges moves the rows of every department
        mine = self.sudo().enrolment_ids.filtered(_is_open).programme_id
        for row in others.sudo().enrolment_ids.filtered(_is_open):
            if row.programme_id in mine:
                row._end("left", self.env._("The record was merged into another one."))
            mine |= row.programme_id
        self._merge_attendances(others)
        return super()._merge(others, reason)

    def _merge_attendances(self, others):
        """Keep one row per group event: the one that says he came."""
        # sudo: who merges moves the rows of every department
        rows = self.env["followup.group.attendance"].sudo()
        rows = rows.search([("patient_id", "in", (self | others).ids)])
        for same in rows.grouped("event_id").values():
            ranked = same.sorted(lambda row: (row.state != "attended", row.id))
            ranked[1:]._guarded().unlink()


def _is_open(enrolment):
    return enrolment.state in OPEN_ENROLMENTS
