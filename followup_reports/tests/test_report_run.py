# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Every figure of the bulletin against a hospital reckoned by hand (K-4, V-1)."""

from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged
from odoo.tools import SQL

from .hospital_common import SmallHospitalCase

WARD_A = {
    "discharged": 9,
    "excluded": 1,
    "ended": 1,
    "unplanned": 1,
    "pending": 1,
    "base": 5,
    "coverage": (4, 5),
    "effective": (2, 5),
    "on_time": (1, 5),
    "unreachable": (1, 5),
    "refused": (1, 5),
}
WARD_B = {
    "discharged": 2,
    "excluded": 0,
    "ended": 0,
    "unplanned": 0,
    "pending": 0,
    "base": 2,
    "coverage": (2, 2),
    "effective": (1, 2),
    "on_time": (1, 2),
    "unreachable": (0, 2),
    "refused": (0, 2),
}
HOSPITAL = {
    "discharged": 11,
    "excluded": 1,
    "ended": 1,
    "unplanned": 1,
    "pending": 1,
    "base": 7,
    "coverage": (6, 7),
    "effective": (3, 7),
    "on_time": (2, 7),
    "unreachable": (1, 7),
    "refused": (1, 7),
}


@tagged("post_install", "-at_install")
class TestReportRun(SmallHospitalCase):
    def test_level_1_of_march_is_what_the_hand_reckons(self):
        run = self._produce()
        of = self._figures
        self.assertEqual(of(run, "follow_up", "1", self.department_a), WARD_A)
        self.assertEqual(of(run, "follow_up", "1", self.department_b), WARD_B)
        self.assertEqual(of(run, "follow_up", "1"), HOSPITAL)

    def test_discharged_is_the_sum_of_its_parts_at_both_levels(self):
        run = self._produce()
        parts = ("excluded", "ended", "unplanned", "pending", "base")
        for level in ("1", "2"):
            row = self._figures(run, "follow_up", level, self.department_a)
            with self.subTest(level=level):
                self.assertEqual(row["discharged"], sum(row[part] for part in parts))
        self.assertEqual(row["base"], 1)
        self.assertEqual(row["coverage"], (0, 1))

    def test_a_ward_without_level_2_has_no_figures_of_it_rather_than_zero(self):
        run = self._produce()
        self.assertFalse(self._figures(run, "follow_up", "2", self.department_b))

    def test_due_in_march_counts_each_contact(self):
        """A1 is due twice, A8 in April only, A10 too; A7 has no contact."""
        run = self._produce(basis="due")
        row = self._figures(run, "follow_up", "1", self.department_a)
        self.assertEqual(row["due"], 8)
        self.assertEqual(row["base"], 6)
        self.assertEqual(row["effective"], (2, 6))

    def test_the_pivot_says_what_the_frozen_report_says(self):
        """Section 6: live figures of a month are those of its report."""
        run = self._produce(basis="due")
        month = [
            ("company_id", "=", self.company.id),
            ("due_day", ">=", "2026-03-01"),
            ("due_day", "<=", "2026-03-31"),
        ]
        rates = ("coverage", "effective_rate", "on_time_rate")
        rows = (
            self.env["followup.report.task"]
            .with_user(self.manager)
            ._read_group(
                month,
                ["department_id", "level"],
                ["base_count:sum", *(f"{rate}:avg" for rate in rates)],
            )
        )
        self.assertEqual(len(rows), 3)
        for department, level, base, *values in rows:
            figures = self._figures(run, "follow_up", level, department)
            named = (figures[code] for code in ("coverage", "effective", "on_time"))
            with self.subTest(ward=department.name, level=level):
                self.assertEqual(base, figures["base"])
                for value, (count, of) in zip(values, named, strict=True):
                    self.assertAlmostEqual(value, 100 * count / of)

    def test_attempts_of_march_end_with_march_in_the_hospital(self):
        run = self._produce()
        row = self._figures(run, "attempts", "1", self.department_a)
        self.assertEqual(
            row, {"attempts": 4, "connect": (1, 4), "wrong_number": (0, 4)}
        )
        row = self._figures(run, "attempts", "1")
        self.assertEqual(
            row, {"attempts": 6, "connect": (2, 6), "wrong_number": (1, 6)}
        )

    def test_reasons_say_why(self):
        run = self._produce()
        reason = self.env.ref("patient_followup.followup_reason_no_answer")
        row = self._figures(run, "reasons", "1", key=str(reason.id))
        self.assertEqual(row, {"unreachable": 1})
        row = self._figures(run, "reasons", "1", key="none")
        self.assertEqual(row, {"excluded": 1, "refused": 1})

    def test_whoever_computes_it_the_month_is_the_hospitals(self):
        """K-4: the maker's own zone changes nothing."""
        first = self._produce()
        self.manager.tz = "America/New_York"
        self.manager.lang = "en_US"
        second = self._produce()
        self.assertEqual(first.figures_digest, second.figures_digest)

    def test_a_hospital_in_utc_has_other_months(self):
        """The same moments belong to other months where the clock is UTC."""
        self.company.resource_calendar_id.tz = "UTC"
        self.company.partner_id.tz = "UTC"
        moments = ("2026-02-28 16:30:00", "2026-03-31 16:10:00")
        stays = [
            self._encounter(discharge_date=at, admission_date="2026-02-20 04:00:00")
            for at in moments
        ]
        self.assertEqual(
            [str(stay.discharge_day) for stay in stays], ["2026-02-28", "2026-03-31"]
        )
        run = self._produce()
        # A3's try after midnight in Shanghai is still March here
        row = self._figures(run, "attempts", "1", self.department_a)
        self.assertEqual(row["attempts"], 5)

    def test_making_it_again_makes_a_new_version_and_keeps_the_old(self):
        first = self._produce()
        kept = first.sudo().line_ids.read(["kpi", "numerator", "denominator"])
        self._due(self._stay("2026-03-21"), "2026-03-24")
        second = self._produce()
        self.assertEqual((first.version, second.version), (1, 2))
        self.assertEqual(
            first.sudo().line_ids.read(["kpi", "numerator", "denominator"]), kept
        )
        row = self._figures(second, "follow_up", "1", self.department_a)
        self.assertEqual((row["discharged"], row["coverage"]), (10, (4, 6)))
        self.assertEqual((first.is_latest, second.is_latest), (False, True))

    def test_april_stands_beside_march_as_it_was_reported(self):
        march = self._produce()
        april = self._produce(day="2026-04-01", at="2026-05-05 00:00:00")
        self.assertEqual(april.previous_id, march)
        line = april.sudo().line_ids.filtered(
            lambda line: (
                line.kpi == "coverage"
                and line.section == "follow_up"
                and not line.department_id
                and line.level == "1"
            )
        )
        self.assertEqual(line.value, 0)
        self.assertAlmostEqual(line.previous, 100 * 6 / 7)
        self.assertTrue(line.has_previous)

    def test_targets_stand_beside_the_figures(self):
        """V-1: level 1 of inpatients 90 %; of classes the class's own."""
        target = self.env["followup.target"].create(
            {
                "kpi_id": self.env.ref("followup_reports.followup_kpi_effective").id,
                "level": "1",
                "department_id": self.department_a.id,
                "company_id": self.company.id,
                "value": 95,
            }
        )
        run = self._produce()
        lines = run.sudo().line_ids.filtered(
            lambda line: line.kpi == "effective" and line.level == "1"
        )
        found = {
            (line.section, line.department_id.name, line.key): line.target
            for line in lines
            if line.has_target
        }
        self.assertEqual(found["follow_up", "Ward A", False], target.value)
        self.assertEqual(found["class", False, "inpatient"], 90)
        # a ward without a target of its own has that of wards
        self.assertEqual(found["follow_up", "Ward B", False], 90)
        self.assertNotIn(("follow_up", False, False), found)

    def test_departments_are_ranked_by_each_rate(self):
        run = self._produce()
        lines = run.sudo().line_ids.filtered(
            lambda line: line.section == "follow_up" and line.level == "1"
        )
        ranks = {
            (line.kpi, line.department_id.name): line.rank
            for line in lines
            if line.department_id
        }
        self.assertEqual(ranks["coverage", "Ward B"], 1)
        self.assertEqual(ranks["coverage", "Ward A"], 2)
        # fewer unreachable is better
        self.assertEqual(ranks["unreachable", "Ward B"], 1)

    def test_a_period_that_has_not_begun_has_no_report(self):
        with self.assertRaises(UserError):
            self._produce(day="2026-05-01")

    # ------------------------------------------------------------
    # NEVER CHANGED
    # ------------------------------------------------------------

    def test_nobody_writes_figures_the_superuser_neither(self):
        run = self._produce().sudo()
        line = run.line_ids[:1]
        for call in (
            lambda: line.write({"numerator": 99}),
            lambda: line.unlink(),
            lambda: line.create({"run_id": run.id, "kpi": "base"}),
            lambda: run.write({"figures_digest": "x"}),
        ):
            with self.assertRaises(UserError):
                call()
        with self.assertRaises(UserError):
            run.unlink()

    def test_a_figure_changed_in_the_database_is_found(self):
        run = self._produce().sudo()
        self.assertEqual(run._check_seal(), "intact")
        self.env.cr.execute(
            SQL(
                "UPDATE followup_report_line SET numerator = numerator + 1"
                " WHERE run_id = %s AND kpi = 'base'",
                run.id,
            )
        )
        self.assertEqual(run._check_seal(), "altered")
        answer = run.with_user(self.manager).action_verify()
        self.assertEqual(answer["params"]["type"], "danger")

    def test_only_the_centre_and_inspectors_make_reports(self):
        for user in (self.head_a, self.leader, self.ward_a, self.specialist):
            with self.subTest(user=user.login), self.assertRaises(AccessError):
                self._produce(user=user)
        self.assertTrue(self._produce(user=self.inspector))

    def test_the_digest_enters_the_chain_of_seals(self):
        """I-5: a run is linked as every other sealed record."""
        run = self._produce().sudo()
        count = self.env["followup.seal"].sudo()._link_batch(run, 1000)
        self.assertGreaterEqual(count, 1)
        seal = self.env["followup.seal"].search(
            [("res_model", "=", run._name), ("res_id", "=", run.id)]
        )
        self.assertEqual(seal.digest, run.followup_seal_digest)

    def test_a_report_costs_the_same_statements_whatever_it_counts(self):
        """One statement for each section: more stays cost no more queries."""
        self._produce()
        before = self._count_queries()
        for number in range(12):
            stay = self._stay(f"2026-03-{number + 2:02}", self.department_b)
            self._done(self._due(stay, "2026-03-20"), "2026-03-19")
        self.env.flush_all()
        # two more where figures beside an earlier version tell of few
        self.assertLessEqual(self._count_queries(), before + 2)
        self.assertLessEqual(before, 70)

    def _count_queries(self):
        self.env.invalidate_all()
        count = self.env.cr.sql_log_count
        self._produce()
        return self.env.cr.sql_log_count - count
