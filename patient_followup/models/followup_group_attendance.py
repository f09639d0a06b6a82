# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import api, fields, models
from odoo.exceptions import UserError

from .followup_group_event import INVITATION


class FollowupGroupAttendance(models.Model):
    """A patient invited to a group event, and whether he came (G-5).

    Whoever has not declined takes a place, until the event begins; from then on the
    rows say what happened, also of those who came without one.

    Access: like the patient; a row made by mistake is deleted while the event is
    still to come.
    """

    _name = "followup.group.attendance"
    _description = "Attendance at a Group Event"
    _inherit = ["followup.guarded.mixin"]
    _order = "event_id, id"
    _rec_name = "event_id"

    _guarded_fields = frozenset({"company_id", "message_sent"})
    _erase_fields = ("note",)

    event_id = fields.Many2one(
        "followup.group.event", required=True, index=True, ondelete="cascade"
    )
    patient_id = fields.Many2one(
        "followup.patient", required=True, index=True, ondelete="cascade"
    )
    company_id = fields.Many2one(
        related="patient_id.company_id", store=True, index=True, precompute=True
    )
    date_start = fields.Datetime(related="event_id.date_start")
    state = fields.Selection(
        [
            ("invited", "Invited"),
            ("attended", "Came"),
            ("absent", "Did Not Come"),
            ("declined", "Declined"),
        ],
        default="invited",
        required=True,
    )
    attended = fields.Boolean(
        string="Came",
        compute="_compute_attended",
        inverse="_inverse_attended",
        export_string_translation=False,
    )
    message_sent = fields.Boolean(string="Message Queued", readonly=True, copy=False)
    note = fields.Char()

    _patient_uniq = models.UniqueIndex(
        "(event_id, patient_id)", "The patient is invited already."
    )

    @api.depends("state")
    def _compute_attended(self):
        for row in self:
            row.attended = row.state == "attended"

    def _inverse_attended(self):
        for row in self:
            if row.attended != (row.state == "attended"):
                row.state = "attended" if row.attended else "absent"

    # ------------------------------------------------------------
    # CRUD
    # ------------------------------------------------------------

    @api.model_create_multi
    def create(self, vals_list):
        patients = self.env["followup.patient"].browse(
            {vals["patient_id"] for vals in vals_list if vals.get("patient_id")}
        )
        patients.check_access("read")
        rows = super().create(vals_list)
        if any(row.event_id.company_id != row.company_id for row in rows):
            raise UserError(self.env._("The event is that of another hospital."))
        rows._check_places()
        return rows

    def write(self, vals):
        if any(
            name in vals and self[name].ids != [vals[name]]
            for name in ("event_id", "patient_id")
        ):
            raise UserError(self.env._("Invite the other patient in a new line."))
        declined = self.browse()
        if vals.get("state", "declined") != "declined":
            declined = self.filtered(lambda row: row.state == "declined")
        result = super().write(vals)
        declined._check_places()
        return result

    @api.ondelete(at_uninstall=False)
    def _unlink_except_held(self):
        if any(row.event_id.state == "held" for row in self):
            raise UserError(self.env._("The event took place: the list stays."))

    # ------------------------------------------------------------
    # ACTIONS
    # ------------------------------------------------------------

    def action_attended(self):
        """Tick: the patient came."""
        self.write({"state": "attended"})
        return True

    # ------------------------------------------------------------
    # BUSINESS
    # ------------------------------------------------------------

    def _check_places(self):
        """Refuse what takes more places than there are, while that matters."""
        # sudo: the places of an event are taken by patients of every ward
        self.sudo().event_id._check_places()

    def _send_invitation(self):
        """Queue a message where the patient can and may get one.

        Where the hospital sends none, the ward tells its patients itself.
        """
        messages = self.env.get("followup.message")
        if messages is None or not hasattr(messages, "_queue") or not self:
            return
        # sudo: the queue is the engine's; the patients' rights were checked
        queued = messages.sudo()._queue(self.sudo(), INVITATION)
        patients = queued.patient_id if "patient_id" in queued._fields else ()
        rows = self.sudo().filtered(lambda row: row.patient_id in patients)
        rows._guarded().write({"message_sent": True})
