# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""What an approver is shown: the card of his decision, a form of his own."""

from odoo import api, models

OFFICE_ROLES = (
    "patient_complaint.complaint_group_specialist",
    "patient_complaint.complaint_group_investigator",
    "patient_followup.followup_group_leader",
)


class ComplaintCase(models.Model):
    _inherit = "complaint.case"

    def _get_access_action(self, access_uid=None, force_website=False):
        """A link in a mail opens the card of the decision, after logging in."""
        self.ensure_one()
        user = self.env["res.users"].browse(access_uid) if access_uid else self.env.user
        # sudo: only whether it is his turn; the card itself asks the rules
        card = self.sudo().with_user(user).sudo().my_approval_id
        if not card:
            return super()._get_access_action(access_uid, force_website)
        # a window would open the case: the web client is told its model only
        return {
            "type": "ir.actions.act_url",
            "url": f"/odoo/complaint-decision/{card.id}",
            "target": "self",
        }

    @api.model
    def _get_view_cache_key(self, view_id=None, view_type="form", **options):
        key = super()._get_view_cache_key(view_id, view_type, **options)
        return (*key, self.env.user.has_groups(",".join(OFFICE_ROLES)))

    @api.model
    def _get_view(self, view_id=None, view_type="form", **options):
        """Who only approves gets a form that shows what he has to decide."""
        if view_type == "form" and not self.env.user.has_groups(",".join(OFFICE_ROLES)):
            card = "patient_complaint.complaint_case_view_form_approver"
            view_id = self.env.ref(card).id
        return super()._get_view(view_id, view_type, **options)
