# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""What a verification found, and who may contest it (V-6, V-7)."""

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError

from ..tools.checked import checked
from .followup_sample_campaign import DRAWERS
from .followup_sample_line import VERDICTS

MANAGER = "patient_followup.followup_group_centre_manager"
HEAD = "patient_followup.followup_group_department_head"
ADVERSE = ("contradicted", "no_call")


class FollowupSampleLine(models.Model):
    """Three people: who performed the call, who judges, who decides an appeal."""

    _inherit = "followup.sample.line"

    # ------------------------------------------------------------
    # MAY HE
    # ------------------------------------------------------------

    @api.depends("state", "verdict", "final_at")
    @api.depends_context("uid")
    def _compute_can(self):
        for line in self:
            line.can_judge = not line._get_judge_refusal()
            line.can_appeal = not line._get_appeal_refusal()
            line.can_decide = not line._get_decide_refusal()

    def _get_judge_refusal(self):
        """Return why the user may not write the verdict, or False."""
        if self.state not in ("open", "judged"):
            return self.env._("There is nothing to judge here.")
        if self.state == "judged" and self.is_final:
            return self.env._("This verdict is final.")
        if not self.env.user.has_groups(DRAWERS):
            return self.env._("Verdicts are written by inspectors and the centre.")
        if self.env.user in self._get_callers():
            return self.env._("Nobody judges the calls he made himself.")
        if self._is_others_verdict() and not self.env.user.has_group(MANAGER):
            return self.env._(
                "%(name)s gave this verdict: he changes it, or the centre's manager"
                " with a reason.",
                # sudo: the name of a colleague
                name=self.verdict_by_id.sudo().name,
            )
        return False

    def _is_others_verdict(self):
        """Whether neither the user nor the verifier he is gave the verdict."""
        givers = self.verdict_by_id | self.verifier_id
        return self.state == "judged" and self.env.user not in givers

    def _get_appeal_refusal(self):
        """Return why the user may not appeal, or False."""
        if self.state != "judged" or self.verdict not in ADVERSE:
            return self.env._("There is no verdict to appeal against.")
        if self.is_final:
            return self.env._("The time to appeal is over.")
        if not (
            self.env.user.has_group(HEAD)
            and self.department_id in self.env.user.followup_department_ids
        ):
            return self.env._("The head of the department appeals.")
        return False

    def _get_decide_refusal(self):
        """Return why the user may not decide the appeal, or False."""
        if self.state != "appealed":
            return self.env._("There is no appeal to decide.")
        if not self.env.user.has_groups(DRAWERS):
            return self.env._("Appeals are decided by inspectors and the centre.")
        involved = (
            self.verdict_by_id
            | self.verifier_id
            | self.appealed_by_id
            | self._get_callers()
        )
        if self.env.user in involved:
            return self.env._("Somebody else decides: you took part in it.")
        return False

    def _get_callers(self):
        """Return who worked on the checked call: tried, took part, completed it."""
        # sudo: who called is compared; whoever judges need not read the call
        call = self.sudo().task_id
        users = self.performer_id | call.attempt_ids.user_id | call.participant_ids
        return users.sudo(self.env.su)

    def _refuse(self, refusals):
        reasons = sorted({reason for reason in refusals if reason})
        if reasons:
            raise AccessError("\n".join(reasons))

    # ------------------------------------------------------------
    # ACTIONS
    # ------------------------------------------------------------

    @checked
    def action_verdict(self, verdict, note=None):
        """Write the verdict; the appeal period begins (V-6).

        Until it is final, whoever gave it or verifies the line may change it;
        the centre's manager with a reason. What it was before stays readable.

        :param verdict: `confirmed`, `cannot_confirm`, `contradicted` or `no_call`
        :param note: why; needed to change the verdict of somebody else
        :raises AccessError: by somebody else, or when it is final
        """
        self.check_access("read")
        self._lock()
        self._refuse(line._get_judge_refusal() for line in self)
        if verdict not in dict(VERDICTS):
            raise UserError(self.env._("Choose a verdict."))
        if any(line._is_others_verdict() for line in self):
            self._need(note)
        for company, lines in self.grouped("company_id").items():
            lines._judge(company, verdict, note)

    def action_accept(self):
        """Write the verdicts that answers and records suggest."""
        for verdict, lines in self.grouped("suggestion").items():
            if not verdict:
                raise UserError(
                    self.env._("Some lines have no verification call with answers.")
                )
            lines.action_verdict(verdict)

    def _judge(self, company, verdict, note):
        now = fields.Datetime.now()
        for days, lines in self.grouped(
            lambda line: line.sample_id.appeal_days
        ).items():
            # sudo: rights were checked; lines are guarded
            rows = lines.sudo()._guarded()
            opened = rows.filtered(lambda line: line.state == "open")
            unreplaced = rows.filtered(lambda line: line.verdict != "cannot_confirm")
            for line in rows - opened:
                line.verdict_log = line._say_verdict()
            rows.write(
                {
                    "state": "judged",
                    "verdict": verdict,
                    "verdict_note": self._clean(note),
                    "verdict_by_id": self.env.uid,
                    "verdict_at": now,
                    "final_at": self._get_final_at(company, now, days),
                }
            )
            opened._withdraw_calls()
            if verdict == "cannot_confirm":
                unreplaced._replace()

    def _lock(self):
        """Two people judge at the same moment: the second is told so."""
        if len(self.try_lock_for_update()) < len(self):
            raise UserError(
                self.env._("Somebody else is judging this just now. Look again.")
            )

    def _say_verdict(self):
        """Return the earlier verdicts with the present one, newest first."""
        labels = dict(self._fields["verdict"]._description_selection(self.env))
        at, clock = self.verdict_at, self.env["followup.clock"]
        parts = (
            at and fields.Date.to_string(clock._local_date(self.company_id, at)),
            self.verdict_by_id.name,
            labels.get(self.verdict),
            self.verdict_note,
        )
        line = " · ".join(part for part in parts if part)
        return "\n".join(filter(None, (line, self.verdict_log)))

    @api.model
    def _get_final_at(self, company, now, days):
        if days <= 0:
            return now
        return self.env["followup.clock"]._deadline(company, now, days, "working_days")

    def _withdraw_calls(self):
        """A verdict ends a verification call that nobody makes any more."""
        tasks = self.verification_task_id.filtered(lambda task: task._is_open())
        tasks._cancel_engine(self.env._("The verdict was written."))

    @checked
    def action_appeal(self, text):
        """Contest an adverse verdict, in words, before it is final."""
        self.check_access("read")
        self._lock()
        self._refuse(line._get_appeal_refusal() for line in self)
        # sudo: rights were checked; lines are guarded
        self.sudo()._guarded().write(
            {
                "state": "appealed",
                "appeal_text": self._need(text),
                "appealed_by_id": self.env.uid,
                "appealed_at": fields.Datetime.now(),
                "first_verdict": self.verdict if len(self) == 1 else False,
            }
        )

    @checked
    def action_decide(self, verdict, note):
        """Decide an appeal: the verdict stands, or another one takes its place."""
        self.check_access("read")
        self._lock()
        self._refuse(line._get_decide_refusal() for line in self)
        if verdict not in dict(VERDICTS):
            raise UserError(self.env._("Choose a verdict."))
        # sudo: rights were checked; lines are guarded
        rows = self.sudo()._guarded()
        for line in rows:
            line.first_verdict = line.verdict
        rows.write(
            {
                "state": "decided",
                "verdict": verdict,
                "decision_note": self._need(note),
                "decided_by_id": self.env.uid,
                "decided_at": fields.Datetime.now(),
            }
        )
        if verdict == "cannot_confirm":
            rows._replace()

    def action_open_call(self):
        """Open the verification call, or the call that is checked."""
        self.ensure_one()
        return (self.verification_task_id or self.task_id).action_open()

    def _need(self, text):
        text = self._clean(text)
        if not text:
            raise UserError(self.env._("A reason is needed."))
        return text

    @api.model
    def _clean(self, text):
        if not isinstance(text, str):
            return False
        return text.replace("\x00", "").strip() or False
