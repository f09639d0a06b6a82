# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""The patient is told what became of his wish (B-4)."""

from odoo import models


class FollowupAppointment(models.Model):
    _inherit = "followup.appointment"

    def _notify(self, code, link=False, version=None):
        """Tell the patients what became of their wish (B-4); never raises.

        :param code: code of the text of a `followup.message`
        :param link: whether the words carry the link to the patient's page
        :param version: tells apart two notices of one kind
        """
        # sudo: messages are the engine's; who took the step was checked
        messages = self.env["followup.message"].sudo()
        messages._queue(self.sudo(), code, link=link, version=version)
