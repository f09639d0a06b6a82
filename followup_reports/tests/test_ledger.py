# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Rewards and deductions: proposed from final verdicts, decided by people (W-1 ...)."""

from datetime import date

from odoo.exceptions import AccessError, UserError
from odoo.tests import freeze_time, tagged

from .hospital_common import REPORT_DAY, SmallHospitalCase


@tagged("post_install", "-at_install")
class TestLedger(SmallHospitalCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.leader_2 = cls._user("leader_2", "leader")
        cls.env["followup.penalty.band"].search([]).write({"amount": 50})

    def _propose(self, user=None):
        ledger = self.env["followup.ledger"].with_user(user or self.manager)
        with freeze_time(REPORT_DAY):
            rows = ledger.with_company(self.company)._propose_month(date(2026, 3, 1))
        return rows.with_user(self.manager)

    def _sample(self, *lines, drawn="2026-03-25"):
        """Draw calls of ward A: lines of (state, verdict, day it is final)."""
        sample = self.env["followup.sample"].create(
            {
                "name": "Check",
                "company_id": self.company.id,
                "date_from": "2026-03-01",
                "date_to": "2026-03-20",
                "call_until": "2026-03-30",
            }
        )
        sample.sudo()._guarded().write(
            {"state": "drawn", "drawn_at": self._moment(drawn)}
        )
        rows = self.env["followup.sample.line"].sudo()._guarded()
        for number, (state, verdict, final) in enumerate(lines):
            rows.create(
                {
                    "sample_id": sample.id,
                    "company_id": self.company.id,
                    "subject": number,
                    "rank": number,
                    "department_id": self.department_a.id,
                    "patient_id": self.a1.patient_id.id,
                    "state": state,
                    "verdict": verdict,
                    "final_at": final and self._moment(final),
                }
            )
        self.env.flush_all()

    def _entry(self, rows, kind, department=None):
        department = department or self.department_a
        return rows.filtered(
            lambda row: row.kind == kind and row.department_id == department
        )

    # ------------------------------------------------------------
    # PROPOSALS
    # ------------------------------------------------------------

    def test_one_yuan_for_each_effective_follow_up(self):
        """W-1: two of ward A, one of ward B (the other without answers)."""
        rows = self._propose()
        reward = self._entry(rows, "reward")
        self.assertEqual((reward.user_id, reward.count), (self.ward_a, 2))
        self.assertEqual((reward.amount, reward.currency_id.name), (2.0, "CNY"))
        self.assertEqual(self._entry(rows, "reward", self.department_b).count, 1)
        self.assertEqual(set(rows.mapped("state")), {"proposed"})

    def test_bands_use_final_verdicts_after_the_appeal_period(self):
        """Two of four are false; a fifth may still be appealed, a sixth is unclear."""
        self._sample(
            ("judged", "confirmed", "2026-03-28"),
            ("decided", "confirmed", False),
            ("judged", "no_call", "2026-03-28"),
            ("missed", False, False),
            ("judged", "contradicted", "2026-04-06"),
            ("judged", "cannot_confirm", "2026-03-28"),
            ("appealed", "no_call", "2026-03-28"),
        )
        rows = self._propose()
        penalty = self._entry(rows, "penalty")
        self.assertEqual((penalty.count, penalty.base, penalty.share), (2, 4, 50))
        # 50 belongs to the band from 50, not to the one below it
        self.assertEqual(penalty.band_id.lower, 50)
        self.assertEqual(penalty.amount, -50)
        self.assertEqual(len(penalty.evidence_ids), 2)
        withheld = self._entry(rows, "withheld")
        self.assertEqual((withheld.count, withheld.amount), (1, -2.0))

    def test_a_share_in_a_gap_proposes_nothing(self):
        """Of eleven calls ten false ones are 90.9 %: the policy names no amount."""
        lines = [("judged", "no_call", "2026-03-28")] * 10
        self._sample(("decided", "confirmed", False), *lines)
        rows = self._propose()
        self.assertFalse(self._entry(rows, "penalty"))
        band = self.env.ref("followup_reports.followup_penalty_band_10")
        band = band.with_context(lang="en_US")
        self.assertEqual(band.warning, "No band holds: 0–10 %, 90–100 %.")

    def test_proposing_again_changes_only_what_nobody_decided(self):
        rows = self._propose()
        decided = self._entry(rows, "reward")
        decided.with_user(self.leader).action_approve("As reckoned")
        self._done(self._due(self._stay("2026-03-21"), "2026-03-24"), "2026-03-23")
        stay = self._stay("2026-03-22", self.department_b)
        self._done(self._due(stay, "2026-03-25"), "2026-03-24")
        self.env.flush_all()
        again = self._propose()
        self.assertEqual(len(again), len(rows))
        self.assertEqual(decided.count, 2)
        self.assertEqual(self._entry(again, "reward", self.department_b).count, 2)

    def test_a_month_that_runs_is_not_reckoned(self):
        ledger = self.env["followup.ledger"].with_user(self.manager)
        with freeze_time("2026-03-31 15:59:00"), self.assertRaises(UserError):
            ledger.with_company(self.company)._propose_month(date(2026, 3, 1))
        for user in (self.head_a, self.leader, self.ward_a):
            with self.subTest(user=user.login), self.assertRaises(AccessError):
                self._propose(user)

    # ------------------------------------------------------------
    # DECISIONS
    # ------------------------------------------------------------

    def test_a_person_decides_and_the_reason_is_kept(self):
        reward = self._entry(self._propose(), "reward")
        with self.assertRaises(AccessError):
            reward.with_user(self.manager).action_approve("ok")
        with self.assertRaises(UserError):
            reward.with_user(self.leader).action_approve("  ")
        reward.with_user(self.leader).action_approve("As reckoned")
        self.assertEqual(reward.state, "approved")
        self.assertEqual(
            (reward.reason, reward.decided_by_id), ("As reckoned", self.leader)
        )
        with self.assertRaises(UserError):
            reward.with_user(self.leader).action_reject("Changed my mind")

    def test_an_appeal_is_decided_by_another_leader(self):
        self._sample(("missed", False, False))
        penalty = self._entry(self._propose(), "penalty")
        self.assertEqual((penalty.share, penalty.band_id.lower), (100, 100))
        penalty.with_user(self.leader).action_approve("Nobody called")
        with self.assertRaises(AccessError):
            penalty.with_user(self.head_b).action_appeal("Not ours")
        penalty.with_user(self.head_a).action_appeal("The list was wrong")
        with self.assertRaises(AccessError):
            penalty.with_user(self.leader).action_decide_appeal("dropped", "So it was")
        penalty.with_user(self.leader_2).action_decide_appeal("dropped", "So it was")
        self.assertEqual(penalty.state, "dropped")

    def test_nobody_writes_amounts(self):
        reward = self._entry(self._propose(), "reward")
        for user in (self.manager, self.leader, self.ward_a):
            with self.subTest(user=user.login), self.assertRaises(AccessError):
                reward.with_user(user).write({"amount": 1000})

    def test_the_dialog_offers_what_state_and_role_allow(self):
        """W-2: (approve or reject, appeal, decide the appeal) for each reader."""

        def offered():
            names = ("can_decide", "can_appeal", "can_judge")
            found = []
            for user in (self.leader, self.leader_2, self.head_a, self.manager):
                dialog = self.env["followup.ledger.decide"].with_user(user)
                vals = {"entry_ids": [(6, 0, penalty.ids)], "reason": "So"}
                dialog = dialog.create(vals)
                found.append("".join(name[4] for name in names if dialog[name]))
            return found

        self._sample(("missed", False, False))
        penalty = self._entry(self._propose(), "penalty")
        self.assertEqual(offered(), ["d", "d", "", ""])
        penalty.with_user(self.leader).action_approve("Nobody called")
        self.assertEqual(offered(), ["", "", "a", ""])
        penalty.with_user(self.head_a).action_appeal("The list was wrong")
        self.assertEqual(offered(), ["", "j", "", ""])
        dialog = self.env["followup.ledger.decide"].with_user(self.leader_2)
        dialog = dialog.create({"entry_ids": [(6, 0, penalty.ids)], "reason": "So"})
        for step in ("", "else", ["dropped"]):
            with self.subTest(step=step), self.assertRaises(UserError):
                dialog.with_context(followup_step=step).action_confirm()
        dialog.with_context(followup_step="dropped").action_confirm()
        self.assertEqual(penalty.state, "dropped")
        self.assertEqual(offered(), ["", "", "", ""])
