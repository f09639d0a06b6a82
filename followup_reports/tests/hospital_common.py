# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""March 2026 of two wards, small enough to be reckoned by hand."""

from datetime import date

from odoo.tests import freeze_time
from odoo.tools import SQL

from .common import ReportCommon

# Sunday 5 April 2026, 08:00 in Shanghai
REPORT_DAY = "2026-04-05 00:00:00"


class SmallHospitalCase(ReportCommon):
    """Ward A has nine discharges of March, ward B two.

    A1 on the first minute of March by the hospital's clock (still February in UTC),
    A8 in its last half hour; A10 in the first minutes of April (still March in UTC).
    """

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        with freeze_time(REPORT_DAY):
            cls._fill_ward_a()
            cls._fill_ward_b()
            cls.env.flush_all()

    @classmethod
    def _fill_ward_a(cls):
        cls.a1 = cls._stay("2026-03-01", hour=0.5)
        task = cls._done(cls._due(cls.a1, "2026-03-04"), "2026-03-03")
        cls._attempt(task, "reached", "2026-03-03")
        cls._due(cls.a1, "2026-03-20")  # a later contact of the same level
        cls._due(cls.a1, "2026-03-14", level="2")
        a2 = cls._due(cls._stay("2026-03-10"), "2026-03-13")
        cls._done(a2, "2026-03-14")
        cls.a3 = cls._due(cls._stay("2026-03-12"), "2026-03-15")
        cls._attempt(cls.a3, "no_answer", "2026-03-14")
        cls._attempt(cls.a3, "no_answer", "2026-03-31", 23.8)
        cls._attempt(cls.a3, "no_answer", "2026-04-01", 0.2)  # April
        reason = cls.env.ref("patient_followup.followup_reason_no_answer")
        vals = {"state": "unreachable", "attempt_count": 3, "reason_id": reason.id}
        cls._write(cls.a3, **vals)
        a4 = cls._due(cls._stay("2026-03-15"), "2026-03-18")
        cls._attempt(a4, "refused", "2026-03-17")
        cls._write(a4, state="refused", attempt_count=1)
        cls._due(cls._stay("2026-03-16"), "2026-03-19")  # nobody called
        cls._due(cls._stay("2026-03-17", excluded=True), "2026-03-20")
        cls._stay("2026-03-18")  # no protocol fits
        cls._due(cls._stay("2026-03-31", hour=23.5), "2026-04-07")
        a9 = cls._due(cls._stay("2026-03-20"), "2026-03-23")
        cls._write(a9, state="cancelled")
        cls._due(cls._stay("2026-04-01", hour=0.1), "2026-04-04")

    @classmethod
    def _fill_ward_b(cls):
        b1 = cls._due(cls._stay("2026-03-05", cls.department_b), "2026-03-08")
        cls._attempt(b1, "wrong_number", "2026-03-07", 9)
        cls._attempt(b1, "reached", "2026-03-07", 15)
        cls._done(b1, "2026-03-07")
        b2 = cls._due(cls._stay("2026-03-06", cls.department_b), "2026-03-09")
        # reached, but the questionnaire of the step was never answered
        survey = cls.env["survey.survey"].search(
            [("survey_type", "=", "followup")], limit=1
        )
        protocol = cls._protocol([{"survey_id": survey.id}])
        cls._write(b2, step_id=protocol.step_ids.id)
        cls._done(b2, "2026-03-08")

    def _ward(self, letter):
        wards = {"a": self.department_a, "b": self.department_b}
        return wards.get(letter, self.env["hr.department"])

    def _answer(self, ward, metric, points, day):
        """Insert a finished answer as the engine keeps it."""
        survey = self.env["survey.survey"].search(
            [("survey_type", "=", "followup"), ("question_and_page_ids", "!=", False)],
            limit=1,
        )
        values = {
            "survey_id": survey.id,
            "followup_company_id": self.company.id,
            "followup_department_id": self._ward(ward).id,
            "followup_level": "1",
            "followup_day": day,
        }
        token = f"{self.id()} {self.env.cr.now()} {next(self._numbers)}"
        rows = self._insert("survey_user_input", {**values, "access_token": token})
        values.update(
            user_input_id=rows[0][0],
            question_id=survey.question_and_page_ids[-1:].id,
            followup_metric=metric,
            followup_is_scored=points is not None,
            followup_score=points,
        )
        self._insert("survey_user_input_line", values)

    def _insert(self, table, values):
        return self.env.execute_query(
            SQL(
                "INSERT INTO %s (%s) VALUES %s RETURNING id",
                SQL.identifier(table),
                SQL(", ").join(map(SQL.identifier, values)),
                tuple(values.values()),
            )
        )

    def _produce(self, code="bulletin", kind="month", day="2026-03-15", **kwargs):
        """Return a report made by the centre manager on REPORT_DAY."""
        user = kwargs.pop("user", self.manager)
        runs = self.env["followup.report.run"].with_user(user)
        with freeze_time(kwargs.pop("at", REPORT_DAY)):
            run = runs.with_company(self.company)._produce(
                code, kind, date.fromisoformat(day), **kwargs
            )
            self.env.flush_all()
        return run

    def _figures(self, run, section, level=None, department=None, key=None):
        """Return {key figure: number, or (numerator, denominator)} of one row."""
        lines = run.sudo().line_ids.filtered(
            lambda line: (
                line.section == section
                and (line.level or None) == level
                and line.department_id == (department or line.department_id.browse())
                and (line.key or None) == key
            )
        )
        return {
            line.kpi: (line.numerator, line.denominator)
            if self._is_rate(line)
            else line.numerator
            for line in lines
        }

    def _is_rate(self, line):
        units = {row.code: row.unit for row in self.env["followup.kpi"].search([])}
        # reasons are numbers of the same figures
        return units[line.kpi] == "percent" and line.section != "reasons"
