# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import SQL

from .followup_slot_template import KINDS

# what a booked patient was told
TOLD = {"starts_at", "ends_at", "kind", "department_id", "user_id", "place"}


class FollowupSlot(models.Model):
    """One bookable time of a clinic (FHIR Slot, B-3).

    `booked` counts the places taken; it changes in one statement of the database
    only, so that two nurses never book the last place both.

    Access: every role reads, it names no patient; heads edit their departments',
    centre managers and administrators all.
    """

    _name = "followup.slot"
    _description = "Bookable Time"
    _inherit = ["followup.guarded.mixin"]
    _order = "starts_at, id"
    _check_company_auto = True

    template_id = fields.Many2one(
        "followup.slot.template",
        string="Clinic Hours",
        index="btree_not_null",
        ondelete="set null",
        check_company=True,
    )
    company_id = fields.Many2one(
        "res.company",
        required=True,
        index=True,
        default=lambda self: self.env.company,
    )
    department_id = fields.Many2one("hr.department", required=True, index=True)
    user_id = fields.Many2one("res.users", string="Doctor", index="btree_not_null")
    doctor_name = fields.Char(string="Who Receives")
    kind = fields.Selection(KINDS, required=True, default="clinic")
    place = fields.Char()
    instructions = fields.Text(related="template_id.instructions")
    starts_at = fields.Datetime(string="From", required=True)
    ends_at = fields.Datetime(string="To", required=True)
    day = fields.Date(
        compute="_compute_day", store=True, precompute=True, readonly=False
    )
    capacity = fields.Integer(string="Places", required=True, default=1)
    booked = fields.Integer(readonly=True, required=True, default=0, copy=False)
    free = fields.Integer(string="Free Places", compute="_compute_free")
    is_full = fields.Boolean(
        compute="_compute_is_full", store=True, precompute=True, copy=False
    )
    state = fields.Selection(
        [("open", "Open"), ("closed", "Closed")],
        required=True,
        default="open",
        copy=False,
    )
    closing_reason = fields.Char(readonly=True, copy=False)
    on_day_off = fields.Boolean(
        string="On a Day Off",
        readonly=True,
        copy=False,
        help="Booked before the day was declared free: find other times.",
    )
    appointment_ids = fields.One2many("followup.appointment", "slot_id")

    _guarded_fields = frozenset({"booked", "state", "closing_reason", "on_day_off"})

    _template_uniq = models.UniqueIndex(
        "(template_id, starts_at) WHERE template_id IS NOT NULL",
        "This time exists already.",
    )
    _free_idx = models.Index(
        "(company_id, kind, department_id, starts_at)"
        " WHERE state = 'open' AND is_full IS NOT TRUE"
    )
    _day_idx = models.Index("(company_id, day)")
    _times_ordered = models.Constraint(
        "CHECK (ends_at > starts_at)", "A time ends after it begins."
    )
    _never_overbooked = models.Constraint(
        "CHECK (booked >= 0 AND booked <= capacity)",
        "More patients are booked than there are places.",
    )

    # ------------------------------------------------------------
    # COMPUTE
    # ------------------------------------------------------------

    @api.depends("starts_at", "company_id")
    def _compute_day(self):
        clock = self.env["followup.clock"]
        for slot in self:
            slot.day = slot.starts_at and clock._local_date(
                slot.company_id, slot.starts_at
            )

    @api.depends("capacity", "booked")
    def _compute_free(self):
        for slot in self:
            slot.free = slot.capacity - slot.booked

    @api.depends("capacity", "booked")
    def _compute_is_full(self):
        for slot in self:
            slot.is_full = slot.booked >= slot.capacity

    @api.depends("starts_at", "doctor_name", "place", "capacity", "booked")
    @api.depends_context("lang", "tz")
    def _compute_display_name(self):
        """Say what a caller reads out: when, with whom, where, places left."""
        for slot in self:
            parts = [slot._say_when(), slot.doctor_name, slot.place]
            if slot.capacity > 1:
                parts.append(self.env._("%(count)s free", count=slot.free))
            slot.display_name = " · ".join(part for part in parts if part)

    def _say_when(self):
        """Return day and hour in the zone of the hospital and the user's words."""
        if not self.starts_at:
            return ""
        clock = self.env["followup.clock"]
        local = clock._for_company(self.company_id).to_local(self.starts_at)
        return f"{clock._format_short_day(local)} {local:%H:%M}"

    # ------------------------------------------------------------
    # CRUD
    # ------------------------------------------------------------

    def write(self, vals):
        if not TOLD.isdisjoint(vals) and any(self.mapped("booked")):
            raise UserError(
                self.env._("Patients were told this time: close it and book another.")
            )
        result = super().write(vals)
        if "capacity" in vals:
            # sudo: who waits is moved up whoever makes room
            self.env["followup.appointment"].sudo()._move_up(self)
        return result

    @api.ondelete(at_uninstall=False)
    def _unlink_except_booked(self):
        # sudo: bookings of other departments count too
        if any(self.sudo().mapped("appointment_ids")):
            raise UserError(self.env._("This time was booked: close it instead."))

    # ------------------------------------------------------------
    # ACTIONS
    # ------------------------------------------------------------

    def action_close(self):
        """Close times; where patients are booked, ask what becomes of them."""
        self.check_access("write")
        if not any(self.mapped("booked")):
            return self._close(False)
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Close Booked Times"),
            "res_model": "followup.slot.close",
            "views": [(False, "form")],
            "target": "new",
            "context": {"default_slot_ids": self.ids},
        }

    def action_open(self):
        """Open closed times again; whoever waits is asked first."""
        self.check_access("write")
        # sudo: the state is guarded, the right was checked
        slots = self.sudo().filtered(lambda slot: slot.state == "closed")
        slots._guarded().write({"state": "open", "closing_reason": False})
        self.env["followup.appointment"].sudo()._move_up(slots)
        return True

    def _close(self, reason):
        """Take the times out of the offer; rights were checked before."""
        # sudo: the state is guarded, the right was checked
        self.sudo()._guarded().write({"state": "closed", "closing_reason": reason})
        return True

    # ------------------------------------------------------------
    # PLACES
    # ------------------------------------------------------------

    def _take(self):
        """Take one place and tell whether there was one; never one too many.

        Whoever comes second waits for the first one's commit and is then told to
        try again by the database; Odoo repeats his request, which finds it full.
        """
        self.ensure_one()
        return self._count(
            SQL(
                "UPDATE followup_slot SET booked = booked + 1,"
                " is_full = booked + 1 >= capacity"
                " WHERE id = %s AND state = 'open' AND booked < capacity"
                " AND starts_at > %s RETURNING id",
                self.id,
                fields.Datetime.now(),
            )
        )

    def _give_back(self):
        """Free one place."""
        self.ensure_one()
        return self._count(
            SQL(
                "UPDATE followup_slot SET booked = booked - 1, is_full = FALSE"
                " WHERE id = %s AND booked > 0 RETURNING id",
                self.id,
            )
        )

    def _count(self, statement):
        self.flush_recordset()
        self.env.cr.execute(statement, log_exceptions=False)
        done = bool(self.env.cr.fetchone())
        names = ["booked", "is_full", "free", "display_name"]
        self.invalidate_recordset(names, flush=False)
        return done
