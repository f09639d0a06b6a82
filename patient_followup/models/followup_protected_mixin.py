# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import models


class FollowupProtectedMixin(models.AbstractModel):
    """Fields written in clear and read masked (I-3, D-9)."""

    _name = "followup.protected.mixin"
    _description = "Protected Fields"
