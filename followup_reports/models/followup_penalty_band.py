# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import api, fields, models
from odoo.exceptions import ValidationError
from odoo.fields import Domain

from ..tools import bands


class FollowupPenaltyBand(models.Model):
    """What a share of drawn calls that were never made leads to (W-3).

    Half-open: the lower end belongs to it, the upper end to the next. Shares that
    no band holds are named on the list, for the policies leave some out.

    Access: every role reads; centre managers and administrators edit.
    """

    _name = "followup.penalty.band"
    _description = "Penalty Band"
    _inherit = ["followup.shared.mixin"]
    _order = "lower, id"
    _rec_name = "lower"

    active = fields.Boolean(default=True)
    company_id = fields.Many2one(
        "res.company", string="Hospital", index=True, help="Empty: all hospitals."
    )
    lower = fields.Float(string="From (%)", required=True, help="Belongs to the band.")
    upper = fields.Float(
        string="Below (%)", help="Belongs to the next band; 0: no upper end."
    )
    amount = fields.Monetary(help="Proposed to be deducted.")
    currency_id = fields.Many2one(
        "res.currency",
        required=True,
        default=lambda self: self.env.company.currency_id,
    )
    bearer = fields.Selection(
        [("head", "Department Head"), ("team", "Medical Team Leader")],
        required=True,
        default="head",
        string="Deducted from",
    )
    source_text = fields.Char(string="Clause", help="Where the hospital says so.")
    warning = fields.Char(string="Not Covered", compute="_compute_warning")

    _positive = models.Constraint(
        "CHECK (lower >= 0 AND lower <= 100 AND amount >= 0)",
        "A share lies between 0 and 100 percent, an amount is not negative.",
    )

    @api.constrains("lower", "upper")
    def _check_order(self):
        for band in self:
            if band.upper and band.upper <= band.lower:
                raise ValidationError(
                    self.env._("The upper end of a band lies above its lower end.")
                )

    @api.depends("lower", "upper")
    def _compute_display_name(self):
        for band in self:
            end = f"{band.upper:g}" if band.upper else "…"
            band.display_name = f"{band.lower:g}–{end} %"

    @api.depends("lower", "upper", "company_id", "active")
    def _compute_warning(self):
        """Name the shares no band holds, and those two bands hold."""
        for company, rows in self.grouped("company_id").items():
            known = self._find(company or self.env.company)
            rows.warning = self._say_gaps(known)

    @api.model
    def _say_gaps(self, known):
        parts = []
        if left := bands.gaps(known):
            parts.append(
                self.env._("No band holds: %(shares)s.", shares=self._say(left))
            )
        if twice := bands.overlaps(known):
            parts.append(
                self.env._("Two bands hold: %(shares)s.", shares=self._say(twice))
            )
        return " ".join(parts) or False

    @staticmethod
    def _say(shares):
        return ", ".join(f"{low:g}–{high:g} %" for low, high in shares)

    @api.model
    def _find(self, company):
        """Return the bands of a hospital, else those of all, as `Band`s."""
        # sudo: bands are open to every role; the engine reads them for proposals
        rows = self.sudo().search(Domain("company_id", "in", (False, company.id)))
        own = rows.filtered("company_id") or rows
        return [bands.Band(row.lower, row.upper or None, row) for row in own]
