# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import api, models

from ..models.followup_task import OPEN_STATES
from ..tools import qr


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

    Each printing issues a new link (section 4); where none may be given there is no
    code. Access: whoever may record the patient's calls.
    """

    _name = "report.patient_followup.followup_leaflet_link"
    _description = "Discharge Card with QR Code"
    _inherit = ["report.patient_followup.followup_leaflet"]

    _document_max = 50

    @api.model
    def _card_words(self, stay, tasks, words):
        card = super()._card_words(stay, tasks, words)
        return {**card, "code": self._issue_code(stay)}

    @api.model
    def _issue_code(self, stay):
        links = self.env["followup.link"]
        tasks = self.env["followup.task"].search(
            [("encounter_id", "=", stay.id), ("state", "in", OPEN_STATES)],
            order="due_day, id",
        )
        for task in tasks._filtered_access("write"):
            # sudo: only why a link may not be given; the task may be written
            if task._get_survey() and not links._get_refusal(task.sudo()):
                return qr.svg(links._issue(task))
        return False
