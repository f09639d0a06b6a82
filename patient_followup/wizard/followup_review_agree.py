# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import fields, models


class FollowupReviewAgree(models.TransientModel):
    """Write down what was agreed after a follow-up (X-6).

    Rights are those of the result: `action_reviewed` checks them.
    """

    _name = "followup.review.agree"
    _description = "Agree a Measure"

    # the number of the result: an SQL view cannot be the target of a link
    task_id = fields.Integer(required=True, export_string_translation=False)
    measure = fields.Text(
        string="What Was Agreed",
        required=True,
        help="Whoever calls the patient next sees it.",
    )

    def action_confirm(self):
        self.ensure_one()
        result = self.env["followup.review.inbox"].browse(self.task_id)
        result.action_reviewed(self.measure)
        return {"type": "ir.actions.act_window_close"}
