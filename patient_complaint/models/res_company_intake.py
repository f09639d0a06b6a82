# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Where complaints come in by themselves, and what a poster tells (C-4, C-25)."""

from odoo import SUPERUSER_ID, fields, models

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
