# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import api, fields, models
from odoo.exceptions import AccessError

from ..tools.guard import is_open
from .followup_task import METHODS


class FollowupAttempt(models.Model):
    """One try to reach the patient, or one call from him (FHIR Communication; S-3).

    Access: whoever reads the task reads its attempts. Rows are written by
    `followup.task.log_attempt` only and never change, for the superuser neither.
    """

    _name = "followup.attempt"
    _description = "Attempt"
    _erase_fields = ("note",)
    _inherit = ["followup.guarded.mixin"]
    _order = "started_at desc, id desc"
    _rec_name = "started_at"

    task_id = fields.Many2one(
        "followup.task", required=True, index=True, ondelete="restrict"
    )
    # copied from the task: the record rules and reports read plain columns
    company_id = fields.Many2one("res.company", required=True)
    department_id = fields.Many2one("hr.department", ondelete="restrict")
    patient_id = fields.Many2one("followup.patient", required=True, index=True)
    level = fields.Selection([("1", "Level 1"), ("2", "Level 2")], required=True)
    direction = fields.Selection(
        [("out", "Outgoing"), ("in", "Incoming")], required=True
    )
    method = fields.Selection(METHODS, required=True)
    contact_id = fields.Many2one(
        "followup.patient.contact",
        string="Number Used",
        ondelete="set null",
        index="btree_not_null",
    )
    band_id = fields.Many2one("followup.time.band", ondelete="set null")
    started_at = fields.Datetime(string="Time of the Call", required=True)
    ended_at = fields.Datetime(string="End of the Call")
    duration = fields.Integer(help="Seconds")
    result = fields.Selection(
        [
            ("reached", "Reached"),
            ("reached_relative", "Reached a Relative"),
            ("no_answer", "No Answer"),
            ("busy", "Busy"),
            ("off", "Switched Off"),
            ("wrong_number", "Wrong Number"),
            ("refused", "Refused"),
            ("message_left", "Message Left"),
            ("callback", "Call Back"),
        ],
        required=True,
    )
    callback_at = fields.Datetime(string="Call Back At")
    user_id = fields.Many2one(
        "res.users", string="Caller", required=True, index=True, ondelete="restrict"
    )
    entered_at = fields.Datetime(required=True, default=fields.Datetime.now)
    is_late_entry = fields.Boolean(
        string="Entered Late",
        help="Entered long after the call, or after a date it should have met.",
    )
    note = fields.Text()

    _patient_day_idx = models.Index("(patient_id, started_at)")
    _callback_in_words = models.Constraint(
        "CHECK (result != 'callback' OR callback_at IS NOT NULL)",
        "A promised call-back needs its time.",
    )
    _ends_after_start = models.Constraint(
        "CHECK (ended_at IS NULL OR ended_at >= started_at)",
        "A call ends after it began.",
    )

    # ------------------------------------------------------------
    # CRUD
    # ------------------------------------------------------------

    @api.model_create_multi
    def create(self, vals_list):
        if not is_open(self.env):
            raise AccessError(
                self.env._("Calls are recorded with the buttons of the task.")
            )
        return super().create(vals_list)

    def write(self, vals):
        """Refuse every change; a merge of patients alone moves rows (D-4)."""
        if not (is_open(self.env) and set(vals) <= {"patient_id", "contact_id"}):
            raise AccessError(self.env._("A recorded call never changes."))
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_except_recorded(self):
        raise AccessError(self.env._("A recorded call is never deleted."))
