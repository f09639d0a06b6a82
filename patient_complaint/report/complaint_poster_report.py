# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import api, models

from odoo.addons.patient_followup.tools import qr

# clocks a visitor may know of, in the order they end
SHOWN_CLOCKS = ("response", "plan", "answer")


class ComplaintPosterReport(models.AbstractModel):
    """The poster of a ward: where to complain, how it goes on, the QR code (C-25).

    Nothing on it comes from a case. Access: specialists of the complaint office.
    """

    _name = "report.patient_complaint.complaint_poster"
    _description = "Poster of the Complaint Office"
    _inherit = ["followup.document"]

    _document_model = "complaint.poster"

    @api.model
    def _prepare_document(self, docs, words):
        return {
            "sheets": [
                self._poster_words(poster, place, words.in_lang(poster.lang))
                for poster in docs
                for place in poster.department_ids or [poster.company_id]
            ],
            "printed_by": False,
        }

    @api.model
    def _poster_words(self, poster, place, words):
        cases = words.env["complaint.case"]
        company = poster.company_id
        home = f"{company.get_base_url()}/complaint"
        is_ward = place._name == "hr.department"
        return {
            "lang": poster.lang,
            "company": company,
            "place": place.with_env(words.env).name if is_ward else "",
            "image": qr.svg(f"{home}/at/{cases._place_code(place)}", "80mm"),
            "link": home,
            "phone": company.complaint_office_phone or "",
            "room": company.complaint_office_place or "",
            "hours": company.complaint_office_hours or "",
            # sudo: an address that is posted on walls
            "email": company.sudo().complaint_alias_id.alias_full_name or "",
            "limits": self._poster_limits(company, words),
        }

    @api.model
    def _poster_limits(self, company, words):
        """Return [(clock, amount, unit)] of a complaint, as the policies say."""
        policies = words.env["complaint.sla.policy"]
        case = words.env["complaint.case"].new(
            {"company_id": company.id, "kind": "complaint"}
        )
        found = {
            policy.clock_kind: policy
            for policy in policies._for_case(case)
            if not policy.is_legal and policy.clock_kind in SHOWN_CLOCKS
        }
        return [
            (
                words.label(found[kind], "clock_kind"),
                found[kind].amount,
                words.label(found[kind], "unit"),
            )
            for kind in SHOWN_CLOCKS
            if kind in found
        ]

    @api.model
    def _log_document(self, docs):
        """No patient and no case stands on a poster: nothing to log."""
