# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import fields, models


class ComplaintChannel(models.Model):
    """The way a complaint came in: phone, letter, box, hotline ... (C-4, G-1).

    Access: every role reads, complaint officers and administrators edit.
    """

    _name = "complaint.channel"
    _description = "Complaint Channel"
    _inherit = ["followup.shared.mixin"]
    _order = "sequence, id"
    _rec_names_search = ["name", "code"]

    name = fields.Char(required=True, translate=True)
    code = fields.Char(required=True, help="Name for other systems.")
    sequence = fields.Integer(default=10)
    active = fields.Boolean(default=True)
    company_id = fields.Many2one(
        "res.company", index=True, help="Empty: every hospital."
    )
    is_external = fields.Boolean(
        string="Superior Body",
        help="Hotline or authority: its number and its deadline are recorded.",
    )

    _code_uniq = models.UniqueIndex(
        "(code, COALESCE(company_id, 0))", "Another channel has this code."
    )
