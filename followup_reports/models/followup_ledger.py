# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError

from odoo.addons.patient_followup.tools.checked import checked

LEADER = "patient_followup.followup_group_leader"
HEAD = "patient_followup.followup_group_department_head"
KINDS = [
    ("reward", "Reward"),
    ("penalty", "Deduction"),
    ("withheld", "Subsidy Withheld"),
]
STATES = [
    ("proposed", "Proposed"),
    ("approved", "Approved"),
    ("rejected", "Rejected"),
    ("appealed", "Appealed"),
    ("upheld", "Approved on Appeal"),
    ("dropped", "Dropped on Appeal"),
]


class FollowupLedger(models.Model):
    """Rewards and deductions of a month: proposed, decided by a person (W-1 ... W-7).

    Nothing is booked by itself: the engine proposes from final verdicts and sealed
    calls, a leader who did not propose it decides with a reason, the department may
    appeal, and another leader decides that.

    Access: whoever is concerned his own, heads their departments, centre managers,
    inspectors and leaders all. Rows come from `_propose_month` only.
    """

    _name = "followup.ledger"
    _description = "Ledger of Rewards"
    _inherit = ["followup.guarded.mixin"]
    _order = "date_from desc, department_id, kind, id"
    _rec_name = "period"
    _check_company_auto = True

    company_id = fields.Many2one("res.company", string="Hospital", required=True)
    kind = fields.Selection(KINDS, required=True)
    period = fields.Char(required=True)
    date_from = fields.Date(string="Month", required=True)
    department_id = fields.Many2one(
        "hr.department",
        required=True,
        index=True,
        ondelete="restrict",
        check_company=True,
    )
    user_id = fields.Many2one(
        "res.users", string="Caller", index="btree_not_null", ondelete="restrict"
    )
    count = fields.Integer(help="Follow-ups rewarded, or drawn calls never made.")
    base = fields.Integer(
        string="Drawn Calls", help="Drawn calls with a final verdict."
    )
    share = fields.Float(string="Share (%)", aggregator=None)
    amount = fields.Monetary(help="Deductions are negative.")
    currency_id = fields.Many2one("res.currency", required=True)
    band_id = fields.Many2one("followup.penalty.band", ondelete="set null")
    evidence_ids = fields.Many2many(
        "followup.sample.line",
        help="Final verdicts it follows from.",
    )
    state = fields.Selection(STATES, required=True, default="proposed")
    proposed_by_ids = fields.Many2many(
        "res.users", string="Proposed by", help="Everybody who had it reckoned."
    )
    decided_by_id = fields.Many2one("res.users", ondelete="restrict")
    decided_at = fields.Datetime()
    reason = fields.Text(string="Reason of the Decision")
    appeal_text = fields.Text(string="Appeal")
    appealed_by_id = fields.Many2one("res.users", ondelete="restrict")
    appealed_at = fields.Datetime()
    appeal_decided_by_id = fields.Many2one("res.users", ondelete="restrict")
    appeal_decided_at = fields.Datetime()
    appeal_reason = fields.Text(string="Decision on the Appeal")

    _guarded_fields = frozenset(
        {"company_id", "kind", "period", "date_from", "department_id", "user_id"}
        | {"count", "base", "share", "amount", "currency_id", "band_id", "state"}
        | {"evidence_ids", "decided_by_id", "decided_at", "reason", "appeal_text"}
        | {"appealed_by_id", "appealed_at", "appeal_decided_by_id"}
        | {"appeal_decided_at", "appeal_reason", "proposed_by_ids"}
    )
    _entry_uniq = models.UniqueIndex(
        "(company_id, kind, date_from, department_id, COALESCE(user_id, 0))",
        "This entry exists already.",
    )

    @api.ondelete(at_uninstall=False)
    def _unlink_except_never(self):
        raise AccessError(self.env._("An entry of the ledger is never deleted."))

    # ------------------------------------------------------------
    # DECISIONS
    # ------------------------------------------------------------

    @checked
    def action_approve(self, reason):
        """Approve proposals, with the reason that is kept (W-2, W-3)."""
        self._decide("approved", reason)

    @checked
    def action_reject(self, reason):
        """Reject proposals, with the reason that is kept."""
        self._decide("rejected", reason)

    def _decide(self, state, reason):
        self._check_leader()
        if any(row.state != "proposed" for row in self):
            raise UserError(self.env._("This was decided already."))
        if any(row.user_id == self.env.user for row in self):
            raise UserError(self.env._("Nobody decides about himself."))
        if self.env.user in self._get_proposers():
            raise UserError(self.env._("Somebody else decides what you proposed."))
        self._set(
            state=state,
            reason=self._need(reason),
            decided_by_id=self.env.uid,
            decided_at=fields.Datetime.now(),
        )

    @checked
    def action_appeal(self, text):
        """Contest an approved entry: the head, or whoever it concerns."""
        self.check_access("read")
        user = self.env.user
        for row in self:
            heads = user.has_group(HEAD) and (
                row.department_id in user.followup_department_ids
            )
            if not heads and row.user_id != user:
                raise AccessError(
                    self.env._("The department's head or the caller appeals.")
                )
            if row.state != "approved" or row.kind == "reward":
                raise UserError(self.env._("There is nothing to appeal against."))
        self._set(
            state="appealed",
            appeal_text=self._need(text),
            appealed_by_id=self.env.uid,
            appealed_at=fields.Datetime.now(),
        )

    @checked
    def action_decide_appeal(self, kind, reason):
        """Decide an appeal, by another leader than the one who approved.

        :param kind: `upheld` or `dropped`
        """
        self._check_leader()
        if kind not in ("upheld", "dropped"):
            raise UserError(self.env._("Choose a decision."))
        for row in self:
            if row.state != "appealed":
                raise UserError(self.env._("There is no appeal to decide."))
            known = row._get_proposers() | row.decided_by_id | row.appealed_by_id
            if self.env.user in known | row.user_id:
                raise AccessError(self.env._("Somebody else decides the appeal."))
        self._set(
            state=kind,
            appeal_reason=self._need(reason),
            appeal_decided_by_id=self.env.uid,
            appeal_decided_at=fields.Datetime.now(),
        )

    def _get_proposers(self):
        """Return who had it reckoned; entries of before know who did first."""
        return self.proposed_by_ids | self.create_uid

    def _check_leader(self):
        self.check_access("read")
        if not self.env.user.has_group(LEADER):
            raise AccessError(self.env._("A leader decides about rewards."))

    def _set(self, **vals):
        # sudo: the role was checked by the caller; states are guarded
        self.sudo()._guarded().write(vals)

    @api.model
    def _need(self, text):
        text = text.replace("\x00", "").strip() if isinstance(text, str) else ""
        if not text:
            raise UserError(self.env._("A reason is needed."))
        return text
