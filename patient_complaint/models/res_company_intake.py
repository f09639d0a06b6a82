# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Where complaints come in by themselves, and what a poster tells (C-4, C-25)."""

from odoo import SUPERUSER_ID, api, fields, models
from odoo.exceptions import ValidationError

OFFICER = "patient_complaint.complaint_group_officer"


class ResCompany(models.Model):
    _inherit = "res.company"

    complaint_form_open = fields.Boolean(
        string="Public Complaint Form",
        default=True,
        help="Visitors complain, praise and suggest without an account.",
    )
    complaint_receiver_id = fields.Many2one(
        "res.users",
        string="First Receiver of Forms and Mails",
        help="Empty: the first complaint officer of the hospital.",
    )
    complaint_office_phone = fields.Char(string="Phone of the Complaint Office")
    complaint_office_place = fields.Char(string="Room of the Complaint Office")
    complaint_office_hours = fields.Char(string="Hours of the Complaint Office")

    complaint_alias_id = fields.Many2one(
        "mail.alias", readonly=True, copy=False, ondelete="set null"
    )
    complaint_alias_name = fields.Char(
        string="Address for Complaints",
        compute="_compute_complaint_alias_name",
        inverse="_inverse_complaint_alias_name",
        help="Part before the @: mails to it become cases.",
    )

    @api.depends("complaint_alias_id.alias_name")
    def _compute_complaint_alias_name(self):
        for company in self:
            company.complaint_alias_name = company.complaint_alias_id.alias_name

    def _inverse_complaint_alias_name(self):
        """Make, rename or drop the address of a hospital."""
        # sudo: whoever may change the hospital need not administer addresses
        aliases = self.env["mail.alias"].sudo()
        for company in self:
            name = (company.complaint_alias_name or "").strip()
            alias = company.sudo().complaint_alias_id
            if not name:
                company.complaint_alias_id = False
                alias.unlink()
            elif alias:
                alias.alias_name = name
            else:
                company.complaint_alias_id = aliases.create(
                    {
                        "alias_name": name,
                        "alias_domain_id": company.alias_domain_id.id,
                        "alias_model_id": self.env["ir.model"]._get_id(
                            "complaint.case"
                        ),
                        "alias_defaults": repr({"company_id": company.id}),
                        "alias_contact": "everyone",
                    }
                )

    @api.constrains("complaint_receiver_id")
    def _check_complaint_receiver(self):
        for company in self:
            user = company.complaint_receiver_id
            if user and (user.share or company not in user.company_ids):
                raise ValidationError(
                    self.env._("The first receiver works in this hospital.")
                )

    def _complaint_receiver(self):
        """Return the user who answers for what came in without anybody's hand."""
        self.ensure_one()
        # sudo: a setting, and who belongs to the office
        chosen = self.sudo().complaint_receiver_id
        if chosen.active and self in chosen.company_ids:
            return chosen.sudo(False)
        users = self.env.ref(OFFICER).sudo().all_user_ids
        able = users.filtered(
            lambda user: user.active and not user.share and self in user.company_ids
        )
        found = able.sorted("id")[:1] or users.browse(SUPERUSER_ID)
        return found.sudo(False)
