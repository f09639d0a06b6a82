# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError

from .document_words import DocumentWords

# one article of more sheets keeps wkhtmltopdf busy for minutes
MAX_SHEETS = 500
# what the frame prints; set here, so that nothing of it comes from an address
FRAME = {
    "company": None,
    "form_number": None,
    "lead": None,
    "page_numbers": False,
    "printed_by": None,
    "same_page": False,
    "sheet_class": None,
    "subtitle": None,
}


class FollowupDocument(models.AbstractModel):
    """What all printed documents share: who may print, the log, words on paper.

    The report models `report.patient_followup.<report>` inherit it, name the model
    of their records and return what their template prints.

    Access: whoever reads all the records of a document may print it, if the report
    is not limited to other roles. Each printing stands in the access log (Y-2).
    """

    _name = "followup.document"
    _description = "Printed Document"

    _document_model = None
    _document_log_action = "print"
    _document_page_numbers = False
    _document_max = MAX_SHEETS

    @api.model
    def _get_report_values(self, docids, data=None):
        """Return what the template prints.

        :param docids: ids of the records
        :param data: ignored: it comes from the address
        :raises AccessError: the user may not read one of them, or not print them
        """
        docs = self._get_documents(docids)
        self._check_document_role()
        words = DocumentWords(self.env)
        company = docs.company_id[:1] or self.env.company
        values = {
            **FRAME,
            "company": company,
            "doc_ids": docs.ids,
            "doc_model": docs._name,
            "docs": docs,
            "page_numbers": self._document_page_numbers and len(docs) == 1,
            "printed_at": words.moment(company, fields.Datetime.now()),
            **self._prepare_document(docs, words),
        }
        self._log_document(docs)
        return values

    @api.model
    def _prepare_document(self, docs, words):
        """Return the values of the template; the records may be read."""
        raise NotImplementedError

    @api.model
    def _get_documents(self, docids):
        docs = self.env[self._document_model].browse(docids or []).exists()
        if not docs:
            raise UserError(self.env._("Choose what is to be printed."))
        if len(docs) > self._document_max:
            raise UserError(
                self.env._("Print at most %(count)s at once.", count=self._document_max)
            )
        docs.check_access("read")
        return docs

    @api.model
    def _check_document_role(self):
        """The menu hides a report from other roles; its address must not help."""
        report = self._get_document_report()
        allowed = report.group_ids
        if allowed and not (self.env.su or allowed & self.env.user.all_group_ids):
            raise AccessError(
                self.env._("Your role does not include printing this document.")
            )

    @api.model
    def _get_document_report(self):
        name = self._name.removeprefix("report.")
        return self.env["ir.actions.report"]._get_report_from_name(name)

    @api.model
    def _log_document(self, docs):
        """Write down who printed what; documents without patients override it."""
        self.env["followup.access.log"]._log(
            self._document_log_action, docs, reason=self._get_document_report().name
        )


class FollowupAccessLog(models.Model):
    _inherit = "followup.access.log"

    action = fields.Selection(
        selection_add=[("print", "Print")], ondelete={"print": "cascade"}
    )
