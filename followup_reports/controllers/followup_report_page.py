# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from werkzeug.exceptions import TooManyRequests

from odoo import http
from odoo.http import request

from odoo.addons.patient_followup.tools import public_token

WAIT = 600  # seconds
PAGE = "followup_reports.page_bulletins"


class FollowupReportPage(http.Controller):
    """Released reports as pages: nothing but their words, no id, no form."""

    @http.route("/followup/bulletins", type="http", auth="user", methods=["GET"])
    def bulletins(self, **_query):
        """Show employees what was released for them and for everybody (K-8).

        Whoever logs in from outside is no employee: the same 404 as for no page.
        """
        if not request.env.user._is_internal():
            raise request.not_found()
        releases = request.env["followup.report.release"]
        companies = request.env.user.company_ids
        rows = releases._get_published(("internal", "public"), companies)
        return self._show(rows)

    @http.route("/followup/published", type="http", auth="public", methods=["GET"])
    def published(self, **_query):
        """Show visitors what was released for everybody (K-13).

        :raises TooManyRequests: too many visits from one network, as on all pages
        """
        visitor = public_token.network(request.httprequest.remote_addr)
        if not request.env["followup.throttle"]._hit("visit", visitor):
            raise TooManyRequests(retry_after=WAIT)
        releases = request.env["followup.report.release"]
        return self._show(releases._get_published(("public",)))

    def _show(self, rows):
        response = request.render(PAGE, {"rows": rows})
        response.headers["Cache-Control"] = "no-store"
        response.headers["X-Robots-Tag"] = "noindex"
        return response
