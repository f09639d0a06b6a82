# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Answers, opinions, verdicts, readmissions of a hospital reckoned by hand (V-14).

The rates of follow-up and of attempts stand in `test_report_run`, scorecard and
hours in `test_report_score`, complaints in `test_report_complaint`.
"""

from datetime import datetime

from odoo.tests import freeze_time, tagged

from .hospital_common import SmallHospitalCase

DOCTOR, NURSE = "satisfaction_doctor", "satisfaction_nurse"
# (ward, metric, points, day); None: the patient did not know
ANSWERS = [
    ("a", DOCTOR, 100, "2026-03-01"),
    ("a", DOCTOR, 80, "2026-03-31"),
    ("a", NURSE, 60, "2026-03-10"),
    ("a", NURSE, None, "2026-03-10"),
    ("b", DOCTOR, 40, "2026-03-05"),
    ("a", DOCTOR, 0, "2026-04-01"),
    ("a", DOCTOR, 0, "2026-02-28"),
    ("a", "pain", 30, "2026-03-10"),
]
SATISFACTION = {
    ("a", None): (240, 300),
    ("a", DOCTOR): (180, 200),
    ("a", NURSE): (60, 100),
    ("b", None): (40, 100),
    ("b", NURSE): None,
    (None, None): (280, 400),
    (None, DOCTOR): (220, 300),
}
# (ward, kind, day, hour)
RAISED = [
    ("a", "suggestion", "2026-03-01", 0.2),
    ("a", "suggestion", "2026-03-31", 23.8),
    ("a", "question", "2026-03-15", 10),
    ("b", "praise", "2026-03-15", 10),
    ("b", "suggestion", "2026-04-01", 0.1),
    ("b", "suggestion", "2026-02-28", 23.9),
]
OPINIONS = {
    (None, None): 4,
    (None, "suggestion"): 2,
    (None, "question"): 1,
    (None, "praise"): 1,
    ("a", "suggestion"): 2,
    ("b", "praise"): 1,
    ("b", "suggestion"): None,
}
# (state, verdict, day it is final); reported on 5 April
VERDICTS = [
    ("decided", "confirmed", None),
    ("judged", "confirmed", "2026-04-01"),
    ("judged", "confirmed", "2026-04-05"),
    ("decided", "contradicted", None),
    ("judged", "no_call", "2026-04-02"),
    ("missed", False, None),
    ("decided", "cannot_confirm", None),
    ("judged", "contradicted", "2026-04-20"),
    ("appealed", "contradicted", "2026-04-01"),
    ("open", False, None),
    ("dropped", False, None),
    ("reserve", False, None),
]
VERIFICATION = {
    "sampled": 6,
    "undecided": 3,
    "truth": (3, 5),
    "not_followed": (3, 6),
}
# (ward, discharged, what it is besides, admitted again, what that stay is besides)
STAYS = [
    ("a", "2026-03-01", {}, "2026-03-31", {}),  # the 30th day
    ("a", "2026-03-12", {}, "2026-04-12", {}),  # the 31st
    ("a", "2026-03-20", {"disposition": "deceased"}, None, {}),
    ("a", "2026-03-21", {"encounter_class": "outpatient"}, "2026-03-22", {}),
    ("a", "2026-03-25", {}, "2026-03-26", {"state": "cancelled"}),
    ("a", "2026-03-26", {}, "2026-03-28", {"encounter_class": "outpatient"}),
    ("b", "2026-03-31", {}, "2026-03-31", {}),  # the same day
]
# moments in UTC around both ends of March, and whether they are of March in
# Shanghai and in UTC
MONTH_ENDS = [
    ("2026-02-28 15:59:59", False, False),
    ("2026-02-28 16:00:00", True, False),
    ("2026-02-28 20:00:00", True, False),
    ("2026-02-28 23:59:59", True, False),
    ("2026-03-01 00:00:00", True, True),
    ("2026-03-31 15:59:59", True, True),
    ("2026-03-31 16:00:00", False, True),
    ("2026-03-31 23:59:59", False, True),
    ("2026-04-01 00:00:00", False, False),
]
READMISSION = {"a": (1, 4), "b": (1, 1), None: (2, 5)}


class EmptyHospitalCase(SmallHospitalCase):
    """Two wards without a stay."""

    @classmethod
    def _fill_ward_a(cls):
        """Leave the ward empty."""

    @classmethod
    def _fill_ward_b(cls):
        """Leave the ward empty."""


@tagged("post_install", "-at_install")
class TestReportKpi(EmptyHospitalCase):
    def test_satisfaction_is_points_of_points_possible(self):
        """K-7, K-11: unknown answers and other questions do not count."""
        for row in ANSWERS:
            self._answer(*row)
        run = self._produce("satisfaction")
        for (ward, metric), wanted in SATISFACTION.items():
            row = self._figures(
                run, "satisfaction", department=self._ward(ward), key=metric
            )
            with self.subTest(ward=ward, metric=metric):
                self.assertEqual(row.get("satisfaction"), wanted)
                self.assertEqual(row.get("answers"), wanted and wanted[1] / 100)

    def test_live_satisfaction_is_that_of_the_report(self):
        for row in ANSWERS:
            self._answer(*row)
        rows = self.env["followup.answer.report"].with_user(self.manager)
        march = [("day", ">=", "2026-03-01"), ("day", "<=", "2026-03-31")]
        march += [("is_scored", "=", True), ("metric", "like", "satisfaction")]
        march += [("company_id", "=", self.company.id)]
        found = rows._read_group(
            march, ["department_id"], ["score:avg", "satisfaction_target:avg"]
        )
        self.assertEqual(
            {ward.name: values for ward, *values in found},
            {"Ward A": [80, 80], "Ward B": [40, 80]},
        )

    def test_opinions_of_the_month(self):
        """K-6, K-9: by kind; the month is the hospital's."""
        for ward, kind, day, hour in RAISED:
            stay = self._stay("2026-02-20", self._ward(ward))
            self._raised(stay, kind, day, hour)
        self.env.flush_all()
        run = self._produce("feedback")
        for (ward, kind), wanted in OPINIONS.items():
            row = self._figures(run, "opinions", None, self._ward(ward), kind)
            with self.subTest(ward=ward, kind=kind):
                self.assertEqual(row.get("opinions"), wanted)
        rows = self.env["followup.report.concern"].with_user(self.manager)
        march = [("day", ">=", "2026-03-01"), ("day", "<=", "2026-03-31")]
        self.assertEqual(rows.search_count(march), 4)

    def test_verdicts_count_once_they_are_final(self):
        """V-6, W-3: pending ones apart; what cannot be confirmed counts nowhere."""
        stay = self._stay("2026-02-20")
        sample = self.env["followup.sample"].create(
            {
                "name": "Check",
                "company_id": self.company.id,
                "date_from": "2026-03-01",
                "date_to": "2026-03-20",
                "call_until": "2026-03-30",
            }
        )
        self._write(sample.sudo(), state="drawn", drawn_at=self._moment("2026-03-25"))
        rows = self.env["followup.sample.line"].sudo()._guarded()
        for number, (state, verdict, final) in enumerate(VERDICTS):
            rows.create(
                {
                    "sample_id": sample.id,
                    "company_id": self.company.id,
                    "subject": number,
                    "rank": number,
                    "department_id": self.department_a.id,
                    "patient_id": stay.patient_id.id,
                    "state": state,
                    "verdict": verdict,
                    "final_at": final and self._moment(final, 0),
                }
            )
        self.env.flush_all()
        run = self._produce()
        for ward in (self.department_a, None):
            row = self._figures(run, "verification", department=ward)
            self.assertEqual(row, VERIFICATION)

    def _readmit(self, ward, day, vals, again, later):
        stay = self._stay(day, self._ward(ward), **vals)
        if not again:
            return
        at = self._moment(again, 15)
        state = later.pop("state", None)
        row = self._encounter(
            patient=stay.patient_id,
            department_id=stay.department_id.id,
            admission_date=at,
            discharge_date=datetime(2026, 5, 1),
            **later,
        )
        if state:
            self._write(row, state=state)

    def test_readmission_within_thirty_days_and_who_counts(self):
        """V-14: of inpatients who went home, whose thirty days are over."""
        for row in STAYS:
            self._readmit(*row)
        self.env.flush_all()
        late = self._produce(at="2026-05-05 00:00:00")
        for ward, wanted in READMISSION.items():
            row = self._figures(late, "outcome", department=self._ward(ward))
            with self.subTest(ward=ward):
                self.assertEqual(row.get("readmission"), wanted)
        # 11 April: only whoever left before 12 March has had his thirty days
        early = self._produce(at="2026-04-11 00:00:00")
        row = self._figures(early, "outcome", department=self.department_a)
        self.assertEqual(row["readmission"], (1, 1))

    def test_half_month_tables_handed_in_and_when(self):
        """V-13, K-17: of two tables one came in time, one late, of B none."""
        for day in ("2026-03-03", "2026-03-20"):
            for ward in (self.department_a, self.department_b):
                self._due(self._stay(day, ward), day)
        halves = [
            self._produce("half_month", "half_month", day, at=at)
            for day, at in (
                ("2026-03-02", "2026-03-15 01:00:00"),
                ("2026-03-20", "2026-04-02 01:00:00"),
            )
        ]
        for run, at in zip(
            halves, ("2026-03-15 15:00", "2026-04-02 02:00"), strict=True
        ):
            with freeze_time(at):
                run.with_user(self.head_a)._acknowledge(self.department_a, "x", False)
        run = self._produce()
        row = self._figures(run, "hand_in", department=self.department_a)
        self.assertEqual(row, {"hand_in": (2, 2), "hand_in_on_time": (1, 2)})
        row = self._figures(run, "hand_in", department=self.department_b)
        self.assertEqual(row, {"hand_in": (0, 2), "hand_in_on_time": (0, 2)})

    # ------------------------------------------------------------
    # NO DATA, MONTH END
    # ------------------------------------------------------------

    def test_nothing_happened_is_no_data_never_zero(self):
        """I-11: a hospital without a stay has no rate at all."""
        for code in ("bulletin", "satisfaction", "feedback", "scorecard"):
            run = self._produce(code)
            known = run.sudo().line_ids.filtered("has_data")
            cells = [
                cell
                for table in run._get_matrix().tables
                for row in table.rows
                for cell in row.cells
            ]
            with self.subTest(code=code):
                self.assertFalse(known)
                self.assertFalse([cell for cell in cells if cell.state == "data"])

    def test_one_base_of_nothing_prints_a_dash(self):
        self._stay("2026-03-10")  # no protocol fits: no base
        run = self._produce()
        row = self._figures(run, "follow_up", "1", self.department_a)
        self.assertEqual((row["base"], row["effective"]), (0, (0, 0)))
        tables = {table.code: table for table in run._get_matrix().tables}
        table = tables["follow_up_1"]
        place = [column.key for column in table.columns].index("effective")
        self.assertEqual({row.cells[place].text for row in table.rows}, {"–"})

    def test_the_month_ends_with_the_hospitals_clock_whoever_runs_it(self):
        """K-4: Shanghai and UTC, made by a person or by the calendar."""
        root = self.env.ref("base.user_root")
        root.tz = "America/New_York"
        for place, zone in enumerate(("Asia/Shanghai", "UTC")):
            with self.subTest(zone=zone), self.cr.savepoint() as savepoint:
                wanted = sum(row[place + 1] for row in MONTH_ENDS)
                self._fill_month_ends(zone)
                for user in (self.manager, root):
                    row = self._count_month(user)
                    self.assertEqual(row, dict.fromkeys(row, wanted), user.login)
                savepoint.rollback()
            self.env.invalidate_all(flush=False)

    def _fill_month_ends(self, zone):
        self.company.resource_calendar_id.tz = zone
        self.company.partner_id.tz = zone
        for moment, _shanghai, _utc in MONTH_ENDS:
            at = datetime.fromisoformat(moment)
            stay = self._encounter(discharge_date=at, admission_date=at)
            task = self._task(stay, kind="plan")
            self._attempt(task, "reached", "2026-03-10", started_at=at)
            concern = self._raised(stay, "opinion", "2026-03-10")
            self._write(concern, raised_at=at)
        self.env.flush_all()

    def _count_month(self, user):
        run = self._produce(user=user)
        live = [("day", ">=", "2026-03-01"), ("day", "<=", "2026-03-31")]
        live += [("company_id", "=", self.company.id)]
        ward = self.department_a
        return {
            "stays": self._figures(run, "follow_up", "1", ward)["discharged"],
            "attempts": self._figures(run, "attempts", "1", ward)["attempts"],
            "opinions": self._figures(run, "opinions", None, ward, "opinion")[
                "opinions"
            ],
            "live attempts": self.env["followup.report.attempt"].search_count(live),
            "live opinions": self.env["followup.report.concern"].search_count(live),
        }
