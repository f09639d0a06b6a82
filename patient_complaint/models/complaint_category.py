# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import api, fields, models
from odoo.exceptions import ValidationError


class ComplaintCategory(models.Model):
    """What a complaint is about, in two levels (C-1, C-6).

    A category names the functional department that looks into it; without one
    that of the category above counts.
    Access: every role reads, complaint officers and administrators edit.
    """

    _name = "complaint.category"
    _description = "Complaint Category"
    _inherit = ["followup.shared.mixin"]
    _parent_store = True
    _order = "parent_id, sequence, id"
    _rec_names_search = ["name", "code"]

    name = fields.Char(required=True, translate=True)
    code = fields.Char(help="Name for other systems.")
    sequence = fields.Integer(default=10)
    active = fields.Boolean(default=True)
    company_id = fields.Many2one(
        "res.company", index=True, help="Empty: every hospital."
    )
    parent_id = fields.Many2one(
        "complaint.category", string="Above", index=True, ondelete="restrict"
    )
    parent_path = fields.Char(index=True, export_string_translation=False)
    child_ids = fields.One2many("complaint.category", "parent_id", string="Below")
    department_id = fields.Many2one(
        "hr.department",
        string="Functional Department",
        company_dependent=True,
        help="Looks into complaints of this category, in this hospital.",
    )
    source_text = fields.Char(
        string="Clause", translate=True, help="Where the hospital says so."
    )

    _code_uniq = models.UniqueIndex(
        "(code, COALESCE(company_id, 0)) WHERE code IS NOT NULL",
        "Another category has this code.",
    )

    @api.constrains("parent_id")
    def _check_levels(self):
        for category in self:
            if category.parent_id.parent_id or (
                category.parent_id and category.child_ids
            ):
                raise ValidationError(self.env._("Categories have two levels."))

    @api.depends("name", "parent_id.name")
    def _compute_display_name(self):
        for category in self:
            names = [category.parent_id.name, category.name]
            category.display_name = " / ".join(filter(None, names))

    def _get_department(self, company):
        """Return the functional department of a hospital, perhaps none."""
        self.ensure_one()
        own = self.with_company(company)
        return own.department_id or own.parent_id.department_id
