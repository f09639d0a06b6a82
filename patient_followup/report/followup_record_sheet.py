# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import api, models


class FollowupRecordSheet(models.AbstractModel):
    """The record of one follow-up, to sign and to file (F-1 to F-10, R-2).

    Access: whoever reads the follow-up; every printing is logged.
    """

    _name = "report.patient_followup.followup_record_sheet"
    _description = "Follow-up Record Sheet"
    _inherit = ["followup.document"]

    _document_model = "followup.task"

    @api.model
    def _prepare_document(self, docs, words):
        return {"sheets": self._task_words(docs, words)}


class FollowupRecordHalf(models.AbstractModel):
    """The same on half a page: two fit on a sheet of paper.

    Access: as the record sheet.
    """

    _name = "report.patient_followup.followup_record_half"
    _description = "Follow-up Record, Half a Page"
    _inherit = ["report.patient_followup.followup_record_sheet"]
