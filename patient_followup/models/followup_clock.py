# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import models


class FollowupClock(models.AbstractModel):
    """The one working-time clock (I-6, design section 9)."""

    _name = "followup.clock"
    _description = "Working-Time Clock"
