# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Advice is sealed when it is given; with its call it enters the chain (I-5)."""

from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import SQL

from .followup_task import CLOSED_STATES


class FollowupAdvice(models.Model):
    _name = "followup.advice"
    _inherit = ["followup.advice", "followup.sealed.mixin"]

    _seal_fields = (
        "task_id",
        "company_id",
        "department_id",
        "level",
        "kind",
        "given_at",
        "given_by_id",
    )
    _seal_texts = ("text",)

    department_id = fields.Many2one(ondelete="restrict")

    @api.model_create_multi
    def create(self, vals_list):
        now = fields.Datetime.now()
        sealed = []
        for vals in vals_list:
            row = {"given_at": now, **vals}
            sealed.append({**row, **self._prepare_seal(row)})
        return super().create(sealed)

    @api.ondelete(at_uninstall=False)
    def _unlink_except_sealed(self):
        # taken back while the call is open: no link of the chain holds it yet
        closed = self.filtered(lambda row: row.task_id.state in CLOSED_STATES)
        return super(FollowupAdvice, closed)._unlink_except_sealed()

    @api.model
    def _get_complete_domain(self):
        return Domain("task_id.state", "in", CLOSED_STATES)

    @api.model
    def _get_link_condition(self):
        return SQL(
            "task_id IN (SELECT id FROM followup_task WHERE state IN %s)", CLOSED_STATES
        )
