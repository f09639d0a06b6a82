# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import fields, models


class FollowupPlan(models.Model):
    """A protocol applied to one stay or patient (FHIR CarePlan)."""

    _name = "followup.plan"
    _description = "Follow-up Plan"
    _inherit = ["followup.guarded.mixin"]
    _order = "id desc"
    _check_company_auto = True

    _guarded_fields = frozenset(
        {"state", "protocol_id", "protocol_family_id", "origin_key", "patient_id"}
    )

    company_id = fields.Many2one(
        "res.company", required=True, index=True, default=lambda self: self.env.company
    )
    patient_id = fields.Many2one(
        "followup.patient", required=True, index=True, check_company=True
    )
    encounter_id = fields.Many2one(
        "followup.encounter", index="btree_not_null", check_company=True
    )
    department_id = fields.Many2one("hr.department", index="btree_not_null")
    protocol_id = fields.Many2one("followup.protocol", required=True, index=True)
    protocol_family_id = fields.Many2one("followup.protocol", required=True)
    origin_key = fields.Char(required=True)
    origin = fields.Char(help="What started the plan, in words.")
    anchor_at = fields.Datetime(help="Moment of the event that started the plan.")
    state = fields.Selection(
        [
            ("active", "Active"),
            ("missing_anchor", "Date Missing"),
            ("completed", "Completed"),
            ("cancelled", "Cancelled"),
        ],
        default="active",
        required=True,
        index=True,
    )
    responsible_id = fields.Many2one("res.users", index="btree_not_null")
    closing_reason = fields.Char()
    # Level 2 work exists: the centre may see the plan.
    centre_visible = fields.Boolean(copy=False)
    task_ids = fields.One2many("followup.task", "plan_id")

    _origin_uniq = models.UniqueIndex(
        "(company_id, protocol_family_id, origin_key)",
        "This plan exists already.",
    )
