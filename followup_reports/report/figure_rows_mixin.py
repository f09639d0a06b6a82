# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import fields, models
from odoo.fields import Domain


class FollowupFigureRowsMixin(models.AbstractModel):
    """Rows that a figure of a frozen report leads to (I-11).

    Whoever opens them sees those of the rows he may see, as they are today.
    """

    _name = "followup.figure.rows.mixin"
    _description = "Rows Behind Figures"

    figure_id = fields.Many2one(
        "followup.report.line",
        string="Figure of a Report",
        compute="_compute_figure_id",
        search="_search_figure_id",
        export_string_translation=False,
    )

    def _compute_figure_id(self):
        self.figure_id = False

    def _search_figure_id(self, operator, value):
        """Find the rows behind figures that the reader may read."""
        if operator != "in":
            return NotImplemented
        wanted = [row for row in value if isinstance(row, int) and row]
        lines = self.env["followup.report.line"].search([("id", "in", wanted)])
        return Domain.OR(line._get_rows_domain(self._name) for line in lines)
