# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import api, models
from odoo.exceptions import UserError


class FollowupCommendation(models.AbstractModel):
    """Praise of a patient as a commendation to hang up (W-4, W-6).

    Without the patient: no name, no record, no stay.

    Access: whoever reads the praise.
    """

    _name = "report.followup_reports.followup_commendation"
    _description = "Commendation"
    _inherit = ["followup.document"]

    _document_model = "followup.concern"

    @api.model
    def _prepare_document(self, docs, words):
        others = docs.filtered(lambda row: row.kind != "praise")
        if others:
            raise UserError(self.env._("%(name)s is no praise.", name=others[:1].name))
        return {"sheets": [self._praise_words(row, words) for row in docs]}

    @api.model
    def _praise_words(self, praise, words):
        # sudo: the names of the hospital and of the department praised
        row = praise.sudo()
        return {
            "company": praise.company_id,
            "department": row.department_id.name,
            "text": praise.text,
            "day": words.moment(praise.company_id, praise.raised_at)[:10],
            "number": praise.name,
        }
