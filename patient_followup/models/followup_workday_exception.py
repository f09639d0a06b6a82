# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import fields, models


class FollowupWorkdayException(models.Model):
    """A public holiday or make-up workday (I-6)."""

    _name = "followup.workday.exception"
    _description = "Public Holiday or Make-up Workday"
    _order = "date desc, id"

    date = fields.Date(required=True, index=True)
    is_workday = fields.Boolean(string="Workday")
    name = fields.Char(required=True, translate=True)
    calendar_id = fields.Many2one("resource.calendar")
    company_id = fields.Many2one("res.company", index=True)
