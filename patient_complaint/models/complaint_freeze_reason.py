# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import fields, models

from .complaint_sla_policy import UNITS


class ComplaintFreezeReason(models.Model):
    """Why clocks may stand still, and for how long at most.

    Access: every role reads, complaint officers and administrators edit.
    """

    _name = "complaint.freeze.reason"
    _description = "Reason to Freeze Clocks"
    _inherit = ["followup.shared.mixin"]
    _order = "sequence, id"

    name = fields.Char(required=True, translate=True)
    sequence = fields.Integer(default=10)
    active = fields.Boolean(default=True)
    company_id = fields.Many2one(
        "res.company", index=True, help="Empty: every hospital."
    )
    max_amount = fields.Integer(string="At Most", required=True, default=5)
    max_unit = fields.Selection(
        UNITS, string="Unit", required=True, default="working_days"
    )
    source_text = fields.Char(string="Clause", translate=True, help="Where it says so.")

    _max_positive = models.Constraint("CHECK (max_amount > 0)", "A freeze has an end.")

    def _get_end(self, company, start):
        """Return when a freeze that starts now ends at the latest."""
        self.ensure_one()
        policies = self.env["complaint.sla.policy"]
        return policies._end(company, start, self.max_amount, self.max_unit)
