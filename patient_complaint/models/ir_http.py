# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from werkzeug.exceptions import BadRequest

from odoo import models
from odoo.http import request


class IrHttp(models.AbstractModel):
    _inherit = "ir.http"

    @classmethod
    def _pre_dispatch(cls, rule, args):
        """Refuse files where none belong, and tokens of forms that are none.

        Core compares them as plain words and breaks: a stranger could fill the log.
        """
        result = super()._pre_dispatch(rule, args)
        routing = rule.endpoint.routing
        if routing.get("csrf") and rule.rule.startswith("/complaint/"):
            sent = request.httprequest
            token = sent.form.get("csrf_token", "")
            if not token.isascii() or (sent.files and not routing.get("takes_files")):
                raise BadRequest()
        return result
