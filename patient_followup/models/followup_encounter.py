# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import fields, models


class FollowupEncounter(models.Model):
    """A stay, visit or examination that follow-up starts from (FHIR Encounter)."""

    _name = "followup.encounter"
    _description = "Encounter"
    _inherit = ["followup.guarded.mixin", "mail.thread"]
    _order = "discharge_date desc, id desc"
    _check_company_auto = True

    company_id = fields.Many2one(
        "res.company", required=True, index=True, default=lambda self: self.env.company
    )
    patient_id = fields.Many2one(
        "followup.patient", required=True, index=True, check_company=True
    )
    source = fields.Char(required=True, default="manual")
    number = fields.Char(required=True)
    encounter_class = fields.Selection(
        [
            ("inpatient", "Inpatient"),
            ("outpatient", "Outpatient"),
            ("checkup", "Health Examination"),
            ("commissioned", "Commissioned"),
        ],
        required=True,
        default="inpatient",
    )
    department_id = fields.Many2one("hr.department", required=True, index=True)
    attending_id = fields.Many2one("hr.employee", index="btree_not_null")
    resident_id = fields.Many2one("hr.employee", index="btree_not_null")
    surgeon_id = fields.Many2one("hr.employee", index="btree_not_null")
    # Callers cannot read employees (D-18).
    attending_user_id = fields.Many2one("res.users", index="btree_not_null")
    resident_user_id = fields.Many2one("res.users", index="btree_not_null")
    surgeon_user_id = fields.Many2one("res.users", index="btree_not_null")
    attending_name = fields.Char()
    resident_name = fields.Char()
    surgeon_name = fields.Char()
    clinic_room = fields.Char()
    # Moments are UTC, a bare day is 12:00 local; the local days stand beside (D-11).
    admission_date = fields.Datetime()
    discharge_date = fields.Datetime(index=True)
    procedure_date = fields.Datetime()
    admission_day = fields.Date()
    discharge_day = fields.Date(index=True)
    procedure_day = fields.Date()
    outpatient_diagnosis = fields.Char()
    admission_diagnosis = fields.Char()
    discharge_diagnosis = fields.Char()
    diagnosis_code = fields.Char(string="ICD-10", index="btree_not_null")
    procedure_name = fields.Char()
    procedure_code = fields.Char()
    treatment_result = fields.Char()
    disposition = fields.Selection(
        [
            ("home", "Home"),
            ("transfer", "Transfer"),
            ("ama", "Against Medical Advice"),
            ("deceased", "Deceased"),
            ("other", "Other"),
        ]
    )
    length_of_stay = fields.Integer(help="Days")
    caller_note = fields.Text(help="What the ward tells the caller (E-14).")
    state = fields.Selection(
        [
            ("open", "In Hospital"),
            ("discharged", "Discharged"),
            ("cancelled", "Cancelled"),
        ],
        default="open",
        required=True,
        index=True,
    )
    # none / proposed by the ward / confirmed by the centre (E-6)
    exclusion_state = fields.Selection(
        [
            ("none", "Followed Up"),
            ("proposed", "Exclusion Proposed"),
            ("confirmed", "Excluded"),
        ],
        default="none",
        required=True,
    )
    exclusion_reason_id = fields.Many2one("followup.exclusion.reason")
    excluded = fields.Boolean()
    centre_visible = fields.Boolean(copy=False)
    plan_ids = fields.One2many("followup.plan", "encounter_id")
    task_ids = fields.One2many("followup.task", "encounter_id")

    _number_uniq = models.UniqueIndex(
        "(company_id, source, number)",
        "This number is already used by another stay of the same source.",
    )
