# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import fields, models

from .followup_task import METHODS


class FollowupAttempt(models.Model):
    """One try to reach the patient, or one call from him (FHIR Communication).

    Rows are written by `followup.task.log_attempt` only and never change.
    """

    _name = "followup.attempt"
    _description = "Attempt"
    _order = "started_at desc, id desc"

    task_id = fields.Many2one(
        "followup.task", required=True, index=True, ondelete="restrict"
    )
    company_id = fields.Many2one("res.company", required=True)
    department_id = fields.Many2one("hr.department")
    patient_id = fields.Many2one("followup.patient", required=True, index=True)
    level = fields.Selection([("1", "Level 1"), ("2", "Level 2")], required=True)
    direction = fields.Selection(
        [("out", "Outgoing"), ("in", "Incoming")], required=True
    )
    method = fields.Selection(METHODS, required=True)
    contact_id = fields.Many2one(
        "followup.patient.contact", ondelete="set null", index="btree_not_null"
    )
    band_id = fields.Many2one("followup.time.band")
    started_at = fields.Datetime(required=True)
    ended_at = fields.Datetime()
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
    callback_at = fields.Datetime()
    user_id = fields.Many2one("res.users", required=True, index=True)
    entered_at = fields.Datetime(required=True, default=fields.Datetime.now)
    is_late_entry = fields.Boolean()
    note = fields.Text()
