# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import fields, models


class ComplaintIndicator(models.Model):
    """What good service is, and how it is looked at (FHIR Measure; S-4).

    Access: every role reads, complaint officers and administrators edit.
    """

    _name = "complaint.indicator"
    _description = "Service Indicator"
    _inherit = ["followup.shared.mixin"]
    _order = "dimension, sequence, id"

    name = fields.Char(required=True, translate=True)
    sequence = fields.Integer(default=10)
    active = fields.Boolean(default=True)
    company_id = fields.Many2one(
        "res.company", index=True, help="Empty: every hospital."
    )
    dimension = fields.Selection(
        [
            ("attitude", "Attitude"),
            ("efficiency", "Efficiency"),
            ("accuracy", "Accuracy"),
            ("satisfaction", "Satisfaction"),
            ("environment", "Environment"),
        ],
        required=True,
        default="attitude",
    )
    standard = fields.Text(translate=True, help="What is right.")
    method = fields.Selection(
        [
            ("onsite", "Seen on the Spot"),
            ("video", "Video"),
            ("patient", "Asked of Patients"),
            ("data", "Figures"),
        ],
        string="Looked at by",
        default="onsite",
        required=True,
    )
