# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""The SMS gateway of a hospital, and when messages go out; all of it off at first."""

import re

from odoo import api, fields, models
from odoo.exceptions import ValidationError

from ..tools import gateway_http
from ..tools.sms_gateway import SmsApiGateway

DEFAULT_MAPPING = """mobile: {number}
content: {text}
account: {user}
password: {key}
uid: {reference}"""
# what may stand in the fields of a gateway
GATEWAY_PARAMS = (
    "number",
    "text",
    "user",
    "key",
    "reference",
    "signature",
    "template",
    "params",
)
_LINE = re.compile(r"^\s*([A-Za-z0-9_.-]{1,64})\s*:\s*(.*?)\s*$")
MIN_SECRET = 16


class ResCompany(models.Model):
    _inherit = "res.company"

    # when
    followup_message_consent = fields.Boolean(
        string="Only with Recorded Consent",
        help="Without it messages go to everybody who has not withdrawn.",
    )
    followup_reminder_days = fields.Integer(
        string="Remind After (Days)",
        default=3,
        help="One reminder, if the patient has not answered; 0: none.",
    )
    followup_email_active = fields.Boolean(string="Send E-Mails to Patients")
    # the gateway
    followup_sms_active = fields.Boolean(string="Send SMS to Patients")
    # keys often stand in the address, and every employee reads companies; whoever
    # writes it gets the key, the numbers and the links
    followup_sms_url = fields.Char(
        string="Address of the Gateway", groups="base.group_system"
    )
    followup_sms_inside = fields.Boolean(
        string="Gateway inside the Hospital",
        help="Allows addresses of the inner network.",
        groups="base.group_system",
    )
    followup_sms_format = fields.Selection(
        [("json", "JSON"), ("form", "Form")],
        string="Format",
        default="json",
        required=True,
    )
    followup_sms_user = fields.Char(string="Account", groups="base.group_system")
    followup_sms_key = fields.Char(string="Key", groups="base.group_system")
    followup_sms_signature = fields.Char(
        string="Signature", help="As the networks demand it, as in: 【Hospital】"
    )
    followup_sms_mapping = fields.Text(
        string="Fields Sent", default=DEFAULT_MAPPING, groups="base.group_system"
    )
    followup_sms_headers = fields.Text(
        string="Headers Sent", groups="base.group_system"
    )
    followup_sms_ok_field = fields.Char(string="Field of the Result", default="code")
    followup_sms_ok_value = fields.Char(string="Value if Accepted", default="0")
    followup_sms_id_field = fields.Char(
        string="Field of the Message Number", default="msgid"
    )
    followup_sms_number_codes = fields.Char(
        string="Codes of Wrong Numbers",
        help="Results that clearly say the number does not exist; separated by commas.",
    )
    # what it tells later
    followup_sms_report_secret = fields.Char(
        string="Secret of Delivery Reports", groups="base.group_system"
    )
    followup_sms_report_list = fields.Char(
        string="Field of the List", help="Empty: the report itself is one or a list."
    )
    followup_sms_report_id_field = fields.Char(
        string="Report: Message Number", default="msgid"
    )
    followup_sms_report_state_field = fields.Char(
        string="Report: Result", default="status"
    )
    followup_sms_report_delivered = fields.Char(
        string="Report: Delivered", default="DELIVRD, 0"
    )

    # ------------------------------------------------------------
    # CONSTRAINS
    # ------------------------------------------------------------

    @api.constrains("followup_sms_url", "followup_sms_inside", "followup_sms_active")
    def _check_followup_sms_url(self):
        # sudo: the address is the system's administrator's, who or whose switch wrote
        companies = self.sudo()
        for company in companies.filtered("followup_sms_url"):
            try:
                gateway_http.check_url(
                    company.followup_sms_url, company.followup_sms_inside
                )
            except gateway_http.BadTarget as error:
                raise ValidationError(
                    self.env._(
                        "The gateway needs an https address without user or key in"
                        " it; one of the inner network must be allowed first."
                    )
                ) from error
        if companies.filtered(
            lambda row: row.followup_sms_active and not row.followup_sms_url
        ):
            raise ValidationError(self.env._("Enter the address of the gateway."))

    @api.constrains("followup_sms_mapping", "followup_sms_headers")
    def _check_followup_sms_mapping(self):
        # sudo: fields of the system's administrator, who just wrote them
        for company in self.sudo():
            try:
                company._followup_sms_lines("followup_sms_mapping")
                company._followup_sms_lines("followup_sms_headers")
            except ValueError as error:
                raise ValidationError(
                    self.env._(
                        "One field in a line, as in mobile: {number}. Not understood:"
                        " %(line)s",
                        line=error.args[0],
                    )
                ) from error

    @api.constrains("followup_sms_report_secret")
    def _check_followup_sms_secret(self):
        # sudo: fields of the system's administrator, who just wrote them
        for secret in filter(None, self.sudo().mapped("followup_sms_report_secret")):
            if len(secret) < MIN_SECRET or not secret.isascii():
                raise ValidationError(
                    self.env._(
                        "The secret needs at least %(count)s letters or figures.",
                        count=MIN_SECRET,
                    )
                )

    @api.constrains("followup_reminder_days")
    def _check_followup_reminder_days(self):
        if any(company.followup_reminder_days < 0 for company in self):
            raise ValidationError(self.env._("Days cannot be negative."))

    def _followup_sms_lines(self, name):
        """Return {field: text with parameters}.

        :raises ValueError: with the first line that is not understood
        """
        lines = {}
        for line in (self[name] or "").splitlines():
            if not line.strip():
                continue
            match = _LINE.match(line)
            names = re.findall(r"\{([^{}]*)\}", line)
            if not match or set(names) - set(GATEWAY_PARAMS) or not line.isprintable():
                raise ValueError(line)
            lines[match[1]] = match[2]
        return lines

    # ------------------------------------------------------------
    # BUSINESS
    # ------------------------------------------------------------

    def _followup_can_send(self, way):
        """Tell whether messages of this way are switched on."""
        self.ensure_one()
        # sudo: switches of the hospital, for whoever lets a message be written
        company = self.sudo()
        if way == "sms":
            return bool(company.followup_sms_active and company.followup_sms_url)
        return way != "email" or company.followup_email_active

    def _get_sms_api_class(self):
        """Send through the hospital's own gateway, where it has one (as Twilio)."""
        self.ensure_one()
        if self._followup_can_send("sms"):
            return SmsApiGateway
        return super()._get_sms_api_class()
