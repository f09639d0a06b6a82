# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""What patients take home, and the paper that comes back (E-16, M-1)."""

import base64

from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import HttpCase, freeze_time, tagged
from odoo.tools import mute_logger

from .document_common import MORNING, PHONE, REPORT, FollowupDocumentCase


@tagged("post_install", "-at_install")
@freeze_time(MORNING)
class TestFollowupHandouts(FollowupDocumentCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        with freeze_time(MORNING):
            cls.team = cls.department_a.followup_team_ids
            cls.team.write({"hotline": "021-5550 1007", "hotline_hours": "8-17"})
            cls.paper = cls._asked(date_deadline="2026-03-10 15:00:00")

    def _hide_ward(self):
        """Ward A treats what nobody may learn; the centre has a number, too."""
        self.team.write({"is_sensitive": True, "leaflet_text": "Pox"})
        centre = self._department("Centre")
        centre.followup_team_ids.write(
            {"unit_type": "centre", "hotline": "021-5550 9999"}
        )

    # ------------------------------------------------------------
    # CARD AND PLAN
    # ------------------------------------------------------------

    def test_card_says_who_contacts_when_and_what_to_report(self):
        """E-16, 001T: the card given at discharge."""
        self._task(self.stay, level="2", due_day="2026-03-19")
        words = self._words("leaflet", self.stay)
        for expected in (
            "After Your Stay: We Keep in Touch",
            "张三丰",
            "Ward A",
            "We call you",
            "Follow-up centre",
            "021-5550 1007",
            "fever, growing pain",
            "call 120",
        ):
            self.assertIn(expected, words)
        self.assertNotIn("Fractured hip", words)
        self.assertNotIn("Printed on 2026-03-05 10:00 by", words)

    def test_a_ward_writes_its_own_signs(self):
        self.team.leaflet_text = "Numb toes\n\nA loose nail"
        words = self._words("leaflet", self.stay)
        self.assertIn("Numb toes", words)
        self.assertIn("A loose nail", words)
        self.assertNotIn("fever, growing pain", words)

    def test_papers_of_a_sensitive_ward_are_neutral(self):
        """Neither its name, nor its number, doctor, questions or signs."""
        self._hide_ward()
        survey = self._questionnaire(title="Sexual health")
        protocol = self._protocol([{"survey_id": survey.id}])
        stay = self._encounter(attending_name="Doctor Lin")
        plan = protocol.start_plan(stay)
        for name, record in (
            ("leaflet", stay),
            ("plan_sheet", plan),
            ("paper_form", plan.task_ids),
        ):
            words = self._words(name, record)
            with self.subTest(report=name):
                for hidden in ("Ward A", "1007", "Doctor Lin", "Sexual", "Pox"):
                    self.assertNotIn(hidden, words)
                self.assertIn("Test Hospital", words)
                self.assertIn("021-5550 9999", words)

    def test_plan_names_no_protocol(self):
        plan = self.protocol.start_plan(self.stay)
        words = self._words("plan_sheet", plan)
        self.assertIn("Your Follow-up Plan", words)
        self.assertIn("We call you", words)
        self.assertNotIn(self.protocol.name, words)
        self.assertNotIn(self.protocol.step_ids.name, words)

    def test_a_plan_without_contacts_says_so(self):
        plan = self.protocol.start_plan(self.stay)
        plan.with_user(self.ward_a).action_close("Moved away")
        words = self._words("plan_sheet", plan)
        self.assertIn("No contact is planned yet.", words)

    def test_papers_are_in_the_language_of_the_patient(self):
        """D-16: whatever language the nurse works in."""
        self.env["res.lang"]._activate_lang("fr_FR")
        self.env["followup.team"].flush_model()
        self.team.with_context(lang="fr_FR").leaflet_text = "Fièvre"
        self.team.with_context(lang="en_US").leaflet_text = "Fever"
        self.stay.patient_id.lang = "fr_FR"
        html = self._print("leaflet", self.stay)
        self.assertIn("Fièvre", html)
        self.assertNotIn(">Fever<", html)

    def test_qr_code_only_where_it_is_asked_for(self):
        """Each printing with a code issues one link; the token is not in clear."""
        self.paper.patient_id.birthdate = "1956-03-25"
        stay = self.paper.encounter_id
        self.assertNotIn("<svg", self._print("leaflet", stay))
        self.assertFalse(self.env["followup.link"].search_count([]))
        html = self._print_card(stay)
        self.assertIn("<svg", html)
        self.assertNotIn("/followup#", html)
        link = self.env["followup.link"].search([])
        self.assertEqual(link.task_id, self.paper)

    def _print_card(self, stay, user=None):
        """Return the card as the button prints it; in tests as HTML."""
        action = stay.with_user(user or self.ward_a).action_print_card()
        self.assertEqual(action["tag"], "followup_download")
        return base64.b64decode(action["params"]["content"]).decode()

    def test_no_address_of_a_report_makes_a_link(self):
        """Whoever gets a nurse to open an address must not make a link."""
        self.paper.patient_id.birthdate = "1956-03-25"
        stay = self.paper.encounter_id
        reports = self._reports()
        codes = {"codes": {str(stay.id): "<svg/>", stay.id: "<svg/>"}}
        html, _kind = reports._render_qweb_html(
            REPORT + "leaflet_link", stay.ids, data=codes
        )
        self.assertIn("After Your Stay", html.decode())
        self.assertNotIn("<svg", html.decode())
        self.assertFalse(self.env["followup.link"].search_count([]))

    def test_who_records_no_calls_prints_no_code(self):
        for user in (self.inspector, self.leader):
            with self.subTest(user=user.login), self.assertRaises(AccessError):
                self._print_card(self.paper.encounter_id, user)
        self.assertFalse(self.env["followup.link"].search_count([]))

    def test_no_card_without_a_stay_and_not_too_many(self):
        with self.assertRaisesRegex(UserError, "1 to 50"):
            self._print_card(self.stay.browse())

    def test_no_code_where_no_link_may_be_given(self):
        self.paper.patient_id.write(
            {"do_not_contact": True, "do_not_contact_reason": "Wish"}
        )
        html = self._print_card(self.paper.encounter_id)
        self.assertNotIn("<svg", html)
        self.assertFalse(self.env["followup.link"].search_count([]))

    # ------------------------------------------------------------
    # QUESTIONNAIRE ON PAPER
    # ------------------------------------------------------------

    def test_questionnaire_has_every_question_and_no_name(self):
        """M-1: a return code instead of a name."""
        self.paper.patient_id.name = "Zhao Sensitive"
        words = self._words("paper_form", self.paper)
        for expected in (
            f"Return code: {self.paper._get_paper_code()}",
            "1 . Condition",
            "Only if at question 1 you ticked: Worse",
            "(several answers possible)",
            "3 . Temperature",
            "℃",
            "send it back by 2026-03-10",
        ):
            self.assertIn(expected, words)
        for hidden in ("Zhao", self.paper.patient_id.mrn, "138****"):
            self.assertNotIn(hidden, words)

    def test_nothing_to_answer_is_said(self):
        with self.assertRaisesRegex(UserError, "nothing to answer"):
            self._print("paper_form", self._task(self.stay))
        with self.assertRaisesRegex(UserError, "nothing to answer"):
            self._print("paper_form", self.call)

    def test_who_may_not_record_the_answers_prints_no_form(self):
        for user in (self.ward_b, self.inspector, self.administrator):
            with self.assertRaises(AccessError):
                self._print("paper_form", self.paper, user)

    def _entry(self, user=None, **vals):
        vals = {
            "code": self.paper._get_paper_code().lower(),
            "answered_on": "2026-03-05",
            **vals,
        }
        return (
            self.env["followup.paper.entry"].with_user(user or self.ward_a).create(vals)
        )

    def test_a_paper_that_comes_back_opens_its_questions(self):
        """Found by the code, with the day on the paper as the day of contact."""
        action = self._entry(answered_by="relative").action_enter()
        self.assertEqual(action["params"]["task_id"], self.paper.id)
        attempt = self.paper.attempt_ids
        self.assertEqual(attempt.method, "mail")
        self.assertEqual(attempt.direction, "in")
        self.assertEqual(attempt.result, "reached_relative")
        self.assertEqual(str(attempt.started_at), MORNING)
        self._save(condition="good", task=self.paper)
        call = self.paper.with_user(self.ward_a)
        call.finish_call(next_call=False, force=True)
        self.assertEqual(self.paper.state, "done")
        self.assertEqual(self.paper.attempt_count, 1)

    def test_a_paper_entered_days_later_counts_as_late(self):
        with freeze_time("2026-03-09 02:00:00"):
            self._entry(answered_on="2026-03-06").action_enter()
        attempt = self.paper.attempt_ids
        self.assertTrue(attempt.is_late_entry)
        self.assertEqual(str(attempt.started_at), "2026-03-06 04:00:00")

    def test_a_wrong_code_a_foreign_one_and_none_answer_alike(self):
        foreign = self._task(department_id=self.department_b.id)
        codes = ("7KQ2M-X4PZT", foreign._get_paper_code(), "nonsense")
        messages = set()
        for code in codes:
            entry = self._entry(code=code)
            self.assertFalse(entry.task_id)
            with self.assertRaises(UserError) as caught:
                entry.action_enter()
            messages.add(str(caught.exception))
        self.assertEqual(len(messages), 1)

    def test_a_day_that_cannot_be_is_refused(self):
        with self.assertRaisesRegex(ValidationError, "future"):
            self._entry(answered_on="2026-03-06").action_enter()
        with self.assertRaisesRegex(ValidationError, "before the discharge"):
            self._entry(answered_on="2026-01-01").action_enter()

    def test_a_closed_follow_up_takes_no_paper(self):
        entry = self._entry(code=self.call._get_paper_code())
        with self.assertRaisesRegex(UserError, "closed already"):
            entry.action_enter()


@tagged("post_install", "-at_install")
class TestFollowupDocumentRoute(FollowupDocumentCase, HttpCase):
    """The addresses of the reports, as the browser asks for them."""

    PATH = "/report/html/patient_followup.followup_record_sheet"

    @mute_logger("odoo.http")
    def test_the_address_of_a_report_keeps_to_the_rules(self):
        """Section 7: a foreign ward and a role without patients get nothing."""
        self.authenticate("ward_a", "ward_a")
        answer = self.url_open(f"{self.PATH}/{self.call.id}")
        self.assertEqual(answer.status_code, 200)
        self.assertIn("张三丰", answer.text)
        self.assertNotIn(PHONE, answer.text)
        self.assertEqual(
            self._logged(self.call), [("print", self.ward_a, "Follow-up Record Sheet")]
        )
        for login in ("ward_b", "leader", "auditor", "administrator", "plain"):
            self.authenticate(login, login)
            answer = self.url_open(f"{self.PATH}/{self.call.id}")
            with self.subTest(login=login):
                self.assertEqual(answer.status_code, 403)
                self.assertNotIn("张三丰", answer.text)

    def test_without_an_account_there_is_no_report(self):
        self.authenticate(None, None)
        answer = self.url_open(f"{self.PATH}/{self.call.id}", allow_redirects=False)
        self.assertEqual(answer.status_code, 303)
        self.assertNotIn("张三丰", answer.text)
