# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import api, fields, models


class FollowupUrge(models.Model):
    """A head reminded somebody of late calls (A-6). Rows never change.

    - department head: reads those of his departments
    - centre manager, inspector: read all of the company
    - caller: reads those addressed to him
    Only `followup.task._urge` writes them.
    """

    _name = "followup.urge"
    _description = "Urging"
    _erase_fields = ("note",)
    _erase_link = "task_ids"
    _order = "id desc"

    company_id = fields.Many2one("res.company", required=True, index=True)
    department_id = fields.Many2one("hr.department", index="btree_not_null")
    user_id = fields.Many2one("res.users", string="Urged", required=True, index=True)
    urged_by_id = fields.Many2one("res.users", string="By", required=True)
    urged_at = fields.Datetime(
        string="When", required=True, default=fields.Datetime.now
    )
    note = fields.Char(string="Message")
    task_ids = fields.Many2many("followup.task", string="Calls")
    task_count = fields.Integer(string="Late Calls", required=True)
    open_count = fields.Integer(compute="_compute_open_count", string="Still Open")

    @api.depends("task_ids.state")
    def _compute_open_count(self):
        for urge in self:
            # sudo: a count only; calls handed to others since may be unreadable
            tasks = urge.sudo().task_ids
            urge.open_count = len(tasks.filtered(lambda task: task._is_open()))

    def _remind(self):
        """Put one to-do without a document before each person: no patient data."""
        vals_list = []
        for user, urges in self.grouped("user_id").items():
            env = self.with_context(lang=user.lang).env
            vals_list.append(
                {
                    "user_id": user.id,
                    "date_deadline": fields.Date.context_today(self),
                    "summary": env._(
                        "%(count)s overdue follow-up calls",
                        count=sum(urges.mapped("task_count")),
                    ),
                }
            )
        # sudo: a to-do for somebody else has no document to take its rights from
        self.env["mail.activity"].sudo().create(vals_list)
