# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Deadlines of concerns and promises to patients (X-1, P-7, O-1, O-2, I-6).

Computed once, when a concern is raised, and kept with their terms, so that a
policy changed later moves nothing. Being late is a search, never a write.
"""

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain

from ..tools.attempts import parse_moment
from ..tools.checked import checked

TAKEN = ("new",)
UNANSWERED = ("new", "assigned")
UNTOLD = ("new", "assigned", "answered")


class FollowupConcern(models.Model):
    _inherit = "followup.concern"

    policy_id = fields.Many2one(
        "followup.concern.policy", readonly=True, copy=False, ondelete="restrict"
    )
    clock_terms = fields.Json(
        readonly=True,
        copy=False,
        export_string_translation=False,
        help="Amount and unit of each clock when it was started.",
    )
    ack_deadline = fields.Datetime(string="Take Over Until", readonly=True, copy=False)
    inform_deadline = fields.Datetime(
        string="Inform Leaders Until", readonly=True, copy=False
    )
    deadline = fields.Datetime(string="Answer Until", readonly=True, copy=False)
    deadline_explanation = fields.Char(
        string="Why Then", compute="_compute_deadline_explanation"
    )
    informed_at = fields.Datetime(string="Leaders Informed", readonly=True, copy=False)
    informed_by_id = fields.Many2one("res.users", readonly=True, copy=False)
    is_overdue = fields.Boolean(
        string="Late", compute="_compute_is_overdue", search="_search_is_overdue"
    )
    # what the patient was promised
    promised_at = fields.Datetime(
        string="Promised Reply",
        readonly=True,
        copy=False,
        help="The time at which the patient was told to expect the answer.",
    )
    broken_count = fields.Integer(
        string="Promises Missed Earlier",
        readonly=True,
        copy=False,
        help="Promised times that passed without the patient being told.",
    )
    promise_state = fields.Selection(
        [
            ("open", "Promised"),
            ("broken", "Broken"),
            ("kept", "Kept"),
            ("void", "No Contact Any More"),
        ],
        string="Promise",
        compute="_compute_promise_state",
        search="_search_promise_state",
    )

    _promise_idx = models.Index(
        "(company_id, promised_at)"
        " WHERE promised_at IS NOT NULL AND told_patient_at IS NULL"
    )
    _patient_promise_idx = models.Index(
        "(patient_id) WHERE promised_at IS NOT NULL AND told_patient_at IS NULL"
    )

    # ------------------------------------------------------------
    # COMPUTE / SEARCH
    # ------------------------------------------------------------

    @api.depends("clock_terms", "raised_at")
    @api.depends_context("lang")
    def _compute_deadline_explanation(self):
        for concern in self:
            concern.deadline_explanation = concern._explain_deadline()

    def _explain_deadline(self, clock="answer"):
        """Return in one sentence why a clock (ack, inform, answer) ends then."""
        self.ensure_one()
        term = (self.clock_terms or {}).get(clock)
        if not term or not self.raised_at:
            return False
        return self.env["followup.concern.policy"]._explain_end(
            self.company_id, self.raised_at, *term
        )

    @api.depends("state", "deadline", "ack_deadline", "inform_deadline", "informed_at")
    def _compute_is_overdue(self):
        overdue = self.filtered_domain(self._overdue_domain())
        for concern in self:
            concern.is_overdue = concern in overdue

    @api.model
    def _search_is_overdue(self, operator, value):
        if operator != "in":
            return NotImplemented
        domain = self._overdue_domain()
        return domain if True in value else ~domain

    @api.model
    def _overdue_domain(self):
        """Nobody took it, answered it or passed it on in time."""
        now = fields.Datetime.now()
        untaken = Domain("state", "in", TAKEN) & Domain("ack_deadline", "<", now)
        unanswered = Domain("state", "in", UNANSWERED) & Domain("deadline", "<", now)
        hidden = (
            Domain("state", "!=", "closed")
            & Domain("informed_at", "=", False)
            & Domain("inform_deadline", "<", now)
        )
        return untaken | unanswered | hidden

    @api.depends(
        "promised_at",
        "told_patient_at",
        "state",
        "broken_count",
        "patient_id.contact_blocked",
    )
    def _compute_promise_state(self):
        domains = self._promise_domains()
        for concern in self:
            concern.promise_state = next(
                (
                    state
                    for state, domain in domains.items()
                    if concern.filtered_domain(domain)
                ),
                False,
            )

    @api.model
    def _search_promise_state(self, operator, value):
        if operator != "in":
            return NotImplemented
        domains = self._promise_domains()
        found = [domains[state] for state in value if state in domains]
        if not all(value):
            found.append(Domain("promised_at", "=", False))
        return Domain.OR(found)

    @api.model
    def _promise_domains(self):
        """Return {state of a promise: concerns in it}, each concern in one only."""
        now = fields.Datetime.now()
        promised = Domain("promised_at", "!=", False)
        told = Domain("told_patient_at", "!=", False)
        blocked = Domain("patient_id.contact_blocked", "=", True)
        # a promise that can no longer be kept is not held against anybody
        void = promised & ~told & (blocked | Domain("state", "=", "closed"))
        broken = promised & (
            Domain("broken_count", ">", 0) | (~told & Domain("promised_at", "<", now))
        )
        return {
            "void": void,
            "broken": broken & ~void,
            "kept": promised & told & ~broken,
            "open": promised & ~told & ~broken & ~void,
        }

    # ------------------------------------------------------------
    # CLOCKS
    # ------------------------------------------------------------

    def _prepare_clocks(self):
        """Return the deadlines of a concern from the policy of its hospital."""
        self.ensure_one()
        policy = self.env["followup.concern.policy"]._for_kind(
            self.company_id, self.kind, self.concern_type
        )
        terms = policy._get_terms() if policy else {}
        ends = {
            clock: policy._end(self.company_id, self.raised_at, *term)
            for clock, term in terms.items()
        }
        promised = self.promised_at
        if self.kind == "question" and not promised:
            # the patient hears a definite time, at the latest that of the answer
            promised = ends.get("answer")
        return {
            "promised_at": promised,
            "policy_id": policy.id,
            "clock_terms": terms,
            "ack_deadline": ends.get("ack"),
            "inform_deadline": ends.get("inform"),
            "deadline": ends.get("answer"),
            "wants_reply": self.wants_reply or self.kind == "question",
        }

    def _restart_clocks(self):
        """Another kind has other clocks, still from when it was raised."""
        for concern in self.sudo()._guarded():
            # sudo: the words may be corrected, their deadlines follow by themselves
            concern.write(concern._prepare_clocks())
            concern._refresh_ladder()

    # ------------------------------------------------------------
    # PROMISES
    # ------------------------------------------------------------

    def _parse_promise(self, promised_at):
        """Return the promised moment; it lies ahead (P-7)."""
        try:
            moment = parse_moment(promised_at)
        except ValueError as error:
            raise UserError(
                self.env._("This is not a date and time: %(value)s", value=promised_at)
            ) from error
        if moment and moment <= fields.Datetime.now():
            raise UserError(self.env._("Promise a time still to come."))
        return moment

    @checked
    def action_promise(self, promised_at):
        """Write down the reply time the patient was told; a missed one stays counted.

        :param promised_at: moment in UTC, ahead of now
        :raises UserError: the patient was told already, or the time has passed
        """
        self.ensure_one()
        self.check_access("write")
        if self.state not in UNTOLD:
            raise UserError(
                self.env._("%(name)s needs no promise any more.", name=self.name)
            )
        moment = self._parse_promise(promised_at)
        if not moment:
            raise UserError(self.env._("Promise a time still to come."))
        missed = self.promised_at and self.promised_at < fields.Datetime.now()
        self._set(
            promised_at=moment, broken_count=self.broken_count + (1 if missed else 0)
        )
        self._refresh_ladder()
        self._move_telling()

    def action_inform(self):
        """The leaders and the departments concerned have heard of it (O-1)."""
        for concern in self:
            concern.check_access("write")
            concern._check_receiver()
            if not concern.informed_at:
                concern._set(
                    informed_at=fields.Datetime.now(), informed_by_id=self.env.uid
                )
