# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Reports with days in common give no figure of few away together (I-11, Y-10).

Published is checked against all that was ever released, what leaders read against
all reports of the hospital. The reckoning is `tools/overlap.py`.
"""

from odoo import models
from odoo.exceptions import ConcurrencyError
from odoo.fields import Domain
from odoo.tools import SQL

from ..report.followup_report_task_summary import LEAST
from ..tools.overlap import WHOLE, Figure, Sheet, find_telling
from .followup_report_line import POINTS

# words and work of persons: not published, or no figures
APART = ("employees", "suggestions")
# figures of follow-up, which depend on what is counted (`basis`)
BUCKETS = ("discharged", "due", "excluded", "ended", "unplanned", "pending", "base")
RATES = ("coverage", "effective", "on_time", "unreachable", "refused")
FACTS = (*BUCKETS, *RATES, "complete", "planned")
# what they count, where another figure counts the same
COUNTED = {
    "coverage": "tried",
    "complete": "effective",
    "connect": "reached",
    "complaints": "cases",
    "praise": "opinions",
}
OF = {
    **dict.fromkeys(RATES, "base"),
    "connect": "attempts",
    "wrong_number": "attempts",
    "satisfaction": "answers",
}
# the key under which another report counts the same
KEYS = {
    ("complaints", "complaints"): ("cases", "complaint"),
    ("score", "praise"): ("opinions", "praise"),
}
DAYS = ("close_median", "close_ninety")


def figure_of(line, people_only):
    """Return a line, as selected below, as a `Figure`.

    :param people_only: only whom it stands for, not what was counted of them
    """
    counted, of = line["numerator"], line["denominator"]
    kpi, name = line["kpi"], COUNTED.get(line["kpi"], line["kpi"])
    basis = line["basis"] if kpi in FACTS else ""
    numbers = []
    if of is not None:
        people = of / 100 if kpi in POINTS else of
        numbers.append(((OF.get(kpi, f"{kpi}:of"), basis), people))
    if kpi not in (*POINTS, *DAYS) and (of is None or not people_only):
        numbers.append(((name, basis), counted))
    key = (line["section"], line["key"]) if line["key"] else WHOLE
    key = KEYS.get((line["section"], kpi), key)
    # the total of a report of one department is of it and those below
    under = f"under {line['of_department']}" if line["of_department"] else WHOLE
    place = (line["level"] or WHOLE, line["department_id"] or under, key)
    return Figure(line["id"], place, tuple(numbers))


class FollowupReportRun(models.Model):
    _inherit = "followup.report.run"

    def _get_figures(self, people_only=False):
        """Return {run id: its `Figure`s}, without those of persons."""
        found = {run_id: [] for run_id in self.ids}
        if not self:
            return found
        self.env["followup.report.line"].flush_model()
        rows = self.env.execute_query_dict(
            SQL(
                """
                SELECT line.id, line.run_id, line.section, line.level, line.key,
                       line.department_id, line.kpi, line.numerator,
                       line.denominator, run.basis, run.department_id AS of_department
                  FROM followup_report_line line
                  JOIN followup_report_run run ON run.id = line.run_id
                 WHERE line.run_id IN %s AND line.has_data
                   AND line.section NOT IN %s
                """,
                tuple(self.ids),
                APART,
            )
        )
        for row in rows:
            found[row["run_id"]].append(figure_of(row, people_only))
        return found

    def _find_telling(self, shown, known, figures=None):
        """Return those of the figures shown that known reports turn into few.

        :param shown: lines of this report
        :param known: `Sheet`s readers know, the newest first
        """
        self.ensure_one()
        figures = self._get_figures()[self.id] if figures is None else figures
        ids = find_telling(
            self.date_from, self.date_to, figures, set(shown.ids), known, LEAST
        )
        return shown.browse(sorted(ids))

    # ------------------------------------------------------------
    # PUBLISHED
    # ------------------------------------------------------------

    def _get_known_sheets(self):
        """Return the `Sheet`s of all that was released, the newest first.

        What was withdrawn was read before.
        """
        # sudo: what was released, whoever asks
        released = self.env["followup.report.release"].sudo()
        rows = released.search(
            [
                ("company_id", "=", self.company_id.id),
                ("released_at", "!=", False),
            ],
            order="released_at desc, id desc",
        )
        # sudo: the reports they were made of
        runs = self.sudo().browse(
            {run_id for row in rows for run_id in row._get_told()}
        )
        figures = runs._get_figures()
        return [
            runs.browse(run_id)._as_sheet(
                row._get_candidates(run_id, figures[run_id], ids), set(ids)
            )
            for row in rows
            for run_id, ids in row._get_told().items()
        ]

    def _as_sheet(self, figures, shown):
        return Sheet.of(self.date_from, self.date_to, figures, shown)

    # ------------------------------------------------------------
    # LEADERS
    # ------------------------------------------------------------

    def _protect_lines(self):
        """Mark also what other reports of the same days would turn into few."""
        result = super()._protect_lines()
        self._follow_others()
        if runs := self._get_met() - self:
            self._protect_overlap(runs)
        return result

    def _get_met(self):
        """Return the reports of the hospital with days in common, the newest first."""
        return self.search(
            Domain("company_id", "=", self.company_id.id)
            & Domain("state", "=", "done")
            & Domain("date_from", "<=", self.date_to)
            & Domain("date_to", ">=", self.date_from),
            order="id desc",
        )

    def _follow_others(self):
        """Let reports of the same days be protected one after the other.

        Of two made at once neither would know the other: their difference would
        tell what each keeps back.

        :raises ConcurrencyError: one was made that this transaction cannot see; it
            is done again, and sees it
        """
        if not self.pool.ready:
            # nobody makes reports while the addons are installed
            return
        hospital = self.company_id.id
        key = f"followup.report.protect {hospital}"
        self.env.cr.execute(SQL("SELECT pg_advisory_xact_lock(hashtext(%s))", key))
        seen = self._get_met().ids
        with self.env.registry.cursor() as cr:
            cr.execute(
                SQL(
                    "SELECT FROM followup_report_run WHERE company_id = %s"
                    " AND state = 'done' AND date_from <= %s AND date_to >= %s"
                    " AND NOT id = ANY(%s) LIMIT 1",
                    *(hospital, self.date_to, self.date_from, seen),
                )
            )
            if cr.rowcount:
                raise ConcurrencyError("a report of these days was just made")

    def _protect_overlap(self, others):
        others |= self._get_beside(others)
        figures = (self | others)._get_figures(people_only=True)
        small = self._get_small(self | others)
        large = {
            run_id: {figure.id for figure in rows} - small
            for run_id, rows in figures.items()
        }
        known = [run._as_sheet(figures[run.id], large[run.id]) for run in others]
        shown = self.line_ids.browse(large[self.id])
        if telling := self._find_telling(shown, known, figures[self.id]):
            self._update_lines(
                SQL(
                    "UPDATE followup_report_line SET is_small = TRUE WHERE id IN %s",
                    tuple(telling.ids),
                )
            )

    def _get_beside(self, others):
        """Return what else lies in the days of longer reports, to subtract it."""
        return self.search(
            Domain("company_id", "=", self.company_id.id)
            & Domain("state", "=", "done")
            & Domain("date_from", ">=", min(others.mapped("date_from")))
            & Domain("date_to", "<=", max(others.mapped("date_to")))
            & Domain("id", "!=", self.id),
            order="id desc",
        )

    def _get_small(self, runs):
        rows = self.env.execute_query(
            SQL(
                "SELECT id FROM followup_report_line WHERE run_id IN %s AND is_small",
                tuple(runs.ids),
            )
        )
        return {row[0] for row in rows}
