# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Command


class FollowupPatientMerge(models.TransientModel):
    """Choose which of several records of one person is kept."""

    _name = "followup.patient.merge"
    _description = "Merge Patients"

    patient_ids = fields.Many2many("followup.patient", string="Same Person")
    target_id = fields.Many2one(
        "followup.patient",
        string="Keep",
        required=True,
        domain="[('id', 'in', patient_ids)]",
    )
    reason = fields.Char(required=True)
    summary = fields.Text(compute="_compute_summary")

    @api.model
    def default_get(self, fields):
        vals = super().default_get(fields)
        if self.env.context.get("active_model") == "followup.patient":
            ids = self.env.context.get("active_ids") or []
            patients = self.env["followup.patient"].browse(ids)
            patients.check_access("write")
            vals["patient_ids"] = [Command.set(patients.ids)]
            vals["target_id"] = patients._get_best_known().id
        return vals

    @api.depends("patient_ids", "target_id")
    def _compute_summary(self):
        for wizard in self:
            others = wizard.patient_ids._origin - wizard.target_id._origin
            wizard.summary = self.env._(
                "%(stays)s stays, %(tasks)s tasks and %(contacts)s contacts move to"
                " the kept record. The other records are archived. This cannot be"
                " undone.",
                stays=len(others.encounter_ids),
                tasks=len(others.task_ids),
                contacts=len(others.contact_ids),
            )

    def action_merge(self):
        self.ensure_one()
        if len(self.patient_ids) < 2 or self.target_id not in self.patient_ids:
            raise UserError(self.env._("Choose at least two patients to merge."))
        self.target_id._merge(self.patient_ids, self.reason)
        return {
            "type": "ir.actions.act_window",
            "res_model": "followup.patient",
            "res_id": self.target_id.id,
            "view_mode": "form",
        }
