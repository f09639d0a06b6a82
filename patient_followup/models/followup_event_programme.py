# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Which protocols an enrolment starts (D-13)."""

from odoo import fields, models


class FollowupEvent(models.Model):
    _inherit = "followup.event"

    def _get_protocols(self, patient, encounter):
        """Leave out the protocols of programmes: only their enrolment starts them."""
        protocols = super()._get_protocols(patient, encounter)
        # sudo: a programme of another hospital owns its protocols as well
        owned = protocols.sudo().family_id.filtered("programme_ids")
        versions = protocols.sudo().filtered(lambda p: p.programme_ids)
        return protocols.filtered(
            lambda p: p not in versions and p.sudo().family_id not in owned
        )


class FollowupProtocol(models.Model):
    _inherit = "followup.protocol"

    programme_ids = fields.Many2many("followup.programme", string="Programmes")
