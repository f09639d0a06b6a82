# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Matching, versions and hints of protocols (E-4, E-13)."""

from datetime import datetime

import psycopg2

from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import Form, freeze_time, tagged
from odoo.tools import mute_logger

from .common import FollowupCase

NOW = "2026-03-10 02:00:00"


class ProtocolCase(FollowupCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        # only what a test makes itself is in force
        cls.env["followup.protocol"].search([("state", "=", "active")]).write(
            {"state": "retired"}
        )

    def _matched(self, encounter):
        return self.env["followup.protocol"]._match(encounter)[encounter]


@tagged("post_install", "-at_install")
@freeze_time(NOW)
class TestFollowupProtocolMatch(ProtocolCase):
    def test_each_criterion_decides_alone(self):
        """E-4: class, department, diagnosis, operation, group, age, stay, way."""
        category = self.env["followup.patient.category"].create({"name": "Diabetes"})
        patient = self._patient(birthdate="1956-03-10", category_ids=category.ids)
        stay = self._encounter(
            patient,
            diagnosis_code="I10.x02",
            procedure_code="81.51",
            disposition="home",
            admission_date=datetime(2026, 3, 2, 4),
            discharge_date=datetime(2026, 3, 9, 4),
        )
        table = [
            ({}, True),
            ({"encounter_class": "inpatient"}, True),
            ({"encounter_class": "outpatient"}, False),
            ({"department_ids": self.department_a.ids}, True),
            ({"department_ids": self.department_b.ids}, False),
            ({"diagnosis_prefixes": "E11，i10"}, True),
            ({"diagnosis_prefixes": "I11"}, False),
            ({"procedure_prefixes": "81.5"}, True),
            ({"procedure_prefixes": "00.6"}, False),
            ({"category_ids": category.ids}, True),
            ({"min_age": 70}, False),  # 70 tomorrow, at discharge still 69
            ({"min_age": 60, "max_age": 69}, True),
            ({"max_age": 68}, False),
            ({"min_length_of_stay": 7}, True),
            ({"min_length_of_stay": 8}, False),
            ({"disposition": "home"}, True),
            ({"disposition": "transfer"}, False),
            ({"date_from": "2026-03-09"}, True),
            ({"date_from": "2026-03-10"}, False),
        ]
        for vals, fits in table:
            with self.subTest(vals):
                protocol = self._protocol(**vals)
                self.assertEqual(protocol in self._matched(stay), fits)
                protocol.action_retire()

    def test_a_department_includes_those_below_it(self):
        clinic = self._department("Clinic")
        ward = self._department("Ward", parent_id=clinic.id)
        protocol = self._protocol(department_ids=clinic.ids)
        stay = self._encounter(department_id=ward.id)
        self.assertEqual(self._matched(stay), protocol)

    def test_several_protocols_run_in_parallel_most_specific_first(self):
        wide = self._protocol(encounter_class="inpatient")
        narrow = self._protocol(encounter_class="inpatient", diagnosis_prefixes="I10")
        stay = self._encounter(diagnosis_code="I10")
        self.assertEqual(self._matched(stay).ids, [narrow.id, wide.id])

    def test_a_default_applies_only_where_nothing_else_does(self):
        default = self._protocol(encounter_class="inpatient", is_default=True)
        special = self._protocol(diagnosis_prefixes="I10")
        self.assertEqual(self._matched(self._encounter()), default)
        self.assertEqual(self._matched(self._encounter(diagnosis_code="I10")), special)

    def test_of_two_defaults_the_hospitals_own_applies(self):
        shared = self._protocol(
            encounter_class="inpatient", is_default=True, company_id=False, sequence=1
        )
        own = self._protocol(encounter_class="inpatient", is_default=True, sequence=9)
        self.assertEqual(self._matched(self._encounter()), own)
        own.action_retire()
        self.assertEqual(self._matched(self._encounter()), shared)

    def test_a_protocol_of_another_hospital_never_applies(self):
        other = self._company("Other Hospital")
        self._protocol(company_id=other.id)
        self.assertFalse(self._matched(self._encounter()))

    def test_an_event_protocol_matches_no_stay(self):
        event = self.env["followup.event"].create({"name": "E", "code": "e1"})
        self._protocol(event_id=event.id)
        self.assertFalse(self._matched(self._encounter()))

    def test_drafts_match_nothing(self):
        self._protocol(state="draft")
        self.assertFalse(self._matched(self._encounter()))


@tagged("post_install", "-at_install")
class TestFollowupProtocolVersions(ProtocolCase):
    def test_steps_of_an_active_protocol_never_change(self):
        """T-20: running plans keep the steps they were made from."""
        protocol = self._protocol().with_user(self.manager)
        with self.assertRaisesRegex(UserError, "make a new version"):
            protocol.step_ids.write({"offset_target": 9})
        with self.assertRaisesRegex(UserError, "make a new version"):
            protocol.step_ids.unlink()
        with self.assertRaisesRegex(UserError, "make a new version"):
            protocol.write({"step_ids": [(0, 0, {"name": "More"})]})

    def test_steps_of_a_draft_with_plans_never_change(self):
        protocol = self._protocol(state="draft")
        protocol.start_plan(self._encounter())
        with self.assertRaisesRegex(UserError, "make a new version"):
            protocol.step_ids.write({"offset_target": 9})

    def test_a_new_version_replaces_the_old_one_when_activated(self):
        old = self._protocol()
        action = old.with_user(self.manager).action_new_version()
        new = old.browse(action["res_id"])
        self.assertRecordValues(
            new,
            [{"version": 2, "code": old.code, "state": "draft", "family_id": old.id}],
        )
        new.with_user(self.manager).step_ids.offset_target = 9
        new.with_user(self.manager).action_activate()
        self.assertRecordValues(old + new, [{"state": "retired"}, {"state": "active"}])
        self.assertEqual(old.step_ids.offset_target, 1)

    def test_a_waiting_draft_is_opened_instead_of_a_second_one(self):
        protocol = self._protocol()
        first = protocol.action_new_version()
        self.assertEqual(protocol.action_new_version()["res_id"], first["res_id"])

    def test_a_plan_of_the_old_version_is_not_doubled_by_the_new_one(self):
        """I-2: plans are unique per family."""
        protocol = self._protocol()
        stay = self._encounter()
        plan = stay.generate_plans()
        new = protocol.browse(protocol.action_new_version()["res_id"])
        new.action_activate()
        self.assertEqual(stay.generate_plans(), plan)
        self.assertEqual(plan.protocol_id, protocol)

    def test_a_copy_is_a_protocol_of_its_own(self):
        protocol = self._protocol()
        copy = protocol.copy()
        self.assertNotEqual(copy.code, protocol.code)
        self.assertEqual(copy.family_id, copy)
        self.assertEqual((copy.state, len(copy.step_ids)), ("draft", 1))

    def test_two_copies_have_two_codes(self):
        protocol = self._protocol()
        self.assertNotEqual(protocol.copy().code, protocol.copy().code)

    def test_a_protocol_without_steps_is_not_activated(self):
        protocol = self._protocol(steps=[], state="draft")
        with self.assertRaisesRegex(UserError, "no steps yet"):
            protocol.action_activate()

    def test_the_family_cannot_be_set_by_hand(self):
        protocol = self._protocol(state="draft").with_user(self.manager)
        with self.assertRaises(AccessError):
            protocol.write({"family_id": False})
        with self.assertRaises(AccessError):
            protocol.write({"version": 7})

    def test_a_retired_protocol_starts_no_plan(self):
        protocol = self._protocol()
        protocol.action_retire()
        with self.assertRaisesRegex(UserError, "is retired"):
            protocol.start_plan(self._encounter())

    def test_a_protocol_in_use_is_not_deleted(self):
        with self.assertRaisesRegex(UserError, "retire it instead"):
            self._protocol().unlink()

    def test_managers_and_administrators_write_protocols_and_nobody_else(self):
        """Design 7: configuration of protocols."""
        for user in (self.manager, self.administrator):
            with Form(self.env["followup.protocol"].with_user(user)) as form:
                form.name = "By hand"
                form.code = user.login
        for user in (self.ward_a, self.head_a, self.centre, self.inspector):
            with self.assertRaises(AccessError):
                self.env["followup.protocol"].with_user(user).create(
                    {"name": "X", "code": "x"}
                )


@tagged("post_install", "-at_install")
class TestFollowupProtocolStep(ProtocolCase):
    def test_numbers_lie_after_the_anchor(self):
        for name in ("offset_target", "days_before", "days_after", "repeat_every"):
            with (
                self.subTest(name),
                mute_logger("odoo.sql_db"),
                self.assertRaises(psycopg2.errors.CheckViolation),
                self.env.cr.savepoint(),
            ):
                self._protocol(steps=[{name: -1}])

    def test_a_named_person_is_named(self):
        with (
            mute_logger("odoo.sql_db"),
            self.assertRaises(psycopg2.errors.CheckViolation),
            self.env.cr.savepoint(),
        ):
            self._protocol(steps=[{"responsible": "user"}])

    def test_a_step_after_the_previous_one_needs_one(self):
        with self.assertRaisesRegex(ValidationError, "follows the step before"):
            self._protocol(steps=[{"anchor": "previous"}])
        with self.assertRaisesRegex(ValidationError, "follows the step before"):
            self._protocol(steps=[{"repeat_every": 1}, {"anchor": "previous"}])

    def test_a_step_says_when_it_is_due(self):
        protocol = self._protocol(
            steps=[
                {"offset_target": 2, "day_type": "working", "days_before": 1},
                {
                    "offset_target": 1,
                    "offset_unit": "year",
                    "days_after": 14,
                    "repeat_every": 1,
                    "repeat_until": 5,
                },
            ]
        )
        self.assertEqual(
            protocol.step_ids.mapped("date_rule"),
            [
                "2 working days after: Discharge (−1/+0)",
                "1 years after: Discharge (−0/+14), then every 1 years up to 5 years",
            ],
        )

    def test_hints_name_what_is_probably_not_meant(self):
        protocol = self._protocol(
            steps=[
                {"name": "First", "offset_target": 3, "days_after": 5},
                {"name": "Second", "offset_target": 7},
                {"name": "Third", "anchor": "event", "sample_percent": 0},
                {"name": "Fourth", "offset_target": 7, "level": "2"},
            ]
        )
        for text in (
            "The windows of First and Second overlap.",
            "Fourth is level 2, but the ward is responsible for it.",
            "Third counts from an event, but no event starts this protocol.",
            "Third is made for nobody: its share is 0 percent.",
        ):
            self.assertIn(text, protocol.lint_text)
        # two levels at the same time are the rule, not a mistake
        self.assertNotIn("Second and Fourth", protocol.lint_text)

    def test_a_hint_names_a_protocol_that_fits_the_same_stays(self):
        first = self._protocol(encounter_class="outpatient")
        second = self._protocol(encounter_class="outpatient")
        self.assertIn(first.name, second.lint_text)
        second.diagnosis_prefixes = "I10"
        self.assertFalse(second.lint_text)
