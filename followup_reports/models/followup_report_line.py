# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import api, fields, models
from odoo.exceptions import AccessError

from ..report.followup_report_task_summary import LEAST
from ..tools.matrix import Cell

# a hundred points are possible for each that is counted
POINTS = ("satisfaction", "recovery", "call_quality")


class FollowupReportLine(models.Model):
    """One figure of a report, with what it divides (I-11).

    Without a department it is the figure of the whole hospital. `is_small` marks
    what stands for fewer than five patients, and what would give that away.

    Access: heads the lines of their departments, centre managers and inspectors
    all of follow-up, leaders all that are not small. Nobody writes: rows are
    inserted by one statement when the report is computed.
    """

    _name = "followup.report.line"
    _description = "Figure of a Report"
    _order = "run_id, section, level, department_id, key, id"
    _rec_name = "kpi"
    _log_access = False

    run_id = fields.Many2one(
        "followup.report.run", required=True, index=True, ondelete="restrict"
    )
    company_id = fields.Many2one("res.company", required=True, readonly=True)
    code = fields.Char(required=True, readonly=True)
    section = fields.Char(required=True, readonly=True)
    department_id = fields.Many2one(
        "hr.department", index="btree_not_null", readonly=True, ondelete="restrict"
    )
    department_names = fields.Json(
        readonly=True, help="The names of the department when it was computed."
    )
    level = fields.Selection([("1", "Level 1"), ("2", "Level 2")], readonly=True)
    key = fields.Char(readonly=True, help="What else the figure is split by.")
    key_names = fields.Json(readonly=True)
    kpi = fields.Char(string="Figure", required=True, readonly=True)
    numerator = fields.Float(readonly=True, aggregator=None)
    denominator = fields.Float(string="Of", readonly=True, aggregator=None)
    value = fields.Float(readonly=True, aggregator=None)
    has_data = fields.Boolean(readonly=True)
    target = fields.Float(readonly=True, aggregator=None)
    has_target = fields.Boolean(readonly=True)
    previous = fields.Float(string="Period Before", readonly=True, aggregator=None)
    has_previous = fields.Boolean(readonly=True)
    rank = fields.Integer(readonly=True, aggregator=None)
    is_small = fields.Boolean(string="Fewer than Five", readonly=True)

    _figure_uniq = models.UniqueIndex(
        "(run_id, section, COALESCE(level, ''), COALESCE(department_id, 0),"
        " COALESCE(key, ''), kpi)",
        "A figure stands once in a report.",
    )

    @api.model_create_multi
    def create(self, vals_list):  # pylint: disable=method-required-super
        # lines are inserted by the engine's own statement, never from outside
        raise AccessError(self.env._("Figures are computed, never written."))

    def write(self, vals):  # pylint: disable=method-required-super
        # nothing is ever written, hence no call of super
        raise AccessError(self.env._("Figures are computed, never written."))

    @api.ondelete(at_uninstall=False)
    def _unlink_except_never(self):
        raise AccessError(self.env._("Figures of a report are never deleted."))

    # ------------------------------------------------------------
    # PRINT
    # ------------------------------------------------------------

    def _counts_few(self):
        """Tell whether a rate would show that one to four patients were counted."""
        is_points = self.kpi in POINTS
        return not is_points and self.denominator and 0 < self.numerator < LEAST

    def _as_cell(self, unit, lower_is_better=False, link=""):
        """Return the figure as a cell of the report.

        :param unit: of its key figure: count, percent or days
        :param link: where its rows are shown
        """
        if not self.has_data:
            return Cell(_kind(unit), state="none")
        mark = ""
        if self.has_target:
            reached = self.value >= self.target
            if lower_is_better:
                reached = self.value <= self.target
            mark = "good" if reached else "bad"
        return Cell(
            _kind(unit),
            self.value,
            self.numerator,
            self.denominator,
            mark=mark,
            link=link,
        )


def _kind(unit):
    return {"percent": "rate", "days": "number"}.get(unit, "count")
