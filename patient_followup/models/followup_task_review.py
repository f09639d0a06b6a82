# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""What the doctor agreed after earlier calls, for the caller of this one (X-6)."""

from odoo import api, fields, models
from odoo.tools import format_date


class FollowupTask(models.Model):
    _inherit = "followup.task"

    agreed_measures = fields.Text(
        string="Agreed with the Doctor", compute="_compute_agreed_measures"
    )

    @api.depends("patient_id")
    @api.depends_context("lang")
    def _compute_agreed_measures(self):
        agreed = self.env["followup.review"]._agreed_for(self.patient_id)
        for task in self:
            lines = [
                self._say_measure(review)
                for review in agreed.get(task.patient_id.id, ())
            ]
            task.agreed_measures = "\n".join(lines) or False

    def _say_measure(self, review):
        day = self.env["followup.clock"]._local_date(
            review.company_id, review.reviewed_at
        )
        # the review comes with sudo: the name of a colleague may be hidden
        who = review.reviewed_by_id.name
        return f"{format_date(self.env, day)} {who}: {review.measure}"
