# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""What the caller says first and last (P-4, P-10)."""

from odoo import models


class FollowupTask(models.Model):
    _inherit = "followup.task"

    def _get_call_script(self):
        """Return {opening, closing, neutral}: plain texts, the names filled in.

        The first sentence is heard before anybody knows who listens. A sensitive
        department is therefore not named in it, nor is anything the ward wrote.
        """
        self.ensure_one()
        # sudo: scripts and names of the hospital, which every caller may say
        task = self.sudo()
        neutral = task._get_spoken_department()._followup_is_sensitive()
        opening = not neutral and task.step_id.script_opening
        closing = not neutral and task.step_id.script_closing
        opening = opening or self._get_usual_opening(neutral)
        return {
            "neutral": neutral,
            "opening": self._fill_script(opening, neutral),
            "closing": self._fill_script(closing or self._get_usual_closing(), neutral),
        }

    def _get_spoken_department(self):
        """Return the ward it is about: of the stay, where the call has none (V-6)."""
        return self.department_id or self.encounter_id.department_id

    def _get_usual_opening(self, neutral):
        if neutral:
            return self.env._(
                "Hello, this is {caller} of {hospital}. May I speak with {patient}?"
            )
        return self.env._(
            "Hello, this is {caller}, {department} of {hospital}. May I speak with"
            " {patient}? I would like to ask how things are since the discharge."
        )

    def _get_usual_closing(self):
        return self.env._(
            "Thank you. Please call us if anything worries you. I wish you a good"
            " recovery. Good-bye!"
        )

    def _fill_script(self, text, neutral):
        # sudo: names of the hospital, which every caller may say
        task = self.sudo()
        ward = task._get_spoken_department()
        department = ward._followup_public_name() or task.company_id.name
        values = {
            "{caller}": self.env.user.name,
            "{hospital}": task.company_id.name,
            "{department}": department,
            "{patient}": task.patient_id.name,
        }
        for key, value in values.items():
            text = text.replace(key, value or "")
        return text
