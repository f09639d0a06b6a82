# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError

from ..tools.checked import checked
from .followup_programme import OPEN_ENROLMENTS

SUBJECT = ("patient_id", "programme_id", "enrolled_on", "company_id")


class FollowupEnrolment(models.Model):
    """A patient in a care programme, from the day he agreed (FHIR EpisodeOfCare, G-4).

    Its plans have the origin key "enrolment:<id>" (D-3), so starting them again
    gives the same ones. Who comes back after he left gets a new row.

    Access: callers and heads those of their departments and of whom they look
    after; the centre those of its patients; managers all; inspectors read. Closed
    rows are kept: nobody deletes.
    """

    _name = "followup.enrolment"
    _description = "Programme Enrolment"
    _inherit = ["followup.guarded.mixin"]
    _order = "enrolled_on desc, id desc"
    _rec_name = "programme_id"
    _check_company_auto = True

    _guarded_fields = frozenset({"state", "closing_reason", "ended_on", "plan_ids"})
    _erase_fields = ("closing_reason", "consent_note", "note")

    patient_id = fields.Many2one(
        "followup.patient",
        required=True,
        index=True,
        check_company=True,
        ondelete="restrict",
    )
    programme_id = fields.Many2one(
        "followup.programme", required=True, index=True, ondelete="restrict"
    )
    company_id = fields.Many2one("res.company", required=True, readonly=True)
    department_id = fields.Many2one(
        "hr.department",
        index="btree_not_null",
        help="The ward or clinic that looks after the patient.",
    )
    enrolled_on = fields.Date(
        required=True, default=lambda self: self._default_enrolled_on()
    )
    doctor_id = fields.Many2one("res.users", string="Responsible Doctor")
    nurse_id = fields.Many2one(
        "res.users", string="Responsible Nurse", help="Gets the calls of the programme."
    )
    consent_given = fields.Boolean(string="Patient Agreed")
    consent_note = fields.Char(
        string="Where It Is Noted", help="Signed paper, note of the talk ..."
    )
    note = fields.Text(string="What Matters to the Patient")
    state = fields.Selection(
        [
            ("active", "Active"),
            ("paused", "Paused"),
            ("completed", "Completed"),
            ("left", "Left"),
        ],
        default="active",
        required=True,
        index=True,
        group_expand=True,
        copy=False,
    )
    closing_reason = fields.Char(string="Reason", readonly=True, copy=False)
    ended_on = fields.Date(readonly=True, copy=False)
    plan_ids = fields.One2many("followup.plan", "enrolment_id", string="Plans")
    goal_ids = fields.One2many("followup.goal", "enrolment_id", string="Goals")
    # figures
    next_due_day = fields.Date(string="Next Contact", compute="_compute_contacts")
    done_count = fields.Integer(string="Contacts Made", compute="_compute_contacts")
    goal_count = fields.Integer(compute="_compute_goals")
    achieved_count = fields.Integer(string="Goals Achieved", compute="_compute_goals")

    _open_uniq = models.UniqueIndex(
        "(patient_id, programme_id) WHERE state IN ('active', 'paused')",
        "The patient is enrolled in this programme already.",
    )

    # ------------------------------------------------------------
    # DEFAULTS / CONSTRAINTS
    # ------------------------------------------------------------

    @api.model
    def _default_enrolled_on(self):
        return self.env["followup.clock"]._today(self.env.company)

    @api.constrains("enrolled_on")
    def _check_enrolled_on(self):
        for enrolment in self:
            today = self.env["followup.clock"]._today(enrolment.company_id)
            if enrolment.enrolled_on > today:
                raise ValidationError(
                    self.env._("A patient is enrolled on the day he agreed.")
                )

    # ------------------------------------------------------------
    # COMPUTE
    # ------------------------------------------------------------

    @api.depends("programme_id", "patient_id")
    def _compute_display_name(self):
        """The programme and the masked name, as the patient's own."""
        for enrolment in self:
            # sudo: the masked name; who reads the row may know whose it is
            patient = enrolment.patient_id.sudo().display_name or ""
            programme = enrolment.programme_id.name or ""
            enrolment.display_name = f"{programme}: {patient}".strip(": ")

    @api.depends("plan_ids.task_ids.state", "plan_ids.task_ids.due_day")
    @api.depends_context("uid")
    def _compute_contacts(self):
        plans = self.plan_ids
        figures = plans._get_figures() if plans else {}
        for enrolment in self:
            rows = [figures[p.id] for p in enrolment.plan_ids if p.id in figures]
            days = [day for _total, _done, day in rows if day]
            enrolment.done_count = sum(done for _total, done, _day in rows)
            enrolment.next_due_day = min(days, default=False)

    @api.depends("goal_ids.state")
    @api.depends_context("uid")
    def _compute_goals(self):
        counts = {}
        rows = self.env["followup.goal"]._read_group(
            [("enrolment_id", "in", self.ids), ("state", "!=", "cancelled")],
            ["enrolment_id", "state"],
            ["__count"],
        )
        for enrolment, state, count in rows:
            total, achieved = counts.get(enrolment.id, (0, 0))
            achieved += count if state == "achieved" else 0
            counts[enrolment.id] = (total + count, achieved)
        for enrolment in self:
            total, achieved = counts.get(enrolment.id, (0, 0))
            enrolment.goal_count, enrolment.achieved_count = total, achieved

    # ------------------------------------------------------------
    # CRUD
    # ------------------------------------------------------------

    @api.model_create_multi
    def create(self, vals_list):
        """Enrol patients the user may see, and start their plans at once."""
        patients = self.env["followup.patient"].browse(
            {vals["patient_id"] for vals in vals_list if vals.get("patient_id")}
        )
        patients.check_access("read")
        self._check_contactable(patients)
        enrolments = super().create([self._complete(vals) for vals in vals_list])
        enrolments._start_plans()
        return enrolments

    def write(self, vals):
        if any(self._is_changed(name, vals[name]) for name in SUBJECT if name in vals):
            raise UserError(
                self.env._("End this enrolment and make a new one: it has its plan.")
            )
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_except_started(self):
        raise UserError(self.env._("An enrolment is ended with a reason, not deleted."))

    def _is_changed(self, name, value):
        field = self._fields[name]
        new = field.convert_to_cache(value, self)
        return any(field.convert_to_cache(row[name], row) != new for row in self)

    def _check_contactable(self, patients):
        # sudo: consent counts for whoever enrols
        blocked = patients.sudo().filtered("contact_blocked")
        if blocked:
            raise UserError(
                self.env._(
                    "%(name)s must not be contacted and cannot be enrolled.",
                    name=blocked[:1].display_name,
                )
            )

    def _complete(self, vals):
        """Fill in the hospital and the department that looks after the patient."""
        patient = self.env["followup.patient"].browse(vals.get("patient_id") or ())
        vals = {**vals, "company_id": patient.company_id.id}
        if not vals.get("department_id"):
            vals["department_id"] = self._choose_department(patient).id
        return vals

    def _choose_department(self, patient):
        """Return the user's own among the departments that treated the patient."""
        departments = patient.department_ids
        own = departments & self.env.user.followup_department_ids
        return (own or departments)[:1]

    # ------------------------------------------------------------
    # ACTIONS
    # ------------------------------------------------------------

    @checked
    def action_pause(self, reason):
        """Let the calls wait, as during a journey or a stay elsewhere."""
        rows = self._check_change(("active",), reason)
        # sudo: write access was checked; states are guarded fields
        rows.sudo()._guarded().write(
            {"state": "paused", "closing_reason": reason.strip()}
        )
        rows._hold_tasks()
        return True

    def action_resume(self):
        """Go on with a paused programme."""
        rows = self._check_change(("paused",))
        rows._check_contactable(rows.patient_id)
        # sudo: write access was checked; states are guarded fields
        rows.sudo()._guarded().write({"state": "active", "closing_reason": False})
        rows._release_tasks()
        return True

    @checked
    def action_complete(self, reason=None):
        """The programme has done its work; open contacts are cancelled."""
        rows = self._check_change(OPEN_ENROLMENTS)
        rows._end("completed", reason or self.env._("The programme is completed."))
        return True

    @checked
    def action_leave(self, reason):
        """The patient leaves; open contacts are cancelled with his reason."""
        rows = self._check_change(OPEN_ENROLMENTS, reason)
        rows._end("left", reason.strip())
        return True

    def _check_change(self, states, reason=True):
        self.check_access("write")
        if reason is not True and not (isinstance(reason, str) and reason.strip()):
            raise UserError(self.env._("Say why."))
        if any(row.state not in states for row in self):
            raise UserError(self.env._("Not possible from its present state."))
        return self

    # ------------------------------------------------------------
    # BUSINESS
    # ------------------------------------------------------------

    def _end(self, state, reason):
        """Close open enrolments, their plans and goals; what is done stays."""
        # sudo: the caller was checked, or a death ends them whoever heard of it
        rows = self.sudo().filtered(lambda row: row.state in OPEN_ENROLMENTS)
        for company, some in rows.grouped("company_id").items():
            some._guarded().write(
                {
                    "state": state,
                    "closing_reason": reason,
                    "ended_on": self.env["followup.clock"]._today(company),
                }
            )
        # before a new row of the same patient meets the unique index
        rows.flush_recordset(["state"])
        rows.plan_ids._close_engine(reason)
        rows.goal_ids._on_enrolment_ended()
        return rows
