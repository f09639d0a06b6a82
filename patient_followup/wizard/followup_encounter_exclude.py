# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import fields, models


class FollowupEncounterExclude(models.TransientModel):
    """Ask for the reason of an exclusion (E-6)."""

    _name = "followup.encounter.exclude"
    _description = "Propose Exclusion"

    encounter_ids = fields.Many2many("followup.encounter", required=True)
    reason_id = fields.Many2one("followup.exclusion.reason", required=True)
    note = fields.Char()

    def action_propose(self):
        self.ensure_one()
        self.encounter_ids.action_propose_exclusion(self.reason_id, self.note)
        return {"type": "ir.actions.act_window_close"}
