# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import fields, models


class FollowupEvent(models.Model):
    """Something that can start a plan besides a stay (D-13)."""

    _name = "followup.event"
    _description = "Plan Start Event"
    _order = "name, id"

    name = fields.Char(required=True, translate=True)
    code = fields.Char(required=True)
    active = fields.Boolean(default=True)

    _code_uniq = models.UniqueIndex("(code)", "This event code exists already.")
