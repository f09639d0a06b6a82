# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from contextlib import contextmanager
from unittest.mock import patch

import psycopg2

from odoo.exceptions import AccessError, UserError
from odoo.tests import freeze_time, tagged
from odoo.tools import mute_logger

from .common import FollowupCase


@tagged("post_install", "-at_install")
class TestFollowupGroupEvent(FollowupCase):
    """Lectures and counselling with attendance (G-5, S-12, Q-12)."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.startClassPatcher(freeze_time("2026-06-01 02:00:00"))
        cls.programme = cls.env.ref("patient_followup.followup_programme_diabetes")
        cls.patients = cls.env["followup.patient"].union(
            *(cls._encounter().patient_id for _index in range(3))
        )
        cls.programme._enrol(cls.patients, {"consent_given": True})

    def _event(self, user=None, **vals):
        return (
            self.env["followup.group.event"]
            .with_user(user or self.ward_a)
            .create(
                {
                    "name": "Living with diabetes",
                    "date_start": "2026-06-10 06:00:00",
                    "programme_id": self.programme.id,
                    "department_id": self.department_a.id,
                    **vals,
                }
            )
        )

    def test_the_patients_of_a_programme_are_invited_once(self):
        event = self._event()
        for _again in range(2):
            event.action_invite_programme()
        self.assertEqual(event.attendance_ids.patient_id, self.patients)
        self.assertEqual((event.invited_count, event.attended_count), (3, 0))

    def test_who_paused_or_must_not_be_contacted_is_not_invited(self):
        self.patients[0].enrolment_ids.action_pause("Journey")
        self.patients[1].write({"do_not_contact": True, "do_not_contact_reason": "x"})
        event = self._event()
        event.action_invite_programme()
        self.assertEqual(event.attendance_ids.patient_id, self.patients[2])

    def test_no_more_are_invited_than_there_are_places(self):
        event = self._event(capacity=2)
        event.action_invite_programme()
        self.assertEqual(event.invited_count, 2)
        self.assertTrue(event.is_full)
        event.attendance_ids[0].state = "declined"
        event.action_invite_programme()
        self.assertEqual(event.attendance_ids.patient_id, self.patients)

    def test_no_way_leads_to_more_than_the_places(self):
        """Typed in, taken back after declining, moved, or made smaller."""
        event = self._event(capacity=2)
        rows = self.env["followup.group.attendance"].with_user(self.ward_a)
        lines = [{"event_id": event.id, "patient_id": p.id} for p in self.patients]
        first, _second = rows.create(lines[:2])
        with self._refused("has 2 places, and all are taken"):
            rows.create(lines[2])
        late = rows.create({**lines[2], "state": "declined"})
        for change in ({"state": "invited"}, {"attended": True}):
            with self.subTest(change), self._refused("all are taken"):
                late.write(change)
        with self._refused("has 1 places"):
            event.capacity = 1
        first.state = "declined"
        late.state = "invited"
        event.capacity = 0
        first.state = "invited"
        self.assertEqual(event.invited_count, 3)

    @contextmanager
    def _refused(self, words):
        """Undo what is refused, unlike assertRaisesRegex."""
        with self.assertRaises(UserError) as caught:
            yield
        self.assertIn(words, str(caught.exception))

    def test_who_came_without_a_place_is_written_down_as_having_come(self):
        event = self._event(capacity=2)
        event.action_invite_programme()
        with freeze_time("2026-06-10 06:30:00"):
            self.env["followup.group.attendance"].with_user(self.ward_a).create(
                {
                    "event_id": event.id,
                    "patient_id": self.patients[2].id,
                    "state": "attended",
                }
            )
        self.assertEqual(event.attended_count, 1)

    def test_ticks_say_who_came(self):
        event = self._event()
        event.action_invite_programme()
        event.attendance_ids[0].attended = True
        event.attendance_ids[1].action_attended()
        event.attendance_ids[2].state = "declined"
        event.action_hold()
        self.assertEqual(
            event.attendance_ids.mapped("state"), ["attended", "attended", "declined"]
        )
        self.assertEqual(event.attended_count, 2)
        with self.assertRaisesRegex(UserError, "over"):
            event.action_hold()
        with self.assertRaisesRegex(UserError, "the list stays"):
            event.attendance_ids[0].unlink()

    def test_whoever_is_not_ticked_did_not_come(self):
        event = self._event()
        event.action_invite_programme()
        event.action_hold()
        self.assertEqual(set(event.attendance_ids.mapped("state")), {"absent"})

    def test_the_effect_is_asked_of_those_who_came(self):
        """Q-12: two weeks later, once, with its questionnaire."""
        protocol = self.env.ref("patient_followup.followup_protocol_education_effect")
        event = self._event(protocol_id=protocol.id)
        event.action_invite_programme()
        event.attendance_ids[0].attended = True
        event.action_hold()
        tasks = self.env["followup.task"].search(
            [("plan_id.protocol_id", "=", protocol.id)]
        )
        self.assertEqual(tasks.patient_id, self.patients[0])
        self.assertEqual(str(tasks.due_day), "2026-06-24")
        self.assertEqual(
            tasks._get_survey(), self.env.ref("patient_followup.survey_education")
        )
        event.sudo()._start_protocol()
        self.assertEqual(len(tasks.plan_id.task_ids), 1)

    @mute_logger("odoo.sql_db")
    def test_a_patient_is_invited_once(self):
        event = self._event()
        line = {"event_id": event.id, "patient_id": self.patients[0].id}
        rows = self.env["followup.group.attendance"].with_user(self.ward_a)
        rows.create(line)
        with self.assertRaises(psycopg2.errors.UniqueViolation):
            rows.create(line)

    def test_wards_invite_their_own_patients(self):
        event = self._event(user=self.manager, department_id=False)
        rows = self.env["followup.group.attendance"]
        with self.assertRaises(AccessError):
            rows.with_user(self.ward_b).create(
                {"event_id": event.id, "patient_id": self.patients[0].id}
            )
        self.assertFalse(event.with_user(self.ward_b).attendance_ids)
        self.assertFalse(event.with_user(self.leader).has_access("write"))

    def test_an_invited_event_is_cancelled_not_deleted(self):
        event = self._event()
        event.action_invite_programme()
        with self.assertRaisesRegex(UserError, "cancel the event"):
            event.unlink()
        event.action_cancel()
        event.action_plan_again()
        self.assertEqual(event.state, "planned")

    def test_merged_records_keep_one_line(self):
        event = self._event()
        event.action_invite_programme()
        kept, twin = self.patients[:2]
        event.attendance_ids.filtered(lambda r: r.patient_id == twin).attended = True
        kept.with_user(self.manager)._merge(twin.with_user(self.manager))
        rows = event.sudo().attendance_ids.filtered(lambda r: r.patient_id == kept)
        self.assertEqual(rows.mapped("state"), ["attended"])

    def test_queries_do_not_grow_with_the_invited(self):
        """Messages, which are written one by one, are counted elsewhere."""
        rows = type(self.env["followup.group.attendance"])
        self.startPatcher(patch.object(rows, "_send_invitation"))
        counts = []
        for size in (3, 12):
            patients = self.env["followup.patient"].union(
                *(self._encounter().patient_id for _index in range(size))
            )
            event = self._event(programme_id=False)
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            event._invite(patients.with_user(self.ward_a))
            self.env.flush_all()
            counts.append(self.env.cr.sql_log_count - before)
        self.assertLessEqual(counts[1], counts[0] + 5, counts)
