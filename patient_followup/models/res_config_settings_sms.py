# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import api, fields, models


class ResConfigSettings(models.TransientModel):
    _inherit = "res.config.settings"

    followup_message_consent = fields.Boolean(
        related="company_id.followup_message_consent", readonly=False
    )
    followup_reminder_days = fields.Integer(
        related="company_id.followup_reminder_days", readonly=False
    )
    followup_email_active = fields.Boolean(
        related="company_id.followup_email_active", readonly=False
    )
    followup_sms_active = fields.Boolean(
        related="company_id.followup_sms_active", readonly=False
    )
    followup_sms_url = fields.Char(
        related="company_id.followup_sms_url", readonly=False
    )
    followup_sms_inside = fields.Boolean(
        related="company_id.followup_sms_inside", readonly=False
    )
    followup_sms_format = fields.Selection(
        related="company_id.followup_sms_format", readonly=False, required=True
    )
    followup_sms_user = fields.Char(
        related="company_id.followup_sms_user", readonly=False
    )
    followup_sms_key = fields.Char(
        related="company_id.followup_sms_key", readonly=False
    )
    followup_sms_signature = fields.Char(
        related="company_id.followup_sms_signature", readonly=False
    )
    followup_sms_mapping = fields.Text(
        related="company_id.followup_sms_mapping", readonly=False
    )
    followup_sms_headers = fields.Text(
        related="company_id.followup_sms_headers", readonly=False
    )
    followup_sms_ok_field = fields.Char(
        related="company_id.followup_sms_ok_field", readonly=False
    )
    followup_sms_ok_value = fields.Char(
        related="company_id.followup_sms_ok_value", readonly=False
    )
    followup_sms_id_field = fields.Char(
        related="company_id.followup_sms_id_field", readonly=False
    )
    followup_sms_number_codes = fields.Char(
        related="company_id.followup_sms_number_codes", readonly=False
    )
    followup_sms_report_secret = fields.Char(
        related="company_id.followup_sms_report_secret", readonly=False
    )
    followup_sms_report_list = fields.Char(
        related="company_id.followup_sms_report_list", readonly=False
    )
    followup_sms_report_id_field = fields.Char(
        related="company_id.followup_sms_report_id_field", readonly=False
    )
    followup_sms_report_state_field = fields.Char(
        related="company_id.followup_sms_report_state_field", readonly=False
    )
    followup_sms_report_delivered = fields.Char(
        related="company_id.followup_sms_report_delivered", readonly=False
    )
    followup_sms_report_url = fields.Char(
        string="Address for Delivery Reports",
        compute="_compute_followup_sms_report_url",
    )

    @api.depends("company_id")
    def _compute_followup_sms_report_url(self):
        for settings in self:
            base = settings.company_id.get_base_url()
            settings.followup_sms_report_url = f"{base}/followup/sms/report"
