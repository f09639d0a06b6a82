# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import api, fields, models


class FollowupSealFinding(models.Model):
    """One record that differs from its seal, or one flaw of the chain (I-5).

    Access: auditors read, like the check it belongs to.
    """

    _name = "followup.seal.finding"
    _description = "Finding of a Check of Seals"
    _inherit = ["followup.guarded.mixin"]
    _order = "number, id"
    _rec_name = "number"

    check_id = fields.Many2one(
        "followup.seal.check", required=True, index=True, ondelete="cascade"
    )
    company_id = fields.Many2one(related="check_id.company_id", store=True)
    number = fields.Integer(string="Link", aggregator=None)
    res_model = fields.Char(string="Model", required=True)
    res_id = fields.Many2oneReference(model_field="res_model", string="Record")
    record_kind = fields.Char(compute="_compute_record_kind", string="Kind")
    kind = fields.Selection(
        [
            ("altered", "The record was altered"),
            ("missing", "The record was deleted"),
            ("chain", "The link was altered"),
            ("gap", "Links were removed before this one"),
            ("cut", "The link of this record was removed"),
        ],
        string="What",
        required=True,
    )

    _guarded_fields = frozenset({"check_id", "number", "res_model", "res_id", "kind"})

    @api.depends("res_model")
    @api.depends_context("lang")
    def _compute_record_kind(self):
        for finding in self:
            # sudo: the name of a model, which auditors may not read themselves
            model = self.env["ir.model"].sudo()._get(finding.res_model or "")
            finding.record_kind = model.name or finding.res_model
