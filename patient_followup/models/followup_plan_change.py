# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import api, fields, models
from odoo.exceptions import UserError

from ..tools.guard import is_open


class FollowupPlanChange(models.Model):
    """Who changed a patient's plan, when, what and why (E-13).

    Access: as for plans, reading only; rows are written with the change itself
    and never edited or deleted.
    """

    _name = "followup.plan.change"
    _description = "Plan Change"
    _erase_fields = ("detail", "reason")
    _erase_link = "plan_id"
    _inherit = ["followup.guarded.mixin"]
    _order = "id desc"
    _rec_name = "kind"

    _guarded_fields = frozenset(
        {
            "plan_id",
            "task_id",
            "kind",
            "reason",
            "reason_id",
            "detail",
            "user_id",
            "date",
        }
    )

    plan_id = fields.Many2one(
        "followup.plan", required=True, index=True, ondelete="cascade"
    )
    company_id = fields.Many2one(related="plan_id.company_id", store=True, index=True)
    department_id = fields.Many2one(related="plan_id.department_id", store=True)
    centre_visible = fields.Boolean(related="plan_id.centre_visible", store=True)
    task_id = fields.Many2one("followup.task", index="btree_not_null")
    kind = fields.Selection(
        [
            ("add", "Contact added"),
            ("move", "Contact moved"),
            ("cancel", "Contact cancelled"),
            ("close", "Plan closed"),
        ],
        required=True,
    )
    detail = fields.Char(help="What changed, in words.")
    reason_id = fields.Many2one("followup.reason", string="Listed Reason")
    reason = fields.Char(required=True)
    user_id = fields.Many2one("res.users", required=True, string="Changed by")
    date = fields.Datetime(required=True, default=fields.Datetime.now)

    def write(self, vals):
        if not is_open(self.env):
            raise UserError(self.env._("The history of a plan is not edited."))
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_except_history(self):
        raise UserError(self.env._("The history of a plan is not deleted."))
