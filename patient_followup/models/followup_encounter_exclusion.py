# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import models
from odoo.exceptions import AccessError, UserError

from ..tools.checked import checked

MANAGER = "patient_followup.followup_group_centre_manager"
WARD = "patient_followup.followup_group_ward_caller"


class FollowupEncounter(models.Model):
    """Exclusion from follow-up: the ward proposes, the centre decides (E-6)."""

    _inherit = "followup.encounter"

    @checked
    def action_propose_exclusion(self, reason=None, note=None):
        """Propose to leave these stays out; the centre has to confirm.

        :param reason: a `followup.exclusion.reason` or its id
        """
        self._check_exclusion_role(WARD, MANAGER)
        reason = self._get_exclusion_reason(reason)
        for stay in self:
            if stay.exclusion_state == "confirmed":
                raise UserError(
                    self.env._("%(stay)s is excluded already.", stay=stay.display_name)
                )
        self._guarded().write(
            {
                "exclusion_state": "proposed",
                "exclusion_reason_id": reason.id,
                "exclusion_note": (note or "").strip()[:500] or False,
                "exclusion_user_id": self.env.uid,
            }
        )

    def action_confirm_exclusion(self):
        """Leave the proposed stays out: their open tasks are withdrawn."""
        self._check_exclusion_role(MANAGER)
        self._check_proposed()
        self._guarded().write({"exclusion_state": "confirmed", "excluded": True})

    def action_decline_exclusion(self):
        """Keep the proposed stays in follow-up."""
        self._check_exclusion_role(MANAGER)
        self._check_proposed()
        self._guarded().write({"exclusion_state": "none", "exclusion_reason_id": False})

    def action_withdraw_exclusion(self):
        """Take an excluded stay back into follow-up."""
        self._check_exclusion_role(MANAGER)
        if self.filtered(lambda stay: stay.exclusion_state != "confirmed"):
            raise UserError(self.env._("Only excluded stays can be taken back."))
        self._guarded().write(
            {"exclusion_state": "none", "excluded": False, "exclusion_reason_id": False}
        )
        self.filtered(lambda stay: stay.state == "discharged").generate_plans()

    def action_open_exclusion(self):
        """Ask for the reason in a small form."""
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Propose Exclusion"),
            "res_model": "followup.encounter.exclude",
            "view_mode": "form",
            "target": "new",
            "context": {"default_encounter_ids": self.ids},
        }

    def _check_exclusion_role(self, *groups):
        self.check_access("write")
        if not self.env.su and not any(map(self.env.user.has_group, groups)):
            raise AccessError(
                self.env._("Wards propose an exclusion, the centre manager decides.")
            )

    def _check_proposed(self):
        if self.filtered(lambda stay: stay.exclusion_state != "proposed"):
            raise UserError(self.env._("No exclusion is proposed for this stay."))

    def _get_exclusion_reason(self, reason):
        reasons = self.env["followup.exclusion.reason"]
        if isinstance(reason, int) and not isinstance(reason, bool):
            reason = reasons.search([("id", "=", reason)])
        if not isinstance(reason, type(reasons)) or len(reason) != 1:
            raise UserError(self.env._("Choose a reason from the list."))
        reason.check_access("read")
        if not reason.active:
            raise UserError(self.env._("This reason is no longer used."))
        return reason
