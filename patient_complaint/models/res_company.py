# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import api, fields, models
from odoo.exceptions import ValidationError


class ResCompany(models.Model):
    _inherit = "res.company"

    complaint_repeat_days = fields.Integer(
        string="Days of Earlier Cases",
        default=365,
        help="How far back earlier cases of a complainant are shown.",
    )

    @api.constrains("complaint_repeat_days")
    def _check_complaint_settings(self):
        for company in self:
            if company.complaint_repeat_days < 0:
                raise ValidationError(self.env._("Settings are not negative."))

    @api.model_create_multi
    def create(self, vals_list):
        companies = super().create(vals_list)
        for company in companies.sudo():
            # sudo: whoever adds hospitals need not administer sequences
            company._complaint_sequence()
        return companies

    @api.model
    def _complaint_make_sequences(self):
        """Number the cases of the hospitals that were there first."""
        # every hospital, of which there are few
        for company in self.search([]):  # pylint: disable=no-search-all
            company._complaint_sequence()

    def _complaint_sequence(self):
        """Return the hospital's own sequence of neutral numbers (D-7)."""
        self.ensure_one()
        sequences = self.env["ir.sequence"]
        return sequences.search(
            [("code", "=", "complaint.case"), ("company_id", "=", self.id)], limit=1
        ) or sequences.create(
            {
                "name": f"Complaint ({self.name})",
                "code": "complaint.case",
                "prefix": "C%(year)s-",
                "padding": 4,
                "company_id": self.id,
            }
        )
