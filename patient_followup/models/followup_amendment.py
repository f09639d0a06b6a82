# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import api, fields, models
from odoo.exceptions import ValidationError
from odoo.fields import Domain


class FollowupAmendment(models.Model):
    """A correction of a closed call that leaves the original as it is (I-5, R-4).

    Access: whoever sees the call reads its amendments; who made the call, the
    head of the department and the manager of the centre add them. Nobody changes
    or deletes one.
    """

    _name = "followup.amendment"
    _description = "Amendment"
    _erase_fields = ("text", "reason")
    _inherit = ["followup.sealed.mixin"]
    _order = "amended_at desc, id desc"
    _rec_name = "amended_at"

    task_id = fields.Many2one(
        "followup.task",
        string="Follow-up",
        required=True,
        index=True,
        ondelete="restrict",
    )
    # copied from the call: the record rules read plain columns
    company_id = fields.Many2one("res.company", required=True, readonly=True)
    department_id = fields.Many2one("hr.department", readonly=True, ondelete="restrict")
    patient_id = fields.Many2one(
        "followup.patient", required=True, readonly=True, index=True
    )
    level = fields.Selection(
        [("1", "Level 1"), ("2", "Level 2")], required=True, readonly=True
    )
    # needed when it is written, empty after anonymisation
    text = fields.Text(string="Correction")
    reason = fields.Char()
    user_id = fields.Many2one(
        "res.users", string="Amended by", required=True, readonly=True
    )
    amended_at = fields.Datetime(string="Amended on", required=True, readonly=True)

    _seal_fields = (
        "task_id",
        "company_id",
        "department_id",
        "level",
        "user_id",
        "amended_at",
    )
    _seal_texts = ("text", "reason")

    # ------------------------------------------------------------
    # CRUD
    # ------------------------------------------------------------

    @api.model_create_multi
    def create(self, vals_list):
        """Add amendments in the name of the user, at this moment.

        :raises UserError: the call is open, or he is not the one to correct it
        """
        self.check_access("create")
        rows = [self._prepare_amendment(vals) for vals in vals_list]
        sealed = [{**row, **self._prepare_seal(row)} for row in rows]
        # sudo: the columns of the seal are closed; the right to amend was checked
        amendments = super(FollowupAmendment, self.sudo()).create(sealed)
        return amendments.with_env(self.env)

    def _prepare_amendment(self, vals):
        task = self.env["followup.task"].browse(vals.get("task_id") or [])
        task.check_access("read")
        task._check_amendable()
        words = {name: self._tidy(vals.get(name)) for name in self._seal_texts}
        return {
            **words,
            "task_id": task.id,
            "company_id": task.company_id.id,
            "department_id": task.department_id.id,
            "patient_id": task.patient_id.id,
            "level": task.level,
            "user_id": self.env.uid,
            "amended_at": fields.Datetime.now(),
        }

    def _tidy(self, text):
        text = text.replace("\0", "").strip() if isinstance(text, str) else ""
        if not text:
            raise ValidationError(
                self.env._("Write what is corrected, and the reason.")
            )
        return text

    @api.model
    def _get_complete_domain(self):
        return Domain.TRUE
