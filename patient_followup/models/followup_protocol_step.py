# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import fields, models

from .followup_task import METHODS


class FollowupProtocolStep(models.Model):
    """One contact, once or repeated, with its date rule and who makes it."""

    _name = "followup.protocol.step"
    _description = "Protocol Step"
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
    )
    offset_target = fields.Integer(default=1, required=True)
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
    days_before = fields.Integer()
    days_after = fields.Integer()
    day_type = fields.Selection(
        [("calendar", "Calendar Days"), ("working", "Working Days")],
        default="calendar",
        required=True,
    )
    repeat_every = fields.Integer()
    repeat_until = fields.Integer()
    method = fields.Selection(METHODS, default="phone", required=True)
    level = fields.Selection(
        [("1", "Level 1"), ("2", "Level 2")], default="1", required=True
    )
    sample_percent = fields.Float(default=100.0)
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
    user_id = fields.Many2one("res.users")
    min_title = fields.Selection(
        [
            ("none", "Any"),
            ("attending", "Attending Physician"),
            ("deputy_chief", "Deputy Chief Physician"),
            ("chief", "Chief Physician"),
        ],
        default="none",
        required=True,
    )
    survey_id = fields.Many2one("survey.survey")
    script = fields.Html(translate=True)
    attempt_policy_id = fields.Many2one("followup.attempt.policy")
    priority = fields.Selection(
        [("0", "Normal"), ("1", "High"), ("2", "Urgent")], default="0", required=True
    )
