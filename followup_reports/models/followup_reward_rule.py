# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import api, fields, models
from odoo.fields import Domain


class FollowupRewardRule(models.Model):
    """What a successful follow-up is worth (W-1, W-8).

    The hospital's own rule comes before the shared one, that of a level before
    that of all.

    Access: every role reads; centre managers and administrators edit.
    """

    _name = "followup.reward.rule"
    _description = "Reward"
    _inherit = ["followup.shared.mixin"]
    _order = "sequence, id"
    _rec_name = "amount"

    active = fields.Boolean(default=True)
    sequence = fields.Integer(default=10)
    company_id = fields.Many2one(
        "res.company", string="Hospital", index=True, help="Empty: all hospitals."
    )
    level = fields.Selection(
        [("1", "Level 1"), ("2", "Level 2")], help="Empty: both levels."
    )
    amount = fields.Monetary(
        string="For Each Follow-up", required=True, help="Effective follow-ups count."
    )
    currency_id = fields.Many2one(
        "res.currency",
        required=True,
        default=lambda self: self.env.company.currency_id,
    )
    source_text = fields.Char(string="Clause", help="Where the hospital says so.")

    _positive = models.Constraint("CHECK (amount >= 0)", "A reward is not negative.")

    @api.model
    def _find(self, company):
        """Return {level: rule} of a hospital."""
        # sudo: rules are open to every role; the engine reads them for proposals
        rows = self.sudo().search(Domain("company_id", "in", (False, company.id)))
        ordered = sorted(rows, key=lambda row: (not row.company_id, not row.level))
        found = {}
        for row in ordered:
            for level in (row.level,) if row.level else ("1", "2"):
                found.setdefault(level, row)
        return found
