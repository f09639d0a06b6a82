# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Praise, orders and warnings: proposed, decided, known to few (W-4, W-5)."""

from datetime import date

from odoo.exceptions import AccessError, UserError
from odoo.tests import freeze_time, tagged
from odoo.tools import html2plaintext

from .hospital_common import REPORT_DAY, SmallHospitalCase


@tagged("post_install", "-at_install")
class TestConduct(SmallHospitalCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.leader_2 = cls._user("leader_2", "leader")

    def _propose(self, kind, person=None, **vals):
        rows = self.env["followup.conduct"].with_user(self.manager)
        return rows.with_company(self.company).create(
            {
                "kind": kind,
                "department_id": self.department_a.id,
                "user_id": person and person.id,
                "text": "Table filled in without a call",
                **vals,
            }
        )

    def _seen_by(self, row):
        """Return who reads a record."""
        names = ("ward_a", "ward_b", "head_a", "head_b", "centre", "manager")
        names += ("inspector", "leader", "auditor", "administrator", "plain")
        return {
            name
            for name in names
            if row.with_user(getattr(self, name)).has_access("read")
        }

    def test_a_warning_is_for_the_person_and_who_decides(self):
        """W-5: not even the head or another manager reads it."""
        row = self._propose("written_warning", self.ward_a)
        self.assertEqual(self._seen_by(row), {"manager", "leader"})
        row.with_user(self.leader).action_decide("As the sample showed")
        self.assertEqual(self._seen_by(row), {"manager", "leader", "ward_a"})
        row.with_user(self.ward_a).action_take_note()
        self.assertEqual((row.state, row.known_by_id), ("known", self.ward_a))

    def test_an_order_goes_to_the_head_of_the_department(self):
        """W-4: a team's record is its head's, not its members'."""
        row = self._propose("order", rectify_until="2026-05-01")
        row.with_user(self.leader).action_decide("Until May")
        self.assertEqual(self._seen_by(row), {"manager", "leader", "head_a"})
        for user in (self.leader, self.manager):
            with self.subTest(user=user.login), self.assertRaises(AccessError):
                row.with_user(user).action_take_note()
        row.with_user(self.head_a).action_take_note()
        self.assertEqual(row.state, "known")

    def test_nobody_decides_alone_or_about_himself(self):
        row = self._propose("oral_warning", self.leader)
        with self.assertRaises(UserError):
            row.with_user(self.leader).action_decide("Not me")
        with self.assertRaises(AccessError):
            row.with_user(self.manager).action_decide("I say so")
        with self.assertRaises(UserError):
            row.with_user(self.leader_2).action_decide("  ")
        row.with_user(self.leader_2).action_reject("Not proved")
        self.assertEqual((row.state, row.reason), ("rejected", "Not proved"))
        with self.assertRaises(UserError):
            row.with_user(self.leader_2).action_decide("After all")

    def test_what_was_decided_stays_as_it_was(self):
        row = self._propose("commendation", self.ward_a)
        row.text = "Reached everybody"
        row.with_user(self.leader).action_decide("Well done")
        with self.assertRaises(UserError):
            row.text = "Something else"
        with self.assertRaises(AccessError):
            row.with_env(self.env).unlink()

    def test_the_paper_names_the_decision_and_no_patient(self):
        row = self._propose("written_warning", self.ward_a)
        reports = self.env["ir.actions.report"].with_context(lang="en_US")
        name = "followup_reports.followup_conduct_notice"
        with self.assertRaises(UserError):
            reports.with_user(self.leader)._render_qweb_html(name, row.ids)
        row.with_user(self.leader).action_decide("As the sample showed")
        for user in (self.leader, self.ward_a):
            html, _kind = reports.with_user(user)._render_qweb_html(name, row.ids)
            text = html2plaintext(html.decode())
            for word in ("Written Warning", self.ward_a.name, "As the sample showed"):
                self.assertIn(word, text)
        with self.assertRaises(AccessError):
            reports.with_user(self.head_a)._render_qweb_html(name, row.ids)


@tagged("post_install", "-at_install")
class TestPenaltyNotice(SmallHospitalCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.band = cls.env.ref("followup_reports.followup_penalty_band_100")
        cls.band.amount = 200
        vals = {
            "company_id": cls.company.id,
            "kind": "penalty",
            "period": "2026-03",
            "date_from": "2026-03-01",
            "department_id": cls.department_a.id,
            "count": 3,
            "base": 3,
            "share": 100,
            "amount": -200,
            "band_id": cls.band.id,
            "currency_id": cls.env.ref("base.CNY").id,
        }
        cls.entry = cls.env["followup.ledger"]._guarded().create(vals)._unguarded()

    def _text(self, user):
        reports = self.env["ir.actions.report"].with_context(lang="en_US")
        html, _kind = reports.with_user(user)._render_qweb_html(
            "followup_reports.followup_penalty_notice", self.entry.ids
        )
        return " ".join(html2plaintext(html.decode()).split())

    def test_only_what_was_decided_is_printed(self):
        with self.assertRaises(UserError):
            self._text(self.leader)
        self.entry.with_user(self.leader).action_approve("Nobody was called")
        for user in (self.leader, self.head_a, self.manager):
            with self.subTest(user=user.login):
                text = self._text(user)
                for word in ("2026-03", "3 / 3", "100.0%", "001J", "Nobody was called"):
                    self.assertIn(word, text)
                self.assertIn("200.00", text)
                self.assertIn("may appeal", text)
        for user in (self.head_b, self.ward_a, self.plain):
            with self.subTest(user=user.login), self.assertRaises(AccessError):
                self._text(user)

    def test_the_appeal_and_its_decision_are_on_it(self):
        leader_2 = self._user("leader_2", "leader")
        self.entry.with_user(self.leader).action_approve("Nobody was called")
        self.entry.with_user(self.head_a).action_appeal("The list was wrong")
        self.entry.with_user(leader_2).action_decide_appeal("upheld", "It was right")
        text = self._text(self.head_a)
        for word in ("The list was wrong", "It was right", leader_2.name):
            self.assertIn(word, text)


@tagged("post_install", "-at_install")
class TestMoneyAfterTheAppealPeriod(SmallHospitalCase):
    """The same false verdict, a moment before and after it becomes final."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env["followup.penalty.band"].search([]).write({"amount": 50})
        sample = cls.env["followup.sample"].create(
            {
                "name": "Check",
                "company_id": cls.company.id,
                "date_from": "2026-03-01",
                "date_to": "2026-03-20",
                "call_until": "2026-03-30",
            }
        )
        sample.sudo()._guarded().write(
            {"state": "drawn", "drawn_at": cls._moment("2026-03-25")}
        )
        cls.env["followup.sample.line"].sudo()._guarded().create(
            {
                "sample_id": sample.id,
                "company_id": cls.company.id,
                "subject": 1,
                "rank": 1,
                "department_id": cls.department_a.id,
                "patient_id": cls.a1.patient_id.id,
                "state": "judged",
                "verdict": "no_call",
                "final_at": "2026-04-10 16:00:00",
            }
        )
        cls.env.flush_all()

    def _kinds(self, at):
        ledger = self.env["followup.ledger"].with_user(self.manager)
        with freeze_time(at):
            rows = ledger.with_company(self.company)._propose_month(date(2026, 3, 1))
        mine = rows.filtered(lambda row: row.department_id == self.department_a)
        return sorted(mine.mapped("kind"))

    def test_nothing_is_deducted_before_the_verdict_is_final(self):
        self.assertEqual(self._kinds(REPORT_DAY), ["reward"])
        self.assertEqual(self._kinds("2026-04-10 15:59:59"), ["reward"])
        self.assertEqual(
            self._kinds("2026-04-10 16:00:00"), ["penalty", "reward", "withheld"]
        )
