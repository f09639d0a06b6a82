# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import api, models
from odoo.exceptions import AccessError
from odoo.fields import Domain

from ..tools.shield import (
    case_models,
    closed_rows,
    open_domain,
    shielded_models,
)


class ComplaintShieldMixin(models.AbstractModel):
    """Rows that hang on a document by model and number, closed with it (I-8, D-8).

    Odoo shows notes to their authors and to-dos to their owners whatever the rules
    of the document say; whoever is in conflict with a case sees none of either.
    """

    _name = "complaint.shield.mixin"
    _description = "Closed with the Case"

    # fields that hold the model and the number of the document
    _shield_fields = ("res_model", "res_id")

    @api.model
    def _get_shielded(self):
        """Return the models of documents whose rows may be closed."""
        return shielded_models(self.env)

    def _search(self, domain, *args, **kwargs):
        if not (self.env.su or kwargs.get("bypass_access")):
            shown = open_domain(self.env, *self._shield_fields, self._get_shielded())
            domain = shown & Domain(domain)
        return super()._search(domain, *args, **kwargs)

    def _check_access(self, operation):
        result = super()._check_access(operation)
        if self.env.su:
            return result
        closed = closed_rows(self, *self._shield_fields, self._get_shielded())
        if not closed:
            return result
        refused = closed | result[0] if result else closed
        return refused, refused._make_shield_error

    def _make_shield_error(self):
        return AccessError(
            self.env._("You may not see this: it belongs to a case closed for you.")
        )


class MailMessage(models.Model):
    _name = "mail.message"
    _inherit = ["mail.message", "complaint.shield.mixin"]

    _shield_fields = ("model", "res_id")


class MailActivity(models.Model):
    _name = "mail.activity"
    _inherit = ["mail.activity", "complaint.shield.mixin"]

    @api.model_create_multi
    def create(self, vals_list):
        """Core asks for rights first: only then the answer may tell who is named."""
        activities = super().create(vals_list)
        activities._check_conflict()
        return activities

    def write(self, vals):
        result = super().write(vals)
        if not {"user_id", "res_model_id", "res_id"}.isdisjoint(vals):
            self._check_conflict()
        return result

    def _check_conflict(self):
        """Nobody gets a to-do on a case that is closed for him."""
        names = shielded_models(self.env)
        # sudo: the case decides before any rule of the document
        for activity in self.sudo().filtered("user_id"):
            if activity.res_model in names:
                row = self.env[activity.res_model].browse(activity.res_id)
                for case in row._get_shield_case().sudo():
                    case._check_no_conflict(activity.user_id)


class MailFollowers(models.Model):
    _name = "mail.followers"
    _inherit = ["mail.followers", "complaint.shield.mixin"]


class FollowupAccessLog(models.Model):
    """Whoever is named learns nothing of his case by who looked at it (I-8)."""

    _name = "followup.access.log"
    _inherit = ["followup.access.log", "complaint.shield.mixin"]

    @api.model
    def _get_shielded(self):
        return case_models(self.env)
