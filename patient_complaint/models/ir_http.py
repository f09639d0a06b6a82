# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from werkzeug.exceptions import BadRequest, RequestEntityTooLarge

from odoo import models
from odoo.http import request

from odoo.addons.patient_followup.tools import public_route

from ..controllers.complaint_public_base import ComplaintPublicBase

PATH = "/complaint"
# what a patient sees instead of a bare line: his form was too old, or too large
PAGES = {
    BadRequest: "complaint_public_again",
    RequestEntityTooLarge: "complaint_public_large",
}


class IrHttp(models.AbstractModel):
    _inherit = "ir.http"

    @classmethod
    def _pre_dispatch(cls, rule, args):
        """Refuse what no visitor's browser sends to the pages of complaints."""
        result = super()._pre_dispatch(rule, args)
        public_route.check(rule, PATH)
        return result

    @classmethod
    def _handle_error(cls, exception):
        """Say in the visitor's language what to do, where a browser shows it."""
        page = PAGES.get(type(exception))
        if page and request.httprequest.path.startswith(PATH):
            return ComplaintPublicBase()._say(page, exception.code)
        return super()._handle_error(exception)
