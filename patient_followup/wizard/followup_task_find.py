# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import fields, models
from odoo.exceptions import UserError

from ..models.followup_task import OPEN_STATES


class FollowupTaskFind(models.TransientModel):
    """Who is calling back? Finds the open calls behind a number.

    The search goes by the full number or its last four digits, is counted and
    logged by `_search_protected`; only tasks the user may read come out.
    """

    _name = "followup.task.find"
    _description = "Who Is Calling Back?"

    number = fields.Char()
    searched = fields.Boolean()
    task_ids = fields.Many2many("followup.task", string="Open Calls", readonly=True)

    def action_find(self):
        self.ensure_one()
        if not (self.number or "").strip():
            raise UserError(self.env._("Type the number that is shown."))
        contacts = self.env["followup.patient.contact"].browse(
            self.env["followup.patient.contact"]._search_protected("phone", self.number)
        )
        # Numbers the user may not see give nothing, not even an error.
        patients = contacts._filtered_access("read").patient_id
        self.task_ids = self.env["followup.task"].search(
            [("patient_id", "in", patients.ids), ("state", "in", OPEN_STATES)],
            order="date_due, id",
        )
        # the clear number does not stay in the table of the dialog (I-3)
        self.write({"searched": True, "number": False})
        if len(self.task_ids) == 1:
            return self.task_ids._action_open()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Who is calling back?"),
            "res_model": self._name,
            "res_id": self.id,
            "views": [(False, "form")],
            "target": "new",
        }
