# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Answers that cannot wait until the form is finished (X-2, X-4, X-5)."""

from odoo import models

from ..tools.answers import alert_of


class SurveyUserInput(models.Model):
    _inherit = "survey.user_input"

    def _followup_alerts(self, values=None):
        """Return the answers that call for the doctor.

        :param dict values: look at these only, {question id: value}
        :return list: [{question_id, kind, label, concern_type}]
        """
        values = self._followup_values() if values is None else values
        questions = self._followup_questions()
        alerts = []
        for key, value in values.items():
            question = questions.get(key)
            value = None if isinstance(value, dict) else value
            kind = question and alert_of(question, value)
            if kind:
                alerts.append(
                    {
                        "question_id": key,
                        "kind": kind,
                        "label": self._followup_label(question, value),
                        "concern_type": question["concern_type"],
                    }
                )
        return alerts

    def _followup_label(self, question, value):
        """Say an answer as in "Temperature: 39.2 ℃"."""
        if isinstance(value, list):
            words = [c["label"] for c in question["choices"] if c["id"] in value]
            said = self.env._(", ").join(words)
        else:
            said = f"{value:g}" if isinstance(value, int | float) else str(value or "")
        said = f"{said} {question['unit']}".strip()
        return self.env._(
            "%(question)s: %(answer)s", question=question["title"], answer=said
        )

    def _followup_raise_alerts(self):
        """Raise one red flag for each alarming answer, once per question (X-2).

        Called at every save when nobody of the staff is beside the patient; a
        caller decides himself, the screen offers it.

        :return: the new `followup.concern`
        """
        self.ensure_one()
        raised = dict(self.followup_raised or {})
        concerns = self.env["followup.concern"]
        # staff reads it: in the language of the hospital, not of the patient
        lang = self.sudo().followup_company_id.partner_id.lang  # sudo: plain setting
        speaker = self.with_context(lang=lang or self.env.lang)
        for alert in speaker._followup_alerts():
            key = str(alert["question_id"])
            if key in raised:
                continue
            concern = speaker.followup_task_id._unguarded().action_red_flag(
                alert["label"], alert["concern_type"]
            )
            raised[key] = concern.id
            concerns |= concern
        if concerns:
            # sudo: only the engine writes answers
            self.sudo()._guarded().followup_raised = raised
        return concerns
