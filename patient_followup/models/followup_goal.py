# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError

from ..tools.trend import MEASURED, UNITS, judge

LIVE = ("active", "achieved", "missed")


class FollowupGoal(models.Model):
    """What a patient wants to reach, measured by his own answers (FHIR Goal, G-4).

    A measured goal is judged from the answers of his questionnaires by
    `tools.trend.judge`; one in words is judged by a person. The last value is
    that of whoever asked him, ward or centre.

    Access: like the patient; nobody deletes what was agreed.
    """

    _name = "followup.goal"
    _description = "Personal Goal"
    _inherit = ["followup.guarded.mixin"]
    _order = "state, due_date, id"
    _check_company_auto = True

    _guarded_fields = frozenset(
        {
            "state",
            "achieved_on",
            "last_value",
            "last_day",
            "company_id",
            "programme_id",
        }
    )
    _erase_fields = ("name", "note")

    patient_id = fields.Many2one(
        "followup.patient",
        required=True,
        index=True,
        check_company=True,
        ondelete="cascade",
    )
    company_id = fields.Many2one(
        related="patient_id.company_id", store=True, index=True, precompute=True
    )
    enrolment_id = fields.Many2one(
        "followup.enrolment",
        string="Programme Enrolment",
        index="btree_not_null",
        check_company=True,
        ondelete="restrict",
        domain="[('patient_id', '=', patient_id)]",
    )
    programme_id = fields.Many2one(
        related="enrolment_id.programme_id",
        string="Programme",
        store=True,
        index="btree_not_null",
    )
    metric = fields.Selection(
        selection=lambda self: self._select_metric(),
        string="Measured by",
        help="Empty: a goal in words, judged by you.",
    )
    name = fields.Char(string="In Words", help="As the patient says it.")
    unit = fields.Char(compute="_compute_unit")
    target_low = fields.Float(
        digits=(16, 1), string="At Least", help="Empty: no limit."
    )
    target_high = fields.Float(
        digits=(16, 1), string="At Most", help="Empty: no limit."
    )
    needed = fields.Integer(
        string="Times in a Row",
        default=1,
        required=True,
        help="So many values one after the other lie within the target.",
    )
    start_date = fields.Date(
        required=True,
        default=lambda self: self._default_start_date(),
    )
    start_value = fields.Float(
        digits=(16, 1), help="The last value before the goal was set."
    )
    due_date = fields.Date(string="Reach By")
    last_value = fields.Float(digits=(16, 1), string="Now", readonly=True, copy=False)
    last_day = fields.Date(string="Measured on", readonly=True, copy=False)
    achieved_on = fields.Date(readonly=True, copy=False)
    note = fields.Text()
    state = fields.Selection(
        [
            ("proposed", "Not Agreed Yet"),
            ("active", "Active"),
            ("achieved", "Achieved"),
            ("missed", "Missed"),
            ("cancelled", "Cancelled"),
        ],
        default="active",
        required=True,
        copy=False,
        group_expand=True,
    )
    target = fields.Char(compute="_compute_target")

    _needed = models.Constraint("CHECK (needed >= 1)", "At least one value counts.")
    _limits = models.Constraint(
        "CHECK (COALESCE(target_high, 0) = 0 OR target_low <= target_high)",
        "The lower limit may not exceed the upper one.",
    )
    _target_required = models.Constraint(
        "CHECK (metric IS NULL OR COALESCE(target_low, 0) <> 0"
        " OR COALESCE(target_high, 0) <> 0)",
        "Say what to reach: at least, at most, or both.",
    )
    _live_idx = models.Index(
        "(patient_id, metric) WHERE metric IS NOT NULL"
        " AND state IN ('active', 'achieved')"
    )

    # ------------------------------------------------------------
    # DEFAULTS / CONSTRAINTS
    # ------------------------------------------------------------

    def _select_metric(self):
        labels = dict(
            self.env["survey.question"]
            ._fields["followup_metric"]
            ._description_selection(self.env)
        )
        return [(key, labels[key]) for key in MEASURED]

    @api.model
    def _default_start_date(self):
        return self.env["followup.clock"]._today(self.env.company)

    @api.constrains("metric", "name")
    def _check_name(self):
        if any(not goal.metric and not (goal.name or "").strip() for goal in self):
            raise ValidationError(self.env._("Say in words what to reach."))

    @api.constrains("patient_id", "enrolment_id")
    def _check_enrolment(self):
        for goal in self:
            if goal.enrolment_id and goal.enrolment_id.patient_id != goal.patient_id:
                raise ValidationError(
                    self.env._("The programme is that of another patient.")
                )

    # ------------------------------------------------------------
    # COMPUTE
    # ------------------------------------------------------------

    @api.depends("metric")
    def _compute_unit(self):
        for goal in self:
            goal.unit = UNITS.get(goal.metric, False)

    @api.depends("metric", "name", "target_low", "target_high")
    def _compute_target(self):
        for goal in self:
            goal.target = goal._get_target() if goal.metric else goal.name

    def _get_target(self):
        low, high = f"{self.target_low:g}", f"{self.target_high:g}"
        unit = self.unit or ""
        if self.target_low and self.target_high:
            return self.env._(
                "%(low)s to %(high)s %(unit)s", low=low, high=high, unit=unit
            )
        if self.target_low:
            return self.env._("at least %(low)s %(unit)s", low=low, unit=unit)
        return self.env._("at most %(high)s %(unit)s", high=high, unit=unit)

    @api.depends("metric", "target")
    def _compute_display_name(self):
        labels = dict(self._select_metric())
        for goal in self:
            parts = (labels.get(goal.metric), goal.target)
            goal.display_name = " ".join(part for part in parts if part)

    # ------------------------------------------------------------
    # CRUD
    # ------------------------------------------------------------

    @api.model_create_multi
    def create(self, vals_list):
        patients = self.env["followup.patient"].browse(
            {vals["patient_id"] for vals in vals_list if vals.get("patient_id")}
        )
        patients.check_access("read")
        goals = super().create(vals_list)
        goals._fill_start_values()
        goals._evaluate()
        return goals

    def write(self, vals):
        if "patient_id" in vals and self.patient_id.ids != [vals["patient_id"]]:
            raise UserError(self.env._("A goal stays with its patient."))
        result = super().write(vals)
        if {"target_low", "target_high", "needed", "due_date", "start_date"} & set(
            vals
        ):
            self._evaluate(reopen=True)
        return result

    # ------------------------------------------------------------
    # ACTIONS
    # ------------------------------------------------------------

    def action_accept(self):
        """The patient agrees to a proposed goal."""
        self._move(("proposed",), "active")
        self._evaluate()
        return True

    def action_achieve(self):
        """A goal in words is reached."""
        self._check_in_words()
        today = self._default_start_date()
        return self._move(("proposed", "active", "missed"), "achieved", today)

    def action_miss(self):
        """A goal in words was not reached."""
        self._check_in_words()
        return self._move(("active", "achieved"), "missed")

    def action_cancel(self):
        return self._move(("proposed", "active"), "cancelled")

    def _check_in_words(self):
        if self.filtered("metric"):
            raise UserError(
                self.env._("A measured goal is judged by the answers of the patient.")
            )

    def _move(self, states, state, achieved_on=False):
        self.check_access("write")
        if any(goal.state not in states for goal in self):
            raise UserError(self.env._("Not possible from its present state."))
        # sudo: write access was checked; states are guarded fields
        self.sudo()._guarded().write({"state": state, "achieved_on": achieved_on})
        return True

    # ------------------------------------------------------------
    # JUDGING
    # ------------------------------------------------------------

    def _evaluate(self, reopen=False):
        """Judge measured goals by the answers of their patients, two queries.

        :param reopen: also those whose time is over, after their target changed
        """
        states = LIVE if reopen else LIVE[:2]
        # sudo: the answers decide, whoever asked for them
        goals = self.sudo().filtered(lambda goal: goal.metric and goal.state in states)
        if not goals:
            return
        values = goals.patient_id._get_measured(set(goals.mapped("metric")))
        today_of = {
            company: self.env["followup.clock"]._today(company)
            for company in goals.company_id
        }
        for goal in goals:
            rows = values.get((goal.patient_id.id, goal.metric), [])
            goal._judge(rows, today_of[goal.company_id])

    def _judge(self, rows, today):
        since = [row for row in rows if row[0] >= self.start_date]
        state, reached = judge(
            since, self.target_low, self.target_high, self.needed, self.due_date, today
        )
        last_day, last_value = rows[-1] if rows else (False, 0.0)
        vals = {
            "state": state,
            "achieved_on": reached or False,
            "last_day": last_day,
            "last_value": last_value,
        }
        changed = {name: new for name, new in vals.items() if self[name] != new}
        if changed:
            self._guarded().write(changed)

    def _fill_start_values(self):
        """Remember where the patient started, unless it was typed."""
        # sudo: the answers decide, whoever asked for them
        goals = self.sudo().filtered(lambda goal: goal.metric and not goal.start_value)
        if not goals:
            return
        values = goals.patient_id._get_measured(set(goals.mapped("metric")))
        for goal in goals:
            rows = values.get((goal.patient_id.id, goal.metric), [])
            before = [value for day, value in rows if day <= goal.start_date]
            if before:
                goal.start_value = before[-1]

    def _on_enrolment_ended(self):
        """What is not reached by then falls with the programme."""
        self._evaluate()
        self._cancel_engine()

    def _cancel_engine(self):
        # sudo: the end of a programme, or of the patient, ends every open goal
        goals = self.sudo().filtered(lambda goal: goal.state in ("proposed", "active"))
        goals._guarded().write({"state": "cancelled"})

    @api.model
    def _cron_judge(self):
        """Close the goals whose last day is over, for each hospital."""
        yesterday = fields.Date.subtract(fields.Date.context_today(self), days=1)
        goals = self.search(
            [
                ("state", "=", "active"),
                ("metric", "!=", False),
                ("due_date", "<=", yesterday),
            ],
            limit=1000,
        )
        goals._evaluate()
