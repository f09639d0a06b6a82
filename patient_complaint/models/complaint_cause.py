# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import api, fields, models


class ComplaintCause(models.Model):
    """Why it happened: causes in groups, named for each issue (C-22).

    Access: every role reads, complaint officers and administrators edit.
    """

    _name = "complaint.cause"
    _description = "Complaint Cause"
    _inherit = ["followup.shared.mixin"]
    _parent_store = True
    _order = "parent_id, sequence, id"

    name = fields.Char(required=True, translate=True)
    sequence = fields.Integer(default=10)
    active = fields.Boolean(default=True)
    company_id = fields.Many2one(
        "res.company", index=True, help="Empty: every hospital."
    )
    parent_id = fields.Many2one(
        "complaint.cause", string="Above", index=True, ondelete="restrict"
    )
    parent_path = fields.Char(index=True, export_string_translation=False)
    child_ids = fields.One2many("complaint.cause", "parent_id", string="Below")

    @api.depends("name", "parent_id.name")
    def _compute_display_name(self):
        for cause in self:
            names = [cause.parent_id.name, cause.name]
            cause.display_name = " / ".join(filter(None, names))
