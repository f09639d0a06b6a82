# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import fields, models


class FollowupConsent(models.Model):
    """What the patient agreed to (FHIR Consent, M-4)."""

    _name = "followup.consent"
    _description = "Consent"
    _order = "date desc, id desc"

    patient_id = fields.Many2one(
        "followup.patient", required=True, index=True, ondelete="cascade"
    )
    company_id = fields.Many2one(
        related="patient_id.company_id", store=True, index=True
    )
    scope = fields.Selection(
        [
            ("phone", "Phone"),
            ("sms", "SMS"),
            ("email", "E-mail"),
            ("home_visit", "Home Visit"),
            ("publication", "Publication"),
        ],
        required=True,
    )
    granted = fields.Boolean()
    date = fields.Date(required=True, default=fields.Date.context_today)
    evidence = fields.Char()
    expiry_date = fields.Date()
