# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import fields, models


class ResConfigSettings(models.TransientModel):
    _inherit = "res.config.settings"

    followup_backfill_days = fields.Integer(
        related="company_id.followup_backfill_days", readonly=False
    )
    followup_horizon_days = fields.Integer(
        related="company_id.followup_horizon_days", readonly=False
    )
    followup_readmission = fields.Selection(
        related="company_id.followup_readmission", readonly=False
    )
    followup_list_hour = fields.Float(
        related="company_id.followup_list_hour", readonly=False
    )
    followup_claim_minutes = fields.Integer(
        related="company_id.followup_claim_minutes", readonly=False
    )
    followup_late_entry_hours = fields.Integer(
        related="company_id.followup_late_entry_hours", readonly=False
    )
    followup_default_policy_id = fields.Many2one(
        related="company_id.followup_default_policy_id", readonly=False
    )
    followup_reveal_limit = fields.Integer(
        related="company_id.followup_reveal_limit", readonly=False
    )
    followup_import_retention_days = fields.Integer(
        string="Days to Keep Lists",
        config_parameter="patient_followup.import_retention_days",
        default=7,
        help="Days after which files of lists and their rows lose all patient data.",
    )
    followup_encryption = fields.Boolean(
        string="Encrypt Numbers", config_parameter="patient_followup.encryption"
    )

    def set_values(self):
        if self.followup_encryption:
            # sudo: nobody has access to the store; this only looks for its key
            self.env["followup.protected.value"].sudo()._check_has_key()
        return super().set_values()
