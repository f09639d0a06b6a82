# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""What is done with a case in which state, and what comes next (C-7 ... C-18)."""

from odoo import api, fields, models
from odoo.exceptions import UserError

from odoo.addons.patient_followup.tools.checked import is_text

from .complaint_case import OPEN_STATES

# step: states it is taken in
STEPS = {
    "triage": ("received",),
    "start_investigation": ("triage",),
    "propose": ("investigation",),
    "submit": ("resolution",),
    "answer": ("triage", "investigation", "resolution"),
    "start_rectification": ("feedback",),
    "close": ("feedback", "rectification"),
    "withdraw": OPEN_STATES,
    "not_accept": ("received", "triage"),
    "reopen": ("closed", "withdrawn", "not_accepted"),
}


class ComplaintCase(models.Model):
    _inherit = "complaint.case"

    triaged_at = fields.Datetime(string="Assessed on", readonly=True, copy=False)
    triaged_by_id = fields.Many2one(
        "res.users", string="Assessed by", readonly=True, copy=False
    )
    investigated_at = fields.Datetime(
        string="Investigation Began", readonly=True, copy=False
    )
    informed_at = fields.Datetime(string="Leaders Informed", readonly=True, copy=False)
    acknowledged_at = fields.Datetime(
        string="Receipt Confirmed", readonly=True, copy=False
    )
    planned_at = fields.Datetime(string="Plan Told", readonly=True, copy=False)
    answered_at = fields.Datetime(string="Answered on", readonly=True, copy=False)
    closed_at = fields.Datetime(readonly=True, copy=False)
    closing_reason = fields.Char(readonly=True, copy=False)
    satisfaction = fields.Selection(
        [
            ("1", "Very Dissatisfied"),
            ("2", "Dissatisfied"),
            ("3", "Neither"),
            ("4", "Satisfied"),
            ("5", "Very Satisfied"),
        ],
        readonly=True,
        copy=False,
    )
    reopen_count = fields.Integer(string="Times Reopened", readonly=True, copy=False)
    next_step = fields.Char(string="What Is Next", compute="_compute_next_step")
    next_user_id = fields.Many2one(
        "res.users", string="Who Must Act", compute="_compute_next_step"
    )

    @api.depends(
        *("state", "track", "safety_risk", "immediate_action", "owner_id"),
        *("receiver_id", "triaged_at", "planned_at"),
    )
    @api.depends_context("lang")
    def _compute_next_step(self):
        for case in self:
            case.next_step = case._say_next_step()
            is_over = case.state not in OPEN_STATES
            case.next_user_id = not is_over and (case.owner_id or case.receiver_id)

    def _say_next_step(self):
        _ = self.env._
        if self.safety_risk and not self.immediate_action and not self.triaged_at:
            return _("Act at once: patients are at risk. Write down what was done.")
        match self.state:
            case "received":
                return _("Assess it: issues, severity, who handles it.")
            case "triage" if self.track == "full":
                return _("Begin the investigation.")
            case "triage":
                return _("Settle it on the spot and tell the complainant.")
            case "investigation" if not self.planned_at:
                return _("Tell the complainant what will be done.")
            case "investigation":
                return _("Finish the investigation and tell the complainant.")
            case "feedback":
                return _("Ask whether the answer is accepted, then close.")
        return False

    # ------------------------------------------------------------
    # ACTIONS
    # ------------------------------------------------------------

    def action_triage(self):
        """Finish the first assessment: severity, issues, track, handler (C-7).

        :raises UserError: something is missing, named in words
        """
        for case in self:
            case._check_step("triage")
            if missing := case._get_missing():
                raise UserError(
                    self.env._(
                        "%(name)s cannot be assessed yet. Missing: %(what)s",
                        name=case.name,
                        what=", ".join(missing),
                    )
                )
            case._set(
                state="triage",
                triaged_at=fields.Datetime.now(),
                triaged_by_id=self.env.uid,
            )
            case._on_event("triaged")

    def action_start_investigation(self):
        """Begin to investigate; only where the track says so (C-16)."""
        for case in self:
            case._check_step("start_investigation")
            if case.track != "full":
                raise UserError(
                    self.env._("Choose the track with investigation first.")
                )
            case._set(state="investigation", investigated_at=fields.Datetime.now())

    def action_inform(self):
        """Leaders and departments concerned have heard of it (O-1)."""
        for case in self:
            case.check_access("write")
            case._check_is_open()
            if not case.informed_at:
                case._set(informed_at=fields.Datetime.now())
                case._on_event("informed")

    def action_close(self):
        """Close a case that was answered (C-18)."""
        for case in self:
            case._check_step("close")
            case._set(state="closed", closed_at=fields.Datetime.now())
            case._on_event("closed")

    def action_withdraw(self, reason):
        """The complainant takes it back; the reason stays on record."""
        self._end("withdraw", "withdrawn", reason)

    def action_not_accept(self, reason):
        """It is nothing the hospital decides on; the reason stays on record."""
        self._end("not_accept", "not_accepted", reason)

    def action_reopen(self, reason):
        """Take up a case again that was over; its clocks start anew."""
        reason = self._check_reason(reason)
        for case in self:
            case._check_step("reopen")
            case._set(
                state="triage" if case.triaged_at else "received",
                reopen_count=case.reopen_count + 1,
                closed_at=False,
                answered_at=False,
                closing_reason=False,
            )
            # of two at once the later one meets this row, and is repeated
            case.flush_recordset(["state"])
            # sudo: engine write after the check above
            case.sudo()._guarded()._start_again()
            case._note_reason(self.env._("Reopened: %(reason)s", reason=reason))

    # ------------------------------------------------------------
    # BUSINESS
    # ------------------------------------------------------------

    def _get_missing(self):
        """Return in words what the assessment still lacks."""
        self.ensure_one()
        _ = self.env._
        parts = {
            _("severity"): self.severity,
            _("track"): self.track,
            _("who handles it"): self.owner_id,
            _("an issue"): self.issue_ids,
            _("category of every issue"): all(
                issue.category_id for issue in self.issue_ids
            ),
            _("what was done at once against the risk"): (
                not self.safety_risk or self.immediate_action
            ),
        }
        if self.kind != "complaint":
            # praise, suggestions and inquiries take the short path
            for name in (_("an issue"), _("category of every issue")):
                parts.pop(name)
        return [name for name, given in parts.items() if not given]

    def _check_step(self, step):
        """Raise where this step is not open in the state the case is in."""
        self.ensure_one()
        self.check_access("write")
        self._check_state(*STEPS[step])

    def _check_reason(self, reason):
        reason = reason.replace("\0", "").strip() if is_text(reason) else ""
        if not reason:
            raise UserError(self.env._("Give a reason."))
        return reason[:1000]

    def _end(self, step, state, reason):
        reason = self._check_reason(reason)
        for case in self:
            case._check_step(step)
            now = fields.Datetime.now()
            case._set(state=state, closed_at=now, closing_reason=reason)
            case._on_event("closed")

    def _note_reason(self, text):
        self.message_post(body=text, subtype_xmlid="mail.mt_note")

    def _set(self, **vals):
        self.check_access("write")
        self._guarded().write(vals)

    def _on_told(self, feedback):
        """Something was told to the complainant: what it means for the case."""
        self.ensure_one()
        vals = {}
        event = {
            "acknowledgement": "acknowledged",
            "plan": "planned",
            "answer": "answered",
        }.get(feedback.kind)
        if event and not self[f"{event}_at"]:
            vals[f"{event}_at"] = feedback.at
        if feedback.kind == "answer":
            self._check_step("answer")
            vals["state"] = "feedback"
        if feedback.satisfaction:
            vals["satisfaction"] = feedback.satisfaction
        if vals:
            self._set(**vals)
        if event:
            self._on_event(event, feedback.at)
        # whatever is told is a response
        if feedback.kind != "extension":
            self._on_event("responded", feedback.at)
