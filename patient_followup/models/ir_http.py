# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from werkzeug.exceptions import BadRequest

from odoo import models
from odoo.http import request


class IrHttp(models.AbstractModel):
    _inherit = "ir.http"

    @classmethod
    def _pre_dispatch(cls, rule, args):
        """Refuse files, and tokens of forms that are none, on our public routes.

        Core compares them as plain words and breaks: a stranger could fill the log.
        """
        result = super()._pre_dispatch(rule, args)
        checked = rule.endpoint.routing.get("csrf")
        if checked and rule.rule.startswith("/followup/"):
            sent = request.httprequest
            if sent.files or not sent.form.get("csrf_token", "").isascii():
                raise BadRequest()
        return result
