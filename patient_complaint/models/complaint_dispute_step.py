# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import fields, models

DISPUTE_KINDS = [
    ("sealing", "Sealing of Records and Evidence"),
    ("appraisal", "Medical Appraisal"),
    ("mediation", "Mediation"),
    ("court", "Court"),
    ("other", "Other"),
]


class ComplaintDisputeStep(models.Model):
    """One step of the checklist of a dispute, with the text of the law behind it.

    The texts are presets, to be confirmed by the hospital before they are used.
    Access: every role reads, complaint officers and administrators edit.
    """

    _name = "complaint.dispute.step"
    _description = "Step of a Dispute"
    _inherit = ["followup.shared.mixin"]
    _order = "sequence, id"

    name = fields.Char(string="Step", required=True, translate=True)
    kind = fields.Selection(DISPUTE_KINDS, required=True, default="other")
    text = fields.Text(
        string="What to Do",
        translate=True,
        help="Law and practice in short, to be confirmed by the hospital.",
    )
    source_text = fields.Char(string="Clause", translate=True, help="Where it says so.")
    confirmed = fields.Boolean(help="The hospital has checked the text.")
    sequence = fields.Integer(default=10)
    active = fields.Boolean(default=True)
    company_id = fields.Many2one(
        "res.company", index=True, help="Empty: every hospital."
    )
