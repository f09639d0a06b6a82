# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError

from ..tools.choices import choices_of
from ..tools.guard import is_open
from .followup_task import CLOSED_STATES


class FollowupAdvice(models.Model):
    """Advice that was given to a patient in a call, in the words of that day.

    Rows are written by `followup.task.give_advice` only; with the task they are
    closed for ever (I-5).

    Access: whoever reads the task reads its advice.
    """

    _name = "followup.advice"
    _description = "Advice Given"
    _erase_fields = ("text",)
    _inherit = ["followup.guarded.mixin"]
    _order = "given_at desc, id desc"
    _rec_name = "given_at"

    task_id = fields.Many2one(
        "followup.task", required=True, index=True, ondelete="restrict"
    )
    # copied from the task: the record rules and reports read plain columns
    company_id = fields.Many2one("res.company", required=True, index=True)
    department_id = fields.Many2one("hr.department", index="btree_not_null")
    patient_id = fields.Many2one("followup.patient", required=True, index=True)
    level = fields.Selection([("1", "Level 1"), ("2", "Level 2")], required=True)
    template_id = fields.Many2one(
        "followup.advice.template", index="btree_not_null", ondelete="set null"
    )
    kind = fields.Selection(
        selection=choices_of("followup.advice.template", "kind"), required=True
    )
    text = fields.Text(help="Empty once the patient is anonymised.")
    given_at = fields.Datetime(required=True, default=fields.Datetime.now)
    given_by_id = fields.Many2one("res.users", required=True, ondelete="restrict")

    # ------------------------------------------------------------
    # CRUD
    # ------------------------------------------------------------

    @api.model_create_multi
    def create(self, vals_list):
        self._check_engine()
        return super().create(vals_list)

    def write(self, vals):
        """Refuse every change; a merge of patients alone moves rows (D-4)."""
        if set(vals) != {"patient_id"}:
            raise AccessError(self.env._("Advice that was given never changes."))
        self._check_engine()
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_except_given(self):
        self._check_engine()
        if any(row.task_id.state in CLOSED_STATES for row in self):
            raise UserError(self.env._("This call is closed: its advice stays."))

    def _check_engine(self):
        if not is_open(self.env):
            raise AccessError(
                self.env._("Advice is recorded with the buttons of the call.")
            )
