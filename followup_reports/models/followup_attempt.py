# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import models


class FollowupAttempt(models.Model):
    """Attempts of a month are found without reading all of them."""

    _inherit = "followup.attempt"

    _report_idx = models.Index("(company_id, started_at)")
