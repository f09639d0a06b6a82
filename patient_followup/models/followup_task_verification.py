# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Verification calls on the board: by somebody else, in nobody's sight (V-6)."""

from odoo import api, fields, models
from odoo.fields import Domain

from ..tools import levels
from .followup_sample_line import CALLERS

SUGGESTED = {
    levels.CONFIRMED: "confirmed",
    levels.NOT_REMEMBERED: "cannot_confirm",
    levels.CONTRADICTED: "contradicted",
    levels.NO_SUCH_CALL: "no_call",
}


class FollowupTask(models.Model):
    _inherit = "followup.task"

    barred_user_ids = fields.Json(
        compute="_compute_barred_user_ids",
        export_string_translation=False,
        help="Ids of the people whose calls this one verifies.",
    )

    @api.depends("kind")
    def _compute_barred_user_ids(self):
        """Two queries, however many verification calls are looked at."""
        calls = self.filtered(lambda task: task.kind == "verification")
        # sudo: the verifier need not read the sample
        lines = self.env["followup.sample.line"].sudo()
        lines = lines.search([("verification_task_id", "in", calls.ids)])
        performers = lines._get_performers()
        found = {
            line.verification_task_id.id: sorted(performers.get(line.id, ()))
            for line in lines
        }
        for task in self:
            task.barred_user_ids = found.get(task.id)

    @api.model
    def _offered_domain(self):
        """A verification call is handed to its verifier only, never to the pool."""
        own = Domain("user_id", "=", self.env.uid)
        return super()._offered_domain() & (Domain("kind", "!=", "verification") | own)

    def _get_role_refusal(self, user):
        """Whoever worked on the patient's follow-up does not verify it."""
        if self.kind != "verification":
            return super()._get_role_refusal(user)
        if not user.has_groups(CALLERS):
            return self.env._("Verification calls need a role in follow-up.")
        if user.id in (self.barred_user_ids or ()):
            return self.env._("Nobody verifies the calls he made himself.")
        return False

    def _get_person_refusal(self, user):
        if self.kind != "verification":
            return super()._get_person_refusal(user)
        return self._get_role_refusal(user)

    def _get_sample_line(self):
        """Return the line of the sample behind a verification call."""
        self.ensure_one()
        # sudo: the verifier need not read the sample
        return (
            self.env["followup.sample.line"]
            .sudo()
            .search([("verification_task_id", "=", self.id)], limit=1)
        )

    def _get_survey(self):
        """Ask what the sample asks; a start was made with what was in use then."""
        survey = super()._get_survey()
        if survey or self.kind != "verification":
            return survey
        wanted = self._get_sample_line().sample_id.survey_id
        surveys = self.env["survey.survey"]
        return surveys.browse(surveys._followup_current_id(wanted.id) or wanted.ids)

    # ------------------------------------------------------------
    # WHAT CAME OF IT
    # ------------------------------------------------------------

    def _get_told(self):
        """Read the answers to “did your doctor call, about when” (Q-10)."""
        # sudo: answers of the call that is being finished; its caller was checked
        answers = self.sudo().user_input_id
        if not answers:
            return super()._get_told()
        values = answers._followup_values()
        metrics = {
            question["metric"]: question
            for question in answers._followup_questions().values()
            if question["metric"]
        }
        called = _choice_of(metrics.get("verification_called"), values)
        if called is None:
            return super()._get_told()
        when = metrics.get("verification_when")
        return levels.told_from(
            called, when and values.get(when["id"]), self._is_by_relative(answers)
        )

    def _is_by_relative(self, answers):
        return self.proxy or answers.followup_answered_by == "relative"

    def _close(self, vals):
        result = super()._close(vals)
        if vals.get("state"):
            for task in self.filtered(lambda task: task.kind == "verification"):
                task._suggest_verdict(vals["state"])
        return result

    def _set_unreachable(self, reason_id=False, text=None):
        result = super()._set_unreachable(reason_id, text)
        for task in self.filtered(lambda task: task.kind == "verification"):
            task._suggest_verdict("unreachable")
        return result

    def _suggest_verdict(self, state):
        """Put before the inspector what the call found; he alone judges."""
        line = self._get_sample_line()
        if line.state != "open" or state == "cancelled":
            return
        found = SUGGESTED.get(self.followup_verification)
        suggestion = found if state == "done" else "cannot_confirm"
        line._guarded().write({"suggestion": suggestion or False})


def _choice_of(question, values):
    """Return the code of the chosen answer, "unknown", or None where not asked."""
    value = question and values.get(question["id"])
    if isinstance(value, dict):
        return "unknown"
    if not value:
        return None
    codes = {choice["id"]: choice["code"] for choice in question["choices"]}
    chosen = value[0] if isinstance(value, list) else value
    return codes.get(chosen) or "unknown"
