# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import api, fields, models
from odoo.exceptions import ValidationError

from ..tools import schedule
from ..tools.guard import is_open
from ..tools.planning import StepSpec
from .followup_task import METHODS


class FollowupProtocolStep(models.Model):
    """One contact, once or repeated, with its date rule and who makes it.

    Access as for its protocol; steps of a protocol in use never change.
    """

    _name = "followup.protocol.step"
    _description = "Protocol Step"
    _inherit = ["followup.shared.mixin"]
    _order = "protocol_id, sequence, id"

    protocol_id = fields.Many2one(
        "followup.protocol", required=True, index=True, ondelete="cascade"
    )
    company_id = fields.Many2one(
        related="protocol_id.company_id", store=True, index=True
    )
    name = fields.Char(required=True, translate=True)
    sequence = fields.Integer(default=10)
    anchor = fields.Selection(
        [
            ("discharge", "Discharge"),
            ("admission", "Admission"),
            ("procedure", "Operation"),
            ("encounter", "Visit"),
            ("previous", "Previous Step Done"),
            ("event", "Event"),
        ],
        default="discharge",
        required=True,
        string="Counted from",
    )
    offset_target = fields.Integer(
        string="Due after", default=1, required=True, help="Counted from the anchor."
    )
    offset_unit = fields.Selection(
        [
            ("hour", "Hours"),
            ("day", "Days"),
            ("week", "Weeks"),
            ("month", "Months"),
            ("year", "Years"),
        ],
        default="day",
        required=True,
    )
    days_before = fields.Integer(
        string="Earlier by", help="So many days earlier it may be done."
    )
    days_after = fields.Integer(
        string="Later by", help="So many days later it must be done."
    )
    day_type = fields.Selection(
        [("calendar", "Calendar Days"), ("working", "Working Days")],
        default="calendar",
        required=True,
        string="Kind of Days",
    )
    repeat_every = fields.Integer(
        string="Repeated Every", help="In the same unit. 0: once."
    )
    repeat_until = fields.Integer(
        string="Repeated up to",
        help="Last distance from the anchor, in the same unit. 0: without end.",
    )
    method = fields.Selection(METHODS, default="phone", required=True)
    level = fields.Selection(
        [("1", "Level 1"), ("2", "Level 2")], default="1", required=True
    )
    sample_percent = fields.Float(
        string="Share (%)",
        default=100.0,
        help="Share of the stays this step is made for, drawn by a keyed hash.",
    )
    responsible = fields.Selection(
        [
            ("attending", "Attending Doctor"),
            ("resident", "Resident"),
            ("surgeon", "Surgeon"),
            ("head", "Department Head"),
            ("head_nurse", "Head Nurse"),
            ("department_team", "Department Team"),
            ("centre", "Follow-up Centre"),
            ("user", "Named Person"),
        ],
        default="department_team",
        required=True,
    )
    user_id = fields.Many2one("res.users", string="Person")
    min_title = fields.Selection(
        [
            ("none", "Any"),
            ("attending", "Attending Physician"),
            ("deputy_chief", "Deputy Chief Physician"),
            ("chief", "Chief Physician"),
        ],
        default="none",
        string="Lowest Title",
        required=True,
    )
    survey_id = fields.Many2one(
        "survey.survey",
        string="Questionnaire",
        domain=[("survey_type", "=", "followup"), ("followup_state", "!=", "draft")],
        help="Calls ask the version of it that is in use.",
    )
    script = fields.Html(translate=True)
    attempt_policy_id = fields.Many2one("followup.attempt.policy")
    priority = fields.Selection(
        [("0", "Normal"), ("1", "High"), ("2", "Urgent")], default="0", required=True
    )
    date_rule = fields.Char(compute="_compute_date_rule", string="When")

    _distances = models.Constraint(
        "CHECK (offset_target >= 0 AND days_before >= 0 AND days_after >= 0"
        " AND repeat_every >= 0 AND repeat_until >= 0)",
        "A step lies after its anchor: no negative numbers.",
    )
    _percent = models.Constraint(
        "CHECK (sample_percent >= 0 AND sample_percent <= 100)",
        "The sampled share lies between 0 and 100 percent.",
    )
    _person = models.Constraint(
        "CHECK (responsible <> 'user' OR user_id IS NOT NULL)",
        "Choose the person who is responsible.",
    )

    # ------------------------------------------------------------
    # COMPUTE / CONSTRAINS
    # ------------------------------------------------------------

    @api.depends(
        "anchor",
        "offset_target",
        "offset_unit",
        "days_before",
        "days_after",
        "day_type",
        "repeat_every",
        "repeat_until",
    )
    @api.depends_context("lang")
    def _compute_date_rule(self):
        for step in self:
            step.date_rule = step._say_date_rule()

    def _say_date_rule(self):
        """Return the rule in short, as in "7 days after: Discharge (−6/+3)"."""
        self.ensure_one()
        rule = self.env._(
            "%(amount)s %(unit)s after: %(anchor)s (−%(before)s/+%(after)s)",
            amount=self.offset_target,
            unit=self._get_unit_label().lower(),
            anchor=self._get_label("anchor"),
            before=self.days_before,
            after=self.days_after,
        )
        if not self.repeat_every:
            return rule
        if not self.repeat_until:
            return self.env._(
                "%(rule)s, then every %(every)s %(unit)s",
                rule=rule,
                every=self.repeat_every,
                unit=self._get_unit_label().lower(),
            )
        return self.env._(
            "%(rule)s, then every %(every)s %(unit)s up to %(until)s %(unit)s",
            rule=rule,
            every=self.repeat_every,
            until=self.repeat_until,
            unit=self._get_unit_label().lower(),
        )

    def _get_unit_label(self):
        if self.day_type == "working" and self.offset_unit == "day":
            return self._get_label("day_type")
        return self._get_label("offset_unit")

    def _get_label(self, name):
        return dict(self._fields[name]._description_selection(self.env)).get(self[name])

    @api.constrains("anchor", "sequence", "protocol_id", "repeat_every")
    def _check_previous(self):
        for protocol in self.protocol_id:
            before = None
            for step in protocol.step_ids.sorted():
                if step.anchor == "previous":
                    step._check_follows(before)
                before = step

    def _check_follows(self, before):
        if not before or before.repeat_every:
            raise ValidationError(
                self.env._(
                    "%(step)s follows the step before it: there must be one that is"
                    " not repeated.",
                    step=self.name,
                )
            )

    # ------------------------------------------------------------
    # CRUD
    # ------------------------------------------------------------

    @api.model_create_multi
    def create(self, vals_list):
        steps = super().create(vals_list)
        steps._check_editable()
        self.env.registry.clear_cache()  # protocols are remembered as plain values
        return steps

    def write(self, vals):
        self._check_editable()
        self.env.registry.clear_cache()
        return super().write(vals)

    def _update_field_translations(self, field_name, *args, **kwargs):
        self.check_access("write")
        self._check_editable()
        self.env.registry.clear_cache()
        return super()._update_field_translations(field_name, *args, **kwargs)

    def unlink(self):
        self.env.registry.clear_cache()
        return super().unlink()

    @api.ondelete(at_uninstall=False)
    def _unlink_except_in_use(self):
        self._check_editable()

    def _check_editable(self):
        if not is_open(self.env):
            self.protocol_id._check_editable()

    # ------------------------------------------------------------
    # BUSINESS
    # ------------------------------------------------------------

    def _get_schedule(self):
        """Return the date rule for tools/schedule.py."""
        self.ensure_one()
        return schedule.Step(
            offset_target=self.offset_target,
            offset_unit=self.offset_unit,
            days_before=self.days_before,
            days_after=self.days_after,
            day_type=self.day_type,
            repeat_every=self.repeat_every,
            repeat_until=self.repeat_until,
        )

    def _get_spec(self):
        """Return the step as plain values for tools/planning.py."""
        self.ensure_one()
        return StepSpec(
            id=self.id,
            anchor=self.anchor,
            rule=self._get_schedule(),
            previous_id=self._get_previous().id or 0,
            sample_percent=self.sample_percent,
            responsible=self.responsible,
            user_id=self.user_id.id or 0,
            level=self.level,
            vals=self._prepare_task(),
        )

    def _prepare_task(self):
        """Return what a task takes over from its step."""
        self.ensure_one()
        return {
            "name": self.name,
            "level": self.level,
            "method": self.method,
            "responsible": self.responsible,
            "min_title": self.min_title,
            "priority": self.priority,
            "attempt_policy_id": self.attempt_policy_id.id,
        }

    def _get_span(self):
        """Return (first, last) day of the window, roughly, for comparisons."""
        self.ensure_one()
        days = {"day": 1, "week": 7, "month": 30, "year": 365}.get(self.offset_unit)
        if not days or self.anchor == "previous":
            return None
        target = self.offset_target * days
        return target - self.days_before, target + self.days_after

    def _get_previous(self):
        """Return the step this one waits for, empty unless its anchor says so."""
        self.ensure_one()
        if self.anchor != "previous":
            return self.browse()
        steps = self.protocol_id.step_ids.sorted()
        return steps[steps.ids.index(self.id) - 1]
