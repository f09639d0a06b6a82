# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import fields, models


class FollowupProtocol(models.Model):
    """When, how and by whom a kind of patient is followed up (FHIR PlanDefinition)."""

    _name = "followup.protocol"
    _description = "Follow-up Protocol"
    _inherit = ["followup.guarded.mixin", "mail.thread"]
    _order = "sequence, code, version desc, id"

    _guarded_fields = frozenset({"state", "version", "family_id"})

    name = fields.Char(required=True, translate=True, tracking=True)
    code = fields.Char(required=True)
    sequence = fields.Integer(default=10)
    version = fields.Integer(default=1, required=True, readonly=True, copy=False)
    family_id = fields.Many2one(
        "followup.protocol",
        readonly=True,
        copy=False,
        index=True,
        help="First version; plans are unique per family.",
    )
    company_id = fields.Many2one("res.company", index=True)
    state = fields.Selection(
        [("draft", "Draft"), ("active", "Active"), ("retired", "Retired")],
        default="draft",
        required=True,
        copy=False,
        tracking=True,
    )
    step_ids = fields.One2many("followup.protocol.step", "protocol_id", copy=True)
