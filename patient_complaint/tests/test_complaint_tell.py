# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Whether an answer is accepted, the reply letter, withdrawal (C-17, C-18)."""

from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import tagged

from .common import ComplaintCommon


@tagged("post_install", "-at_install")
class TestComplaintTell(ComplaintCommon):
    def _answered(self, **vals):
        case = self._ready(self._case(**vals), track="fast")
        case.action_triage()
        self._tell(case)
        return case

    # ------------------------------------------------------------
    # OUTCOME
    # ------------------------------------------------------------

    def test_an_answer_is_accepted_or_refused_with_a_legal_step(self):
        """C-17: outcome, next legal step, reason -> is it taken?"""
        table = [
            ("accepted", False, False, True),
            ("refused", False, "No", False),
            ("refused", "court", False, False),
            ("refused", "court", "  ", False),
            ("refused", "mediation", "Too little", True),
            ("refused", "appraisal", "Too little", True),
            ("refused", "court", "Too little", True),
        ]
        for outcome, step, reason, taken in table:
            case = self._answered()
            vals = {"outcome": outcome, "legal_step": step, "outcome_reason": reason}
            with self.subTest(outcome=outcome, step=step, reason=reason):
                if not taken:
                    with self.assertRaises(ValidationError):
                        self._tell(case, "survey", **vals)
                    continue
                self._tell(case, "survey", **vals)
                self.assertEqual((case.outcome, case.legal_step), (outcome, step))

    def test_a_refused_answer_says_what_is_next(self):
        case = self._answered()
        vals = {"outcome": "refused", "legal_step": "court", "outcome_reason": "x"}
        self._tell(case, "survey", **vals)
        self.assertIn("Court", case.next_step)

    def test_his_view_is_asked_after_the_answer(self):
        with self.assertRaises(UserError):
            self._tell(self._case(), "survey", satisfaction="3")

    def test_satisfaction_by_phone_is_that_of_the_case(self):
        case = self._answered()
        self._tell(case, "survey", satisfaction="2", reaction="Took too long")
        self.assertEqual(case.satisfaction, "2")

    def test_reopening_asks_anew(self):
        case = self._answered()
        self._tell(case, "survey", satisfaction="2", outcome="accepted")
        case.action_close()
        case.action_reopen("New facts")
        self.assertFalse(case.satisfaction or case.outcome)

    def test_nobody_writes_outcome_or_satisfaction_by_hand(self):
        case = self._answered()
        for vals in ({"outcome": "accepted"}, {"legal_step": "court"}):
            for user in (self.specialist, self.officer):
                with self.subTest(vals), self.assertRaises(AccessError):
                    case.with_user(user).write(vals)
        with self.assertRaises(AccessError):
            case.sudo().write({"satisfaction": "5"})

    def test_withdrawn_and_not_accepted_need_a_reason(self):
        for method, state in (
            ("action_withdraw", "withdrawn"),
            ("action_not_accept", "not_accepted"),
        ):
            case = self._case()
            for reason in ("", "  ", False):
                with self.subTest(method, reason=reason), self.assertRaises(UserError):
                    getattr(case, method)(reason)
            getattr(case, method)("Settled among them")
            self.assertEqual(case.state, state)
            self.assertEqual(case.closing_reason, "Settled among them")
            self.assertTrue(case.closure_ids)

    # ------------------------------------------------------------
    # LETTER
    # ------------------------------------------------------------

    def _letter(self, case, **vals):
        letters = self.env["complaint.letter"].with_user(self.specialist)
        return letters.create({"case_id": case.id, "lang": "en_US", **vals})

    def _investigated(self, **vals):
        case = self._ready(self._case(**vals), track="fast")
        case.issue_ids.write({"finding": "upheld", "lesson": "A second counter opens"})
        case.action_triage()
        return case

    def test_a_letter_is_composed_from_what_was_found(self):
        case = self._investigated(complainant_name="Li Na")
        body = self._letter(case).body
        for words in ("Dear Li Na", case.name, "Upheld", "A second counter opens"):
            self.assertIn(words, body)
        self.assertIn("We are sorry", body)

    def test_a_letter_in_chinese_is_made_of_its_own_words(self):
        self.env["res.lang"]._activate_lang("zh_CN")
        body = self._letter(self._investigated(), lang="zh_CN").body
        self.assertTrue(body)

    def test_a_letter_to_nobody_known_has_no_name(self):
        case = self._investigated(anonymous=True)
        self.assertIn("Dear Sir or Madam", self._letter(case).body)

    def test_script_in_words_and_in_the_letter_runs_nowhere(self):
        case = self._investigated(complainant_name="<script>alert(1)</script>")
        letter = self._letter(case)
        self.assertNotIn("<script", letter.body)
        letter.body = (
            "<p onclick='x()'>Hi<script>alert(1)</script><img src=x onerror=y>"
        )
        for bad in ("<script", "onclick", "onerror"):
            self.assertNotIn(bad, letter.body)

    def test_giving_a_letter_seals_it_and_is_the_answer(self):
        case = self._investigated()
        letter = self._letter(case)
        letter.body = "<p>Our answer</p>"
        letter.action_give()
        self.assertEqual((case.state, letter.state), ("feedback", "given"))
        told = case.feedback_ids
        self.assertEqual((told.kind, told.method), ("answer", "letter"))
        self.assertEqual(told.letter_id, letter)
        self.assertIn("Our answer", told.content)
        for user in (self.specialist, self.officer):
            with self.assertRaises(UserError):
                letter.with_user(user).body = "<p>Other</p>"
        with self.assertRaises(UserError):
            letter.sudo()._guarded().write({"body": "<p>Other</p>"})
        with self.assertRaises(UserError):
            letter.action_give()
        with self.assertRaises(UserError):
            letter.unlink()
        self.assertEqual(letter.sudo()._check_seal(), "intact")

    def test_nobody_says_a_letter_was_given_by_hand(self):
        letter = self._letter(self._investigated())
        for vals in ({"state": "given"}, {"given_at": "2020-01-01"}):
            with self.subTest(vals), self.assertRaises(AccessError):
                letter.write(vals)

    def test_a_letter_on_paper_shows_its_words(self):
        letter = self._letter(self._investigated(complainant_name="Li Na"))
        reports = self.env["ir.actions.report"].with_user(self.specialist)
        html, _kind = reports._render_qweb_html(
            "patient_complaint.complaint_letter_report", letter.ids
        )
        self.assertIn("Dear Li Na", html.decode())
        log = self.env["followup.access.log"].sudo()
        domain = [("res_model", "=", letter._name), ("res_id", "=", letter.id)]
        self.assertEqual(log.search(domain).action, "print")
        with self.assertRaises(AccessError):
            reports.with_user(self.leader)._render_qweb_html(
                "patient_complaint.complaint_letter_report", letter.ids
            )
