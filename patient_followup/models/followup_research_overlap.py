# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Two extracts of nearly the same stays tell by their difference who is new (R-6)."""

from dateutil.relativedelta import relativedelta

from odoo import api, fields, models
from odoo.exceptions import ValidationError
from odoo.fields import Domain

from .followup_research_export import MANAGER

OUT = ("approved", "ready", "expired")  # a copy may be out of the house


class FollowupResearchExport(models.Model):
    """Whole months only, and who approves sees what went out of them before."""

    _inherit = "followup.research.export"

    date_from = fields.Date(default=lambda self: self._default_month()[0])
    date_to = fields.Date(default=lambda self: self._default_month()[1])
    overlap_ids = fields.Many2many(
        "followup.research.export",
        string="Given Out Before",
        compute="_compute_overlap_ids",
        groups=MANAGER,
        help="Earlier exports of stays of the same months. Who has both files can"
        " compare them.",
    )

    @api.model
    def _default_month(self):
        """Return the first and the last day of the month before."""
        today = self.env["followup.clock"]._today(self.env.company)
        first = today.replace(day=1)
        return first - relativedelta(months=1), first - relativedelta(days=1)

    @api.depends("date_from", "date_to", "company_id")
    def _compute_overlap_ids(self):
        for export in self:
            export.overlap_ids = export._search_overlaps()

    def _search_overlaps(self):
        """Return what was given out of the same months, to whomever."""
        if not (self.date_from and self.date_to):
            return self.browse()
        domain = (
            Domain("company_id", "=", self.company_id.id)
            & Domain("state", "in", OUT)
            & Domain("date_from", "<=", self.date_to)
            & Domain("date_to", ">=", self.date_from)
            & Domain("id", "!=", self._origin.id)
        )
        return self.search(domain)

    @api.constrains("date_from", "date_to")
    def _check_whole_months(self):
        """A day more or less would show the stays of that day."""
        for export in self:
            today = self.env["followup.clock"]._today(export.company_id)
            after = export.date_to + relativedelta(days=1)
            if export.date_from.day != 1 or after.day != 1 or after > today:
                raise ValidationError(
                    self.env._(
                        "Choose whole months that are over: from the first day of a"
                        " month to the last day of one."
                    )
                )
