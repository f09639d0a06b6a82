# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Printed letters with a QR code (P-2, M-8): the link is made when one is printed."""

import base64

from odoo import fields, models
from odoo.exceptions import AccessError, UserError
from odoo.tools.image import image_data_uri

MAX_LETTERS = 100
PRINTERS = (
    "patient_followup.followup_group_ward_caller,"
    "patient_followup.followup_group_centre_caller"
)
REPORT = "patient_followup.followup_letter_report"


class Page(dict):
    """The words of one letter; only those made here are printed."""


class FollowupMessage(models.Model):
    _inherit = "followup.message"

    def action_print(self):
        """Print the chosen letters, or all that wait, and mark them sent.

        Each printing makes new links and stands in the access log (Y-2).

        :return: an action that downloads one PDF
        :raises AccessError: the user may not read them, or has no calls to make
        :raises UserError: nothing to print, too many
        """
        letters = self or self.search(
            [("method", "=", "letter"), ("state", "=", "queued")], limit=MAX_LETTERS
        )
        letters.check_access("read")
        if not self.env.user.has_groups(PRINTERS):
            raise AccessError(self.env._("Your role does not include sending letters."))
        letters = letters.filtered(
            lambda row: row.method == "letter" and row.state in ("queued", "sent")
        )
        if len(letters) > MAX_LETTERS:
            raise UserError(
                self.env._(
                    "Print at most %(count)s letters at once.", count=MAX_LETTERS
                )
            )
        pages = letters._print_pages()
        if not pages:
            raise UserError(self.env._("There is no letter to print."))
        return self._download_letters(pages)

    def _print_pages(self):
        """Return what each letter says; those that must not go are cancelled."""
        # sudo: engine writes; the right to print was checked by the caller
        letters = self.sudo().try_lock_for_update()
        pages, printed = [], letters.browse()
        for letter in letters:
            page = letter._print_page()
            if page:
                pages.append(page)
                printed |= letter
        now = fields.Datetime.now()
        printed._end("sent")
        for letter in printed._guarded():
            letter.write(
                {
                    "sent_at": letter.sent_at or now,
                    "sent_by_id": self.env.uid,
                    "try_count": letter.try_count + 1,
                }
            )
        logs = self.env["followup.access.log"]
        logs._log("print", printed, reason=self.env._("Letter to a patient"))
        return pages

    def _print_page(self):
        self.ensure_one()
        record = self._get_record()
        if failure := self._get_obstacle(record):
            self._end_unprinted("cancelled", failure)
            return None
        words = self._make_words(record)
        if not words:
            self._end_unprinted("failed", "link")
            return None
        # sudo: name and address of the patient the user may read; it is his letter
        patient = self.patient_id
        return Page(
            words,
            lang=(self._get_lang() or "en_US").replace("_", "-"),
            company=self.company_id,
            to=patient.name,
            address=patient.address or "",
            phone=self._get_phone(self.department_id),
            qr=self._make_qr(words["url"]),
        )

    def _end_unprinted(self, state, failure):
        """End one that waited; what went out once stays on record as sent."""
        if self.state == "queued":
            self._end(state, failure)

    def _make_qr(self, url):
        """Return the QR code of a link as a picture to print."""
        if not url:
            return False
        reports = self.env["ir.actions.report"]
        picture = reports.barcode("QR", url, width=220, height=220, quiet=1)
        return image_data_uri(base64.b64encode(picture))

    def _download_letters(self, pages):
        """Return the PDF itself: a link in an address would end in a log."""
        # sudo: the report may be read by nobody of ours; its content was checked
        reports = self.env["ir.actions.report"].sudo()
        content, kind = reports._render_qweb_pdf(REPORT, data={"pages": pages})
        mimetype = "application/pdf" if kind == "pdf" else "text/html"
        return {
            "type": "ir.actions.client",
            "tag": "followup_download",
            "params": {
                "name": f"letters-{fields.Date.context_today(self)}.{kind}",
                "mimetype": mimetype,
                "content": base64.b64encode(content).decode(),
            },
        }
