# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""How the other reports are laid out, on the same lines (K-2, K-7, K-9, K-12)."""

from odoo import models

from odoo.addons.patient_followup.tools.choices import choices_of

from ..tools.matrix import Column, Table
from .followup_report_matrix import LAYOUTS

LAYOUTS["half_month"] = ("_table_follow_up", "_table_attempts", "_table_reasons")
LAYOUTS["satisfaction"] = ("_table_satisfaction", "_table_satisfaction_detail")
LAYOUTS["feedback"] = ("_table_opinions", "_table_cases", "_table_satisfaction")
LAYOUTS["scorecard"] = ("_table_score", "_table_employees")
LAYOUTS["complaints"] = (
    "_table_complaints",
    "_table_cases",
    "_table_severity",
    "_table_issues",
    "_table_clocks",
    "_table_causes",
    "_table_actions",
    "_table_campaigns",
)


class FollowupReportRun(models.Model):
    _inherit = "followup.report.run"

    def _table_satisfaction_detail(self, page):
        """One column for each question that was asked (K-7)."""
        labels = dict(choices_of("survey.question", "followup_metric")(self))
        asked = sorted({place[3] for place in page.places if place[3]})
        columns = [
            Column(
                f"satisfaction@{metric}",
                labels.get(metric, metric),
                "rate",
                self.env._("%(name)s: counted", name=labels.get(metric, metric)),
                self.env._("%(name)s: of", name=labels.get(metric, metric)),
            )
            for metric in asked
        ]
        title = self.env._("Satisfaction in detail")
        yield page.by_department("satisfaction_detail", title, columns, "satisfaction")

    def _table_hours(self, page):
        labels = {f"{hour:02}": f"{hour:02}:00" for hour in range(24)}
        columns = page.columns("attempts", "connect")
        title, subject = self.env._("Connect rate by hour"), self.env._("Hour")
        yield page.by_key("hours", title, subject, columns, "hours", labels)

    def _table_score(self, page):
        """The five dimensions of the assessment, and praise (V-11)."""
        columns = page.columns(
            *("planned", "coverage", "complete", "on_time"),
            *("answered_in_time", "call_quality", "praise"),
        )
        title = self.env._("Departments in five dimensions")
        yield page.by_department("score", title, columns, "score")

    def _table_employees(self, page):
        columns = page.columns("completed", "complete", "on_time", "call_quality")
        title, subject = self.env._("Callers"), self.env._("Caller")
        yield page.by_key("employees", title, subject, columns, "employees", {})

    # ------------------------------------------------------------
    # COMPLAINTS
    # ------------------------------------------------------------

    def _table_complaints(self, page):
        yield page.by_department(
            "complaints",
            self.env._("Complaints by department"),
            [
                *page.columns("complaints", "closed", "open_cases", "close_median"),
                *page.columns("close_ninety", "upheld", "recurrence"),
                *page.columns("complaint_satisfaction", "disputes"),
                Column("previous:complaints", self.env._("Before"), "count"),
            ],
            "complaints",
        )

    def _table_cases(self, page):
        labels = dict(choices_of("complaint.case", "kind")(self))
        title, subject = self.env._("Cases by kind"), self.env._("Kind")
        yield self._by_key(page, title, subject, "cases", "cases", labels)

    def _table_severity(self, page):
        labels = dict(choices_of("complaint.case", "severity")(self))
        labels["none"] = self.env._("Not assessed")
        title = self.env._("Complaints by severity")
        subject = self.env._("Severity")
        yield self._by_key(page, title, subject, "severity", "complaints", labels)

    def _table_issues(self, page):
        title, subject = self.env._("Issues by category"), self.env._("Category")
        yield self._by_key(page, title, subject, "issues", "issues", {})

    def _table_clocks(self, page):
        labels = dict(choices_of("complaint.clock", "kind")(self))
        title, subject = self.env._("Punctuality by clock"), self.env._("Clock")
        yield self._by_key(page, title, subject, "clocks", "punctual", labels)

    def _table_causes(self, page):
        """Pareto: the most frequent first."""
        table = page.by_key(
            "causes",
            self.env._("Causes, the most frequent first"),
            self.env._("Cause"),
            page.columns("causes", "pareto"),
            "causes",
            {},
        )
        table.rows.sort(key=lambda row: (row.cells[1].value or 0, row.label))
        yield table

    def _table_actions(self, page):
        yield page.by_department(
            "actions",
            self.env._("Rectification"),
            page.columns("actions", "actions_done", "actions_effective"),
            "actions",
        )

    def _table_campaigns(self, page):
        title = self.env._("Problems that recur: campaigns proposed")
        subject = self.env._("Category")
        yield self._by_key(page, title, subject, "campaigns", "campaigns", {})

    def _by_key(self, page, title, subject, section, kpi, labels) -> Table:
        columns = page.columns(kpi)
        if not page.words[kpi][3] or kpi == "issues":
            columns.append(Column(f"previous:{kpi}", self.env._("Before"), "number"))
        table = page.by_key(section, title, subject, columns, section, labels)
        if not labels:  # the most frequent first
            table.rows.sort(key=lambda row: -(row.cells[0].value or 0))
        return table
