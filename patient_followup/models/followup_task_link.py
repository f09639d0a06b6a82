# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Handing the link over in person: on the ward, at discharge."""

import base64

from odoo import models


class FollowupTask(models.Model):
    _inherit = "followup.task"

    def action_show_link(self):
        """Show a new link as a QR code, once; who took it out is logged (Y-2).

        :return: the window that shows it
        :raises UserError: another's call, closed, no contact allowed, or nothing
            to ask the patient for
        """
        self.ensure_one()
        self._check_caller()
        url = self.env["followup.link"]._issue(self)
        reason = self.env._("Link to the patient's page")
        self.env["followup.access.log"]._log("reveal", self, "link", reason)
        # sudo: the end of the link just made
        links = self.env["followup.link"].sudo()
        link = links.search([("task_id", "=", self.id)], limit=1)
        # sudo: draws a picture, whoever asks
        picture = self.env["ir.actions.report"].sudo()
        code = picture.barcode("QR", url, width=520, height=520, barLevel="M")
        return {
            "type": "ir.actions.client",
            "tag": "followup_show_link",
            "name": self.env._("Patient's Page"),
            "target": "new",
            "params": {
                "url": url,
                "qr": base64.b64encode(code).decode(),
                "until": self._public_moment(link.expires_at),
            },
            "context": {"dialog_size": "medium"},
        }
