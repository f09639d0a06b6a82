# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Letting somebody see a case again, by the office and with a reason (I-8)."""

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.tools import SQL

from .complaint_case_conflict import TURN, WANTED

FORGET = (
    "DELETE FROM complaint_employee_former_rel rel USING named, below"
    " WHERE named.case_id = %s AND below.top_id = named.employee_id"
    " AND rel.employee_id = below.employee_id AND rel.user_id = ANY(%s)"
    " RETURNING rel.user_id"
)
OFFICER = "patient_complaint.complaint_group_officer"


class ComplaintCase(models.Model):
    _inherit = "complaint.case"

    has_stale_conflicts = fields.Boolean(compute="_compute_has_stale_conflicts")

    @api.depends("conflict_user_ids")
    @api.depends_context("uid")
    def _compute_has_stale_conflicts(self):
        """Whether an officer could let somebody see it again."""
        is_officer = self.env.user.has_group(OFFICER)
        for case in self:
            case.has_stale_conflicts = bool(
                is_officer and case.conflict_user_ids and case._get_stale_conflicts()
            )

    def _lift(self, users, reason):
        """Take `users` out of the set of this case; the reason stays on record.

        Only those whom nothing keeps there: neither a name in an issue, nor a
        superior who is named, nor what they declared themselves.

        :raises AccessError: the caller is no officer, or in the set himself
        :raises UserError: no reason, nobody chosen, or somebody is named still
        """
        self.ensure_one()
        self.check_access("read")
        if not self.env.user.has_group(OFFICER):
            raise AccessError(
                self.env._("Only an officer of the complaint office does this.")
            )
        reason = self._check_reason(reason)
        if not users:
            raise UserError(self.env._("Choose who may see the case again."))
        # of two at once, one who names and one who lifts, the later begins again
        self.env.cr.execute(TURN)
        # sudo: names of colleagues, whoever asks
        kept = (users - self._get_stale_conflicts()).sudo()
        if kept:
            raise UserError(
                self.env._(
                    "%(user)s is still named, below somebody named, or declared a"
                    " conflict.",
                    user=kept[0].name,
                )
            )
        # sudo: engine write and note after the checks above, also on a closed case
        case = self.sudo()
        case._guarded().write({"conflict_user_ids": [(3, user.id) for user in users]})
        case._forget_accounts(users)
        names = ", ".join(users.sudo().mapped("name"))
        case._note_reason(
            self.env._(
                "No longer in conflict: %(names)s. %(reason)s",
                names=names,
                reason=reason,
            )
        )

    def _forget_accounts(self, users):
        """These accounts were not of whom the case names: they come back no more."""
        query = SQL("WITH %s %s", WANTED, SQL(FORGET, self.id, users.ids))
        self.env.execute_query(query)
        self.env["hr.employee"].invalidate_model(["complaint_former_user_ids"])
