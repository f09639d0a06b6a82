# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Questionnaires on paper: the code that leads back to the follow-up (M-1)."""

import hashlib

from odoo import api, models

from ..tools import paper_code

PURPOSE = b"patient_followup.paper_code:"


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
