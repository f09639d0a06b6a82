# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import api, fields, models

from ..tools.answers import CHOICES
from .survey_question import METRICS
from .survey_user_input import ANSWERED_BY

VALUE_FIELDS = {
    "char_box": "value_char_box",
    "text_box": "value_text_box",
    "numerical_box": "value_numerical_box",
    "scale": "value_scale",
    "date": "value_date",
    "datetime": "value_datetime",
}
MISSING = [("refused", "Refused"), ("unknown", "Does Not Know")]


class SurveyUserInputLine(models.Model):
    """One answer, with what reports and rules need beside it as plain columns.

    `followup_day` is empty until the questionnaire is finished, so figures count
    finished answers only. Access: like the answers it belongs to.
    """

    _name = "survey.user_input.line"
    _inherit = ["survey.user_input.line", "followup.bulk.mixin"]
    _erase_fields = ("value_char_box", "value_text_box")

    followup_task_id = fields.Many2one(
        "followup.task", string="Follow-up", readonly=True
    )
    followup_company_id = fields.Many2one(
        "res.company", string="Hospital", readonly=True
    )
    followup_department_id = fields.Many2one(
        "hr.department", string="Department", readonly=True
    )
    followup_patient_id = fields.Many2one(
        "followup.patient", string="Patient", readonly=True
    )
    followup_level = fields.Selection(
        [("1", "Level 1"), ("2", "Level 2")], string="Level", readonly=True
    )
    followup_answered_by = fields.Selection(
        ANSWERED_BY, string="Answered by", readonly=True
    )
    followup_day = fields.Date(string="Day", readonly=True)
    followup_metric = fields.Selection(METRICS, string="Measures", readonly=True)
    followup_missing = fields.Selection(MISSING, string="Without Answer", readonly=True)
    followup_alert = fields.Selection(
        [("red_flag", "Red Flag"), ("range", "Out of Range")],
        string="Alert",
        readonly=True,
    )
    followup_is_scored = fields.Boolean(readonly=True)
    followup_score = fields.Float(string="Score of 100", readonly=True)
    followup_is_satisfied = fields.Boolean(string="Satisfied", readonly=True)

    # one statistics question is one range of this index
    _followup_score_idx = models.Index(
        "(followup_company_id, followup_metric, followup_day)"
        " INCLUDE (followup_department_id, followup_score, followup_is_satisfied,"
        " followup_is_scored, followup_level)"
        " WHERE followup_is_scored IS TRUE AND followup_day IS NOT NULL"
    )
    _followup_patient_idx = models.Index(
        "(followup_patient_id, followup_metric, followup_day)"
        " WHERE followup_patient_id IS NOT NULL"
    )
    _followup_task_idx = models.Index(
        "(followup_task_id) WHERE followup_task_id IS NOT NULL"
    )

    # ------------------------------------------------------------
    # CRUD
    # ------------------------------------------------------------

    @api.model_create_multi
    def create(self, vals_list):
        lines = super().create(vals_list)
        lines.user_input_id._check_followup_engine()
        return lines

    def write(self, vals):
        self.user_input_id._check_followup_engine()
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_except_followup(self):
        self.user_input_id._check_followup_engine()

    def _announce_inserted(self, names):
        """Rows of the engine have no dependents: no score, no statistics of survey."""
        self.env["survey.user_input"].invalidate_model(["user_input_line_ids"])

    # ------------------------------------------------------------
    # BUSINESS
    # ------------------------------------------------------------

    def _followup_value(self):
        """Return the value as `_followup_save` takes it; choices one by one."""
        self.ensure_one()
        if self.followup_missing:
            return {self.followup_missing: True}
        if self.answer_type == "suggestion":
            return [self.suggested_answer_id.id]
        value = self[VALUE_FIELDS[self.answer_type]]
        return str(value) if self.answer_type in ("date", "datetime") else value

    @api.model
    def _followup_prepare(self, question, value):
        """Return the values of the rows that keep one clean answer."""
        if question["type"] in CHOICES:
            return [
                {"answer_type": "suggestion", "suggested_answer_id": id_}
                for id_ in value
            ]
        return [
            {
                "answer_type": question["type"],
                VALUE_FIELDS[question["type"]]: value,
            }
        ]
