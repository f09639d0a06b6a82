# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import fields, models


class FollowupPatient(models.Model):
    """A person followed up (FHIR Patient), never a partner (I-3)."""

    _name = "followup.patient"
    _description = "Patient"
    _inherit = ["followup.guarded.mixin", "followup.protected.mixin", "mail.thread"]
    _order = "name, id"
    _check_company_auto = True

    name = fields.Char(required=True, index="trigram", tracking=True)
    name_masked = fields.Char(compute="_compute_name_masked", store=True)
    active = fields.Boolean(default=True)
    company_id = fields.Many2one(
        "res.company", required=True, index=True, default=lambda self: self.env.company
    )
    mrn = fields.Char(string="Record Number", index=True, copy=False)
    sex = fields.Selection(
        [
            ("male", "Male"),
            ("female", "Female"),
            ("other", "Other"),
            ("unknown", "Unknown"),
        ],
        default="unknown",
        required=True,
    )
    birthdate = fields.Date()
    id_number = fields.Char(string="Identity Number")  # protected
    employer = fields.Char()
    occupation = fields.Char()
    address = fields.Char()
    category_ids = fields.Many2many("followup.patient.category")
    contact_ids = fields.One2many("followup.patient.contact", "patient_id")
    consent_ids = fields.One2many("followup.consent", "patient_id")
    preferred_band_ids = fields.Many2many("followup.time.band")
    do_not_contact = fields.Boolean(tracking=True)
    do_not_contact_reason = fields.Char()
    deceased_date = fields.Date(tracking=True)
    encounter_ids = fields.One2many("followup.encounter", "patient_id")
    plan_ids = fields.One2many("followup.plan", "patient_id")
    task_ids = fields.One2many("followup.task", "patient_id")
    # Departments that treated the patient, kept by `followup.encounter` for the rules.
    department_ids = fields.Many2many("hr.department", copy=False)
    # Level 2 calls exist or existed: the centre may see the patient.
    centre_visible = fields.Boolean(copy=False)

    def _compute_name_masked(self):
        for patient in self:
            patient.name_masked = (patient.name or "")[:1] + "**"
