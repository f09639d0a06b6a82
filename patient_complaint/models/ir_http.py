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
            # where files belong, they stand in the one field for them
            taken = {"files"} if routing.get("takes_files") else set()
            if not token.isascii() or set(sent.files) - taken:
                raise BadRequest()
        return result
