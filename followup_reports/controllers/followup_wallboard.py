# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import http
from odoo.http import request

ROLES = (
    "patient_followup.followup_group_centre_caller,"
    "patient_followup.followup_group_inspector"
)
REFRESH = 60  # seconds


class FollowupWallboard(http.Controller):
    """The centre's day in large figures, without a patient (section 1)."""

    @http.route("/followup/wallboard", type="http", auth="user", methods=["GET"])
    def wallboard(self, **_query):
        """Show the figures of the user's hospital; 404 for other roles."""
        if not request.env.user.has_groups(ROLES):
            raise request.not_found()
        board = request.env["followup.report.wallboard"]._get_tiles()
        values = {"tiles": board, "refresh": REFRESH}
        response = request.render("followup_reports.page_wallboard", values)
        response.headers["Cache-Control"] = "no-store"
        return response
