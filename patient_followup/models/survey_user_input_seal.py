# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Finished answers are sealed with all their lines (I-5, R-4)."""

from odoo import api, models
from odoo.exceptions import UserError
from odoo.fields import Domain

from .followup_sealed_mixin import ERASER, ERASER_KEY

LINE_FIELDS = (
    "question_id",
    "answer_type",
    "suggested_answer_id",
    "value_numerical_box",
    "value_scale",
    "value_date",
    "value_datetime",
    "followup_missing",
)
LINE_TEXTS = ("value_char_box", "value_text_box")


class SurveyUserInput(models.Model):
    _name = "survey.user_input"
    _inherit = ["survey.user_input", "followup.sealed.mixin"]

    _seal_fields = (
        "survey_id",
        "state",
        "followup_task_id",
        "followup_company_id",
        "followup_department_id",
        "followup_level",
        "followup_answered_by",
        "followup_self_entry",
        "followup_day",
        "followup_open_count",
    )

    def _check_followup_engine(self):
        super()._check_followup_engine()
        if self.env.context.get(ERASER_KEY) is ERASER:
            return
        # sudo: the seal is closed to everybody
        if any(self.sudo().mapped("followup_seal_digest")):
            raise UserError(self.env._("These answers are sealed and never change."))

    def _followup_close(self, pointless, missing, at=None):
        result = super()._followup_close(pointless, missing, at)
        self._write_seals()
        return result

    def _read_seal(self, vals=None):
        plain, texts = super()._read_seal(vals)
        lines = self.user_input_line_ids.sorted("id")
        plain["lines"] = _plain_values(lines, LINE_FIELDS)
        texts["lines"] = _plain_values(lines, LINE_TEXTS)
        if not any(map(any, texts["lines"])):
            texts["lines"] = []
        return plain, texts

    def _erase_texts(self):
        self._erase_line_texts()
        return super()._erase_texts()

    def _erase_line_texts(self):
        # sudo: sealed columns are closed to everybody
        inputs = self.sudo()._guarded().with_context(**{ERASER_KEY: ERASER})
        inputs.user_input_line_ids.write(dict.fromkeys(LINE_TEXTS, False))

    @api.model
    def _get_complete_domain(self):
        return Domain("followup_task_id", "!=", False) & Domain("state", "=", "done")

    @api.model
    def _get_seal_company_field(self):
        return "followup_company_id"


def _plain_values(lines, names):
    """Return the columns of answers as plain values; nothing given is None."""
    rows = [
        [line._fields[name].convert_to_cache(line[name], line) for name in names]
        for line in lines
    ]
    return [
        [None if value is False or value == "" else value for value in row]
        for row in rows
    ]
