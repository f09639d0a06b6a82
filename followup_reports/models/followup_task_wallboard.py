# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import models

from odoo.addons.patient_followup.models.followup_task import PENDING_SQL


class FollowupTask(models.Model):
    """What the wallboard counts is counted in an index, without reading rows."""

    _inherit = "followup.task"

    _wallboard_idx = models.Index(
        f"(company_id, date_due) WHERE kind <> 'verification' AND {PENDING_SQL}"
    )
    _wallboard_callback_idx = models.Index(
        f"(company_id, callback_at) WHERE callback_at IS NOT NULL AND {PENDING_SQL}"
    )
