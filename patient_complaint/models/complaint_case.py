# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
import re

from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError

from odoo.addons.patient_followup.tools import masking
from odoo.addons.patient_followup.tools.guard import is_open

from .complaint_issue import HARMS
from .complaint_severity_rule import REACHES, SEVERITIES

KINDS = [
    ("complaint", "Complaint"),
    ("suggestion", "Suggestion"),
    ("praise", "Praise"),
    ("inquiry", "Inquiry"),
]
RELATIONS = [
    ("self", "Patient"),
    ("spouse", "Spouse"),
    ("parent", "Parent"),
    ("child", "Child"),
    ("other", "Other"),
]
STATES = [
    ("received", "Received"),
    ("triage", "Assessed"),
    ("investigation", "Under Investigation"),
    ("resolution", "Being Resolved"),
    ("approval", "Awaiting Approval"),
    ("feedback", "Answered"),
    ("rectification", "Being Put Right"),
    ("closed", "Closed"),
    ("withdrawn", "Withdrawn"),
    ("not_accepted", "Not Accepted"),
]
# one address and nothing beside it: no second one, no line of a mail header
ADDRESS = re.compile(r"[\w.!#$%&'*+/=?^`{|}~-]{1,64}@(?:[\w-]{1,63}\.)+[\w-]{2,63}")
OVER_STATES = ("closed", "withdrawn", "not_accepted")
OPEN_STATES = tuple(code for code, _label in STATES if code not in OVER_STATES)
# what was said at the beginning; corrected only until somebody assesses it
INTAKE_FIELDS = frozenset({"description", "received_at", "channel_id", "kind"})
SUBJECT_FIELDS = frozenset({"patient_id", "encounter_id", "task_id", "concern_id"})


class ComplaintCase(models.Model):
    """A complaint, suggestion, praise or inquiry, and all that follows.

    What it holds: F-8; what happens to it: C-1 ... C-27, an inquiry: S-1.
    Its name is a neutral number: activities and mails carry nothing else (D-7).
    Split by concern: `_intake` (other systems), `_code` (tracking code),
    `_steps` (what is done in which state), `_clock` (deadlines), `_similar`.

    Access: specialists and officers the cases of their hospitals; investigators
    those handed to them, leaders the serious ones, both reading only.
    """

    _name = "complaint.case"
    _description = "Complaint Case"
    _inherit = [
        "followup.guarded.mixin",
        "followup.protected.mixin",
        "complaint.step.mixin",
        "mail.thread",
        "mail.activity.mixin",
    ]
    _order = "id desc"
    _check_company_auto = True

    _protected_fields = {"complainant_phone": "phone", "complainant_email": "email"}
    _reveal_groups = (
        "patient_complaint.complaint_group_specialist",
        "patient_complaint.complaint_group_investigator",
    )
    # what tells who somebody is or what he said; emptied by anonymisation
    _erase_fields = (
        "complainant_name",
        "complainant_phone_masked",
        "complainant_email_masked",
        "description",
        "remedy_sought",
        "immediate_action",
        "closing_reason",
    )

    name = fields.Char(string="Case No.", readonly=True, copy=False)
    company_id = fields.Many2one(
        "res.company",
        required=True,
        index=True,
        readonly=True,
        default=lambda self: self.env.company,
    )
    kind = fields.Selection(KINDS, required=True, default="complaint", index=True)
    state = fields.Selection(
        STATES,
        default="received",
        required=True,
        copy=False,
        index=True,
        group_expand=True,
    )
    # how it came in
    channel_id = fields.Many2one(
        "complaint.channel",
        required=True,
        default=lambda self: self._default_channel_id(),
        check_company=True,
    )
    channel_is_external = fields.Boolean(
        related="channel_id.is_external", string="From a Superior Body"
    )
    external_number = fields.Char(help="Number given by the hotline or authority.")
    external_deadline = fields.Datetime(help="Set by the authority; it leads.")
    received_at = fields.Datetime(
        string="Received on", required=True, default=fields.Datetime.now
    )
    receiver_id = fields.Many2one(
        "res.users",
        string="First Receiver",
        required=True,
        default=lambda self: self.env.user,
        help="Who took it first stays responsible until somebody takes it over.",
    )
    task_id = fields.Many2one(
        "followup.task",
        string="From the Call",
        readonly=True,
        index="btree_not_null",
        check_company=True,
    )
    concern_id = fields.Many2one(
        "followup.concern",
        string="From the Concern",
        readonly=True,
        index="btree_not_null",
        check_company=True,
    )
    # who complains
    anonymous = fields.Boolean(help="Nothing is known or recorded of who it is.")
    complainant_name = fields.Char(string="Complainant")
    complainant_relation = fields.Selection(
        RELATIONS, string="Relation", default="self", help="To the patient."
    )
    complainant_phone = fields.Char(
        string="Phone",
        compute="_compute_protected",
        readonly=False,
        search="_search_complainant_phone",
    )
    complainant_phone_masked = fields.Char(
        string="Phone (Masked)", readonly=True, copy=False
    )
    complainant_email = fields.Char(
        string="E-mail",
        compute="_compute_protected",
        readonly=False,
        search="_search_complainant_email",
    )
    complainant_email_masked = fields.Char(
        string="E-mail (Masked)", readonly=True, copy=False
    )
    # what it is about
    patient_id = fields.Many2one(
        "followup.patient", index="btree_not_null", check_company=True
    )
    encounter_id = fields.Many2one(
        "followup.encounter",
        string="Stay",
        index="btree_not_null",
        check_company=True,
        domain="[('patient_id', '=', patient_id)]",
    )
    department_id = fields.Many2one(
        "hr.department",
        string="Department Concerned",
        compute="_compute_department_id",
        compute_sudo=False,
        store=True,
        readonly=False,
        precompute=True,
        index="btree_not_null",
    )
    incident_date = fields.Date(string="When It Happened")
    description = fields.Text(string="In the Complainant's Words")
    remedy_sought = fields.Char(string="What Is Wanted")
    issue_ids = fields.One2many("complaint.issue", "case_id", string="Issues")
    # assessment
    reach = fields.Selection(REACHES, default="single", required=True)
    severity = fields.Selection(
        SEVERITIES,
        compute="_compute_severity",
        compute_sudo=True,
        store=True,
        readonly=False,
        index=True,
        help="Proposed by the severity matrix from harm and reach.",
    )
    safety_risk = fields.Boolean(
        string="Patients at Risk", help="Somebody may be harmed unless action is taken."
    )
    immediate_action = fields.Char(help="What was done at once against the risk.")
    track = fields.Selection(
        [("fast", "On the Spot"), ("full", "With Investigation")],
        help="Simple matters are answered at once, others are investigated (C-16).",
    )
    owner_id = fields.Many2one(
        "res.users", string="Handled by", index="btree_not_null", copy=False
    )
    feedback_ids = fields.One2many(
        "complaint.feedback", "case_id", string="Told to the Complainant"
    )

    _guarded_fields = frozenset(
        {"name", "company_id", "state", "task_id", "concern_id", "code_digest"}
        | {"triaged_at", "triaged_by_id", "informed_at", "planned_at", "answered_at"}
        | {"acknowledged_at", "investigated_at", "closed_at", "closing_reason"}
        | {"satisfaction", "reopen_count", "clock_ids", "code_issued_at"}
        | {"next_deadline"}
    )

    _name_uniq = models.UniqueIndex(
        "(company_id, name) WHERE name IS NOT NULL",
        "This number is used by another case.",
    )
    _board_idx = models.Index(
        "(company_id, state, next_deadline, id DESC)"
        " WHERE state NOT IN ('closed', 'withdrawn', 'not_accepted')"
    )
    # lists of what is open, the newest first, pass over the history of years
    _open_idx = models.Index(
        "(company_id, id) WHERE state NOT IN ('closed', 'withdrawn', 'not_accepted')"
    )

    # ------------------------------------------------------------
    # DEFAULTS / COMPUTE / SEARCH
    # ------------------------------------------------------------

    @api.model
    def _default_channel_id(self):
        return self.env["complaint.channel"].search([], limit=1)

    @api.depends("encounter_id", "task_id")
    def _compute_department_id(self):
        for case in self:
            found = case.encounter_id.department_id or case.task_id.department_id
            case.department_id = case.department_id or found

    @api.depends("issue_ids.harm", "reach", "company_id")
    def _compute_severity(self):
        matrix = self.env["complaint.severity.rule"]
        known = {}  # most cases of a batch are alike
        for case in self:
            harms = frozenset(case.issue_ids.mapped("harm") or HARMS[0][:1])
            key = case.company_id, harms, case.reach
            if key not in known:
                known[key] = matrix._propose(*key)
            case.severity = known[key]

    def _search_complainant_phone(self, operator, value):
        return self._search_protected_domain("complainant_phone", operator, value)

    def _search_complainant_email(self, operator, value):
        return self._search_protected_domain("complainant_email", operator, value)

    @api.model
    def _parse_protected(self, kind, text):
        """E-mail addresses are kept as numbers are: one letter stays readable."""
        if kind != "email":
            return super()._parse_protected(kind, text)
        text = masking.clean(str(text)[:320]).lower()
        if not ADDRESS.fullmatch(text):
            return None
        name, _at, domain = text.partition("@")
        return masking.Parsed(text, text, f"{name[0]}****@{domain}", "")

    # ------------------------------------------------------------
    # CONSTRAINTS
    # ------------------------------------------------------------

    @api.constrains("received_at", "incident_date")
    def _check_dates(self):
        now = fields.Datetime.now()
        clock = self.env["followup.clock"]
        for case in self:
            if case.received_at > now:
                raise ValidationError(
                    self.env._("A case is recorded when it was received, not before.")
                )
            today = clock._today(case.company_id)
            if case.incident_date and case.incident_date > today:
                raise ValidationError(
                    self.env._("What is complained of cannot lie ahead.")
                )

    @api.constrains("encounter_id", "patient_id")
    def _check_encounter(self):
        for case in self.filtered("encounter_id"):
            if case.encounter_id.patient_id != case.patient_id:
                raise ValidationError(
                    self.env._("The stay belongs to another patient.")
                )

    @api.constrains("anonymous", "complainant_name", "complainant_phone_masked")
    def _check_anonymous(self):
        for case in self.filtered("anonymous"):
            known = (
                case.complainant_name,
                case.complainant_phone_masked,
                case.complainant_email_masked,
            )
            if any(known):
                raise ValidationError(
                    self.env._("An anonymous case holds no name, number or address.")
                )

    # ------------------------------------------------------------
    # CRUD
    # ------------------------------------------------------------

    @api.model_create_multi
    def create(self, vals_list):
        """Number new cases and start their clocks, all by a few statements."""
        channel = self.default_get(["channel_id"])  # looked up once
        vals_list = [{**channel, **vals} for vals in vals_list]
        cases = super().create(vals_list)
        cases._check_linkable(SUBJECT_FIELDS)
        # sudo: numbers and clocks are the engine's; the right to create is checked
        engine = cases.sudo()._guarded()
        engine._give_numbers()
        engine._start_first_clocks()
        return cases

    def _give_numbers(self):
        """Number cases in their series: one look at the series of each hospital."""
        for company, cases in self.grouped("company_id").items():
            series = company._complaint_series()
            for case in cases:
                case.name = series.next_by_id()

    def write(self, vals):
        if not is_open(self.env):
            self._check_write(vals)
        result = super().write(vals)
        if not SUBJECT_FIELDS.isdisjoint(vals):
            self._check_linkable(SUBJECT_FIELDS)
        self._on_written(vals)
        return result

    def _check_write(self, vals):
        """Words until it is assessed, facts until it is closed."""
        self._check_is_open()
        assessed = self.filtered(lambda case: case.state != "received")
        if assessed and not INTAKE_FIELDS.isdisjoint(vals):
            raise UserError(
                self.env._(
                    "%(name)s has been assessed: what was received stays as it is.",
                    name=assessed[0].name,
                )
            )

    def _check_is_open(self):
        """A case that is over changes no more."""
        if is_open(self.env):
            return
        for case in self.filtered(lambda case: case.state not in OPEN_STATES):
            raise UserError(
                self.env._("%(name)s is over: reopen it first.", name=case.name)
            )

    @api.ondelete(at_uninstall=False)
    def _unlink_except_received(self):
        raise UserError(self.env._("A case is closed, never deleted."))
