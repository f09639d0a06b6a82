# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Simulator, dry run and forecast (design 8.4)."""

from datetime import date, datetime

from odoo.exceptions import AccessError
from odoo.tests import Form, freeze_time, tagged

from .test_followup_protocol import ProtocolCase

NOW = "2026-03-10 02:00:00"
FRIDAY = date(2026, 3, 6)


@tagged("post_install", "-at_install")
@freeze_time(NOW)
class TestFollowupSimulator(ProtocolCase):
    def test_nothing_is_written(self):
        protocol = self._protocol(steps=[{"offset_target": 3}], state="draft")
        self.env.flush_all()
        with self.assertQueryCount(12):
            protocol.simulate(FRIDAY)
            self.env.flush_all()
        self.assertFalse(protocol.plan_count)

    def test_it_agrees_with_the_tasks_that_are_made(self):
        protocol = self._protocol(
            steps=[
                {"offset_target": 2, "day_type": "working", "days_after": 1},
                {"offset_target": 1, "offset_unit": "month", "days_before": 7},
                {
                    "offset_target": 3,
                    "offset_unit": "month",
                    "repeat_every": 3,
                    "repeat_until": 12,
                },
            ]
        )
        stay = self._encounter(discharge_date=datetime(2026, 3, 9, 4))
        tasks = protocol.start_plan(stay).task_ids.sorted("date_due")
        rows = protocol.simulate(date(2026, 3, 9))
        self.assertEqual(
            [
                (row["step"], row["earliest"], row["due"], row["deadline"])
                for row in rows
            ],
            [
                (task.step_id, task.date_earliest, task.date_due, task.date_deadline)
                for task in tasks
            ],
        )

    def test_each_date_is_explained(self):
        """I-6."""
        [row] = self._protocol(
            steps=[{"offset_target": 2, "day_type": "working"}]
        ).simulate(FRIDAY)
        self.assertRegex(
            row["explanation"], r"Discharged .*Mar 6.*2 working days later"
        )
        self.assertIn("weekend", row["explanation"])

    def test_steps_follow_each_other(self):
        rows = self._protocol(
            steps=[
                {"offset_target": 3},
                {"anchor": "previous", "offset_target": 7},
                {"anchor": "previous", "offset_target": 1, "offset_unit": "month"},
            ]
        ).simulate(FRIDAY)
        self.assertEqual(
            [str(row["due"].date()) for row in rows],
            ["2026-03-09", "2026-03-16", "2026-04-16"],
        )

    def test_operation_and_admission_have_their_own_dates(self):
        protocol = self._protocol(
            steps=[
                {"anchor": "procedure", "offset_target": 14},
                {"anchor": "admission", "offset_target": 30},
            ]
        )
        rows = protocol.simulate(FRIDAY, procedure_date=date(2026, 3, 2))
        self.assertEqual(
            [str(row["due"].date()) for row in rows], ["2026-03-16", "2026-04-05"]
        )

    def test_a_year_reaches_the_same_day_of_the_next_year(self):
        """A leap year has 366 days; the yearly call still shows."""
        protocol = self._protocol(steps=[{"offset_target": 1, "offset_unit": "year"}])
        self.assertEqual(len(protocol.simulate("2027-06-01")), 1)
        self.assertEqual(len(protocol.simulate("2027-06-01", 364)), 0)

    def test_text_and_moments_are_understood(self):
        protocol = self._protocol(steps=[{"offset_target": 24, "offset_unit": "hour"}])
        for value, due in (
            ("2026-03-06", datetime(2026, 3, 7, 4)),
            ("2026-03-06 09:00:00", datetime(2026, 3, 7, 9)),
            (datetime(2026, 3, 6, 9), datetime(2026, 3, 7, 9)),
        ):
            self.assertEqual(protocol.simulate(value)[0]["due"], due)

    def test_the_dialog_shows_lines_and_text(self):
        protocol = self._protocol(
            steps=[{"name": "First call", "offset_target": 3}, {"offset_target": 7}]
        )
        wizard = self.env["followup.protocol.simulate"].with_user(self.head_a)
        form = Form(wizard.with_context(default_protocol_ids=protocol.ids))
        form.date = FRIDAY
        self.assertEqual(len(form.line_ids), 2)
        self.assertIn("1. 03/09/2026: First call (Phone). Discharged", form.text)
        form.date = date(2026, 3, 7)
        self.assertIn("1. 03/10/2026: First call", form.text)

    def test_a_dry_run_counts_tasks_and_late_ones(self):
        """A-14: how many tasks would arise, and how many already late."""
        self._protocol(steps=[{"offset_target": 3}, {"offset_target": 30}])
        base = {
            "company_id": self.company.id,
            "department_id": self.department_a.id,
            "encounter_class": "inpatient",
        }
        rows = [
            {**base, "discharge_date": datetime(2026, 3, 9, 4)},
            {**base, "discharge_date": "2026-02-20 04:00:00"},
            {**base, "discharge_date": False},
        ]
        Protocol = self.env["followup.protocol"]
        self.assertEqual(Protocol._preview(rows), {"tasks": 4, "late": 1})
        self.assertEqual(Protocol._preview([]), {"tasks": 0, "late": 0})

    def test_a_dry_run_says_what_an_import_then_makes(self):
        self._protocol(steps=[{"offset_target": 3}], diagnosis_prefixes="I10")
        self._protocol(steps=[{"offset_target": 5}], min_age=60)
        patient = self._patient(birthdate="1950-01-01")
        vals = {
            "department_id": self.department_a.id,
            "discharge_date": datetime(2026, 3, 9, 4),
            "diagnosis_code": "I10.x",
        }
        preview = self.env["followup.protocol"]._preview(
            [{**vals, "company_id": self.company.id, "birthdate": "1950-01-01"}]
        )
        plans = self._encounter(patient, **vals).generate_plans()
        self.assertEqual(preview["tasks"], len(plans.task_ids))

    # ------------------------------------------------------------
    # FORECAST
    # ------------------------------------------------------------

    def _forecast(self, user):
        groups = (
            self.env["followup.forecast"]
            .with_user(user)
            ._read_group(
                [("company_id", "=", self.company.id)],
                ["kind", "day:day"],
                ["__count"],
            )
        )
        return [(kind, str(day), count) for kind, day, count in groups]

    def test_expected_contacts_per_day(self):
        self._protocol(
            steps=[
                {"offset_target": 3},
                {
                    "offset_target": 1,
                    "offset_unit": "year",
                    "repeat_every": 1,
                    "repeat_until": 5,
                },
            ]
        )
        left = datetime(2026, 3, 9, 4)
        plans = self._encounter(discharge_date=left).generate_plans()
        plans += self._encounter(
            discharge_date=left, department_id=self.department_b.id
        ).generate_plans()
        self.env.flush_all()
        expected = [
            ("open", "2026-03-12", 2),
            ("open", "2027-03-09", 2),
            ("recurring", "2028-03-09", 2),
        ]
        for user in (self.manager, self.inspector, self.leader):
            self.assertEqual(self._forecast(user), expected)
        self.assertEqual(
            self._forecast(self.head_a),
            [(kind, day, 1) for kind, day, _count in expected],
        )
        for user in (self.plain, self.auditor, self.administrator):
            with self.assertRaises(AccessError):
                self._forecast(user)
