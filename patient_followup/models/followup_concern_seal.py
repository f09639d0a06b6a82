# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Closed concerns are sealed in the transaction that closes them (I-5, R-4)."""

from odoo import api, fields, models
from odoo.fields import Domain


class FollowupConcern(models.Model):
    _name = "followup.concern"
    _inherit = ["followup.concern", "followup.sealed.mixin"]

    _seal_fields = (
        "name",
        "company_id",
        "task_id",
        "encounter_id",
        "department_id",
        "origin_department_id",
        "handler_department_id",
        "level",
        "kind",
        "concern_type",
        "state",
        "raised_by_id",
        "raised_at",
        "doctor_user_id",
        "head_user_id",
        "specialist_id",
        "acknowledged_by_id",
        "acknowledged_at",
        "ack_deadline",
        "inform_deadline",
        "deadline",
        "informed_at",
        "informed_by_id",
        "answered_at",
        "promised_at",
        "broken_count",
        "told_patient_at",
        "told_attempt_id",
        "told_by_id",
    )
    _seal_texts = ("text", "answer", "closing_reason")

    # what is sealed is never emptied by a deletion elsewhere
    task_id = fields.Many2one(ondelete="restrict")
    encounter_id = fields.Many2one(ondelete="restrict")
    department_id = fields.Many2one(ondelete="restrict")
    origin_department_id = fields.Many2one(ondelete="restrict")
    handler_department_id = fields.Many2one(ondelete="restrict")
    doctor_user_id = fields.Many2one(ondelete="restrict")
    head_user_id = fields.Many2one(ondelete="restrict")
    specialist_id = fields.Many2one(ondelete="restrict")
    acknowledged_by_id = fields.Many2one(ondelete="restrict")
    informed_by_id = fields.Many2one(ondelete="restrict")
    told_attempt_id = fields.Many2one(ondelete="restrict")
    told_by_id = fields.Many2one(ondelete="restrict")

    def write(self, vals):
        result = super().write(vals)
        if vals.get("state") == "closed":
            # sudo: the columns of the seal are closed to everybody
            self.sudo()._write_seals()
        return result

    @api.model
    def _get_complete_domain(self):
        return Domain("state", "=", "closed")
