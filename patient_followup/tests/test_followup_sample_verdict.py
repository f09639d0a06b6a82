# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""A verdict is its giver's until it is final; a campaign counts what it drew."""

import threading
from concurrent.futures import ThreadPoolExecutor
from unittest.mock import patch

from psycopg2.errors import SerializationFailure

from odoo import SUPERUSER_ID, api
from odoo.exceptions import AccessError, UserError
from odoo.tests import freeze_time, new_test_user, tagged
from odoo.tools import mute_logger

from .common import GROUP, RaceCase
from .test_followup_sample import NOW, SampleCase


@tagged("post_install", "-at_install")
@freeze_time(NOW)
class TestFollowupSampleVerdict(SampleCase):
    def _line(self, **vals):
        self._finish(self._stays(1), self.ward_a)
        return self._draw(percent=100, **vals).line_ids

    def test_another_inspector_does_not_overwrite_a_verdict(self):
        """V-6: only who gave it, or verifies the line, until it is final."""
        line = self._line(verifier_ids=[(6, 0, self.deputy.ids)])
        line.action_verdict("no_call", "Nobody called me")
        third = self._user("third_inspector", "inspector")
        self.assertFalse(line.with_user(third).can_judge)
        with self.assertRaisesRegex(AccessError, "User inspector gave this verdict"):
            line.with_user(third).action_verdict("confirmed", "I think so")
        line.action_verdict("cannot_confirm", "He is not sure")
        line.with_user(self.deputy).action_verdict("confirmed", "He remembers now")
        self.assertEqual((line.verdict, line.verdict_by_id), ("confirmed", self.deputy))

    def test_a_manager_changes_it_with_a_reason_and_what_was_stays_readable(self):
        line = self._line()
        line.action_verdict("no_call", "Nobody called me")
        managed = line.with_user(self.manager)
        self.assertTrue(managed.can_judge)
        for note in (None, " "):
            with self.assertRaisesRegex(UserError, "reason"):
                managed.action_verdict("confirmed", note)
        managed.action_verdict("confirmed", "The recording was found")
        self.assertEqual(
            line.verdict_log, "2026-03-20 · User inspector · No Call · Nobody called me"
        )
        managed.action_verdict("cannot_confirm")
        self.assertEqual(len(line.verdict_log.splitlines()), 2)
        with self.assertRaises(AccessError):
            line.write({"verdict_log": "x"})

    def test_whoever_cannot_take_the_row_is_told_so(self):
        line = self._line()
        with (
            patch.object(type(line), "try_lock_for_update", lambda rows: rows[:0]),
            self.assertRaisesRegex(UserError, "just now"),
        ):
            line.action_verdict("confirmed")

    def test_what_waits_stands_first(self):
        self._finish(self._stays(4), self.ward_a)
        lines = self._draw(percent=100, reserve_percent=0).line_ids
        first, second, third, last = lines
        first.action_verdict("confirmed")
        second.action_verdict("no_call")
        second.with_user(self.head_a).action_appeal("We called")
        self.env.flush_all()
        lines.invalidate_recordset()
        found = lines.search([("sample_id", "=", lines.sample_id.id)])
        self.assertEqual(found.ids, (second + third + last + first).ids)
        upside_down = lines.search(
            [("sample_id", "=", lines.sample_id.id)], order="state desc, id"
        )
        self.assertEqual(upside_down[:1], first)

    def test_checking_performers_costs_the_same_for_many_calls(self):
        self._finish(self._stays(10), self.ward_a)
        calls = self._draw(percent=100).line_ids.verification_task_id
        self.env.flush_all()
        costs = []
        for number in (2, 10):
            self.env.invalidate_all()
            some = calls[:number].with_user(self.inspector)
            some.mapped("kind")
            before = self.env.cr.sql_log_count
            barred = [bool(task._get_role_refusal(self.ward_a)) for task in some]
            costs.append(self.env.cr.sql_log_count - before)
            self.assertEqual(barred, [True] * number)
        self.assertEqual(costs[0], costs[1])

    # ------------------------------------------------------------
    # CAMPAIGNS
    # ------------------------------------------------------------

    def _campaign(self):
        campaign = self.env["followup.sample.campaign"].create(
            {
                "name": "Monthly",
                "company_id": self.company.id,
                "percent": 50,
                "date_start": "2026-01-01",
                "verifier_ids": [(6, 0, self.inspector.ids)],
            }
        )
        return campaign.with_user(self.inspector).with_company(self.company)

    def test_a_sample_made_by_hand_is_none_of_a_campaign(self):
        """A draft of one patient must not pass for the campaign's check."""
        campaign = self._campaign()
        vals = {
            "name": "Mine",
            "date_from": "2026-02-01",
            "date_to": "2026-02-28",
            "call_until": "2026-03-30",
            "campaign_id": campaign.id,
            "period_start": "2026-03-01",
            "company_id": self.company.id,
        }
        samples = self.env["followup.sample"].with_user(self.inspector)
        with self.assertRaisesRegex(AccessError, "cannot be edited directly"):
            samples.create(vals)
        own = samples.create({**vals, "campaign_id": False, "period_start": False})
        with self.assertRaisesRegex(AccessError, "cannot be edited directly"):
            own.campaign_id = campaign
        own.action_draw()
        self.assertEqual(campaign.status, "due")

    def test_a_draft_of_a_campaign_is_drawn_as_the_campaign_wants(self):
        self._stays(10)
        campaign = self._campaign()
        draft = campaign._make_sample(self.company)
        draft.write({"percent": 1, "purpose": "quality", "date_to": draft.date_from})
        campaign.action_draw()
        self.assertEqual(
            (draft.state, draft.percent, draft.purpose), ("drawn", 50, "check")
        )
        self.assertFalse(draft.copy().campaign_id)


@tagged("post_install", "-at_install")
class TestFollowupVerdictRace(RaceCase):
    """Two inspectors judge the same line at the same moment."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.user_ids = []
        cls.addClassCleanup(cls._clean_up)
        with cls.registry.cursor() as cr:
            cls._fill(api.Environment(cr, SUPERUSER_ID, {"tracking_disable": True}))

    @classmethod
    def _fill(cls, env):
        company = env.ref("base.main_company")
        cls.user_ids = [
            new_test_user(
                env,
                f"racing_inspector_{number}",
                groups=f"{GROUP}inspector",
                company_id=company.id,
                company_ids=[(6, 0, company.ids)],
            ).id
            for number in range(2)
        ]
        cls.patient = env["followup.patient"].create(
            {"name": "Judged", "company_id": company.id}
        )
        cls.sample = env["followup.sample"].create(
            {
                "name": "Race",
                "company_id": company.id,
                "date_from": "2026-02-01",
                "date_to": "2026-02-28",
                "call_until": "2026-03-30",
            }
        )
        cls.line = (
            env["followup.sample.line"]
            ._guarded()
            .create(
                {
                    "sample_id": cls.sample.id,
                    "company_id": company.id,
                    "subject": 1,
                    "rank": 1,
                    "patient_id": cls.patient.id,
                }
            )
        )

    @classmethod
    def _clean_up(cls):
        with cls.registry.cursor() as cr:
            cr.execute("DELETE FROM followup_sample_line WHERE id = %s", [cls.line.id])
            cr.execute("DELETE FROM followup_sample WHERE id = %s", [cls.sample.id])
            env = api.Environment(cr, SUPERUSER_ID, {"tracking_disable": True})
            env["followup.patient"].browse(cls.patient.id).unlink()
            users = env["res.users"].browse(cls.user_ids)
            partners = users.partner_id
            users.unlink()
            partners.unlink()
            cr.execute(
                "DELETE FROM followup_access_log"
                " WHERE res_model = 'res.users' AND res_id = ANY(%s)",
                [cls.user_ids],
            )

    def _judge(self, uid, barrier=None):
        """Return whether this user's verdict was written."""
        with self.registry.cursor() as cr:
            env = api.Environment(cr, uid, {})
            line = env["followup.sample.line"].browse(self.line.id)
            line.mapped("state")
            if barrier:
                barrier.wait(timeout=20)
            try:
                line.action_verdict("confirmed", "Mine")
                env.cr.commit()  # commit: what races must be seen by the other
            except (UserError, SerializationFailure):
                cr.rollback()
                return False
        return True

    @mute_logger("odoo.sql_db", "odoo.addons.base.models.ir_rule")
    def test_one_of_two_verdicts_is_written(self):
        barrier = threading.Barrier(2)
        with ThreadPoolExecutor(max_workers=2) as pool:
            jobs = [pool.submit(self._judge, uid, barrier) for uid in self.user_ids]
            done = [job.result(timeout=60) for job in jobs]
        self.assertEqual(sorted(done), [False, True])
        winner = self.user_ids[done.index(True)]
        loser = self.user_ids[done.index(False)]
        self.assertFalse(self._judge(loser), "the second look tells who has judged")
        with self.registry.cursor() as cr:
            env = api.Environment(cr, SUPERUSER_ID, {})
            line = env["followup.sample.line"].browse(self.line.id)
            self.assertEqual(line.verdict_by_id.id, winner)
