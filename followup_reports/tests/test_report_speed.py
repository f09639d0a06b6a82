# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Dashboards and the wallboard read by indexes, and read the same (section 6)."""

from datetime import date, datetime, timedelta
from unittest.mock import patch
from zoneinfo import ZoneInfo

from odoo.tests import freeze_time, tagged
from odoo.tools import SQL

from .common import ReportCommon

ZONES = ("Asia/Shanghai", "Pacific/Kiritimati", "Pacific/Pago_Pago")
FIRST, LAST = date(2026, 3, 9), date(2026, 3, 11)


@tagged("post_install", "-at_install")
class TestReportSpeed(ReportCommon):
    def _explain(self, records, domain):
        """Return the plan of counting these rows, where reading all is no choice."""
        query = records._search(domain)
        self.env.cr.execute("SET LOCAL enable_seqscan = off")
        self.env.cr.execute("SET LOCAL enable_bitmapscan = off")
        rows = self.env.execute_query(
            SQL("EXPLAIN %s", query.select(SQL("COUNT(*)"), SQL("MIN(1)")))
        )
        return "\n".join(line for [line] in rows)

    def _multiply(self, row, columns, **made):
        """Copy these columns of a row so often that an index is worth its while.

        `made` are columns in SQL, told apart by the number `n` of the copy.
        """
        self.env.flush_all()
        names = SQL(", ").join(map(SQL.identifier, columns))
        table = SQL.identifier(row._table)
        self.env.cr.execute(
            SQL(
                "INSERT INTO %s (%s, %s) SELECT %s, %s FROM %s,"
                " generate_series(1, 3000) n WHERE id = %s",
                table,
                names,
                SQL(", ").join(map(SQL.identifier, made)),
                names,
                SQL(", ").join(map(SQL, made.values())),
                table,
                row.id,
            )
        )
        self.env.cr.execute(SQL("ANALYZE %s", table))

    def _plan_many(self):
        """Plan calls of the coming weeks."""
        at = "now() + n * interval '1 hour'"
        self._multiply(
            self._due(self._stay("2026-03-01"), "2026-03-10"),
            [
                *("company_id", "department_id", "patient_id", "encounter_id", "kind"),
                *("name", "level", "method", "priority", "occurrence", "attempt_count"),
            ],
            state="'planned'",
            origin_key="'speed:' || n",
            date_earliest=at,
            date_due=at,
            date_deadline=at,
            due_day=f"({at})::date",
        )

    def test_the_wallboard_counts_in_indexes(self):
        self._plan_many()
        asked = []
        tasks = self.registry["followup.task"]
        count = tasks.search_count

        def spy(records, domain, *args, **kwargs):
            asked.append(domain)
            return count(records, domain, *args, **kwargs)

        board = self.env["followup.report.wallboard"].with_user(self.manager)
        board = board.with_company(self.company)
        with patch.object(tasks, "search_count", spy):
            board._get_tiles()
        rows = self.env["followup.task"].with_user(self.manager)
        plans = [self._explain(rows, domain) for domain in asked]
        for number, index in ((2, "wallboard_idx"), (3, "wallboard_callback_idx")):
            self.assertIn(f"followup_task_{index}", plans[number])

    def test_attempts_of_a_period_are_found_by_their_index(self):
        task = self._due(self._stay("2026-03-01"), "2026-03-10")
        self._multiply(
            self._attempt(task, "busy", "2026-03-10"),
            [
                *("task_id", "company_id", "department_id", "patient_id", "level"),
                *("direction", "method", "result", "user_id", "entered_at"),
            ],
            started_at="timestamp '2026-03-10' + (n - 1500) * interval '1 day'",
        )
        rows = self.env["followup.report.attempt"].with_user(self.manager)
        rows = rows.with_company(self.company)
        period = [("day", ">=", "2026-03-01"), ("day", "<=", "2026-03-31")]
        self.assertIn("followup_attempt_started_idx", self._explain(rows, period))

    def test_summaries_add_up_whole_months_from_the_first_asked_for(self):
        for day in range(1, 7):
            for month in ("2026-02", "2026-03"):
                stay = self._stay(f"{month}-01")
                self._due(stay, f"{month}-{day:02}")
        self.env.flush_all()
        rows = self.env["followup.report.task.summary"].with_user(self.leader)
        rows = rows.with_company(self.company)
        ward = [("department_id", "=", self.department_a.id)]
        february, march = date(2026, 2, 1), date(2026, 3, 1)
        with freeze_time("2026-05-10"):
            for domain, wanted in (
                ([], {february: 6, march: 6}),
                ([("month", ">=", "2026-02-01")], {february: 6, march: 6}),
                ([("month", ">=", "2026-02-04")], {march: 6}),
                ([("month", ">", february)], {march: 6}),
                ([("month", ">=", "today -2m")], {}),
                ([("month", ">=", "today -3m")], {march: 6}),
                (["|", ("month", ">", march), ("month", "=", february)], {february: 6}),
            ):
                with self.subTest(domain=domain):
                    found = rows.search([*ward, *domain])
                    self.assertEqual(
                        {row.month: row.base_count for row in found}, wanted
                    )
            # half a month would tell of few by the difference
            for forged in ("2026-03-04", date(2026, 3, 4)):
                found = rows.with_context(followup_since=forged).search(
                    [*ward, ("month", "=", march)]
                )
                self.assertEqual(found.base_count, 6)

    def test_days_are_those_of_the_hospital_in_every_zone(self):
        stay = self._stay("2026-03-01")
        task = self._due(stay, "2026-03-10")
        start = datetime(2026, 3, 7)
        moments = [start + timedelta(hours=hour) for hour in range(0, 144, 5)]
        made = {
            self._attempt(task, "busy", "2026-03-10", started_at=at).id: at
            for at in moments
        }
        self.env.flush_all()
        rows = self.env["followup.report.attempt"].with_user(self.manager)
        for zone in ZONES:
            self.company.resource_calendar_id.tz = zone
            self.env.flush_all()
            days = {
                id_: at.replace(tzinfo=ZoneInfo("UTC"))
                .astimezone(ZoneInfo(zone))
                .date()
                for id_, at in made.items()
            }
            for domain, wanted in (
                (
                    [("day", ">=", FIRST), ("day", "<=", str(LAST))],
                    lambda day: FIRST <= day <= LAST,
                ),
                (
                    [("day", ">", str(FIRST)), ("day", "<", LAST)],
                    lambda day: FIRST < day < LAST,
                ),
                (
                    ["|", ("day", "<", FIRST), ("day", ">", LAST)],
                    lambda day: not FIRST <= day <= LAST,
                ),
                (
                    ["!", ("day", ">=", LAST)],
                    lambda day: day < LAST,
                ),
            ):
                found = rows.search([("id", "in", list(made)), *domain])
                expected = {id_ for id_, day in days.items() if wanted(day)}
                with self.subTest(zone=zone, domain=domain):
                    self.assertEqual(set(found.ids), expected)

    def test_targets_beside_figures_are_those_in_force(self):
        targets = self.env["followup.target"]
        targets.search([]).active = False
        coverage = self.env["followup.kpi"].search([("code", "=", "coverage")])
        for level, department, value in (
            ("1", False, 90),
            ("1", self.department_b, 95.5),
            ("2", False, 70),
        ):
            targets.create(
                {
                    "kpi_id": coverage.id,
                    "level": level,
                    "department_id": department and department.id,
                    "value": value,
                    "company_id": self.company.id,
                }
            )
        tasks = {
            (letter, level): self._due(
                self._stay("2026-03-01", department), "2026-03-10", level=level
            )
            for letter, department in (
                ("a", self.department_a),
                ("b", self.department_b),
            )
            for level in ("1", "2")
        }
        self.env.flush_all()
        rows = self.env["followup.report.task"].with_user(self.manager)
        found = {
            key: rows.browse(task.id).read(["coverage_target", "effective_target"])[0]
            for key, task in tasks.items()
        }
        self.assertEqual(
            {key: row["coverage_target"] for key, row in found.items()},
            {("a", "1"): 90, ("a", "2"): 70, ("b", "1"): 95.5, ("b", "2"): 70},
        )
        self.assertFalse(any(row["effective_target"] for row in found.values()))
