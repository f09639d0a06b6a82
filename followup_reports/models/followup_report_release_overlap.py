# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""What a published report tells together with those published before (Y-10)."""

from odoo import api, fields, models
from odoo.exceptions import UserError

from ..report.followup_report_task_summary import LEAST
from ..tools.overlap import count_few
from .followup_report_release import FollowupReportRelease as Release


class FollowupReportRelease(models.Model):
    _inherit = "followup.report.release"

    told = fields.Json(
        string="Figures Shown",
        readonly=True,
        help="Ids of the figures it shows, by report: its own and the one before.",
    )
    left_out_count = fields.Integer(
        string="Left Out Besides",
        readonly=True,
        help="Figures that would tell of fewer than five patients beside reports"
        " released before.",
    )
    checked_at = fields.Datetime(string="Checked against Others", readonly=True)
    replaces_id = fields.Many2one(
        "followup.report.release",
        string="Version Replaced",
        compute="_compute_replaces_id",
    )
    changed_count = fields.Integer(
        string="Changed by Few",
        compute="_compute_replaces_id",
        help="Figures that differ by fewer than five from what readers see now.",
    )

    _guarded_fields = Release._guarded_fields | {
        "told",
        "left_out_count",
        "checked_at",
    }

    @api.depends("state", "run_id", "audience")
    def _compute_replaces_id(self):
        for row in self:
            waits = row.state == "proposed"
            # sudo: which version readers see now
            older = row.sudo()._find_replaced() if waits else row.browse()
            row.replaces_id = older[:1]
            # sudo: how many figures differ, none of them
            runs = (row.run_id | older.run_id).sudo()
            figures = runs._get_figures() if older else {}
            row.changed_count = older and count_few(
                figures[row.run_id.id], figures[older[:1].run_id.id], LEAST
            )

    def _find_replaced(self):
        """Return what readers of this see of another version."""
        self.ensure_one()
        run = self.run_id
        return self.search(
            [
                ("state", "=", "released"),
                ("audience", "=", self.audience),
                ("run_id", "!=", run.id),
                ("run_id.company_id", "=", run.company_id.id),
                ("run_id.code", "=", run.code),
                ("run_id.period_kind", "=", run.period_kind),
                ("run_id.date_from", "=", run.date_from),
                ("run_id.basis", "=", run.basis),
                ("run_id.department_id", "=", run.department_id.id),
            ]
        )

    def _get_told(self):
        """Return {run id: ids of its figures shown}.

        Of a release older than this list, all that its report does not mark as few.
        """
        if self.told:
            return {int(run_id): ids for run_id, ids in self.told.items()}
        # sudo: where figures stand, none of their values
        lines = self.env["followup.report.line"].sudo()
        shown = [("run_id", "=", self.run_id.id), ("is_small", "=", False)]
        return {self.run_id.id: lines.search(shown).ids}

    def _get_candidates(self, run_id, figures, ids):
        """Return of which figures those shown were chosen.

        Of the period before single figures stand beside; nothing else of it was
        kept back there.
        """
        if run_id == self.run_id.id:
            return figures
        return [figure for figure in figures if figure.id in set(ids)]

    def action_release(self):
        """Check each against what was released meanwhile, and replace its version."""
        self._check_leader()
        result = None
        for row in self:
            row._check_told()
            # sudo: the role was checked; the version before is taken off the pages
            replaced = row.sudo()._find_replaced()
            result = super(FollowupReportRelease, row).action_release()
            replaced._set(state="withdrawn")
        return result

    def _check_told(self):
        """Refuse a proposal that reports released since would turn into few.

        :raises UserError: it is to be proposed again
        """
        # sudo: the role was checked. All proposals of the hospital are touched: of
        # two releases at once the later one is repeated and sees the earlier
        waiting = [("company_id", "=", self.company_id.id), ("state", "=", "proposed")]
        waiting = self.sudo().search(waiting)
        waiting._guarded().write({"checked_at": fields.Datetime.now()})
        waiting.flush_recordset()
        # sudo: figures are compared, none is shown
        runs = self.run_id.sudo()
        known = runs._get_known_sheets()
        told = self.sudo()._get_told()
        lines = self.env["followup.report.line"].sudo()
        for run_id, ids in told.items():
            run = runs.browse(run_id)
            figures = self._get_candidates(run_id, run._get_figures()[run_id], ids)
            if run._find_telling(lines.browse(ids), known, figures):
                told = {}
        if not told:
            raise UserError(
                self.env._(
                    "Other reports of these days were released meanwhile, and beside"
                    " them this one would tell of fewer than five patients. Propose"
                    " it again: what would tell is left out."
                )
            )
