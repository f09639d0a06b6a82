# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Questionnaires on paper: the code that leads back to the follow-up (M-1)."""

import hashlib

from odoo import api, fields, models

from ..tools import paper_code

PURPOSE = b"patient_followup.paper_code:"
# instead of details that were asked for: the code on the paper says whose it is
PAPER = "paper"


class FollowupTask(models.Model):
    _inherit = "followup.task"

    def _get_paper_code(self):
        """Return the code on the printed questionnaire; the same for each print."""
        self.ensure_one()
        return paper_code.encode(self.id, self._get_paper_key())

    @api.model
    def _find_by_paper_code(self, code):
        """Return the follow-up of a code as the user may see it, or an empty one.

        A mistyped code, one of another database and one of a patient the user does
        not see give the same answer.
        """
        found = paper_code.decode(code, self._get_paper_key())
        return self.search([("id", "=", found)]) if found else self.browse()

    @api.model
    def _get_paper_key(self):
        # sudo: the secret of the database, which nobody reads; only codes leave
        secret = self.env["ir.config_parameter"].sudo().get_param("database.secret")
        return hashlib.sha256(PURPOSE + (secret or "").encode()).digest()

    # ------------------------------------------------------------
    # ENTERING
    # ------------------------------------------------------------

    def _enter_paper(self, moment, answered_by):
        """Take the follow-up and note that the patient was reached by letter.

        :param moment: when the paper was filled in, in UTC
        :param answered_by: `patient` or `relative`
        :raises UserError: the user may not record it, or the moment cannot be
        """
        self.ensure_one()
        self._check_caller()
        if self._get_holder() != self.env.user:
            self.action_claim()
        relative = answered_by == "relative"
        self.log_attempt(
            "reached_relative" if relative else "reached",
            method="mail",
            direction="in",
            started_at=moment,
            note=self.env._("Questionnaire on paper"),
        )
        # sudo: rights were checked above; who answered is a guarded field
        self.sudo()._guarded().write(
            {
                "identity_checked_at": fields.Datetime.now(),
                "identity_checked_by_id": self.env.uid,
                "identity_items": PAPER,
                "identity_speaker": answered_by,
            }
        )

    def _may_tell(self):
        """Nobody listens while a paper is entered: what it says was said before."""
        if self._is_identified() and self.identity_items == PAPER:
            return True
        return super()._may_tell()
