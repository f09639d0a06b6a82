# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import api, fields, models

from ..models.followup_sample_line import VERDICTS


class FollowupSampleJudge(models.TransientModel):
    """Ask for a verdict, an appeal, a decision or a verifier, with its reason.

    Rights are those of the methods of sample and line.
    """

    _name = "followup.sample.judge"
    _description = "Judge Drawn Calls"

    mode = fields.Selection(
        [
            ("verdict", "Verdict"),
            ("appeal", "Appeal"),
            ("decide", "Decision"),
            ("assign", "Verifier"),
            ("cancel", "Give Up"),
        ],
        required=True,
        default="verdict",
    )
    line_ids = fields.Many2many("followup.sample.line")
    sample_id = fields.Many2one("followup.sample", ondelete="cascade")
    verdict = fields.Selection(VERDICTS)
    user_id = fields.Many2one("res.users", string="Verifier", ondelete="cascade")
    note = fields.Text(string="Reason")

    @api.model
    def default_get(self, fields):
        defaults = super().default_get(fields)
        ids = self.env.context.get("active_ids")
        model = self.env.context.get("active_model")
        if "line_ids" in fields and ids and model == "followup.sample.line":
            defaults["line_ids"] = [(6, 0, ids)]
        if "sample_id" in fields and ids and model == "followup.sample":
            defaults["sample_id"] = ids[0]
        self._followup_check_named(defaults)
        return defaults

    def action_confirm(self):
        self.ensure_one()
        if self.mode == "verdict":
            self.line_ids.action_verdict(self.verdict, self.note)
        elif self.mode == "appeal":
            self.line_ids.action_appeal(self.note)
        elif self.mode == "decide":
            self.line_ids.action_decide(self.verdict, self.note)
        elif self.mode == "assign":
            self.line_ids.action_assign_verifier(self.user_id.id)
        else:
            self.sample_id.action_cancel(self.note)
        return {"type": "ir.actions.act_window_close"}
