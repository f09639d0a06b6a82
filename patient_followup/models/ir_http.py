# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import models

from ..tools import public_route


class IrHttp(models.AbstractModel):
    _inherit = "ir.http"

    @classmethod
    def _pre_dispatch(cls, rule, args):
        """Refuse what no visitor's browser sends to the patient's pages."""
        result = super()._pre_dispatch(rule, args)
        public_route.check(rule, "/followup")
        return result
