# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.tools import format_date

from ..tools.guard import is_open

SUBJECT_FIELDS = {"patient_id", "appointment_id", "task_id"}
FINDINGS = (
    "examination",
    "adherence",
    "adherence_note",
    "living_situation",
    "advice",
)


class FollowupHomeVisit(models.Model):
    """A visit of a team at a patient's home (FHIR Encounter, class home; M-4, M-5).

    Only with the patient's recorded consent, looked at again on the day. Split
    by concern: `_state` (done, nobody met, cancelled), `_team` (who goes, with
    what, where to). The visit keeps a follow-up task with method home, which its
    end completes; what was found is sealed (I-5).

    Access: own departments and the team; the centre all of the hospital;
    inspectors read. Nobody deletes. The address is for team and ward alone.
    """

    _name = "followup.home.visit"
    _description = "Home Visit"
    _inherit = ["followup.guarded.mixin", "followup.sealed.mixin"]
    _order = "day desc, sequence, id"
    _check_company_auto = True

    # what anonymisation empties
    _erase_fields = (
        "area",
        "note",
        "examination",
        "adherence_note",
        "living_situation",
        "advice",
        "closing_reason",
    )
    _seal_fields = (
        "company_id",
        "task_id",
        "appointment_id",
        "department_id",
        "starts_at",
        "arrived_at",
        "state",
        "adherence",
        "closed_at",
        "closed_by_id",
    )
    _seal_texts = (
        "team_names",
        "examination",
        "adherence_note",
        "living_situation",
        "advice",
        "closing_reason",
    )

    name = fields.Char(string="Visit No.", readonly=True, copy=False)
    company_id = fields.Many2one(
        related="patient_id.company_id",
        store=True,
        index=True,
        precompute=True,
        ondelete="restrict",
    )
    patient_id = fields.Many2one(
        "followup.patient", required=True, index=True, check_company=True
    )
    # what is sealed is never emptied by a deletion elsewhere (I-5): restrict
    appointment_id = fields.Many2one(
        "followup.appointment",
        index="btree_not_null",
        check_company=True,
        copy=False,
        ondelete="restrict",
        domain="[('patient_id', '=', patient_id), ('kind', '=', 'home')]",
    )
    task_id = fields.Many2one(
        "followup.task",
        string="Follow-up",
        index="btree_not_null",
        check_company=True,
        copy=False,
        ondelete="restrict",
        domain="[('patient_id', '=', patient_id), ('method', '=', 'home')]",
    )
    department_id = fields.Many2one(
        "hr.department",
        index="btree_not_null",
        ondelete="restrict",
        compute="_compute_department_id",
        store=True,
        readonly=False,
        precompute=True,
    )
    starts_at = fields.Datetime(string="Planned for", required=True)
    hours = fields.Float(string="Expected Hours", default=1.0, required=True)
    ends_at = fields.Datetime(compute="_compute_ends_at", store=True)
    day = fields.Date(compute="_compute_day", store=True, index=True)
    sequence = fields.Integer(string="Order on the Route", default=10)
    area = fields.Char(help="Part of town, so that near visits stand together.")
    note = fields.Char(
        string="Note for the Way", help="Entrance, floor, who opens, a dog."
    )
    state = fields.Selection(
        [
            ("planned", "Planned"),
            ("done", "Done"),
            ("not_met", "Nobody Met"),
            ("cancelled", "Cancelled"),
        ],
        default="planned",
        required=True,
        copy=False,
        index=True,
        group_expand=True,
    )
    # what was found
    arrived_at = fields.Datetime(readonly=True, copy=False)
    vital_ids = fields.One2many(
        "followup.home.visit.vital", "visit_id", string="Measurements"
    )
    examination = fields.Text(copy=False)
    adherence = fields.Selection(
        [
            ("full", "Takes Everything as Ordered"),
            ("partly", "Takes Part of It"),
            ("none", "Does Not Take It"),
            ("no_medicine", "No Medicine Ordered"),
        ],
        string="Medicines",
        copy=False,
    )
    adherence_note = fields.Text(string="About the Medicines", copy=False)
    living_situation = fields.Text(
        copy=False, help="Who helps, stairs, what could make him fall, food."
    )
    advice = fields.Text(string="Advice Given", copy=False)
    closing_reason = fields.Char(string="Reason", readonly=True, copy=False)
    closed_at = fields.Datetime(readonly=True, copy=False)
    closed_by_id = fields.Many2one(
        "res.users", readonly=True, copy=False, ondelete="restrict"
    )

    _guarded_fields = frozenset(
        {
            "name",
            "company_id",
            "state",
            "arrived_at",
            "closing_reason",
            "closed_at",
            "closed_by_id",
            "team_names",
        }
    )

    _name_uniq = models.UniqueIndex(
        "(company_id, name) WHERE name IS NOT NULL",
        "This number is used by another visit.",
    )
    _route_idx = models.Index("(company_id, day, lead_id, sequence)")
    _task_uniq = models.UniqueIndex(
        "(task_id) WHERE state = 'planned'",
        "A visit is planned for this follow-up already.",
    )
    _hours_positive = models.Constraint(
        "CHECK (hours > 0 AND hours <= 24)", "A visit lasts between 0 and 24 hours."
    )

    # ------------------------------------------------------------
    # COMPUTE
    # ------------------------------------------------------------

    @api.depends("patient_id", "task_id", "appointment_id")
    def _compute_department_id(self):
        mine = self.env.user.followup_department_ids
        for visit in self:
            treated = visit.patient_id.department_ids
            visit.department_id = (
                visit.department_id
                or visit.task_id.department_id
                or visit.appointment_id.origin_department_id
                or (treated & mine)[:1]
                or treated[:1]
            )

    @api.depends("starts_at", "hours")
    def _compute_ends_at(self):
        for visit in self:
            visit.ends_at = visit.starts_at and fields.Datetime.add(
                visit.starts_at, hours=visit.hours or 1
            )

    @api.depends("starts_at", "company_id")
    def _compute_day(self):
        clock = self.env["followup.clock"]
        for visit in self:
            company = visit.company_id or self.env.company
            visit.day = visit.starts_at and clock._local_date(company, visit.starts_at)

    @api.depends("name", "day")
    def _compute_display_name(self):
        for visit in self:
            day = format_date(self.env, visit.day) if visit.day else ""
            visit.display_name = f"{visit.name or ''} {day}".strip()

    # ------------------------------------------------------------
    # CRUD
    # ------------------------------------------------------------

    @api.model_create_multi
    def create(self, vals_list):
        """Plan visits: with consent, a task of their own, checklist, measurements."""
        visits = super().create(vals_list)
        visits._check_subject()
        visits._check_may_visit()
        for visit in visits.sudo():
            # sudo: number and what patient and task decide, not the caller
            visit._guarded().write(visit._prepare_new())
            visit._prepare_lists()
        visits._check_team()
        visits._tell_time()
        return visits

    def write(self, vals):
        if not is_open(self.env):
            self._check_write(vals)
        result = super().write(vals)
        if not {"user_ids", "lead_id"}.isdisjoint(vals):
            self._check_team()
        if "starts_at" in vals:
            self._check_may_visit()
            self._tell_time()
        return result

    def _check_write(self, vals):
        if not SUBJECT_FIELDS.isdisjoint(vals):
            raise AccessError(
                self.env._("Whom a visit is for cannot be changed afterwards.")
            )
        if any(visit.state != "planned" for visit in self):
            raise UserError(self.env._("This visit is over: add an amendment."))

    def _check_subject(self):
        """Naming a patient shows his name: only whoever sees him may name him."""
        self.patient_id.check_access("read")
        # the end of the visit completes the one and moves the other
        self.task_id.check_access("write")
        self.appointment_id.check_access("write")
        for visit in self:
            if visit.appointment_id and visit.appointment_id.kind != "home":
                raise UserError(self.env._("This appointment is no home visit."))
            linked = visit.task_id.patient_id | visit.appointment_id.patient_id
            if linked - visit.patient_id:
                raise UserError(self.env._("This is the call of another patient."))

    def _prepare_new(self):
        company = self.company_id
        task = self.task_id or self.appointment_id.task_id
        task = task if task.method == "home" else task.browse()
        return {
            "name": company._followup_next_number(self._name),
            "task_id": (task or self._make_task()).id,
            "lead_id": (self.lead_id or self.user_ids[:1]).id,
        }

    def _make_task(self):
        """Make the follow-up the visit fulfils, where no plan made one."""
        calendar = self.env["followup.clock"]._for_company(self.company_id)
        start, end = calendar.day_bounds(calendar.local_date(self.starts_at))
        row = {
            "company_id": self.patient_id.company_id.id,
            "kind": "adhoc",
            "origin_key": f"visit:{self.id}",
            "name": self.env._("Home visit"),
            "patient_id": self.patient_id.id,
            "department_id": self.department_id.id,
            "level": "1" if self.department_id else "2",
            "method": "home",
            "date_earliest": start,
            "date_due": end,
            "date_deadline": end,
        }
        return self.env["followup.task"]._create_generated([row])

    @api.ondelete(at_uninstall=False)
    def _unlink_except_recorded(self):
        raise UserError(self.env._("A home visit is cancelled, never deleted."))
