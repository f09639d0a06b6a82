# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""The discharge card with a QR code: its link is made when one is printed (E-16)."""

import base64

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError

from ..tools import qr
from .followup_message_letter import PRINTERS
from .followup_task import OPEN_STATES

MAX_CARDS = 50
REPORT = "patient_followup.followup_leaflet_link_report"


class Codes(dict):
    """{id of a stay: QR code}; only those made here are printed."""


class FollowupEncounter(models.Model):
    _inherit = "followup.encounter"

    def action_print_card(self):
        """Print cards with a code that opens the patient's page of the next contact.

        Each printing makes new links; no address of a report does. A stay of which
        no link may be given gets its card without a code.

        :return: an action that downloads one PDF
        :raises AccessError: the user may not read them, or has no calls to make
        :raises UserError: nothing chosen, too many
        """
        self.check_access("read")
        if not self.env.user.has_groups(PRINTERS):
            raise AccessError(
                self.env._("Your role does not include printing this document.")
            )
        if not self or len(self) > MAX_CARDS:
            raise UserError(
                self.env._("Print 1 to %(count)s cards at once.", count=MAX_CARDS)
            )
        codes = Codes({stay.id: stay._issue_card_code() for stay in self})
        reports = self.env["ir.actions.report"]
        content, kind = reports._render_qweb_pdf(REPORT, self.ids, {"codes": codes})
        return self._download_card(content, kind)

    def _issue_card_code(self):
        """Return the QR code of a new link to the next contact, False for none."""
        links = self.env["followup.link"]
        tasks = self.env["followup.task"].search(
            [("encounter_id", "=", self.id), ("state", "in", OPEN_STATES)],
            order="due_day, id",
        )
        for task in tasks._filtered_access("write"):
            # sudo: only why a link may not be given; the task may be written
            if task._get_survey() and not links._get_refusal(task.sudo()):
                return qr.svg(links._issue(task))
        return False

    @api.model
    def _download_card(self, content, kind):
        """Return the file itself: a link in an address would end in a log."""
        return {
            "type": "ir.actions.client",
            "tag": "followup_download",
            "params": {
                "name": f"card-{fields.Date.context_today(self)}.{kind}",
                "mimetype": "application/pdf" if kind == "pdf" else "text/html",
                "content": base64.b64encode(content).decode(),
            },
        }
