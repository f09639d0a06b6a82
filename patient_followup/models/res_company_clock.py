# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import models


class ResCompany(models.Model):
    _inherit = "res.company"

    def cache_invalidation_fields(self):
        # deadlines are computed from remembered working hours (`followup.clock`)
        return super().cache_invalidation_fields() | {
            "partner_id",
            "resource_calendar_id",
        }
