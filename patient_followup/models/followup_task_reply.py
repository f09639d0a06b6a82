# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""The call that gives an answer to the patient (P-7, X-1)."""

from odoo import fields, models
from odoo.exceptions import UserError

TELLING = "concern:"


class FollowupTask(models.Model):
    _inherit = "followup.task"

    telling_concern_ids = fields.One2many(
        "followup.concern", "telling_task_id", string="Answers to Give"
    )

    # ------------------------------------------------------------
    # TELLING
    # ------------------------------------------------------------

    def _complete(self, outcome_note=None):
        """Complete; a call that was to give an answer has given it (P-7)."""
        if not self._is_telling():
            return super()._complete(outcome_note)
        # sudo: whoever makes the call gives the answer, raised by whomever
        concerns = self.sudo().telling_concern_ids.sudo(False)
        told = {row: row._find_telling_attempt() for row in concerns._untold()}
        self._check_heard(told)
        result = super()._complete(outcome_note)
        for concern, attempt in told.items():
            concern._tell(attempt.ended_at or attempt.started_at, attempt)
        return result

    def _is_telling(self):
        self.ensure_one()
        return bool(self.origin_key and self.origin_key.startswith(TELLING))

    def _check_heard(self, told):
        """Refuse to end the call while nobody entitled has heard the answer."""
        if self.reached_at and not all(told.values()):
            raise UserError(
                self.env._(
                    "Only the patient, or a relative who may be told of his health,"
                    " can be given this answer. Arrange another call."
                )
            )
