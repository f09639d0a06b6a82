# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError
from odoo.tools import SQL

EVENT_CODE = "education"
INVITATION = "programme_event"


class FollowupGroupEvent(models.Model):
    """A lecture, a counselling round, a group (G-5, S-12), as light as possible.

    Odoo's `event` is not reused: a registration there makes or names a partner,
    which every employee reads, and event users of other departments read all
    registrations; it also brings tickets, mails, a website and sales fields that
    a ward never needs. Here an attendance is a patient and a tick.

    Access: every follow-up role reads the calendar, which names no patient; ward
    callers plan for their departments, the centre for the hospital.
    """

    _name = "followup.group.event"
    _description = "Group Event"
    _inherit = ["followup.guarded.mixin"]
    _order = "date_start desc, id desc"
    _check_company_auto = True

    _guarded_fields = frozenset({"state"})

    name = fields.Char(string="Topic", required=True)
    kind = fields.Selection(
        [
            ("lecture", "Health Lecture"),
            ("counselling", "Counselling"),
            ("training", "Practical Training"),
            ("other", "Other"),
        ],
        default="lecture",
        required=True,
    )
    company_id = fields.Many2one(
        "res.company", required=True, index=True, default=lambda self: self.env.company
    )
    department_id = fields.Many2one(
        "hr.department",
        index="btree_not_null",
        default=lambda self: self._default_department_id(),
        help="Empty: an event of the whole hospital.",
    )
    programme_id = fields.Many2one(
        "followup.programme",
        index="btree_not_null",
        ondelete="restrict",
        help="Its patients are invited with one click.",
    )
    date_start = fields.Datetime(string="Starts", required=True)
    date_end = fields.Datetime(string="Ends")
    place = fields.Char()
    speaker = fields.Char()
    capacity = fields.Integer(help="0: no limit.")
    description = fields.Text(string="What It Is About")
    protocol_id = fields.Many2one(
        "followup.protocol",
        string="Asked Afterwards",
        ondelete="restrict",
        domain=[("event_id.code", "=", EVENT_CODE), ("state", "=", "active")],
        help="Whoever came gets its contacts, as for the effect of education (Q-12).",
    )
    state = fields.Selection(
        [("planned", "Planned"), ("held", "Held"), ("cancelled", "Cancelled")],
        default="planned",
        required=True,
        copy=False,
        group_expand=True,
    )
    attendance_ids = fields.One2many("followup.group.attendance", "event_id")
    invited_count = fields.Integer(string="Invited", compute="_compute_counts")
    attended_count = fields.Integer(string="Came", compute="_compute_counts")
    is_full = fields.Boolean(compute="_compute_counts")

    _dates = models.Constraint(
        "CHECK (date_end IS NULL OR date_end >= date_start)",
        "An event cannot end before it starts.",
    )
    _capacity = models.Constraint(
        "CHECK (capacity >= 0)", "The number of places cannot be negative."
    )

    def _default_department_id(self):
        return self.env.user.followup_department_ids[:1]

    @api.constrains("capacity", "date_start", "state")
    def _check_capacity(self):
        """An event gets no smaller than those who are coming."""
        self._check_places()

    @api.constrains("protocol_id")
    def _check_protocol(self):
        """What is asked afterwards was released for it: it starts as superuser."""
        for event in self:
            # sudo: a protocol of another hospital may be closed to the user
            protocol = event.sudo().protocol_id
            owner = protocol.company_id
            if protocol and (
                protocol.state != "active"
                or protocol.event_id.code != EVENT_CODE
                or (owner and owner != event.company_id)
            ):
                raise ValidationError(
                    self.env._("Choose an active protocol about education.")
                )

    # ------------------------------------------------------------
    # COMPUTE
    # ------------------------------------------------------------

    @api.depends("attendance_ids.state", "capacity")
    def _compute_counts(self):
        # sudo: numbers only; places are taken by patients of every ward
        rows = self.env["followup.group.attendance"].sudo()
        counts = {}
        for event, state, count in rows._read_group(
            [("event_id", "in", self.ids)], ["event_id", "state"], ["__count"]
        ):
            counts.setdefault(event.id, {})[state] = count
        for event in self:
            states = counts.get(event.id, {})
            coming = sum(states.values()) - states.get("declined", 0)
            event.invited_count = sum(states.values())
            event.attended_count = states.get("attended", 0)
            event.is_full = bool(event.capacity and coming >= event.capacity)

    # ------------------------------------------------------------
    # CRUD
    # ------------------------------------------------------------

    @api.ondelete(at_uninstall=False)
    def _unlink_except_attended(self):
        # sudo: patients of other wards count as well
        if self.sudo().attendance_ids:
            raise UserError(
                self.env._("Patients were invited: cancel the event instead.")
            )

    # ------------------------------------------------------------
    # ACTIONS
    # ------------------------------------------------------------

    def action_invite_programme(self):
        """Invite the enrolled patients of the programme whom the user sees."""
        self.ensure_one()
        self.check_access("write")
        if not self.programme_id:
            raise UserError(self.env._("Choose the programme whose patients come."))
        enrolments = self.env["followup.enrolment"].search(
            [
                ("programme_id", "=", self.programme_id.id),
                ("company_id", "=", self.company_id.id),
                ("state", "=", "active"),
            ],
            order="id",
        )
        self._invite(enrolments.patient_id)
        return True

    def action_hold(self):
        """The event took place: who was invited and is not ticked did not come."""
        self._move("held")
        for event in self:
            event._start_protocol()
        return True

    def action_cancel(self):
        return self._move("cancelled")

    def action_plan_again(self):
        self.check_access("write")
        if any(event.state != "cancelled" for event in self):
            raise UserError(self.env._("Only a cancelled event is planned again."))
        # sudo: write access was checked; states are guarded fields
        self.sudo()._guarded().write({"state": "planned"})
        return True

    def _move(self, state):
        self.check_access("write")
        if any(event.state != "planned" for event in self):
            raise UserError(self.env._("This event is over or was cancelled."))
        # sudo: write access was checked; states are guarded fields
        self.sudo()._guarded().write({"state": state})
        if state == "held":
            rows = self.sudo().attendance_ids
            rows = rows.filtered(lambda row: row.state == "invited")
            rows.write({"state": "absent"})
        return True

    # ------------------------------------------------------------
    # BUSINESS
    # ------------------------------------------------------------

    def _invite(self, patients):
        """Invite patients who may be contacted and are not invited yet.

        As many as there are places for; the others are left out. The number of
        queries does not depend on how many they are.

        :return: the new attendances
        """
        self.ensure_one()
        patients.check_access("read")
        # sudo: places taken by patients of other wards, and consent, count
        event = self.sudo()
        known = event.attendance_ids.patient_id
        willing = patients.sudo()._filter_followed() - known
        if event.capacity:
            taken = event.attendance_ids.filtered(lambda row: row.state != "declined")
            willing = willing[: max(event.capacity - len(taken), 0)]
        attendances = self.env["followup.group.attendance"].create(
            [{"event_id": self.id, "patient_id": patient.id} for patient in willing]
        )
        attendances._send_invitation()
        return attendances

    def _check_places(self):
        """Refuse more who are coming than there are places, until it begins.

        Each event is touched first: of two who take the last place at once, one is
        repeated by the server and then counts the other.

        :raises UserError: an event is full
        """
        now = fields.Datetime.now()
        events = self.filtered(
            lambda row: row.capacity and row.state == "planned" and row.date_start > now
        )
        if not events:
            return
        self.env.flush_all()
        self.env.execute_query(
            SQL(
                "UPDATE followup_group_event SET capacity = capacity"
                " WHERE id IN %s RETURNING id",
                tuple(sorted(events.ids)),
            )
        )
        counts = dict(
            # sudo: numbers only; places are taken by patients of every ward
            self.env["followup.group.attendance"]
            .sudo()
            ._read_group(
                [("event_id", "in", events.ids), ("state", "!=", "declined")],
                ["event_id"],
                ["__count"],
            )
        )
        for event in events:
            if counts.get(event, 0) > event.capacity:
                raise UserError(
                    self.env._(
                        "%(event)s has %(places)s places, and all are taken.",
                        event=event.name,
                        places=event.capacity,
                    )
                )

    def _start_protocol(self):
        """Plan what is asked of those who came; a second time nothing happens."""
        self.ensure_one()
        if not self.protocol_id:
            return self.env["followup.plan"]
        # sudo: who held the event plans for the patients of every ward
        came = self.sudo().attendance_ids.filtered(lambda row: row.state == "attended")
        nobody = self.env["followup.encounter"].sudo()
        subjects = [
            (row.patient_id, nobody, f"attendance:{row.id}")
            for row in came
            if not row.patient_id.contact_blocked
        ]
        return self.sudo().protocol_id._start(
            subjects, anchor_at=self.date_start, origin=self.name
        )
