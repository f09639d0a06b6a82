# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import api, models

from ..models.followup_encounter_card import MAX_CARDS, Codes


class FollowupLeaflet(models.AbstractModel):
    """The card a patient takes home at discharge (E-16, 随访资料卡 of 001T).

    Access: whoever reads the stay.
    """

    _name = "report.patient_followup.followup_leaflet"
    _description = "Discharge Card"
    _inherit = ["followup.document"]

    _document_model = "followup.encounter"

    @api.model
    def _prepare_document(self, docs, words):
        planned = self._get_planned({"encounter_id": docs})
        tasks = self.env["followup.task"]
        return {
            "sheets": [
                self._card_words(stay, planned.get(stay, tasks), words) for stay in docs
            ],
            "printed_by": False,
        }

    @api.model
    def _card_words(self, stay, tasks, words):
        # sudo: the ward of a stay that may be read
        card = self._handout_words(stay, tasks, stay.sudo().department_id, words)
        return {
            **card,
            "discharged": words.day(stay.discharge_day),
            "attending": "" if card["neutral"] else stay.attending_name or "",
            "code": False,
        }


class FollowupLeafletLink(models.AbstractModel):
    """The same with a QR code that opens the patient's own page of the next contact.

    `followup.encounter.action_print_card` makes the codes, one new link each
    (section 4). Printed from its address the card has none: whoever gets somebody
    to open an address must not make a link.

    Access: whoever may record the patient's calls.
    """

    _name = "report.patient_followup.followup_leaflet_link"
    _description = "Discharge Card with QR Code"
    _inherit = ["report.patient_followup.followup_leaflet"]

    _document_max = MAX_CARDS

    @api.model
    def _get_report_values(self, docids, data=None):
        """Return what the template prints, with the codes that were made for it."""
        values = super()._get_report_values(docids, data)
        codes = (data or {}).get("codes")
        codes = codes if isinstance(codes, Codes) else {}
        for stay, sheet in zip(values["docs"], values["sheets"], strict=True):
            sheet["code"] = codes.get(stay.id, False)
        return values
