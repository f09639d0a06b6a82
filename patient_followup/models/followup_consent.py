# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError

# what a later row must replace instead of being changed in place
FROZEN = ("patient_id", "scope", "granted", "date")


class FollowupConsent(models.Model):
    """What the patient agreed to or withdrew (FHIR Consent, M-4).

    The latest row of a scope counts. Without any row calls are allowed, since
    the patient agrees to them at discharge (E-11); home visits and publication
    need a row. Withdrawing calls stops follow-up altogether (I-12).

    Access: like the patient; rows are added, only centre managers delete.
    """

    _name = "followup.consent"
    _description = "Consent"
    _erase_fields = ("evidence",)
    _order = "date desc, id desc"

    patient_id = fields.Many2one(
        "followup.patient", required=True, index=True, ondelete="cascade"
    )
    company_id = fields.Many2one(
        related="patient_id.company_id", store=True, index=True, precompute=True
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
        default="phone",
    )
    granted = fields.Boolean(default=True)
    date = fields.Date(required=True, default=fields.Date.context_today)
    evidence = fields.Char(help="Where the signed paper or the note of the talk is.")
    expiry_date = fields.Date()

    _expiry_after_date = models.Constraint(
        "CHECK (expiry_date IS NULL OR expiry_date >= date)",
        "A consent cannot end before it begins.",
    )

    @api.constrains("date")
    def _check_date(self):
        for consent in self:
            today = self.env["followup.clock"]._today(consent.company_id)
            if consent.date > today:
                raise ValidationError(
                    self.env._("A consent is recorded on the day it was given.")
                )

    @api.depends("scope", "granted", "date")
    def _compute_display_name(self):
        labels = dict(self._fields["scope"]._description_selection(self.env))
        for consent in self:
            consent.display_name = labels.get(consent.scope)

    @api.model_create_multi
    def create(self, vals_list):
        consents = super().create(vals_list)
        consents.patient_id._on_consent_withdrawn(
            consents.filtered(lambda consent: not consent.granted)
        )
        return consents

    def write(self, vals):
        if any(self._is_changed(name, vals[name]) for name in FROZEN if name in vals):
            raise UserError(
                self.env._("Add a new consent instead: what was said stays on record.")
            )
        return super().write(vals)

    def _is_changed(self, name, value):
        field = self._fields[name]
        new = field.convert_to_cache(value, self)
        return any(
            field.convert_to_cache(consent[name], consent) != new for consent in self
        )
