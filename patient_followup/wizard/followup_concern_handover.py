# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import fields, models


class FollowupConcernHandover(models.TransientModel):
    """What to say now, whom to ring, and who was told by word (X-2).

    Rights are those of the concern: `action_hand_over` checks them.
    """

    _name = "followup.concern.handover"
    _description = "Hand Over by Word"

    concern_id = fields.Many2one("followup.concern", required=True, ondelete="cascade")
    say_now = fields.Text(related="concern_id.say_now")
    hotline = fields.Char(related="concern_id.hotline")
    oncall_ids = fields.Many2many(related="concern_id.oncall_ids")
    alerted_user_ids = fields.Many2many(related="concern_id.alerted_user_ids")
    user_id = fields.Many2one("res.users", string="Colleague Told")
    person = fields.Char(string="Or Somebody Else")
    method = fields.Selection(
        [("phone", "Phone"), ("in_person", "In Person")],
        string="How",
        default="phone",
        required=True,
    )
    at = fields.Datetime(string="When", default=fields.Datetime.now, required=True)
    note = fields.Char(string="What was agreed")

    def action_confirm(self):
        self.ensure_one()
        self.concern_id.action_hand_over(
            user_id=self.user_id.id,
            person=self.person,
            method=self.method,
            at=self.at,
            note=self.note,
        )
        return {"type": "ir.actions.act_window_close"}
