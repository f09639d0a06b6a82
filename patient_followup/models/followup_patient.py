# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from dateutil.relativedelta import relativedelta

from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError

from ..tools import masking
from ..tools.guard import is_open
from .followup_task import METHODS

# younger than this, the age is told in months
INFANT_MONTHS = 24


class FollowupPatient(models.Model):
    """A person followed up (FHIR Patient), never a partner (I-3).

    Access: ward callers see patients treated in their departments or assigned
    to them; centre callers those with level 2 calls; centre managers and
    inspectors (reading only) all of their hospitals; nobody else any.
    `display_name` is the masked name with the record number, so that links,
    mails and titles of browser windows never carry a full name.
    """

    _name = "followup.patient"
    _description = "Patient"
    _inherit = ["followup.guarded.mixin", "followup.protected.mixin", "mail.thread"]
    _order = "name, id"
    _rec_names_search = ["name", "mrn"]
    _check_company_auto = True

    _guarded_fields = frozenset(
        {
            "department_ids",
            "centre_visible",
            "merged_into_id",
            "possible_duplicate",
            "not_duplicate_ids",
        }
    )
    _protected_fields = {"id_number": "identity"}

    def _default_department_ids(self):
        """Let a ward that registers a patient by hand see him afterwards."""
        if self.env.su or not self.env.user.has_group(
            "patient_followup.followup_group_ward_caller"
        ):
            return False
        return self.env.user.followup_department_ids

    name = fields.Char("Full Name", required=True, index="trigram")
    name_masked = fields.Char(compute="_compute_name_masked", store=True)
    active = fields.Boolean(default=True)
    company_id = fields.Many2one(
        "res.company", required=True, index=True, default=lambda self: self.env.company
    )
    mrn = fields.Char(string="Record Number", copy=False)
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
    birthdate = fields.Date(string="Date of Birth")
    age = fields.Char(compute="_compute_age")
    id_number = fields.Char(
        string="Identity Number",
        compute="_compute_protected",
        readonly=False,
        search="_search_id_number",
    )
    id_number_masked = fields.Char(
        string="Identity Number (Masked)", readonly=True, copy=False
    )
    employer = fields.Char()
    occupation = fields.Char()
    address = fields.Char()
    category_ids = fields.Many2many("followup.patient.category", string="Key Groups")
    # Departments that treated the patient, kept by `followup.encounter` for the rules;
    # above the contacts, whose rule reads them when both are created together.
    department_ids = fields.Many2many(
        "hr.department",
        copy=False,
        string="Departments",
        default=lambda self: self._default_department_ids(),
    )
    # reaching him
    contact_ids = fields.One2many("followup.patient.contact", "patient_id")
    primary_contact_id = fields.Many2one(
        "followup.patient.contact", compute="_compute_primary_contact_id"
    )
    phone_masked = fields.Char(
        string="Phone", compute="_compute_primary_contact_id", compute_sudo=False
    )
    consent_ids = fields.One2many("followup.consent", "patient_id")
    lang = fields.Selection(
        selection=lambda self: self.env["res.lang"].get_installed(), string="Language"
    )
    preferred_method = fields.Selection(METHODS)
    preferred_band_ids = fields.Many2many("followup.time.band", string="Best Hours")
    do_not_contact = fields.Boolean()
    do_not_contact_reason = fields.Char(string="Reason Not to Contact")
    deceased_date = fields.Date(string="Died on")
    contact_blocked = fields.Boolean(
        string="Must Not Be Contacted",
        compute="_compute_contact_blocked",
        store=True,
    )
    # his history
    encounter_ids = fields.One2many("followup.encounter", "patient_id", string="Stays")
    plan_ids = fields.One2many("followup.plan", "patient_id", string="Plans")
    task_ids = fields.One2many("followup.task", "patient_id", string="Tasks")
    attempt_ids = fields.One2many("followup.attempt", "patient_id", string="Attempts")
    # Level 2 calls exist or existed: the centre may see the patient.
    centre_visible = fields.Boolean(copy=False)
    # duplicates
    possible_duplicate = fields.Boolean(copy=False)
    merged_into_id = fields.Many2one(
        "followup.patient", index="btree_not_null", copy=False, readonly=True
    )

    _mrn_uniq = models.UniqueIndex(
        "(company_id, mrn) WHERE mrn IS NOT NULL",
        "Another patient has this record number already.",
    )
    _identity_idx = models.Index("(company_id, name, birthdate)")
    _possible_duplicate_idx = models.Index("(company_id) WHERE possible_duplicate")
    _reason_required = models.Constraint(
        "CHECK (do_not_contact IS NOT TRUE OR do_not_contact_reason IS NOT NULL)",
        "Say why this patient must not be contacted.",
    )

    # ------------------------------------------------------------
    # CONSTRAINTS
    # ------------------------------------------------------------

    @api.constrains("birthdate", "deceased_date", "company_id")
    def _check_dates(self):
        clock = self.env["followup.clock"]
        today_of = {company: clock._today(company) for company in self.company_id}
        for patient in self:
            today = today_of[patient.company_id]
            born, died = patient.birthdate, patient.deceased_date
            if born and born > today:
                raise ValidationError(
                    self.env._("The date of birth lies in the future.")
                )
            if died and died > today:
                raise ValidationError(
                    self.env._("The date of death lies in the future.")
                )
            if born and died and died < born:
                raise ValidationError(
                    self.env._("The date of death lies before the date of birth.")
                )

    @api.constrains("name")
    def _check_name(self):
        if any(not masking.clean(patient.name) for patient in self):
            raise ValidationError(self.env._("A patient needs a name."))

    # ------------------------------------------------------------
    # COMPUTE / SEARCH
    # ------------------------------------------------------------

    @api.depends("name")
    def _compute_name_masked(self):
        for patient in self:
            patient.name_masked = masking.mask_name(patient.name)

    @api.depends("name_masked", "mrn")
    def _compute_display_name(self):
        for patient in self:
            number = patient.mrn or (patient._origin and f"#{patient._origin.id}")
            patient.display_name = (
                f"{patient.name_masked} ({number})" if number else patient.name_masked
            )

    @api.depends("birthdate", "deceased_date", "company_id")
    def _compute_age(self):
        today_of = {
            company: self.env["followup.clock"]._today(company)
            for company in self.company_id
        }
        for patient in self:
            day = patient.deceased_date or today_of.get(patient.company_id)
            patient.age = patient._get_age_text(day)

    def _get_age_text(self, day):
        """Return the age as wards say it: days, months for infants, years."""
        if not self.birthdate or not day or self.birthdate > day:
            return False
        age = relativedelta(day, self.birthdate)
        months = age.years * 12 + age.months
        if months < 1:
            return self.env._("%(count)s d", count=age.days)
        if months < INFANT_MONTHS:
            return self.env._("%(count)s mo", count=months)
        return self.env._("%(count)s y", count=age.years)

    def _search_id_number(self, operator, value):
        return self._search_protected_domain("id_number", operator, value)

    @api.depends("contact_ids.is_primary", "contact_ids.phone_masked")
    @api.depends_context("uid")
    def _compute_primary_contact_id(self):
        for patient in self:
            contact = patient.contact_ids._in_order()[:1]
            patient.primary_contact_id = contact
            patient.phone_masked = contact.phone_masked

    @api.depends(
        "deceased_date",
        "do_not_contact",
        "consent_ids.scope",
        "consent_ids.granted",
        "consent_ids.date",
    )
    def _compute_contact_blocked(self):
        for patient in self:
            patient.contact_blocked = bool(
                patient.deceased_date
                or patient.do_not_contact
                or (patient.consent_ids and patient._is_withdrawn("phone"))
            )

    # ------------------------------------------------------------
    # CRUD
    # ------------------------------------------------------------

    @api.model_create_multi
    def create(self, vals_list):
        return super().create(
            [self._foresee(self._tidy(dict(vals))) for vals in vals_list]
        )

    def write(self, vals):
        if not is_open(self.env):
            # results only: a ban is lifted by `action_resume`, never by its flag
            self._raise_guarded({"name_masked", "contact_blocked"} & set(vals))
        vals = self._tidy(dict(vals))
        self._check_not_resumed(vals)
        self._check_same_company(vals)
        watched = {"deceased_date", "do_not_contact"} & set(vals)
        reachable = self.filtered(lambda p: not p.contact_blocked) if watched else self
        result = super().write(vals)
        if watched:
            reachable.filtered("contact_blocked")._stop_follow_up()
        return result

    @api.ondelete(at_uninstall=False)
    def _unlink_except_with_history(self):
        # sudo: a stay of another ward counts as well
        patients = self.sudo()
        if patients.encounter_ids or patients.plan_ids or patients.task_ids:
            raise UserError(
                self.env._("A patient with a history is archived, never deleted.")
            )

    def unlink(self):
        self.check_access("unlink")
        self._unlink_except_with_history()
        # by the ORM, so that their protected numbers go with them
        self.contact_ids.unlink()
        return super().unlink()

    @api.model
    def _foresee(self, vals):
        """Insert what the computes will find: it saves them a second write."""
        vals["name_masked"] = masking.mask_name(vals.get("name"))
        vals["contact_blocked"] = bool(
            vals.get("deceased_date") or vals.get("do_not_contact")
        )
        return vals

    def _check_same_company(self, vals):
        if "company_id" in vals and self.company_id.ids not in (
            [],
            [vals["company_id"]],
        ):
            raise UserError(self.env._("A patient stays with his hospital."))

    def _tidy(self, vals):
        for name in ("mrn", "name"):
            if isinstance(vals.get(name), str):
                vals[name] = " ".join(vals[name].split()) or False
        if vals.get("do_not_contact") is False:
            vals["do_not_contact_reason"] = False
        elif isinstance(reason := vals.get("do_not_contact_reason"), str):
            vals["do_not_contact_reason"] = reason.strip() or False
        return vals
