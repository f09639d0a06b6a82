# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import ValidationError
from odoo.tools import split_every

from ..tools import slots
from .followup_team_member import WEEKDAYS

KINDS = [
    ("clinic", "Clinic Visit"),
    ("phone", "Phone Consultation"),
    ("home", "Home Visit"),
    ("exam", "Examination"),
]
BATCH = 1000
ON_DAYS = tuple(name.replace("duty_", "on_") for name in WEEKDAYS)
# a change of these makes other times
TIMES = {
    *ON_DAYS,
    "on_makeup_days",
    "on_free_days",
    "hour_from",
    "hour_to",
    "minutes",
    "capacity",
    "date_from",
    "date_to",
    "active",
    "department_id",
    "user_id",
    "doctor_name",
    "kind",
    "place",
    "instructions",
}


class FollowupSlotTemplate(models.Model):
    """Weekly hours of a clinic, from which bookable times are made (FHIR Schedule).

    M-3, B-3. Times are made for the hospital's horizon, on working days of its
    calendar: never on public holidays, on make-up workdays where ticked.

    Access: every role reads; heads plan their departments, centre managers and
    administrators all.
    """

    _name = "followup.slot.template"
    _description = "Clinic Hours"
    _order = "department_id, kind, hour_from, id"
    _check_company_auto = True

    name = fields.Char(required=True)
    active = fields.Boolean(default=True)
    company_id = fields.Many2one(
        "res.company",
        required=True,
        index=True,
        default=lambda self: self.env.company,
    )
    department_id = fields.Many2one("hr.department", required=True, index=True)
    user_id = fields.Many2one("res.users", string="Doctor", index="btree_not_null")
    doctor_name = fields.Char(
        string="Name Told",
        compute="_compute_doctor_name",
        store=True,
        readonly=False,
        precompute=True,
        help="Who receives the patient; a doctor without an account too.",
    )
    kind = fields.Selection(KINDS, required=True, default="clinic")
    place = fields.Char(help="Where the patient goes: building, floor, room.")
    instructions = fields.Text(
        string="What to Mind",
        translate=True,
        help="Told to the patient with the time: come fasting, bring films (P-13).",
    )
    on_monday = fields.Boolean(string="Mon")
    on_tuesday = fields.Boolean(string="Tue")
    on_wednesday = fields.Boolean(string="Wed")
    on_thursday = fields.Boolean(string="Thu")
    on_friday = fields.Boolean(string="Fri")
    on_saturday = fields.Boolean(string="Sat")
    on_sunday = fields.Boolean(string="Sun")
    on_makeup_days = fields.Boolean(string="On Make-up Workdays", default=True)
    on_free_days = fields.Boolean(
        string="On Weekends Too",
        help="The ticked weekdays count where the hospital does not work; public"
        " holidays stay free.",
    )
    hour_from = fields.Float(string="From", required=True, default=8.0)
    hour_to = fields.Float(string="To", required=True, default=11.5)
    minutes = fields.Integer(string="Minutes per Time", required=True, default=30)
    capacity = fields.Integer(string="Patients per Time", required=True, default=1)
    date_from = fields.Date(
        string="Valid from",
        required=True,
        default=lambda self: fields.Date.context_today(self),
    )
    date_to = fields.Date(string="Valid until")
    made_until = fields.Date(string="Times Made until", readonly=True, copy=False)
    slot_ids = fields.One2many("followup.slot", "template_id", string="Times")

    _hours_ordered = models.Constraint(
        "CHECK (hour_from >= 0 AND hour_from < hour_to AND hour_to <= 24)",
        "Hours begin and end within one day, and end after they begin.",
    )
    _length_positive = models.Constraint(
        "CHECK (minutes >= 5 AND minutes <= 1440)",
        "A time lasts between five minutes and a day.",
    )
    _capacity_positive = models.Constraint(
        "CHECK (capacity >= 1)", "At least one patient fits into a time."
    )
    _dates_ordered = models.Constraint(
        "CHECK (date_to IS NULL OR date_to >= date_from)",
        "The hours cannot end before they begin to be valid.",
    )

    # ------------------------------------------------------------
    # COMPUTE / CONSTRAINTS
    # ------------------------------------------------------------

    @api.depends("user_id")
    def _compute_doctor_name(self):
        for template in self:
            # sudo: the name of a colleague, told to patients
            name = template.user_id.sudo().name
            template.doctor_name = name or template.doctor_name

    @api.constrains(*ON_DAYS)
    def _check_weekdays(self):
        for template in self:
            if not template._get_week().weekdays:
                raise ValidationError(self.env._("Tick at least one weekday."))

    @api.constrains("hour_from", "hour_to", "minutes")
    def _check_length(self):
        for template in self:
            week = template._get_week()
            if not slots.cut(week.hour_from, week.hour_to, week.minutes):
                raise ValidationError(self.env._("Not one time fits into the hours."))

    # ------------------------------------------------------------
    # CRUD
    # ------------------------------------------------------------

    @api.model_create_multi
    def create(self, vals_list):
        templates = super().create(vals_list)
        templates._make_slots()
        return templates

    def write(self, vals):
        result = super().write(vals)
        if not TIMES.isdisjoint(vals):
            self._make_anew()
        return result

    @api.ondelete(at_uninstall=False)
    def _unlink_empty_slots(self):
        """Free times go with their template; booked ones stay."""
        self._drop_free_slots()

    # ------------------------------------------------------------
    # MAKING TIMES
    # ------------------------------------------------------------

    @api.model
    def _cron_make_slots(self):
        """Make the times that came within the horizon, template by template."""
        cron = self.env["ir.cron"]
        # every hospital's; none is made twice (unique index)
        templates = self.search([])  # pylint: disable=no-search-all
        cron._commit_progress(remaining=len(templates))
        for template in templates:
            if template.try_lock_for_update():
                template._drop_days_off()
                template._make_slots()
            if not cron._commit_progress(1):
                return

    def _make_anew(self):
        """Free times follow the template; booked ones stay as they were told."""
        self._drop_free_slots()
        self.made_until = False
        self._make_slots()

    def _make_slots(self):
        """Make what is missing up to the horizon; again makes nothing (I-2)."""
        for template in self.filtered("active"):
            found = template._prepare_slots()
            # sudo: whoever edits the template, or the cron, makes its times
            made = template.env["followup.slot"].sudo()
            for batch in split_every(BATCH, found, list):
                made |= made._guarded().create(batch)._unguarded()
            template.made_until = template._get_last_day()
            template.env["followup.appointment"].sudo()._move_up(made)

    def _prepare_slots(self):
        """Return values of the times that do not exist yet and lie ahead."""
        clock = self.env["followup.clock"]
        calendar = clock._for_company(self.company_id)
        now = fields.Datetime.now()
        day = max(self.date_from, clock._today(self.company_id))
        week, common = self._get_week(), self._prepare_common()
        # sudo: booked times of this template, whoever asks
        known = set(self.sudo().slot_ids.mapped("starts_at"))
        rows = []
        while day <= self._get_last_day():
            rows += [
                {**common, "day": day, "starts_at": start, "ends_at": end}
                for start, end in slots.moments(week, day, calendar)
                if start > now and start not in known
            ]
            day += timedelta(days=1)
        return rows

    def _prepare_common(self):
        return {
            "template_id": self.id,
            "company_id": self.company_id.id,
            "department_id": self.department_id.id,
            "user_id": self.user_id.id,
            "doctor_name": self.doctor_name,
            "kind": self.kind,
            "place": self.place,
            "capacity": self.capacity,
        }

    def _get_week(self):
        ticked = {number for number, name in enumerate(ON_DAYS) if self[name]}
        return slots.Week(
            frozenset(ticked),
            self.on_makeup_days,
            self.on_free_days,
            self.hour_from,
            self.hour_to,
            self.minutes,
        )

    def _get_last_day(self):
        """Return the end of the horizon, or of the template if that comes first."""
        # sudo: a setting of the hospital
        days = self.company_id.sudo().followup_slot_horizon_days
        last = self.env["followup.clock"]._today(self.company_id) + timedelta(days)
        return min(last, self.date_to or last)

    # ------------------------------------------------------------
    # TAKING TIMES BACK
    # ------------------------------------------------------------

    def _drop_free_slots(self, days=None):
        # sudo: free times of the template belong to nobody
        slots_ = self.env["followup.slot"].sudo()
        domain = [
            ("template_id", "in", self.ids),
            ("booked", "=", 0),
            ("state", "=", "open"),
            ("starts_at", ">", fields.Datetime.now()),
        ]
        if days is not None:
            domain.append(("day", "in", days))
        free = slots_.search(domain)
        free.filtered(lambda slot: not slot.appointment_ids).unlink()

    def _drop_days_off(self):
        """A holiday published later: free times go, booked ones are marked."""
        calendar = self.env["followup.clock"]._for_company(self.company_id)
        week = self._get_week()
        # sudo: times of the template, whoever runs the cron
        ahead = self.sudo().slot_ids.filtered(
            lambda slot: slot.starts_at > fields.Datetime.now()
        )
        off = [
            day
            for day in set(ahead.mapped("day"))
            if not slots.runs_on(week, day, calendar)
        ]
        if off:
            self._drop_free_slots(off)
            left = ahead.exists().filtered(lambda slot: slot.day in off)
            left._guarded().write({"on_day_off": True})
