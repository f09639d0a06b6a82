# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import api, models


class FollowupReportDocument(models.AbstractModel):
    """A report on paper, from the same matrix as screen and spreadsheet (K-4).

    Access: whoever reads the report; it prints the figures he may read. There is
    no patient in it, so the printing is logged as one row.
    """

    _name = "report.followup_reports.followup_report_run"
    _description = "Printed Report"
    _inherit = ["followup.document"]

    _document_model = "followup.report.run"
    _document_page_numbers = True
    _document_max = 20

    @api.model
    def _prepare_document(self, docs, words):
        return {"matrices": [doc._get_matrix() for doc in docs], "on_screen": False}
