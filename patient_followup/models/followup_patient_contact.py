# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import fields, models


class FollowupPatientContact(models.Model):
    """A number to reach the patient or a relative by (FHIR RelatedPerson)."""

    _name = "followup.patient.contact"
    _description = "Patient Contact"
    _inherit = ["followup.protected.mixin"]
    _order = "patient_id, is_primary desc, id"
    _check_company_auto = True

    patient_id = fields.Many2one(
        "followup.patient", required=True, index=True, ondelete="cascade"
    )
    company_id = fields.Many2one(
        related="patient_id.company_id", store=True, index=True
    )
    name = fields.Char()
    relation = fields.Selection(
        [
            ("self", "Patient"),
            ("spouse", "Spouse"),
            ("parent", "Parent"),
            ("child", "Child"),
            ("other", "Other"),
        ],
        default="self",
        required=True,
    )
    phone = fields.Char()  # protected
    phone_masked = fields.Char(readonly=True)
    is_primary = fields.Boolean()
    may_receive_medical_info = fields.Boolean()
    validity = fields.Selection(
        [("unknown", "Not Tried"), ("valid", "Valid"), ("wrong", "Wrong Number")],
        default="unknown",
        required=True,
    )
