# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import api, models

from ..models.followup_message_letter import Page


class FollowupLetter(models.AbstractModel):
    """Letters as `followup.message.action_print` made them, and nothing else.

    The address of a report takes data of whoever calls it: a picture's address in
    it would be fetched by the server.

    Access: none needed; the pages were made for who may print them.
    """

    _name = "report.patient_followup.followup_letter"
    _description = "Letter to a Patient"

    @api.model
    def _get_report_values(self, _docids, data=None):
        pages = (data or {}).get("pages")
        pages = pages if isinstance(pages, list) else []
        return {"pages": [page for page in pages if isinstance(page, Page)]}
