# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
import threading
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from datetime import timedelta
from unittest.mock import patch

from odoo import SUPERUSER_ID, api, fields
from odoo.exceptions import AccessError, UserError
from odoo.tests import new_test_user, tagged

from .common import RaceCase
from .concern_common import MORNING, ConcernCase

# minutes after a red flag -> who is told then, as long as nobody takes it
LADDER = (
    (0, {"doctor", "head_a"}),
    (14, set()),
    (15, {"night"}),
    (29, set()),
    (30, {"director"}),
    (60, {"manager"}),
    (120, {"inspector"}),
)


@tagged("post_install", "-at_install")
class TestFollowupConcernLadder(ConcernCase):
    """When nobody acts, it climbs: by the policy's records, in time (X-2, I-1)."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.night = cls._user("night", "ward_caller")
        cls.director = cls._user("director", "department_head")
        above = cls._department("Surgery", cls.director)
        cls.department_a.parent_id = above
        cls.env["followup.oncall"].create(
            {
                "user_id": cls.night.id,
                "company_id": cls.company.id,
                "department_id": cls.department_a.id,
                "date_from": "2026-03-05 00:00:00",
                "date_to": "2026-03-08 00:00:00",
            }
        )

    def _minutes(self, minutes):
        moment = fields.Datetime.to_datetime(MORNING) + timedelta(minutes=minutes)
        return self._at(moment)

    def _climb(self):
        """As the cron does, without its commits."""
        concerns = self.env["followup.concern"]
        concerns._lock_due(concerns._escalation_domain())._escalate()

    def _told(self, concern):
        return {user.login for user in concern.activity_ids.user_id}

    # ------------------------------------------------------------
    # RUNGS
    # ------------------------------------------------------------

    def test_it_climbs_rung_by_rung(self):
        with self._minutes(0):
            concern = self._flag()
        known = set()
        for minutes, logins in LADDER:
            with self._minutes(minutes):
                self._climb()
                self.assertEqual(self._told(concern) - known, logins, minutes)
            known |= logins
        notices = concern.notice_ids.filtered(lambda row: row.kind == "escalation")
        self.assertEqual(
            notices.user_id,
            self.night | self.director | self.manager | self.inspector,
        )

    def test_a_late_cron_takes_what_it_missed_and_tells_nobody_twice(self):
        with self._minutes(0):
            concern = self._flag()
        with self._minutes(61):
            self._climb()
            self._climb()
        self.assertEqual(len(concern.activity_ids), 5)
        self.assertEqual(concern.escalation_count, 3)

    def test_a_worker_killed_halfway_leaves_nothing_half_told(self):
        """D-10: the rung and its notices are one transaction; the next run does it."""
        with self._minutes(0):
            concern = self._flag()
        concern_type = type(concern)
        tell = concern_type._alert_user

        def killed(row, user):
            if user == self.director:
                raise SystemExit
            return tell(row, user)

        with self._minutes(31):
            with patch.object(concern_type, "_alert_user", killed):
                with suppress(SystemExit), self.env.cr.savepoint():
                    self._climb()
            self.assertEqual(concern.escalation_count, 0)
            self._climb()
        self.assertEqual(concern.escalation_count, 2)
        self.assertEqual(self._told(concern), {"doctor", "head_a", "night", "director"})

    def test_taking_it_stops_the_ladder_until_the_answer_is_late(self):
        with self._minutes(0):
            concern = self._flag()
        with self._minutes(5):
            concern.with_user(self.doctor).action_acknowledge()
            self.assertEqual(str(concern.escalate_at), "2026-03-06 02:00:00")
        with self._minutes(600):
            self._climb()
            self.assertEqual(concern.escalation_count, 0)
        with self._minutes(24 * 60):
            self._climb()
            self.assertEqual(concern.escalation_count, 1)
            self.assertIn("manager", self._told(concern))

    def test_an_answer_ends_the_ladder(self):
        with self._minutes(0):
            concern = self._flag()
            concern.with_user(self.doctor).action_answer("Seen")
        self.assertFalse(concern.escalate_at)

    def test_self_harm_climbs_faster(self):
        """A type may have a policy of its own."""
        with self._minutes(0):
            concern = self._flag(concern_type="self_harm")
            self.assertEqual(str(concern.ack_deadline), "2026-03-05 02:05:00")
            self.assertEqual(str(concern.escalate_at), "2026-03-05 02:05:00")

    def test_a_rung_without_anybody_is_written_down(self):
        """I-7: it went nowhere, and the list says so."""
        self.env["followup.oncall"].search([]).unlink()
        with self._minutes(0):
            concern = self._flag()
        with self._minutes(15):
            self._climb()
        empty = concern.notice_ids.filtered(lambda row: row.kind == "escalation")
        self.assertEqual(len(empty), 1)
        self.assertFalse(empty.user_id)
        self.assertEqual(str(concern.escalate_at), "2026-03-05 02:30:00")

    def test_an_unanswered_question_climbs_too(self):
        """X-1: 12 h reminder, 24 h the centre manager."""
        with self._minutes(0):
            concern = self._ask(
                department_id=self.department_b.id, specialist_id=self.expert.id
            )
            self.assertEqual(self._told(concern), {"expert"})
        with self._minutes(12 * 60):
            self._climb()
            self.assertEqual(self._told(concern), {"expert", "head_b"})
        with self._minutes(24 * 60):
            self._climb()
            self.assertIn("manager", self._told(concern))

    def test_a_missed_promise_reaches_the_manager(self):
        """P-7: answered in time, but nobody told the patient."""
        with self._minutes(0):
            concern = self._ask(promised_at="2026-03-05 08:00:00")
            concern.with_user(self.doctor).action_answer("Yes")
            self.assertEqual(str(concern.escalate_at), "2026-03-05 08:00:00")
        with self._at("2026-03-05 08:00:00"):
            self._climb()
            self.assertEqual(self._told(concern), {"manager"})

    def test_an_escalated_colleague_can_take_it(self):
        with self._minutes(0):
            concern = self._flag()
        with self._minutes(30):
            self._climb()
            concern.with_user(self.director).action_acknowledge()
        self.assertEqual(concern.acknowledged_by_id, self.director)

    def test_overdue_needs_no_cron(self):
        with self._minutes(0):
            concern = self._flag()
        with self._minutes(16):
            self.assertEqual(
                concern.search([("is_overdue", "=", True), ("id", "=", concern.id)]),
                concern,
            )

    # ------------------------------------------------------------
    # SPOKEN WORD
    # ------------------------------------------------------------

    def test_the_spoken_hand_over_is_kept(self):
        """X-2: to whom, when, by phone; it does not acknowledge for him."""
        with self._minutes(0):
            concern = self._flag()
        with self._minutes(3):
            notice = concern.action_hand_over(
                user_id=self.night.id, note="Comes to the emergency department"
            )
            concern.action_hand_over(person="Nurse on night duty", method="in_person")
        self.assertEqual(notice.user_id, self.night)
        self.assertEqual(str(notice.at), "2026-03-05 02:03:00")
        self.assertEqual(notice.by_id, self.ward_a)
        self.assertEqual(len(concern.handover_ids), 2)
        self.assertEqual(concern.state, "new")

    def test_a_hand_over_names_somebody_and_a_possible_time(self):
        with self._minutes(0):
            concern = self._flag()
        with self._minutes(3):
            for vals in (
                {},
                {"person": "X", "method": "system"},
                {"person": "X", "at": "2026-03-05 02:10:00"},
                {"person": "X", "at": "2026-03-05 01:59:00"},
            ):
                with self.assertRaises(UserError):
                    concern.action_hand_over(**vals)

    def test_nobody_writes_notices_by_hand(self):
        concern = self._flag()
        with self.assertRaises(AccessError):
            self.env["followup.concern.notice"].with_user(self.manager).create(
                {"concern_id": concern.id, "kind": "handover", "person": "X"}
            )
        with self.assertRaises(AccessError):
            concern.notice_ids.with_user(self.manager).write({"person": "X"})


@tagged("post_install", "-at_install")
class TestFollowupConcernLadderRace(RaceCase):
    """Two workers climb at once: every rung once (D-10)."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.addClassCleanup(cls._clean_up)
        with cls.registry.cursor() as cr:
            cls._fill(api.Environment(cr, SUPERUSER_ID, {"tracking_disable": True}))

    @classmethod
    def _fill(cls, env):
        company = env.ref("base.main_company")
        cls.user_id = new_test_user(
            env,
            "ladder_manager",
            groups="patient_followup.followup_group_centre_manager",
            company_id=company.id,
            company_ids=[(6, 0, company.ids)],
        ).id
        patient = env["followup.patient"].create(
            {"name": "Patient of the race", "company_id": company.id}
        )
        cls.patient_id = patient.id
        policy = env["followup.concern.policy"].create(
            {
                "name": "Race",
                "company_id": company.id,
                "kind": "red_flag",
                "ack_amount": 1,
                "step_ids": [
                    (0, 0, {"delay": 0, "target": "user", "user_id": cls.user_id}),
                    (
                        0,
                        0,
                        {"delay": 1, "delay_unit": "minutes", "target": "raiser"},
                    ),
                ],
            }
        )
        cls.policy_id = policy.id
        concerns = env["followup.concern"]
        for _number in range(30):
            concerns |= concerns.create(
                {"kind": "red_flag", "patient_id": patient.id, "text": "x"}
            )
        concerns._guarded().write(
            {"escalate_at": fields.Datetime.now() - timedelta(minutes=1)}
        )
        cls.concern_ids = concerns.ids

    @classmethod
    def _clean_up(cls):
        with cls.registry.cursor() as cr:
            ids = [cls.concern_ids]
            for model in ("mail_activity", "mail_message"):
                column = "res_model" if model == "mail_activity" else "model"
                cr.execute(
                    f"DELETE FROM {model} WHERE {column} = 'followup.concern'"
                    " AND res_id = ANY(%s)",
                    ids,
                )
            cr.execute("DELETE FROM followup_concern WHERE id = ANY(%s)", ids)
            env = api.Environment(cr, SUPERUSER_ID, {"tracking_disable": True})
            env["followup.patient"].browse(cls.patient_id).unlink()
            env["followup.concern.policy"].browse(cls.policy_id).unlink()
            user = env["res.users"].browse(cls.user_id)
            partner = user.partner_id
            user.unlink()
            partner.unlink()
            cr.execute(
                "DELETE FROM followup_access_log"
                " WHERE res_model = 'res.users' AND res_id = %s",
                [cls.user_id],
            )

    def _work(self, barrier):
        """One worker: locks, climbs, commits, until nothing is due."""
        done = 0
        with self.registry.cursor() as cr:
            env = api.Environment(cr, SUPERUSER_ID, {"tracking_disable": True})
            concerns = env["followup.concern"]
            domain = concerns._escalation_domain() & fields.Domain(
                "id", "in", self.concern_ids
            )
            barrier.wait(timeout=30)
            while batch := concerns._lock_due(domain):
                batch._escalate()
                done += len(batch)
                env.cr.commit()  # commit: as the cron does after each batch
                env.invalidate_all()
        return done

    def test_two_workers_tell_everybody_once(self):
        barrier = threading.Barrier(2)
        with ThreadPoolExecutor(2) as pool:
            done = list(pool.map(self._work, [barrier, barrier]))
        self.assertGreaterEqual(sum(done), 30)
        with self.registry.cursor() as cr:
            cr.execute(
                "SELECT concern_id, count(*) FROM followup_concern_notice"
                " WHERE kind = 'escalation' AND concern_id = ANY(%s)"
                " AND user_id = %s GROUP BY concern_id",
                [self.concern_ids, self.user_id],
            )
            counts = dict(cr.fetchall())
        self.assertEqual(set(counts), set(self.concern_ids))
        self.assertEqual(set(counts.values()), {1})
