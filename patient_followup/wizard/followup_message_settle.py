# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import api, fields, models


class FollowupMessageSettle(models.TransientModel):
    """Stop, repeat or settle messages, with the reason (I-7).

    Rights are those of the messages' own methods.
    """

    _name = "followup.message.settle"
    _description = "Settle Messages"

    @api.model
    def _default_message_ids(self):
        if self.env.context.get("active_model") != "followup.message":
            return False
        return self.env.context.get("active_ids")

    message_ids = fields.Many2many(
        "followup.message",
        string="Messages",
        default=lambda self: self._default_message_ids(),
        required=True,
    )
    kind = fields.Selection(
        [
            ("cancel", "Do Not Send"),
            ("retry", "Send Again"),
            ("arrived", "It Arrived"),
        ],
        default="cancel",
        required=True,
    )
    reason = fields.Char(required=True)

    def action_confirm(self):
        self.ensure_one()
        methods = {
            "cancel": "action_cancel",
            "retry": "action_retry",
            "arrived": "action_arrived",
        }
        getattr(self.message_ids, methods[self.kind])(self.reason)
        return {"type": "ir.actions.act_window_close"}
