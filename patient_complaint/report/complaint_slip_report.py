# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import api, models
from odoo.exceptions import UserError

from odoo.addons.patient_followup.tools import public_token, qr

CODE_KEY = "complaint_slip_code"


class ComplaintSlipReport(models.AbstractModel):
    """The registration slip on paper, with the code and its QR (C-2, C-5).

    The code is kept nowhere: it comes with the call that prints, and is compared.
    Access: whoever may write the case, and knows its code.
    """

    _name = "report.patient_complaint.complaint_slip"
    _description = "Registration Slip"
    _inherit = ["followup.document"]

    _document_model = "complaint.case"
    _document_max = 1

    @api.model
    def _prepare_document(self, docs, words):
        docs.check_access("write")
        code = self.env.context.get(CODE_KEY)
        known = code and isinstance(code, str) and docs.code_digest
        if not known or not public_token.same(docs._hash_code(code), known):
            raise UserError(
                self.env._("Print the slip from the case, when it shows the code.")
            )
        link = f"{docs.get_base_url()}/complaint/track"
        return {
            "slip": {
                "number": docs.name,
                "kind": words.label(docs, "kind"),
                "received": words.moment(docs.company_id, docs.received_at),
                "receiver": docs.receiver_id.name,
                "code": code,
                "image": qr.svg(f"{link}#{code}", "45mm"),
                "link": link,
                "phone": docs.company_id.complaint_office_phone or "",
                "place": docs.company_id.complaint_office_place or "",
                "hours": docs.company_id.complaint_office_hours or "",
            },
            "printed_by": False,
        }
