# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""The questionnaire of a call and its answers (Q-14)."""

from odoo import api, fields, models, tools

# columns that answers carry for their rules, and where they come from
COPIED = {
    "company_id": "followup_company_id",
    "department_id": "followup_department_id",
    "patient_id": "followup_patient_id",
    "level": "followup_level",
}


class FollowupTask(models.Model):
    _inherit = "followup.task"

    user_input_id = fields.Many2one(
        "survey.user_input",
        string="Answers",
        readonly=True,
        copy=False,
        index="btree_not_null",
        ondelete="set null",
    )

    # ------------------------------------------------------------
    # CRUD
    # ------------------------------------------------------------

    def write(self, vals):
        result = super().write(vals)
        if not COPIED.keys().isdisjoint(vals):
            self._copy_to_answers()
        return result

    def _copy_to_answers(self):
        """Open answers follow their task to another ward or patient."""
        for task in self.filtered("user_input_id"):
            # sudo: who moved the task need not read its answers
            answers = task.sudo().user_input_id._guarded()
            if answers.state == "done":
                continue  # sealed: they stay where they were given
            values = {
                column: task._fields[name].convert_to_write(task[name], task)
                for name, column in COPIED.items()
            }
            answers.write(values)
            answers.user_input_line_ids.write(values)

    # ------------------------------------------------------------
    # BUSINESS
    # ------------------------------------------------------------

    def _get_survey(self):
        """Return the questionnaire of this call, empty if there is none.

        Once something was answered it keeps its version; before, the version in
        use of the one its step names.
        """
        self.ensure_one()
        if self.user_input_id:
            # sudo: what was asked is no secret of who may read the task
            return self.sudo().user_input_id.survey_id.sudo(self.env.su)
        surveys = self.env["survey.survey"]
        named = self.step_id._get_survey_id(self.step_id.id)
        return surveys.browse(named and surveys._followup_current_id(named) or [])

    def _start_user_input(self, self_entry=False):
        """Return the answers of this call; the first time they are made, empty.

        :param self_entry: the patient fills it in alone (P-16): an alarming answer
            raises its red flag by itself
        :return: `survey.user_input`, empty if nothing is to be asked
        """
        self.ensure_one()
        self.check_access("write")
        if not self.user_input_id and (survey := self._get_survey()):
            # sudo: callers do not create answers, the engine does
            self.sudo()._create_user_input(survey, self_entry)
        return self.user_input_id

    def _create_user_input(self, survey, self_entry):
        inputs = self.env["survey.user_input"]
        answers = (
            inputs.with_context(tracking_disable=True, mail_create_nosubscribe=True)
            ._guarded()
            .create(
                {
                    "survey_id": survey.id,
                    "state": "in_progress",
                    "start_datetime": fields.Datetime.now(),
                    "predefined_question_ids": [],
                    "followup_task_id": self.id,
                    "followup_company_id": self.company_id.id,
                    "followup_department_id": self.department_id.id,
                    "followup_patient_id": self.patient_id.id,
                    "followup_level": self.level,
                    "followup_self_entry": self_entry,
                }
            )
        )
        self._guarded().user_input_id = answers.id

    def _close(self, vals):
        """Whoever finishes the call finishes its answers."""
        if vals.get("state") == "done":
            # sudo: the right to finish the call was checked
            for answers in self.sudo().user_input_id:
                if answers.state != "done":
                    answers._guarded()._followup_end(force=True)
        return super()._close(vals)


class FollowupProtocolStep(models.Model):
    _inherit = "followup.protocol.step"

    def write(self, vals):
        result = super().write(vals)
        if "survey_id" in vals:
            self.env.registry.clear_cache()
        return result

    @api.model
    @tools.ormcache("step_id")
    def _get_survey_id(self, step_id):
        """Return the id of what a step asks: recording a call has no query left."""
        # sudo: whoever may make the call knows what it asks
        return self.sudo().browse(step_id or []).survey_id.id
