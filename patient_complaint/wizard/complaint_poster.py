# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import api, fields, models


class ComplaintPoster(models.TransientModel):
    """Asks for which wards posters are printed, in which language (C-25).

    Access: specialists of the complaint office.
    """

    _name = "complaint.poster"
    _description = "Posters of the Complaint Office"

    company_id = fields.Many2one(
        "res.company", required=True, default=lambda self: self.env.company
    )
    department_ids = fields.Many2many(
        "hr.department",
        string="Wards",
        domain="[('company_id', 'in', (company_id, False))]",
        help="One sheet for each; none: one for the whole hospital.",
    )
    lang = fields.Selection(
        lambda self: self.env["complaint.case"]._page_languages(),
        string="Language",
        required=True,
        default=lambda self: self._default_lang(),
    )
    form_is_open = fields.Boolean(related="company_id.complaint_form_open")
    phone = fields.Char(related="company_id.complaint_office_phone")

    @api.model
    def _default_lang(self):
        languages = [
            code for code, _name in self.env["complaint.case"]._page_languages()
        ]
        return (
            self.env.lang if self.env.lang in languages else (languages or [False])[0]
        )

    def action_print(self):
        """Print one sheet for each ward, or one for the hospital."""
        self.ensure_one()
        report = self.env.ref("patient_complaint.complaint_poster_report")
        return report.report_action(self)
