# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import api, models


class ComplaintLetterReport(models.AbstractModel):
    """The reply letter on paper, in its own language (C-17).

    Access: whoever reads the letter and works with complaints. Logged as printed.
    """

    _name = "report.patient_complaint.complaint_letter"
    _description = "Reply Letter"
    _inherit = ["followup.document"]

    _document_model = "complaint.letter"
    _document_max = 50

    @api.model
    def _prepare_document(self, docs, words):
        return {
            "printed_by": False,
            "letters": [
                {
                    "lang": letter.lang,
                    "company": letter.company_id,
                    "number": letter.number,
                    "body": letter.body,
                    "draft": letter.state == "draft",
                }
                for letter in docs
            ],
        }
