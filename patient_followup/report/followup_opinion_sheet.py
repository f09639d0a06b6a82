# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import api, models
from odoo.exceptions import UserError

from ..models.followup_concern import FEEDBACK_KINDS


class FollowupOpinionSheet(models.AbstractModel):
    """Opinions and suggestions from a call, with room for what is done (F-7).

    Access: whoever reads the concern.
    """

    _name = "report.patient_followup.followup_opinion_sheet"
    _description = "Opinion Sheet"
    _inherit = ["followup.document"]

    _document_model = "followup.concern"

    @api.model
    def _prepare_document(self, docs, words):
        """One sheet for each patient and call: opinions of a call stand together."""
        others = docs.filtered(lambda row: row.kind not in FEEDBACK_KINDS)
        if others:
            raise UserError(
                self.env._(
                    "%(name)s is no opinion, suggestion or praise: print the record"
                    " sheet of the call.",
                    name=others[:1].name,
                )
            )
        calls = docs.sorted("id").grouped(lambda row: (row.patient_id, row.task_id))
        return {"sheets": [self._opinion_words(rows, words) for rows in calls.values()]}

    @api.model
    def _opinion_words(self, concerns, words):
        first = concerns[:1]
        # sudo: the stay and the call of an opinion that may be read
        row = first.sudo()
        stay = row.encounter_id or row.task_id.encounter_id
        return {
            "company": first.company_id,
            "patient": self._patient_words(row.patient_id, words, stay.discharge_day),
            "stay": self._stay_words(stay, words),
            "method": words.label(row.task_id, "method"),
            "caller": row.raised_by_id.name,
            "raised_at": words.moment(first.company_id, first.raised_at),
            "opinions": [self._concern_words(concern, words) for concern in concerns],
        }
