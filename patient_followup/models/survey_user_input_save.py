# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""The one door through which answers come in, from staff and patients (D-2)."""

from odoo import fields, models
from odoo.exceptions import UserError
from odoo.tools import SQL

from ..tools.answers import (
    Missing,
    alert_of,
    read_answer,
    score_of,
    visible_ids,
)
from ..tools.values import BadValue
from .survey_user_input import ANSWERED_BY


class SurveyUserInput(models.Model):
    _inherit = "survey.user_input"

    # ------------------------------------------------------------
    # SAVE
    # ------------------------------------------------------------

    def _followup_save(self, answers, answered_by=None):
        """Merge some answers into those that were given before.

        What is wrong is left out and said in words, the rest is saved. Saving the
        same again changes nothing. The number of queries does not depend on how
        many answers come.

        :param dict answers: {question id: value}; a value is a number, a text, a
            date as text, a list of answer ids, {"refused": True}, {"unknown": True},
            or None to clear it
        :param answered_by: `patient`, `relative` or `staff`; None keeps what it was
        :return dict: `saved` (how many answers stand now as sent), `alerts`:
            [{question_id, kind: "red_flag" or "range", label, concern_type}],
            `errors`: {question id: message}
        :raises UserError: the call is closed, or the user may not make it
        """
        self.ensure_one()
        self._check_followup_open()
        if answered_by and answered_by not in dict(ANSWERED_BY):
            raise UserError(self.env._("Say who answered: patient, relative, staff."))
        values, errors = self._followup_read(answers)
        # sudo: the right to make the call was checked; callers write no answers
        engine = self.sudo()._guarded()
        engine._followup_store(values, answered_by)
        if self.followup_self_entry:
            engine._followup_raise_alerts()
        return {
            "saved": len(values),
            "alerts": self._followup_alerts(values),
            "errors": errors,
        }

    def _check_followup_open(self):
        self.followup_task_id._check_caller()
        if self.state == "done":
            raise UserError(self.env._("These answers are complete."))

    def _followup_questions(self):
        """Return {id: question}, in their order."""
        # sudo: who answers may read what is asked
        spec = self.sudo().survey_id._followup_spec()
        return {question["id"]: question for question in spec["questions"]}

    def _followup_read(self, answers):
        """Return ({id: clean value}, {id: what is wrong with it})."""
        questions = self._followup_questions()
        values, errors = {}, {}
        for key, value in (answers if isinstance(answers, dict) else {}).items():
            key = int(key) if str(key).isascii() and str(key).isdigit() else key
            question = questions.get(key)
            if not question:
                errors[key] = self.env._("This question is not asked here.")
                continue
            try:
                values[key] = read_answer(question, value)
            except BadValue as error:
                errors[key] = self._followup_say(question, error.code)
        return values, errors

    def _followup_say(self, question, code):
        """Say in words why an answer cannot be taken."""
        if code == "out_of_range":
            return question["error"] or self._followup_say_range(question)
        messages = {
            "not_allowed": self.env._("Please ask for an answer."),
            "bad_choice": self.env._("Choose one of the answers offered."),
            "one_choice": self.env._("Choose one answer only."),
            "alone": self.env._("“None” cannot stand beside other answers."),
            "bad_number": self.env._("This is not a number."),
            "bad_date": self.env._("This is not a date."),
            "too_long": self.env._("This text is too long."),
            "too_short": self.env._("This text is too short."),
        }
        return messages.get(code) or self.env._("This answer cannot be read.")

    def _followup_say_range(self, question):
        low = question["date_min"] or question["min"]
        high = question["date_max"] or question["max"]
        if low is None or high is None:
            return self.env._("This date is not possible.")
        return self.env._(
            "Possible is %(low)s to %(high)s %(unit)s: please check.",
            low=low if isinstance(low, str) else f"{low:g}",
            high=high if isinstance(high, str) else f"{high:g}",
            unit=question["unit"],
        ).replace(" :", ":")

    # ------------------------------------------------------------
    # ROWS
    # ------------------------------------------------------------

    def _followup_store(self, values, answered_by):
        """Replace the rows of answers that differ; engine only."""
        known = self._followup_values()
        changed = {
            key: value for key, value in values.items() if known.get(key) != _raw(value)
        }
        who = answered_by or self.followup_answered_by
        if not changed and who == self.followup_answered_by:
            return
        self._followup_touch(who)
        self._followup_delete_rows(changed)
        self._followup_insert_rows(changed, who)

    def _followup_touch(self, answered_by):
        """Write on the row first, so that of two at once the later is repeated."""
        self.env.cr.execute(
            SQL(
                "UPDATE survey_user_input SET followup_answered_by = %s,"
                " write_uid = %s, write_date = %s WHERE id = %s",
                answered_by or None,
                self.env.uid,
                self.env.cr.now(),
                self.id,
            )
        )
        self.invalidate_recordset(["followup_answered_by", "write_uid", "write_date"])

    def _followup_delete_rows(self, question_ids):
        lines = self.user_input_line_ids.filtered(
            lambda line: line.question_id.id in question_ids
        )
        if lines:
            self.env.cr.execute(
                SQL("DELETE FROM survey_user_input_line WHERE id = ANY(%s)", lines.ids)
            )
            self.invalidate_recordset(["user_input_line_ids"])

    def _followup_insert_rows(self, values, answered_by):
        questions = self._followup_questions()
        rows = []
        for key, value in values.items():
            if value is not None:
                rows += self._followup_prepare_rows(questions[key], value, answered_by)
        if rows:
            self.env["survey.user_input.line"]._insert(rows)

    def _followup_prepare_rows(self, question, value, answered_by):
        """Return the values of all columns of the rows of one answer."""
        lines = self.env["survey.user_input.line"]
        score = score_of(question, value)
        common = {
            "user_input_id": self.id,
            "survey_id": self.survey_id.id,
            "question_id": question["id"],
            "question_sequence": question["sequence"],
            "skipped": False,
            "answer_score": 0,
            "answer_is_correct": False,
            "followup_task_id": self.followup_task_id.id,
            "followup_company_id": self.followup_company_id.id,
            "followup_department_id": self.followup_department_id.id,
            "followup_patient_id": self.followup_patient_id.id,
            "followup_level": self.followup_level,
            "followup_answered_by": answered_by,
            "followup_metric": question["metric"],
            "followup_alert": alert_of(question, value),
            "followup_is_scored": score is not None,
            "followup_score": score or 0,
            "followup_is_satisfied": score is not None
            and score >= question["satisfied_from"],
        }
        if isinstance(value, Missing):
            return [{**common, "skipped": True, "followup_missing": str(value)}]
        return [{**common, **row} for row in lines._followup_prepare(question, value)]

    def _followup_values(self):
        """Return the answers as `_followup_save` takes them: {question id: value}."""
        self.ensure_one()
        values = {}
        for line in self.user_input_line_ids:
            value = line._followup_value()
            if isinstance(value, list):
                value = [*values.get(line.question_id.id, []), *value]
            values[line.question_id.id] = value
        questions = self._followup_questions()
        return {key: _in_order(questions.get(key), values[key]) for key in values}

    def _followup_measures(self):
        """Return {metric: what was answered}: a code for a choice, else the value.

        A list of codes where several may be chosen; None where it was refused or
        unknown. Where two questions measure the same, the later one counts.
        """
        questions = self._followup_questions()
        measures = {}
        for key, value in self._followup_values().items():
            question = questions.get(key)
            if question and question["metric"]:
                measures[question["metric"]] = _measure(question, value)
        return measures

    # ------------------------------------------------------------
    # FINISH
    # ------------------------------------------------------------

    def _followup_finish(self, force=False):
        """Close the answers, unless something that must be asked is still open.

        Answers to questions that the later answers made pointless go.

        :param force: close it all the same, as when the patient hangs up
        :return dict: `missing`: ids of mandatory questions without an answer
        """
        self.ensure_one()
        if self.state == "done":
            return {"missing": []}
        self._check_followup_open()
        # sudo: the right to make the call was checked
        return {"missing": self.sudo()._guarded()._followup_end(force)}

    def _followup_missing(self):
        """Return the ids of mandatory questions that nobody answered yet."""
        self.ensure_one()
        if self.state == "done":
            return []
        questions = self._followup_questions()
        values = self._followup_values()
        shown = visible_ids(questions.values(), values)
        return [
            key for key in shown if questions[key]["mandatory"] and key not in values
        ]

    def _followup_end(self, force, at=None):
        """Return the ids of open mandatory questions; close, if none or forced.

        :param at: when it was finished, in UTC; None is now
        """
        questions = self._followup_questions()
        values = self._followup_values()
        shown = visible_ids(questions.values(), values)
        missing = [
            key for key in shown if questions[key]["mandatory"] and key not in values
        ]
        if not missing or force:
            self._followup_close(set(values) - set(shown), missing, at)
        return missing

    def _followup_close(self, pointless, missing, at=None):
        self._followup_delete_rows(pointless)
        now = at or fields.Datetime.now()
        clock = self.env["followup.clock"]._for_company(self.followup_company_id)
        vals = {
            "state": "done",
            "end_datetime": now,
            "followup_day": clock.local_date(now),
            "followup_open_count": len(missing),
        }
        self.write(vals)
        self.env.cr.execute(
            SQL(
                "UPDATE survey_user_input_line SET followup_day = %s"
                " WHERE user_input_id = %s",
                vals["followup_day"],
                self.id,
            )
        )
        self.user_input_line_ids.invalidate_recordset(["followup_day"])


def _raw(value):
    """Return a clean value as `_followup_values` gives it."""
    return {str(value): True} if isinstance(value, Missing) else value


def _in_order(question, value):
    if not question or not isinstance(value, list):
        return value
    return [choice["id"] for choice in question["choices"] if choice["id"] in value]


def _measure(question, value):
    if isinstance(value, dict):
        return None
    if not isinstance(value, list):
        return value
    codes = [c["code"] for c in question["choices"] if c["id"] in value]
    return codes[0] if question["type"] == "simple_choice" else codes
