# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Which tables have a chart, and of what (section 2)."""

from markupsafe import Markup

from odoo import models

from ..tools import svg

# table: the column that is drawn
CHARTS = {
    "follow_up_1": "effective",
    "follow_up_2": "coverage",
    "attempts_1": "connect",
    "satisfaction": "satisfaction",
    "satisfaction_metric": "satisfaction",
    "issues": "issues",
    "causes": "causes",
    "clocks": "punctual",
    "hours": "connect",
}


class FollowupReportRun(models.Model):
    _inherit = "followup.report.run"

    def _get_chart(self, table):
        """Return the chart of a table as SVG, or nothing where there is none.

        Drawn from the cells of the table, so it says what the table says.
        """
        keys = [column.key for column in table.columns]
        code = CHARTS.get(table.code)
        if code not in keys or len(table.rows) < 2:
            return None
        place = keys.index(code)
        rows = [
            (row.label, cell.value if cell.state == "data" else None, cell.text)
            for row in table.rows
            for cell in [row.cells[place]]
        ]
        is_rate = table.columns[place].kind == "rate"
        drawn = svg.bars(
            rows,
            target=self._get_chart_target(table, keys, code),
            full=100 if is_rate else None,
            unit="%" if is_rate else "",
        )
        return Markup(drawn)  # noqa: S704  (every text in it was escaped)

    def _get_chart_target(self, table, keys, code):
        """Return the target that all rows share, or None."""
        key = f"target:{code}"
        if key not in keys:
            return None
        cells = [row.cells[keys.index(key)] for row in table.rows]
        values = {cell.value for cell in cells if cell.state == "data"}
        return values.pop() if len(values) == 1 else None
