# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError

from odoo.addons.patient_followup.tools.guard import is_open

DECISIONS = [
    ("waiting", "Later"),
    ("pending", "To Decide"),
    ("approved", "Approved"),
    ("returned", "Returned with Questions"),
    ("rejected", "Rejected"),
    ("skipped", "Decided by a Later Tier"),
    ("cancelled", "Void"),
]


class ComplaintApproval(models.Model):
    """One approval asked for: who may give it, what became of it (C-15, I-9).

    Frozen when a resolution is submitted. A tier that needs two approvals has
    two rows. Split by concern: `_decide` (decisions), `_turn` (whose turn it
    is, deputies, reminders).
    Access: whoever reads the case; approvers the cases that wait for them or
    that they decided. Nobody writes: rows belong to the engine (D-18).
    """

    _name = "complaint.approval"
    _description = "Approval"
    _inherit = ["followup.guarded.mixin"]
    _order = "round desc, sequence, seat, id"
    _check_company_auto = True

    case_id = fields.Many2one(
        "complaint.case", required=True, readonly=True, index=True, ondelete="cascade"
    )
    company_id = fields.Many2one("res.company", required=True, readonly=True)
    resolution_id = fields.Many2one(
        "complaint.resolution",
        required=True,
        readonly=True,
        index=True,
        ondelete="restrict",
    )
    name = fields.Char(string="Tier", required=True, readonly=True)
    reason = fields.Char(string="Why This Tier", readonly=True)
    note = fields.Char(string="Who Was Passed Over", readonly=True)
    round = fields.Integer(string="Approval Round", readonly=True)
    sequence = fields.Integer(string="Order", readonly=True)
    seat = fields.Integer(
        readonly=True, help="Of the approvals this tier needs, the how manieth."
    )
    approver_ids = fields.Many2many(
        "res.users",
        "complaint_approval_approver_rel",
        "approval_id",
        "user_id",
        string="Approvers",
        readonly=True,
        help="Frozen when the resolution was submitted.",
    )
    turn_user_ids = fields.Many2many(
        "res.users",
        "complaint_approval_turn_rel",
        "approval_id",
        "user_id",
        string="Whose Turn",
        readonly=True,
        help="Approvers and their deputies of today, once the turn has come.",
    )
    delegate_for_id = fields.Many2one(
        "res.users", string="As Deputy of", readonly=True, index="btree_not_null"
    )
    decision = fields.Selection(
        DECISIONS, default="waiting", required=True, readonly=True
    )
    voided = fields.Selection(
        DECISIONS, string="Was", readonly=True, help="The decision before it was void."
    )
    comment = fields.Text(readonly=True)
    decided_at = fields.Datetime(readonly=True)
    decided_by_id = fields.Many2one(
        "res.users", string="Decided by", readonly=True, index="btree_not_null"
    )
    content_hash = fields.Char(
        string="Digest (SHA-256)", readonly=True, help="Of what was decided."
    )
    may_bulk = fields.Boolean(string="May Be Approved Together", readonly=True)
    amount = fields.Integer(string="Within", readonly=True)
    unit = fields.Char(readonly=True)
    remind_hours = fields.Integer(readonly=True)
    repeat_hours = fields.Integer(readonly=True)
    opened_at = fields.Datetime(string="Turn since", readonly=True)
    deadline = fields.Datetime(readonly=True)
    remind_at = fields.Datetime(readonly=True)
    wake_at = fields.Datetime(readonly=True, help="When the engine looks again.")
    told_late = fields.Boolean(readonly=True)
    # what the card shows of the case
    severity = fields.Selection(related="case_id.severity")
    department_id = fields.Many2one(related="case_id.department_id")
    description = fields.Text(related="case_id.description")
    remedy_sought = fields.Char(related="case_id.remedy_sought")
    issue_ids = fields.One2many(related="case_id.issue_ids")
    explanation = fields.Text(related="resolution_id.explanation")
    apology = fields.Text(related="resolution_id.apology")
    remedy_ids = fields.One2many(related="resolution_id.remedy_ids")
    amount_total = fields.Monetary(related="resolution_id.amount_total")
    currency_id = fields.Many2one(related="company_id.currency_id")
    rectification_needed = fields.Boolean(related="resolution_id.rectification_needed")
    settled_through = fields.Selection(related="resolution_id.settled_through")
    other_ids = fields.Many2many(
        "complaint.approval",
        string="All Approvals of the Case",
        compute="_compute_other_ids",
        compute_sudo=False,
    )
    is_my_turn = fields.Boolean(compute="_compute_is_my_turn")
    is_late = fields.Boolean(
        string="Late", compute="_compute_is_late", search="_search_is_late"
    )

    _erase_fields = ("comment",)
    _erase_link = "case_id"
    _guarded_fields = frozenset(
        {"case_id", "company_id", "resolution_id", "name", "reason", "note", "round"}
        | {"sequence", "seat", "approver_ids", "turn_user_ids", "delegate_for_id"}
        | {"decision", "voided", "comment", "decided_at", "decided_by_id", "unit"}
        | {"content_hash", "may_bulk", "amount", "remind_hours", "repeat_hours"}
        | {"opened_at", "deadline", "remind_at", "wake_at", "told_late"}
    )

    _seat_uniq = models.UniqueIndex(
        "(case_id, round, sequence, seat)", "This approval is asked for already."
    )
    _decided_signed = models.Constraint(
        "CHECK (decision NOT IN ('approved', 'returned', 'rejected') OR"
        " (decided_by_id IS NOT NULL AND decided_at IS NOT NULL"
        " AND content_hash IS NOT NULL))",
        "A decision says who, when and what.",
    )
    _wake_idx = models.Index("(wake_at, id) WHERE decision = 'pending'")

    # ------------------------------------------------------------
    # COMPUTE
    # ------------------------------------------------------------

    @api.depends("case_id", "name")
    def _compute_display_name(self):
        """Neutral: this name stands in links and mails (D-7)."""
        for row in self:
            row.display_name = f"{row.case_id.name} / {row.round}-{row.sequence}"

    @api.depends("decision", "turn_user_ids")
    @api.depends_context("uid")
    def _compute_is_my_turn(self):
        for row in self:
            mine = self.env.user in row.turn_user_ids
            row.is_my_turn = row.decision == "pending" and mine

    @api.depends("decision", "deadline")
    def _compute_is_late(self):
        now = fields.Datetime.now()
        for row in self:
            late = row.deadline and row.deadline < now
            row.is_late = bool(row.decision == "pending" and late)

    @api.model
    def _search_is_late(self, operator, value):
        if operator != "in":
            return NotImplemented
        domain = fields.Domain("deadline", "<", fields.Datetime.now())
        domain &= fields.Domain("decision", "=", "pending")
        return domain if True in value else ~domain

    @api.depends("case_id.approval_ids")
    def _compute_other_ids(self):
        for row in self:
            row.other_ids = row.case_id.approval_ids

    # ------------------------------------------------------------
    # CRUD
    # ------------------------------------------------------------

    @api.model_create_multi
    def create(self, vals_list):
        self._check_engine()
        return super().create(vals_list)

    def write(self, vals):
        self._check_engine()
        return super().write(vals)

    def _write_multi(self, vals_list):
        """Store one decision and the turn that follows by one statement.

        What only some of these rows change, the others write as it is.
        """
        names = set().union(*vals_list)
        for row, vals in zip(self, vals_list, strict=True):
            for name in names - vals.keys():
                field = self._fields[name]
                if row.id in field._get_cache(self.env):
                    vals[name] = field.get_column_update(row)
        return super()._write_multi(vals_list)

    def _check_engine(self):
        if not is_open(self.env):
            raise AccessError(
                self.env._("Approvals are made by submitting and deciding only.")
            )

    @api.ondelete(at_uninstall=False)
    def _unlink_except_made(self):
        raise UserError(self.env._("An approval stays on record."))

    # ------------------------------------------------------------
    # ROUND
    # ------------------------------------------------------------

    @api.model
    def _freeze_round(self, resolution, tiers):
        """Write down who has to approve a resolution, and open the first tier."""
        rows = []
        for number, tier in enumerate(tiers, start=1):
            later = any(
                tier.users == other.users and tier.rule.minimum <= other.rule.minimum
                for other in tiers[number:]
            )
            vals = self._prepare_tier(resolution, number, tier, later)
            seats = 1 if later else tier.rule.minimum
            rows += [{**vals, "seat": seat} for seat in range(1, seats + 1)]
        first = min(row["sequence"] for row in rows if row["decision"] == "waiting")
        for row in rows:
            if row["sequence"] == first:
                rule = tiers[first - 1].rule
                row.update(self._prepare_turn(resolution.company_id, rule))
        made = self.create(rows)
        made.filtered(lambda row: row.decision == "pending")._refresh_turn()

    @api.model
    def _prepare_tier(self, resolution, number, tier, later):
        rule = tier.rule
        return {
            "case_id": resolution.case_id.id,
            "company_id": resolution.company_id.id,
            "resolution_id": resolution.id,
            "name": rule.name,
            "reason": "; ".join(tier.reasons),
            "note": "; ".join(tier.notes),
            "round": resolution.round,
            "sequence": number,
            "approver_ids": [(6, 0, tier.users.ids)],
            "decision": "skipped" if later else "waiting",
            "may_bulk": tier.may_bulk,
            "amount": rule.amount,
            "unit": rule.unit,
            "remind_hours": rule.remind_hours,
            "repeat_hours": rule.repeat_hours,
        }

    def _void(self, reason):
        """These approvals count no more; their reminders end. Engine only."""
        open_rows = self.filtered(lambda row: row.decision in ("waiting", "pending"))
        open_rows._cancel()
        for row in self.filtered(lambda row: row.decision == "approved"):
            row.write({"decision": "cancelled", "voided": "approved", "note": reason})

    def _cancel(self):
        """Nobody has to decide these any more."""
        if not self:
            return
        self._tell_no_more()
        self.write(
            {
                "decision": "cancelled",
                "turn_user_ids": [(5,)],
                "remind_at": False,
                "wake_at": False,
            }
        )
