# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.fields import Domain

from ..tools.guard import is_open
from .followup_slot_template import KINDS

# still to be dealt with; a place is held from the offer on
OPEN_STATES = ("requested", "waitlist", "offered", "confirmed")
HOLDING_STATES = ("offered", "confirmed", "done", "no_show")
ORIGINS = [
    ("staff", "Staff"),
    ("call", "Follow-up Call"),
    ("patient", "Patient's Page"),
]
# who it is for never changes
SUBJECT_FIELDS = {"patient_id", "task_id"}


class FollowupAppointment(models.Model):
    """A visit, call or examination a patient asked for (FHIR Appointment).

    B-1 ... B-6. Its name is a neutral number (D-7). Split by concern: `_state`
    (the steps), `_waitlist` (who moves up, what lapses), `_watch` (reminders,
    no-shows, calls that keep it), `_page` (what the patient sees and answers).

    Access: the departments it is with or comes from and its doctor; the centre
    all of the hospital; inspectors read. Nobody deletes.
    """

    _name = "followup.appointment"
    _description = "Appointment"
    _inherit = ["followup.guarded.mixin"]
    _order = "starts_at desc, id desc"
    _check_company_auto = True

    # what anonymisation empties
    _erase_fields = ("wish", "doctor_name", "place", "closing_reason")

    name = fields.Char(string="Appointment No.", readonly=True, copy=False)
    company_id = fields.Many2one(
        related="patient_id.company_id", store=True, index=True, precompute=True
    )
    patient_id = fields.Many2one(
        "followup.patient", required=True, index=True, check_company=True
    )
    task_id = fields.Many2one(
        "followup.task",
        string="Follow-up",
        index="btree_not_null",
        check_company=True,
        ondelete="set null",
        help="Call in which it was asked for.",
    )
    kind = fields.Selection(KINDS, required=True, default="clinic")
    department_id = fields.Many2one(
        "hr.department",
        index="btree_not_null",
        compute="_compute_departments",
        store=True,
        readonly=False,
        precompute=True,
    )
    origin_department_id = fields.Many2one(
        "hr.department",
        string="Asked for in",
        index="btree_not_null",
        compute="_compute_departments",
        store=True,
        precompute=True,
        help="Department of the call; it goes on seeing the appointment.",
    )
    user_id = fields.Many2one("res.users", string="Doctor", index="btree_not_null")
    doctor_name = fields.Char(string="Doctor Wished")
    origin = fields.Selection(
        ORIGINS, string="Asked through", default="staff", required=True, readonly=True
    )
    # what the patient would like
    wish = fields.Text(string="Patient's Wish")
    wish_from = fields.Date(string="Not before")
    wish_until = fields.Date(string="Not after")
    wish_band_ids = fields.Many2many(
        "followup.time.band",
        "followup_appointment_band_rel",
        "appointment_id",
        "band_id",
        string="Best Hours",
    )
    # what he gets
    slot_id = fields.Many2one(
        "followup.slot",
        string="Time",
        index="btree_not_null",
        readonly=True,
        copy=False,
        ondelete="restrict",
        check_company=True,
    )
    starts_at = fields.Datetime(string="When", readonly=True, copy=False)
    ends_at = fields.Datetime(string="Until", readonly=True, copy=False)
    day = fields.Date(compute="_compute_day", store=True, precompute=True, copy=False)
    place = fields.Char(readonly=True, copy=False)
    instructions = fields.Text(related="slot_id.instructions")
    state = fields.Selection(
        [
            ("requested", "Requested"),
            ("waitlist", "Wait List"),
            ("offered", "Offered"),
            ("confirmed", "Confirmed"),
            ("done", "Done"),
            ("no_show", "No-Show"),
            ("refused", "Not Possible"),
            ("cancelled", "Cancelled"),
        ],
        default="requested",
        required=True,
        copy=False,
        index=True,
        group_expand=True,
    )
    requested_at = fields.Datetime(
        required=True, readonly=True, copy=False, default=fields.Datetime.now
    )
    waiting_since = fields.Datetime(readonly=True, copy=False)
    offered_at = fields.Datetime(readonly=True, copy=False)
    offer_until = fields.Datetime(
        string="Offer Stands until", readonly=True, copy=False
    )
    lapsed_count = fields.Integer(
        string="Lapsed Offers", readonly=True, default=0, copy=False
    )
    confirmed_at = fields.Datetime(readonly=True, copy=False)
    closed_at = fields.Datetime(readonly=True, copy=False)
    closed_by_id = fields.Many2one("res.users", readonly=True, copy=False)
    closing_reason = fields.Char(string="Reason", readonly=True, copy=False)
    reminded_at = fields.Datetime(readonly=True, copy=False)
    no_show_task_id = fields.Many2one(
        "followup.task",
        string="Call about the No-Show",
        readonly=True,
        copy=False,
        index="btree_not_null",
    )
    call_task_id = fields.Many2one(
        "followup.task",
        string="Call That Keeps It",
        readonly=True,
        copy=False,
        index="btree_not_null",
    )
    is_unrecorded = fields.Boolean(
        string="To Be Recorded",
        compute="_compute_is_unrecorded",
        search="_search_is_unrecorded",
        help="The time has passed and nobody said whether the patient came.",
    )
    patient_phone = fields.Char(
        related="patient_id.phone_masked", string="Phone", related_sudo=False
    )

    _guarded_fields = frozenset(
        {
            "name",
            "company_id",
            "origin",
            "origin_department_id",
            "slot_id",
            "starts_at",
            "ends_at",
            "day",
            "place",
            "state",
            "requested_at",
            "waiting_since",
            "offered_at",
            "offer_until",
            "lapsed_count",
            "confirmed_at",
            "closed_at",
            "closed_by_id",
            "closing_reason",
            "reminded_at",
            "no_show_task_id",
            "call_task_id",
        }
    )

    _name_uniq = models.UniqueIndex(
        "(company_id, name) WHERE name IS NOT NULL",
        "This number is used by another appointment.",
    )
    _day_idx = models.Index("(company_id, day) WHERE day IS NOT NULL")
    _waiting_idx = models.Index(
        "(company_id, kind, waiting_since, id) WHERE state = 'waitlist'"
    )
    _offered_idx = models.Index("(offer_until) WHERE state = 'offered'")
    _confirmed_idx = models.Index("(starts_at) WHERE state = 'confirmed'")
    _wish_ordered = models.Constraint(
        "CHECK (wish_until IS NULL OR wish_from IS NULL OR wish_until >= wish_from)",
        "The last day wished lies before the first.",
    )

    # ------------------------------------------------------------
    # COMPUTE / SEARCH
    # ------------------------------------------------------------

    @api.depends("patient_id", "task_id")
    def _compute_departments(self):
        """Where it is asked for, and with whom unless another one is named."""
        mine = self.env.user.followup_department_ids
        for row in self:
            treated = row.patient_id.department_ids
            own = row.task_id.department_id or row.task_id.encounter_id.department_id
            own = own or (treated & mine)[:1] or row.department_id or treated[:1]
            row.origin_department_id = own
            row.department_id = row.department_id or own

    @api.depends("starts_at", "company_id")
    def _compute_day(self):
        clock = self.env["followup.clock"]
        for row in self:
            row.day = row.starts_at and clock._local_date(row.company_id, row.starts_at)

    @api.depends("state", "starts_at")
    def _compute_is_unrecorded(self):
        found = self.filtered_domain(self._unrecorded_domain())
        found.is_unrecorded = True
        (self - found).is_unrecorded = False

    def _search_is_unrecorded(self, operator, value):
        if operator != "in":
            return NotImplemented
        return self._unrecorded_domain()

    @api.model
    def _unrecorded_domain(self):
        return Domain("state", "=", "confirmed") & Domain(
            "starts_at", "<", fields.Datetime.now()
        )

    # ------------------------------------------------------------
    # CRUD
    # ------------------------------------------------------------

    @api.model_create_multi
    def create(self, vals_list):
        """Number new rows; the patient decides the hospital, the call the ward."""
        appointments = super().create(vals_list)
        appointments._check_subject()
        for row in appointments.sudo():
            # sudo: the number, and values the patient decides, not the caller
            row._guarded().write(row._prepare_new())
        if not is_open(self.env):
            appointments._check_contactable()
            appointments._notify("appointment_received")
        return appointments

    def write(self, vals):
        if not is_open(self.env):
            self._check_write(vals)
        return super().write(vals)

    def _check_write(self, vals):
        if not SUBJECT_FIELDS.isdisjoint(vals):
            raise AccessError(
                self.env._("Whom an appointment is for cannot be changed afterwards.")
            )
        told = {"kind", "department_id", "user_id"} & set(vals)
        if told and any(row.slot_id for row in self):
            raise UserError(
                self.env._("The patient was told this time: offer another one.")
            )
        if any(row.state not in OPEN_STATES for row in self):
            raise UserError(self.env._("This appointment is over."))

    def _check_subject(self):
        """Naming a patient shows his name: only whoever sees him may name him."""
        self.patient_id.check_access("read")
        self.task_id.check_access("read")
        for row in self:
            if row.task_id and row.task_id.patient_id != row.patient_id:
                raise UserError(self.env._("This is the call of another patient."))

    def _prepare_new(self):
        """Return what follows from the patient."""
        return {"name": self.company_id._followup_next_number(self._name)}

    @api.ondelete(at_uninstall=False)
    def _unlink_except_recorded(self):
        raise UserError(self.env._("An appointment is cancelled, never deleted."))
