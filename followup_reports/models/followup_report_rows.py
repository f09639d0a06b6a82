# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""From a figure of a report to the rows it counts (section 1, I-11)."""

from odoo import models
from odoo.fields import Domain
from odoo.tools import SQL

TASK, STAY = "followup.report.task", "followup.encounter"
CASE = "followup.report.complaint"
# figures that count stays or follow-ups: the rows of a rate are all it is taken of
BUCKETS = {
    "discharged": SQL("TRUE"),
    "due": SQL("TRUE"),
    "excluded": SQL("bucket = 'excluded'"),
    "ended": SQL("bucket = 'ended'"),
    "unplanned": SQL("bucket = 'unplanned'"),
    "pending": SQL("bucket = 'pending'"),
    "base": SQL("bucket = 'base'"),
    "coverage": SQL("bucket = 'base'"),
    "effective": SQL("bucket = 'base'"),
    "on_time": SQL("bucket = 'base'"),
    "complete": SQL("bucket = 'base' AND state = 'done'"),
    "planned": SQL("level = '1' AND bucket != 'excluded'"),
    "unreachable": SQL("bucket = 'base' AND state = 'unreachable'"),
    "refused": SQL("bucket = 'base' AND state = 'refused'"),
}
# figures of complaints
CASES = {
    "complaints": SQL("received"),
    "upheld": SQL("received"),
    "recurrence": SQL("received"),
    "disputes": SQL("received AND disputed"),
    "closed": SQL("closed"),
    "close_median": SQL("closed"),
    "close_ninety": SQL("closed"),
    "complaint_satisfaction": SQL("closed AND satisfaction IS NOT NULL"),
    "open_cases": SQL("still_open"),
}
OF_STAYS = ("discharged", "excluded", "unplanned", "planned", "readmission")
# section: model and method of the rows behind its figures
SECTIONS = {
    "attempts": ("followup.report.attempt", "_rows_of_attempts"),
    "hours": ("followup.report.attempt", "_rows_of_attempts"),
    "satisfaction": ("followup.answer.report", "_rows_of_answers"),
    "opinions": ("followup.report.concern", "_rows_of_concerns"),
    "verification": ("followup.sample.line", "_rows_of_samples"),
    "outcome": (STAY, "_rows_of_readmissions"),
    "complaints": (CASE, "_rows_of_complaints"),
    "cases": (CASE, "_rows_of_cases"),
    "severity": (CASE, "_rows_of_cases"),
    "issues": (CASE, "_rows_of_cases"),
    "clocks": (CASE, "_rows_of_clocks"),
    "causes": (CASE, "_rows_of_cases"),
}
# model: the path of the list its rows are shown in
PATHS = {
    TASK: "figure-follow-ups",
    STAY: "figure-stays",
    CASE: "figure-cases",
    "followup.report.attempt": "figure-attempts",
    "followup.answer.report": "figure-answers",
    "followup.report.concern": "figure-opinions",
    "followup.sample.line": "figure-verifications",
}


class FollowupReportLine(models.Model):
    _inherit = "followup.report.line"

    def _get_rows_model(self):
        """Return the model of the rows behind a figure, or None."""
        self.ensure_one()
        if self.section in ("follow_up", "class", "reasons", "score"):
            if self.kpi == "praise":
                return "followup.report.concern"
            if self.kpi not in BUCKETS:
                return None
            return STAY if self.kpi in OF_STAYS else TASK
        return SECTIONS.get(self.section, (None,))[0]

    def _get_rows_url(self, readable):
        """Return where the rows behind a figure are shown, or nothing.

        :param readable: models of which the reader reads rows
        """
        model = self._get_rows_model()
        if model not in readable or not (self.numerator or self.denominator):
            return ""
        return f"/odoo/{self.id}/{PATHS[model]}"

    def _get_rows_domain(self, model):
        """Return the domain of the rows of a model behind a figure.

        The rows are those of today; the rules of the reader come on top.
        """
        self.ensure_one()
        if model != self._get_rows_model():
            return Domain.FALSE
        if self.section in SECTIONS:
            return getattr(self, SECTIONS[self.section][1])()
        if self.kpi == "praise":
            return self._rows_of_concerns()
        return self._rows_of_fact()

    # ------------------------------------------------------------
    # FOLLOW-UP
    # ------------------------------------------------------------

    def _rows_of_fact(self):
        """Rows of the very statement that was counted."""
        # sudo: the ids only; the rules of the model searched decide what is seen
        run = self.sudo().run_id
        column = "encounter_id" if self.kpi in OF_STAYS else "task_id"
        conditions = [BUCKETS[self.kpi], SQL("%s IS NOT NULL", SQL.identifier(column))]
        if self.level:
            conditions.append(SQL("level = %s", self.level))
        if self.department_id:
            conditions.append(SQL("department_id = %s", self.department_id.id))
        if self.section == "class":
            conditions.append(SQL("encounter_class = %s", self.key))
        if self.section == "reasons":
            conditions.append(self._sql_reason())
        run.env.flush_all()
        rows = self.env.execute_query(
            SQL(
                "SELECT DISTINCT %s FROM (%s) fact WHERE %s",
                SQL.identifier(column),
                run._sql_fact(),
                SQL(" AND ").join(conditions),
            )
        )
        return Domain("id", "in", [row[0] for row in rows])

    def _sql_reason(self):
        column = "exclusion_reason_id" if self.kpi == "excluded" else "reason_id"
        if self.key == "none":
            return SQL("%s IS NULL", SQL.identifier(column))
        return SQL("%s = %s", SQL.identifier(column), int(self.key))

    def _rows_of_readmissions(self):
        # sudo: as above
        run = self.sudo().run_id
        rows = self.env.execute_query(
            SQL(
                "SELECT id FROM (%s) seen WHERE again%s",
                run._sql_readmitted(),
                SQL(" AND department_id = %s", self.department_id.id)
                if self.department_id
                else SQL(),
            )
        )
        return Domain("id", "in", [row[0] for row in rows])

    def _within(self, column="day"):
        """Return the days of the period, and the department, as a domain."""
        run = self.run_id
        domain = Domain("company_id", "=", run.company_id.id)
        domain &= Domain(column, ">=", run.date_from) & Domain(
            column, "<=", run.date_to
        )
        return domain & self._of_department()

    def _of_department(self):
        if self.department_id:
            return Domain("department_id", "=", self.department_id.id)
        if self.run_id.department_id:
            return Domain("department_id", "child_of", self.run_id.department_id.id)
        return Domain.TRUE

    def _rows_of_attempts(self):
        domain = self._within()
        if self.level:
            domain &= Domain("level", "=", self.level)
        if self.section == "hours":
            domain &= Domain("hour", "=", self.key)
        if self.kpi == "wrong_number":
            domain &= Domain("wrong_count", "=", 1)
        return domain

    def _rows_of_answers(self):
        measured = Domain("metric", "like", "satisfaction")
        if self.key:
            measured = Domain("metric", "=", self.key)
        return self._within() & Domain("is_scored", "=", True) & measured

    def _rows_of_concerns(self):
        kind = "praise" if self.kpi == "praise" else self.key
        return self._within() & (Domain("kind", "=", kind) if kind else Domain.TRUE)

    def _rows_of_samples(self):
        start, end = self.run_id._get_bounds()
        drawn = Domain("sample_id.drawn_at", ">=", start)
        drawn &= Domain("sample_id.drawn_at", "<", end)
        drawn &= Domain("sample_id.company_id", "=", self.run_id.company_id.id)
        states = ("open", "judged", "appealed", "decided", "missed")
        return drawn & Domain("state", "in", states) & self._of_department()

    # ------------------------------------------------------------
    # COMPLAINTS
    # ------------------------------------------------------------

    def _rows_of_complaints(self):
        """Rows of the very statement that was counted."""
        # sudo: as above
        run = self.sudo().run_id
        run.env.flush_all()
        rows = self.env.execute_query(
            SQL(
                "SELECT id FROM (%s) found WHERE %s%s",
                run._sql_case(),
                CASES[self.kpi],
                SQL(" AND department_id = %s", self.department_id.id)
                if self.department_id
                else SQL(),
            )
        )
        return Domain("id", "in", [row[0] for row in rows])

    def _rows_of_cases(self):
        domain = self._within("received_day")
        if self.section == "cases":
            return domain & Domain("kind", "=", self.key)
        domain &= Domain("kind", "=", "complaint")
        if self.section == "severity":
            key = False if self.key == "none" else self.key
            return domain & Domain("severity", "=", key)
        path = "category_id" if self.section == "issues" else "cause_ids"
        return domain & Domain(f"case_id.issue_ids.{path}", "in", [int(self.key)])

    def _rows_of_clocks(self):
        start, end = self.run_id._get_bounds()
        due = Domain("deadline", ">=", start) & Domain("deadline", "<", end)
        if self.key:
            due &= Domain("kind", "=", self.key)
        domain = Domain("company_id", "=", self.run_id.company_id.id)
        domain &= Domain("kind", "=", "complaint") & self._of_department()
        return domain & Domain("case_id.clock_ids", "any", due)
