# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from dateutil.relativedelta import relativedelta

from odoo import api, fields, models
from odoo.exceptions import UserError

STEPS = [
    ("approve", "Approve"),
    ("reject", "Reject"),
    ("appeal", "Appeal"),
    ("upheld", "Uphold in spite of the Appeal"),
    ("dropped", "Drop after the Appeal"),
]


class FollowupLedgerDecide(models.TransientModel):
    """The words of a decision or an appeal (W-2).

    Access: leaders decide; heads and callers appeal.
    """

    _name = "followup.ledger.decide"
    _description = "Decision about Rewards"

    entry_ids = fields.Many2many("followup.ledger", required=True)
    step = fields.Selection(
        STEPS,
        string="Decision",
    )
    reason = fields.Text(required=True)
    can_decide = fields.Boolean(compute="_compute_steps")
    can_appeal = fields.Boolean(compute="_compute_steps")
    can_judge = fields.Boolean(compute="_compute_steps")

    @api.depends("entry_ids")
    @api.depends_context("uid")
    def _compute_steps(self):
        """Offer only what every chosen entry is ready for."""
        for choice in self:
            rows = choice.entry_ids
            choice.can_decide = rows and all(rows.mapped("can_decide"))
            choice.can_appeal = rows and all(rows.mapped("can_appeal"))
            choice.can_judge = rows and all(rows.mapped("can_judge"))

    @api.model
    def default_get(self, fields):
        defaults = super().default_get(fields)
        ids = self.env.context.get("active_ids")
        if self.env.context.get("active_model") == "followup.ledger" and ids:
            defaults["entry_ids"] = [(6, 0, ids)]
        return defaults

    def action_confirm(self):
        """Do what was chosen, by the button or before; the entries check who may."""
        self.ensure_one()
        entries = self.entry_ids
        step = self.env.context.get("followup_step", self.step)
        if not entries or step not in [key for key, _label in STEPS]:
            raise UserError(self.env._("Choose what is to be decided."))
        if step in ("upheld", "dropped"):
            entries.action_decide_appeal(step, self.reason)
        elif step == "appeal":
            entries.action_appeal(self.reason)
        elif step == "approve":
            entries.action_approve(self.reason)
        else:
            entries.action_reject(self.reason)
        return {"type": "ir.actions.act_window_close"}


class FollowupLedgerPropose(models.TransientModel):
    """Choose the month whose rewards and deductions are proposed (W-1).

    Access: centre managers and inspectors.
    """

    _name = "followup.ledger.propose"
    _description = "Propose Rewards"

    day = fields.Date(
        string="A Day of the Month",
        required=True,
        default=lambda self: self._default_day(),
    )

    @api.model
    def _default_day(self):
        today = self.env["followup.clock"]._today(self.env.company)
        return today.replace(day=1) - relativedelta(days=1)

    def action_propose(self):
        """Propose and show the month."""
        self.ensure_one()
        entries = self.env["followup.ledger"]._propose_month(self.day)
        # sudo: the definition of a screen
        action = self.env.ref("followup_reports.followup_ledger_action").sudo()
        return {
            **action._get_action_dict(),
            "domain": [("id", "in", entries.ids)],
            "target": "main",
        }
