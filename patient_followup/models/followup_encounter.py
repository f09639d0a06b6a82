# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError, ValidationError

from ..tools import lace
from ..tools.guard import is_open

# what a ward may write of a stay
WARD_FIELDS = frozenset({"caller_note"})
# a change of these may move, add or withdraw tasks
PLAN_FIELDS = frozenset(
    {
        "patient_id",
        "encounter_class",
        "department_id",
        "attending_id",
        "resident_id",
        "surgeon_id",
        "admission_date",
        "discharge_date",
        "procedure_date",
        "diagnosis_code",
        "procedure_code",
        "disposition",
        "is_cancelled",
        "excluded",
    }
)


class FollowupEncounter(models.Model):
    """A stay, visit or examination that follow-up starts from (FHIR Encounter).

    Its class is the population of the policies: inpatients, outpatients, health
    examinations, patients commissioned by others (E-1, A-21).

    Access: wards read the stays of their departments and propose exclusions;
    centre managers and interfaces with their role bring stays in and correct them;
    inspectors read. Nobody deletes: a stay that never was is cancelled.
    """

    _name = "followup.encounter"
    _description = "Encounter"
    _inherit = ["followup.guarded.mixin", "mail.thread"]
    _order = "discharge_date desc, id desc"
    _rec_names_search = ["number", "patient_id.name", "patient_id.mrn"]
    _check_company_auto = True

    company_id = fields.Many2one(
        "res.company", required=True, index=True, default=lambda self: self.env.company
    )
    patient_id = fields.Many2one(
        "followup.patient", required=True, index=True, check_company=True
    )
    source = fields.Char(
        required=True, default="manual", help="Where the stay came from: its system."
    )
    number = fields.Char(string="Stay Number", required=True, copy=False)
    encounter_class = fields.Selection(
        [
            ("inpatient", "Inpatient"),
            ("outpatient", "Outpatient"),
            ("checkup", "Health Examination"),
            ("commissioned", "Commissioned"),
        ],
        string="Class",
        required=True,
        default="inpatient",
    )
    department_id = fields.Many2one(
        "hr.department", required=True, index=True, check_company=True
    )
    clinic_room = fields.Char()
    # doctors; callers cannot read employees, so users and names stand beside (D-18)
    attending_id = fields.Many2one(
        "hr.employee", string="Attending (employee)", index="btree_not_null"
    )
    resident_id = fields.Many2one(
        "hr.employee", string="Resident (employee)", index="btree_not_null"
    )
    surgeon_id = fields.Many2one(
        "hr.employee", string="Surgeon (employee)", index="btree_not_null"
    )
    attending_user_id = fields.Many2one(
        "res.users",
        compute="_compute_attending_user",
        store=True,
        compute_sudo=True,
        index="btree_not_null",
    )
    resident_user_id = fields.Many2one(
        "res.users",
        compute="_compute_resident_user",
        store=True,
        compute_sudo=True,
        index="btree_not_null",
    )
    surgeon_user_id = fields.Many2one(
        "res.users",
        compute="_compute_surgeon_user",
        store=True,
        compute_sudo=True,
        index="btree_not_null",
    )
    attending_name = fields.Char(
        string="Attending",
        compute="_compute_attending_name",
        store=True,
        readonly=False,
        compute_sudo=True,
    )
    resident_name = fields.Char(
        string="Resident",
        compute="_compute_resident_name",
        store=True,
        readonly=False,
        compute_sudo=True,
    )
    surgeon_name = fields.Char(
        string="Surgeon",
        compute="_compute_surgeon_name",
        store=True,
        readonly=False,
        compute_sudo=True,
    )
    # Moments are UTC, a bare day is 12:00 local; the local days stand beside (D-11).
    admission_date = fields.Datetime(string="Admitted", tracking=True)
    discharge_date = fields.Datetime(string="Discharge Time", index=True, tracking=True)
    procedure_date = fields.Datetime(string="Operated", tracking=True)
    admission_day = fields.Date(compute="_compute_days", store=True)
    discharge_day = fields.Date(compute="_compute_days", store=True, index=True)
    procedure_day = fields.Date(compute="_compute_days", store=True)
    length_of_stay = fields.Integer(
        compute="_compute_length_of_stay",
        store=True,
        aggregator="avg",
        help="Days; in and out on one day counts as one.",
    )
    outpatient_diagnosis = fields.Char()
    admission_diagnosis = fields.Char()
    discharge_diagnosis = fields.Char()
    diagnosis_code = fields.Char(string="ICD-10", index="btree_not_null")
    procedure_name = fields.Char(string="Operation")
    procedure_code = fields.Char(string="Operation Code")
    treatment_result = fields.Char()
    disposition = fields.Selection(
        [
            ("home", "Home"),
            ("transfer", "Transfer"),
            ("ama", "Against Medical Advice"),
            ("deceased", "Deceased"),
            ("other", "Other"),
        ],
        tracking=True,
    )
    risk_score = fields.Integer(
        string="Risk Hint",
        compute="_compute_risk_score",
        store=True,
        aggregator="avg",
        help="Known part of the LACE index (length of stay and main diagnosis):"
        " a lower bound that orders calls, no clinical score.",
    )
    caller_note = fields.Text(help="What the ward tells the caller (E-14).")
    told_death = fields.Boolean(copy=False, help="The patient died by this stay.")
    is_cancelled = fields.Boolean(copy=False, help="The stay never was.")
    state = fields.Selection(
        [
            ("open", "In Hospital"),
            ("discharged", "Discharged"),
            ("cancelled", "Cancelled"),
        ],
        compute="_compute_state",
        store=True,
        index=True,
        tracking=True,
    )
    # none / proposed by the ward / confirmed by the centre (E-6)
    exclusion_state = fields.Selection(
        [
            ("none", "Followed Up"),
            ("proposed", "Exclusion Proposed"),
            ("confirmed", "Excluded"),
        ],
        string="Follow-up",
        default="none",
        required=True,
        copy=False,
        tracking=True,
    )
    exclusion_reason_id = fields.Many2one(
        "followup.exclusion.reason", copy=False, tracking=True
    )
    exclusion_note = fields.Char(copy=False)
    exclusion_user_id = fields.Many2one(
        "res.users", string="Proposed by", copy=False, index="btree_not_null"
    )
    excluded = fields.Boolean(copy=False)
    centre_visible = fields.Boolean(copy=False)
    plan_ids = fields.One2many("followup.plan", "encounter_id")
    task_ids = fields.One2many("followup.task", "encounter_id")

    _guarded_fields = frozenset(
        {
            "told_death",
            "is_cancelled",
            "state",
            "exclusion_state",
            "exclusion_reason_id",
            "exclusion_note",
            "exclusion_user_id",
            "excluded",
            "centre_visible",
            "admission_day",
            "discharge_day",
            "procedure_day",
            "length_of_stay",
            "risk_score",
            "attending_user_id",
            "resident_user_id",
            "surgeon_user_id",
        }
    )

    _number_uniq = models.UniqueIndex(
        "(company_id, source, number)",
        "This number is already used by another stay of the same source.",
    )
    _department_discharge_idx = models.Index(
        "(company_id, department_id, discharge_day)"
    )
    _exclusion_idx = models.Index("(company_id) WHERE exclusion_state = 'proposed'")

    # ------------------------------------------------------------
    # CONSTRAINTS
    # ------------------------------------------------------------

    @api.constrains("admission_date", "discharge_date")
    def _check_dates(self):
        for stay in self:
            first, last = stay.admission_day, stay.discharge_day
            if first and last and last < first:
                raise ValidationError(
                    self.env._("The discharge cannot lie before the admission.")
                )

    @api.constrains("source", "number")
    def _check_number(self):
        for stay in self:
            if not (stay.source or "").strip() or not (stay.number or "").strip():
                raise ValidationError(self.env._("Source and number are required."))

    # ------------------------------------------------------------
    # COMPUTE
    # ------------------------------------------------------------

    @api.depends("number", "encounter_class")
    def _compute_display_name(self):
        # no name and no diagnosis: display names reach mails and links (D-7)
        for stay in self:
            stay.display_name = stay.number or self.env._("New Stay")

    @api.depends("attending_id.user_id")
    def _compute_attending_user(self):
        self._compute_doctor_user("attending")

    @api.depends("resident_id.user_id")
    def _compute_resident_user(self):
        self._compute_doctor_user("resident")

    @api.depends("surgeon_id.user_id")
    def _compute_surgeon_user(self):
        self._compute_doctor_user("surgeon")

    def _compute_doctor_user(self, role):
        for stay in self:
            stay[f"{role}_user_id"] = stay[f"{role}_id"].user_id

    @api.depends("attending_id")
    def _compute_attending_name(self):
        self._compute_doctor_name("attending")

    @api.depends("resident_id")
    def _compute_resident_name(self):
        self._compute_doctor_name("resident")

    @api.depends("surgeon_id")
    def _compute_surgeon_name(self):
        self._compute_doctor_name("surgeon")

    def _compute_doctor_name(self, role):
        """Take the employee's name; a name without employee stays as text."""
        for stay in self:
            name = stay[f"{role}_id"].name
            stay[f"{role}_name"] = name or stay[f"{role}_name"]

    @api.depends("admission_date", "discharge_date", "procedure_date", "company_id")
    def _compute_days(self):
        clock = self.env["followup.clock"]
        for company, stays in self.grouped("company_id").items():
            calendar = clock._for_company(company)
            for stay in stays:
                for name in ("admission", "discharge", "procedure"):
                    moment = stay[f"{name}_date"]
                    stay[f"{name}_day"] = moment and calendar.local_date(moment)

    @api.depends("admission_day", "discharge_day")
    def _compute_length_of_stay(self):
        for stay in self:
            days = 0
            if stay.admission_day and stay.discharge_day:
                days = max((stay.discharge_day - stay.admission_day).days, 1)
            stay.length_of_stay = days

    @api.depends("length_of_stay", "diagnosis_code", "encounter_class")
    def _compute_risk_score(self):
        for stay in self:
            is_stay = stay.encounter_class == "inpatient" and stay.length_of_stay
            stay.risk_score = is_stay and lace.known_points(
                stay.length_of_stay, stay.diagnosis_code
            )

    @api.depends("discharge_date", "is_cancelled")
    def _compute_state(self):
        for stay in self:
            ended = "discharged" if stay.discharge_date else "open"
            stay.state = "cancelled" if stay.is_cancelled else ended

    # ------------------------------------------------------------
    # CRUD
    # ------------------------------------------------------------

    @api.model_create_multi
    def create(self, vals_list):
        stays = super().create([self._strip_keys(vals) for vals in vals_list])
        stays._unguarded()._after_create()
        return stays

    def write(self, vals):
        vals = self._strip_keys(vals)
        self._check_ward_write(vals)
        changed = PLAN_FIELDS.intersection(vals)
        patients = self.patient_id if changed else self.env["followup.patient"]
        result = super().write(vals)
        if changed:
            self._unguarded()._after_change(changed, patients)
        return result

    def _check_ward_write(self, vals):
        """Wards tell the caller what he needs; the stay itself comes from the list."""
        if self.env.su or is_open(self.env) or self._is_manager():
            return
        if set(vals) - WARD_FIELDS:
            raise AccessError(
                self.env._(
                    "Stays come from the discharge list: ask the centre to correct it."
                )
            )

    def _is_manager(self):
        return self.env.user.has_group("patient_followup.followup_group_centre_manager")

    @api.ondelete(at_uninstall=False)
    def _unlink_except_used(self):
        if self.plan_ids or self.task_ids:
            raise UserError(
                self.env._("A stay with follow-up is cancelled, never deleted.")
            )

    @api.model
    def _strip_keys(self, vals):
        keys = {key: vals[key] for key in ("source", "number") if vals.get(key)}
        return {**vals, **{key: str(text).strip() for key, text in keys.items()}}

    def _after_create(self):
        self._link_departments()
        self._record_deaths()
        self._sync_plans(frozenset({"created"}))

    def _after_change(self, changed, patients):
        if changed & {"patient_id", "department_id", "is_cancelled"}:
            self._refresh_departments(patients | self.patient_id)
        if changed & {"disposition", "discharge_date", "is_cancelled"}:
            self._record_deaths()
        self._sync_plans(changed)

    def _sync_plans(self, changed):
        """Bring plans and tasks in line with what changed of these stays.

        `changed` holds names of PLAN_FIELDS, or "created". Extension point: the
        plans of a stay live in their own file.
        """

    def generate_plans(self):
        """Match protocols, make plans and tasks; idempotent (D-5).

        Extension point, as `_sync_plans`.
        """
        return self.env["followup.plan"]
