# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import fields, models


class FollowupProtectedValue(models.Model):
    """The clear value behind a masked field (I-3, D-9).

    Access: nobody. Only `followup.protected.mixin` reaches it, through sudo.
    """

    _name = "followup.protected.value"
    _description = "Protected Value"

    res_model = fields.Char(required=True)
    res_id = fields.Many2oneReference(model_field="res_model", required=True)
    field_name = fields.Char(required=True)
    company_id = fields.Many2one("res.company", required=True, index=True)
    cipher = fields.Char(required=True)
    digest = fields.Char(required=True)
    last_four = fields.Char()
