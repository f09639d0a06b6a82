# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""How often the pages of complaints may be knocked at (design section 7)."""

from odoo import models

from odoo.addons.patient_followup.models.followup_throttle import LIMITS

LIMITS.setdefault("track", (20, 60))  # codes that open nothing, from one address
LIMITS.setdefault("mail", (20, 120))  # mails of one case
LIMITS.setdefault("form", (30, 60))  # forms sent from one address: a ward shares one
LIMITS.setdefault("form_once", (1, 60 * 24))  # one form sends one case


class FollowupThrottle(models.Model):
    _inherit = "followup.throttle"
