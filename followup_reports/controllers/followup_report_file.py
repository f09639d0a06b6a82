# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import http
from odoo.exceptions import AccessError, MissingError
from odoo.http import content_disposition, request

from ..models.followup_report_list import LISTS

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


class FollowupReportFile(http.Controller):
    @http.route(
        "/followup/report/<int:run_id>/xlsx", type="http", auth="user", methods=["GET"]
    )
    def xlsx(self, run_id, **_query):
        """Return a report as a spreadsheet; the same 404 for none and not yours.

        No right to export is asked for: it is the printed report in another form,
        the same fixed matrix without a patient, and who reads it may print it. It
        is logged as an export. A list holds rows and asks for the right.
        """
        run = request.env["followup.report.run"].browse(run_id).exists()
        try:
            content = run._get_xlsx() if run else None
        except (AccessError, MissingError):
            content = None
        if content is None:
            raise request.not_found()
        request.env["followup.access.log"]._log_export(run, ["xlsx"])
        return self._send(content, run._get_file_name())

    @http.route(
        "/followup/list/<string:name>/xlsx", type="http", auth="user", methods=["GET"]
    )
    def list_xlsx(self, name, **_query):
        """Return a whole list the reader sees; 404 for none and not yours."""
        if name not in LISTS:
            raise request.not_found()
        lists = request.env["followup.report.list"]
        try:
            content = lists._get_xlsx(name)
        except AccessError:
            raise request.not_found() from None
        return self._send(content, f"{name}.xlsx")

    def _send(self, content, name):
        return request.make_response(
            content,
            headers=[
                ("Content-Type", XLSX),
                ("Content-Disposition", content_disposition(name)),
                ("Cache-Control", "no-store"),
                ("X-Content-Type-Options", "nosniff"),
            ],
        )
