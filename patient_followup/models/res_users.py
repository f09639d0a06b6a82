# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import fields, models


class ResUsers(models.Model):
    _inherit = "res.users"

    # Kept from team, deputies, headed departments and their children (D-6).
    followup_department_ids = fields.Many2many(
        "hr.department",
        "followup_user_department_rel",
        "user_id",
        "department_id",
        string="Follow-up Departments",
        copy=False,
    )
