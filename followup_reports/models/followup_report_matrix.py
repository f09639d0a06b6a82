# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""How the figures of a report are laid out: one matrix for all that print it."""

from odoo import api, fields, models

from odoo.addons.patient_followup.report.document_words import DocumentWords
from odoo.addons.patient_followup.tools.choices import choices_of

from ..tools.book import write_matrix
from ..tools.matrix import SMALL_TEXT, Matrix
from .followup_report_page import Page

# they count stays or contacts; the others count by their own days
WITH_BASIS = ("bulletin", "half_month", "scorecard")
# columns of the sections of the bulletin
FOLLOW_UP = ("excluded", "ended", "unplanned", "pending", "base", "coverage")
FOLLOW_UP += ("effective", "on_time", "unreachable", "refused")
LAYOUTS = {
    "bulletin": (
        "_table_follow_up",
        "_table_class",
        "_table_attempts",
        "_table_reasons",
        "_table_satisfaction",
        "_table_verification",
        "_table_opinions",
        "_table_outcome",
        "_table_hand_in",
        "_table_hours",
    )
}


class FollowupReportRun(models.Model):
    _inherit = "followup.report.run"

    matrix_html = fields.Html(
        string="Page", compute="_compute_matrix_html", sanitize=False
    )

    @api.depends_context("uid", "lang")
    def _compute_matrix_html(self):
        for run in self:
            values = {"matrix": run._get_matrix(), "on_screen": True}
            run.matrix_html = self.env["ir.qweb"]._render(
                "followup_reports.matrix_body", values
            )

    # ------------------------------------------------------------
    # MATRIX
    # ------------------------------------------------------------

    def _get_matrix(self, published=False, page=None):
        """Return the `Matrix` of one report, as its reader may see it.

        :param published: for everybody: no figure of fewer than five (I-11)
        :param page: its figures, if they were chosen already
        """
        self.ensure_one()
        self.check_access("read")
        page = page or Page(self, published)
        tables = []
        for name in LAYOUTS.get(self.code, ()):
            tables += [table for table in getattr(self, name)(page) if table.rows]
        for table in tables:
            table.chart = self._get_chart(table)
        return Matrix(
            title=self._get_title(),
            subtitle=self._get_subtitle(),
            facts=self._get_facts(),
            sentences=self._get_sentences(page),
            tables=tables,
            definitions=[*self._explain_small(tables), *page.get_definitions(tables)],
        )

    def _explain_small(self, tables):
        """Say below each table what its sign means; return it as a definition."""
        text = self.env._(
            "Kept back: fewer than five, or a figure that would give them away."
        )
        few = [table for table in tables if table.holds_back]
        for table in few:
            table.note = f"{SMALL_TEXT} {text}"
        return [(SMALL_TEXT, text)] if few else []

    def _get_title(self):
        labels = dict(self._fields["code"]._description_selection(self.env))
        return labels[self.code]

    def _get_subtitle(self):
        text = self.env._(
            "%(period)s, %(first)s to %(last)s",
            period=self.period,
            first=self.date_from,
            last=self.date_to,
        )
        return f"{text}, {self.department_id.name}" if self.department_id else text

    def _get_facts(self):
        """Return what identifies the report: [(label, text)]."""
        words = DocumentWords(self.env)
        # sudo: the names of the hospital and of whoever made the report
        run = self.sudo()
        basis = [(self.env._("Counted are"), words.label(self, "basis"))]
        return [
            (self.env._("Hospital"), run.company_id.name),
            *(basis if self.code in WITH_BASIS else []),
            (self.env._("Figures as of"), words.moment(run.company_id, run.cutoff)),
            (self.env._("Made by"), run.computed_by_id.name),
            (self.env._("Version"), str(run.version)),
            (self.env._("Digest"), run.figures_digest),
        ]

    def _get_sentences(self, page):
        """Return what changed and where to look, in words; extension point."""
        return []

    # ------------------------------------------------------------
    # TABLES OF THE BULLETIN
    # ------------------------------------------------------------

    def _table_follow_up(self, page):
        """One table for each level, departments below each other."""
        total = "discharged" if self.basis == "discharge" else "due"
        for level, label in page.levels:
            goal = "coverage" if level == "2" else "effective"
            yield page.by_department(
                f"follow_up_{level}",
                self.env._("Follow-up, %(level)s", level=label),
                [
                    *page.columns(total, *FOLLOW_UP),
                    *page.goal_columns(goal),
                ],
                "follow_up",
                level=level,
            )

    def _table_class(self, page):
        labels = dict(choices_of("followup.encounter", "encounter_class")(self))
        for level, label in page.levels:
            yield page.by_key(
                f"class_{level}",
                self.env._("By class, %(level)s", level=label),
                self.env._("Class"),
                page.columns("base", "coverage", "effective", "on_time"),
                "class",
                labels,
                level=level,
            )

    def _table_attempts(self, page):
        for level, label in page.levels:
            yield page.by_department(
                f"attempts_{level}",
                self.env._("Reaching patients, %(level)s", level=label),
                page.columns("attempts", "connect", "wrong_number"),
                "attempts",
                level=level,
            )

    def _table_reasons(self, page):
        for level, label in page.levels:
            yield page.by_key(
                f"reasons_{level}",
                self.env._("Why not, %(level)s", level=label),
                self.env._("Reason"),
                page.columns("excluded", "unreachable", "refused", kind="count"),
                "reasons",
                {"none": self.env._("No reason given")},
                level=level,
            )

    def _table_satisfaction(self, page):
        yield page.by_department(
            "satisfaction",
            self.env._("Satisfaction by department"),
            page.columns("answers", "satisfaction"),
            "satisfaction",
        )
        yield page.by_key(
            "satisfaction_metric",
            self.env._("Satisfaction by question"),
            self.env._("Question"),
            page.columns("answers", "satisfaction"),
            "satisfaction",
            dict(choices_of("survey.question", "followup_metric")(self)),
        )

    def _table_verification(self, page):
        yield page.by_department(
            "verification",
            self.env._("Verification"),
            page.columns("sampled", "undecided", "truth", "not_followed"),
            "verification",
        )

    def _table_opinions(self, page):
        yield page.by_key(
            "opinions",
            self.env._("Opinions and praise"),
            self.env._("Kind"),
            page.columns("opinions"),
            "opinions",
            dict(choices_of("followup.concern", "kind")(self)),
        )

    def _table_outcome(self, page):
        yield page.by_department(
            "outcome",
            self.env._("Readmissions"),
            page.columns("readmission"),
            "outcome",
        )

    def _table_hand_in(self, page):
        yield page.by_department(
            "hand_in",
            self.env._("Half-month tables"),
            page.columns("hand_in", "hand_in_on_time"),
            "hand_in",
        )

    # ------------------------------------------------------------
    # OUT
    # ------------------------------------------------------------

    def _get_xlsx(self):
        """Return the report as XLSX, as its reader may see it."""
        words = {
            "summary": self.env._("Report"),
            "definitions": self.env._("Definitions"),
            "figure": self.env._("Figure"),
            "meaning": self.env._("What it means"),
            "section": self.env._("Section"),
            "value": self.env._("Value"),
            "counted": self.env._("Counted"),
            "of": self.env._("Of"),
        }
        return write_matrix(self._get_matrix(), words)

    def _get_file_name(self):
        return f"{self.code}-{self.period}-v{self.version}.xlsx"

    def action_download(self):
        """Download the report as a spreadsheet."""
        self.ensure_one()
        self.check_access("read")
        return {
            "type": "ir.actions.act_url",
            "url": f"/followup/report/{self.id}/xlsx",
            "target": "download",
        }

    def action_print(self):
        """Print the report as a PDF."""
        self.ensure_one()
        self.check_access("read")
        # sudo: the definition of the document; what it prints is checked there
        report = self.env.ref("followup_reports.followup_report_run_report").sudo()
        return report.report_action(self)
