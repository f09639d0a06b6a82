# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""The investigation of a case: team, evidence, findings (C-11 ... C-13, C-22)."""

from datetime import timedelta

from odoo import SUPERUSER_ID, api, fields, models
from odoo.exceptions import AccessError, UserError

SPECIALIST = "patient_complaint.complaint_group_specialist"
# what blames the hospital needs a cause and a lesson
BLAMED = ("upheld", "partly")


class ComplaintCase(models.Model):
    _inherit = "complaint.case"

    member_ids = fields.One2many("complaint.member", "case_id", string="Team")
    hearing_ids = fields.One2many("complaint.hearing", "case_id", string="Hearings")
    evidence_ids = fields.One2many("complaint.evidence", "case_id")
    investigation_gaps = fields.Text(
        string="Still Missing", compute="_compute_investigation_gaps"
    )
    my_member_id = fields.Many2one(
        "complaint.member",
        compute="_compute_my_member_id",
        compute_sudo=False,
        export_string_translation=False,
    )

    @api.depends(
        "state",
        "severity",
        "issue_ids.finding",
        "issue_ids.cause_ids",
        "issue_ids.lesson",
        "issue_ids.category_id",
        "member_ids.declared",
        "member_ids.discipline",
        "evidence_ids",
        "hearing_ids.state",
    )
    @api.depends_context("lang")
    def _compute_investigation_gaps(self):
        for case in self:
            gaps = case._get_gaps() if case.state == "investigation" else []
            case.investigation_gaps = "\n".join(gaps) or False

    @api.depends("member_ids.declared")
    @api.depends_context("uid")
    def _compute_my_member_id(self):
        for case in self:
            case.my_member_id = case.member_ids.filtered(
                lambda member: (
                    member.user_id == self.env.user and member.declared == "asked"
                )
            )[:1]

    # ------------------------------------------------------------
    # WHO
    # ------------------------------------------------------------

    def _check_investigator(self):
        """Only the office and members without conflict work on a case.

        :raises AccessError: anybody else
        """
        self.ensure_one()
        self.check_access("read")
        if self.env.su or self.has_access("write"):
            return
        # sudo: rights on members do not matter, being one does
        mine = self.sudo().member_ids.filtered(
            lambda row: row.user_id == self.env.user and row.declared == "clear"
        )
        if not mine and self.owner_id != self.env.user:
            raise AccessError(
                self.env._("Declare first whether you are in conflict with this case.")
            )

    # ------------------------------------------------------------
    # WHAT IS MISSING
    # ------------------------------------------------------------

    def _get_gaps(self):
        """Return in words what the investigation still has to bring."""
        self.ensure_one()
        policies = self.env["complaint.team.policy"]._for_case(self)
        return [
            *self._get_team_gaps(policies),
            *self._get_proof_gaps(policies),
            *self._get_finding_gaps(),
        ]

    def _get_team_gaps(self, policies):
        # sudo: the team counts, whoever looks
        members = self.sudo().member_ids
        there = set(
            members.filtered(lambda row: row.declared == "clear").mapped("discipline")
        )
        labels = dict(members._fields["discipline"]._description_selection(self.env))
        for code in policies._get_disciplines():
            if code not in there:
                yield self.env._(
                    "Team: somebody of %(discipline)s without conflict",
                    discipline=labels[code],
                )

    def _get_proof_gaps(self, policies):
        # sudo: what there is counts, whoever looks
        case = self.sudo()
        if any(policies.mapped("needs_evidence")) and not case.evidence_ids:
            yield self.env._("Evidence: nothing is recorded")
        waiting = case.hearing_ids.filtered(lambda row: row.state == "asked")
        for row in waiting:
            yield self.env._(
                "Hearing: %(name)s has not answered", name=row.user_id.name
            )
        if any(policies.mapped("needs_hearing")):
            for user in case.issue_ids.employee_ids.user_id - case.hearing_ids.user_id:
                yield self.env._("Hearing: %(name)s was not heard", name=user.name)

    def _get_finding_gaps(self):
        for number, issue in enumerate(self.sudo().issue_ids, start=1):
            # sudo: issues may be hidden from whoever looks at the gaps
            what = {"number": number, "category": issue.category_id.name or ""}
            if not issue.finding:
                yield self.env._("Issue %(number)s %(category)s: finding", **what)
            elif issue.finding in BLAMED and not issue.cause_ids:
                yield self.env._("Issue %(number)s %(category)s: cause", **what)
            elif issue.finding in BLAMED and not issue.lesson:
                yield self.env._("Issue %(number)s %(category)s: lesson", **what)

    def _check_step(self, step):
        """An investigation ends with a finding for every issue (C-22)."""
        super()._check_step(step)
        if step != "propose" or self.kind != "complaint":
            return
        if gaps := self._get_gaps():
            raise UserError(
                self.env._(
                    "%(name)s: the investigation is not finished.\n%(gaps)s",
                    name=self.name,
                    gaps="\n".join(gaps),
                )
            )

    # ------------------------------------------------------------
    # WHAT IS NEXT
    # ------------------------------------------------------------

    def _say_next_step(self):
        if self.state == "investigation" and self.planned_at:
            if self._is_word_due():
                return self.env._("Tell the complainant how it stands.")
            if self._get_gaps():
                return self.env._("Investigate: see what is still missing.")
        return super()._say_next_step()

    def _is_word_due(self):
        """Tell whether the complainant has heard nothing for too long (C-16)."""
        policies = self.env["complaint.team.policy"]._for_case(self)
        days = policies._get_progress_days()
        # sudo: the last word counts, whoever looks
        told = self.sudo().feedback_ids.mapped("at")
        last = max(told, default=self.received_at)
        return bool(days) and fields.Datetime.now() - last > timedelta(days=days)

    def _ask_to_read(self, user):
        """Tell whoever asked that an answer has come; the number is all it says."""
        if user and self._without_conflict(user):
            # in the name of nobody: he who answers must not even see the number
            case = self.with_user(SUPERUSER_ID)._unguarded()
            case.activity_schedule(
                "patient_complaint.mail_activity_type_answered", user_id=user.id
            )

    def action_declare_clear(self):
        """ "I am not in conflict": the evidence opens for this member."""
        for case in self:
            case.my_member_id.action_clear()


class ComplaintIssue(models.Model):
    _inherit = "complaint.issue"

    finding_text = fields.Text(string="What Was Found")

    _erase_fields = ("text", "lesson", "finding_text")

    def write(self, vals):
        """Members of the team write what they found, nothing else."""
        found = {"finding", "finding_text", "cause_ids", "lesson"}
        if not self.env.su and not found.issuperset(vals):
            if not self.env.user.has_group(SPECIALIST):
                raise AccessError(
                    self.env._("The team writes findings, causes and lessons only.")
                )
        return super().write(vals)
