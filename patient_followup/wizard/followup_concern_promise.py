# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import fields, models


class FollowupConcernPromise(models.TransientModel):
    """Promise another reply time; one that passed stays counted (P-7).

    Rights are those of the concern: `action_promise` checks them.
    """

    _name = "followup.concern.promise"
    _description = "Promise a Reply Time"

    concern_id = fields.Many2one("followup.concern", required=True, ondelete="cascade")
    promised_at = fields.Datetime(string="Reply Promised for", required=True)

    def action_confirm(self):
        self.ensure_one()
        self.concern_id.action_promise(self.promised_at)
        return {"type": "ir.actions.act_window_close"}
