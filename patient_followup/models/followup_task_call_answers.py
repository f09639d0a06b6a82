# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""The questionnaire on the call screen (P-9)."""

from odoo import models

from ..tools import call_form
from ..tools.checked import checked


class FollowupTask(models.Model):
    _inherit = "followup.task"

    @checked
    def save_answers(self, answers):
        """Save answers as they are given; the number of queries is constant.

        :param dict answers: as `survey.user_input._followup_save` takes them
        :return dict: its answer, of all the tasks of this call
        :raises UserError: nobody knows whom the caller speaks to
        """
        self.ensure_one()
        self._check_caller()
        self._check_may_tell()
        answers = {_to_id(key): value for key, value in dict(answers).items()}
        result = {"saved": 0, "alerts": [], "errors": {}}
        for task, values in self._spread_answers(answers):
            task._save_own_answers(values, set(answers), result)
        self._keep_claim()
        return result

    def _spread_answers(self, answers):
        """Return [(task, its part of the answers)], shared ones for each."""
        joined = self._get_joined()
        if not joined:
            return [(self, answers)]
        tasks = self + joined
        questions, aliases = tasks._get_call_form()
        parts = call_form.spread(answers, questions, aliases)
        return [(self.browse(key) & tasks or self, parts[key]) for key in parts]

    def _save_own_answers(self, values, asked, result):
        """Save what belongs to this task; tell of the questions on the screen."""
        inputs = self._start_user_input()
        if not inputs:
            text = self.env._("This question is not asked here.")
            result["errors"].update(dict.fromkeys(values, text))
            return
        found = inputs._followup_save(values, answered_by=self._get_answered_by())
        result["saved"] += len(asked & set(values)) - len(found["errors"])
        result["alerts"] += [
            alert for alert in found["alerts"] if alert["question_id"] in asked
        ]
        result["errors"].update(
            {key: text for key, text in found["errors"].items() if key in asked}
        )

    def _get_answered_by(self):
        leader = self.call_leader_id or self
        return leader.identity_speaker or "patient"

    def _get_call_form(self):
        """Return (questions, aliases) of these tasks, the leading one first."""
        forms = [
            (task.id, survey._followup_definition())
            for task in self
            if (survey := task._get_survey())
        ]
        return call_form.merge(forms)

    def _get_call_answers(self, questions):
        """Return {question id: value} of what was answered before."""
        shown = {question["id"] for question in questions}
        values = {}
        # sudo: whoever may make the call reads its answers
        for answers in self.sudo().user_input_id:
            values.update(answers._followup_values())
        return {key: value for key, value in values.items() if key in shown}


def _to_id(key):
    return int(key) if str(key).isascii() and str(key).isdigit() else key
