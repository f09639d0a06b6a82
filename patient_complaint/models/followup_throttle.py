# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""How often the pages of complaints may be knocked at (design section 7)."""

from odoo import models

from odoo.addons.patient_followup.models.followup_throttle import LIMITS

LIMITS.setdefault("track", (20, 60))  # codes that open nothing, from one address


class FollowupThrottle(models.Model):
    _inherit = "followup.throttle"
