# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import api, fields, models
from odoo.exceptions import AccessError


class FollowupPolicyReview(models.Model):
    """What a department says to a version of the rules (C-26).

    Access: whoever makes versions, heads, inspectors, leaders. Rows come from
    `followup.policy.version` only.
    """

    _name = "followup.policy.review"
    _description = "Review of a Policy Version"
    _inherit = ["followup.guarded.mixin"]
    _order = "version_id desc, department_id, id"
    _rec_name = "department_id"

    version_id = fields.Many2one(
        "followup.policy.version", required=True, index=True, ondelete="cascade"
    )
    company_id = fields.Many2one(related="version_id.company_id", store=True)
    department_id = fields.Many2one("hr.department", required=True, ondelete="restrict")
    answer = fields.Selection([("agree", "Agrees"), ("object", "Objects")])
    remark = fields.Text()
    answered_by_id = fields.Many2one("res.users", string="By", ondelete="restrict")
    answered_at = fields.Datetime(string="When")
    rules_digest = fields.Char(string="Digest", help="Of the rules that were read.")

    _guarded_fields = frozenset(
        {
            "version_id",
            "company_id",
            "department_id",
            "answer",
            "remark",
            "answered_by_id",
        }
        | {"answered_at", "rules_digest"}
    )
    _department_uniq = models.UniqueIndex(
        "(version_id, department_id)", "This department is asked already."
    )

    @api.ondelete(at_uninstall=False)
    def _unlink_except_never(self):
        raise AccessError(self.env._("What a department said stays on record."))
