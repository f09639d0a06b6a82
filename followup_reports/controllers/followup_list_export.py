# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
import json

from odoo.http import content_disposition, request
from odoo.tools import osutil

from odoo.addons.web.controllers.export import ExcelExport


class FollowupListExport(ExcelExport):
    """Lists of our addons leave Odoo's own export as our workbooks (section 5).

    What is exported for importing it again keeps Odoo's plain form.
    """

    def base(self, data):
        """Return the file of the list a client shows or selected."""
        params = json.loads(data)
        model = params["model"]
        rows = request.env[model] if model in request.env else None
        if rows is None or params.get("import_compat") or not self._is_ours(rows):
            return super().base(data)
        rows = rows.with_context(**params.get("context") or {})
        columns = [row for row in params["fields"] if row["name"] not in ("id", ".id")]
        groups = params.get("groupby") or [""]
        content = (
            request.env["followup.report.list"]
            .with_context(**rows.env.context)
            ._write_xlsx(
                self._find_rows(rows, params),
                [column["name"] for column in columns],
                [column["label"] for column in columns],
                by_department=groups[0] == "department_id",
            )
        )
        name = osutil.clean_filename(self.filename(model) + self.extension)
        return request.make_response(
            content,
            headers=[
                ("Content-Disposition", content_disposition(name)),
                ("Content-Type", self.content_type),
                ("Cache-Control", "no-store"),
                ("X-Content-Type-Options", "nosniff"),
            ],
        )

    @staticmethod
    def _is_ours(rows):
        return rows._name.startswith(rows._followup_prefixes())

    @staticmethod
    def _find_rows(rows, params):
        """Return what the reader sees of the rows he selected, in their order."""
        ids = params.get("ids")
        if not ids:
            return rows.search(params.get("domain") or [])
        seen = set(
            rows.with_context(active_test=False).search([("id", "in", ids)])._ids
        )
        return rows.browse(id_ for id_ in ids if id_ in seen)
