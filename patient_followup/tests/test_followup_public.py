# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""The patient's own page: coming in, answering, wishes (issue 3 section 4)."""

from contextlib import contextmanager
from datetime import timedelta
from unittest.mock import patch

from odoo import fields
from odoo.tests import freeze_time, tagged

from .public_common import BIRTH, FollowupPublicCase


@tagged("post_install", "-at_install", "patient_followup_http")
class TestFollowupPublic(FollowupPublicCase):
    # ------------------------------------------------------------
    # COMING IN
    # ------------------------------------------------------------

    def test_nothing_is_told_before_the_date_of_birth(self):
        """Section 4: neither name nor diagnosis, only the hospital."""
        page = self._enter(self._issue())
        self.assertEqual(page.status_code, 200)
        self.assertIn("Test Hospital", page.text)
        for secret in ("Zhang", "Fracture", "Ward A", "Condition", "1956-03"):
            self.assertNotIn(secret, page.text)

    def test_after_the_date_of_birth_the_questions_are_asked(self):
        page = self._open()
        self.assertEqual(page.status_code, 200)
        for shown in ("Condition", "Temperature", "Ward A", "Z*"):
            self.assertIn(shown, page.text)
        for secret in ("Zhang Dawei", "Fracture", "13800"):
            self.assertNotIn(secret, page.text)

    def test_pages_are_kept_nowhere_and_shown_nowhere_else(self):
        for page in (self._enter(self._issue()), self._post("proof", BIRTH)):
            self.assertEqual(page.headers["Referrer-Policy"], "no-referrer")
            self.assertEqual(page.headers["Cache-Control"], "no-store")
            self.assertIn("noindex", page.headers["X-Robots-Tag"])
            self.assertIn("default-src 'none'", page.headers["Content-Security-Policy"])
            self.assertNotIn("unsafe", page.headers["Content-Security-Policy"])

    def test_a_wrong_date_of_birth_opens_nothing(self):
        page = self._open(birth={**BIRTH, "birth_day": "26"})
        self.assertEqual(page.status_code, 422)
        self.assertNotIn("Condition", page.text)
        self.assertIn("Tries left: 4", page.text)
        self.assertNotIn("Condition", self._get().text)

    def test_a_wrong_number_ends_the_links_that_may_have_gone_there(self):
        token = self._issue()
        self.assertEqual(self._enter(token).status_code, 200)
        self.task.patient_id.contact_ids[:1].validity = "wrong"
        self.assertEqual(self._link().revoked_reason, "number")
        self.assertEqual(self._enter(token).status_code, 404)

    def test_who_is_inside_goes_on_where_others_guess_from_his_address(self):
        page = self._open()
        self.assertEqual(page.status_code, 200)
        throttle = self.env["followup.throttle"]
        with patch.object(type(throttle), "_left", lambda self, kind, *args: 0):
            self.assertEqual(self._get().status_code, 200)
            self.assertEqual(self._enter(self._issue()).status_code, 429)

    def test_the_fifth_wrong_date_locks_the_link_and_tells_the_ward(self):
        token = self._issue()
        self._enter(token)
        for _try in range(5):
            page = self._post("proof", {**BIRTH, "birth_year": "1957"})
        self.assertEqual(page.status_code, 404)
        self.assertEqual(self._link().revoked_reason, "locked")
        self.assertEqual(self._post("proof", BIRTH).status_code, 404)
        self.assertEqual(self._enter(token).status_code, 404)
        warning = self.task.with_user(self.ward_a).link_warning
        self.assertIn("five wrong dates", warning)

    def test_no_date_of_birth_on_record_asks_for_the_record_number(self):
        self.patient.birthdate = False
        page = self._enter(self._issue())
        self.assertIn("Record number", page.text)
        page = self._post("proof", {"number": self.patient.mrn.lower()})
        self.assertIn("Condition", page.text)

    def test_the_confirmation_ends_after_half_an_hour(self):
        self._open()
        later = fields.Datetime.now() + timedelta(minutes=31)
        with freeze_time(later):
            self.assertEqual(self._get().status_code, 404)

    def test_the_page_speaks_the_language_of_the_patient(self):
        """D-16; another language is one tap away."""
        self.assertIn('lang="en-US"', self._open().text)

    # ------------------------------------------------------------
    # ANSWERING
    # ------------------------------------------------------------

    def test_answers_are_saved_as_they_are_given(self):
        self._open()
        key = f"q{self._id('temperature')}"
        answer = self._post("save", {"answers": f'{{"{key}": "36.8"}}'})
        self.assertEqual(answer.json(), {"saved": 1, "errors": {}, "alerts": []})
        self.task.invalidate_recordset()
        answers = self.task.user_input_id
        self.assertEqual(answers._followup_values(), {self._id("temperature"): 36.8})
        self.assertTrue(answers.followup_self_entry)
        self.assertEqual(answers.followup_answered_by, "patient")
        self.assertIn('value="36.8"', self._get().text)

    def test_finishing_closes_the_call_as_told_by_the_patient_himself(self):
        """P-16: marked, an incoming contact by web, nobody's call."""
        self._open()
        page = self._post("finish", self._form(condition="good"))
        self.assertIn("Thank you", page.text)
        self.task.invalidate_recordset()
        self.assertRecordValues(
            self.task, [{"state": "done", "completed_by_id": False, "proxy": False}]
        )
        attempt = self.task.attempt_ids
        self.assertRecordValues(
            attempt, [{"method": "web", "direction": "in", "result": "reached"}]
        )
        self.assertRecordValues(
            self.task.user_input_id,
            [{"state": "done", "followup_self_entry": True}],
        )

    def _form(self, who="patient", **values):
        form = {"who": who}
        for name, value in values.items():
            if name in ("condition", "symptom", "doctor"):
                value = [str(i) for i in self._id(name, *value.split())]
            form[f"q{self._id(name)}"] = value
        return form

    def test_what_is_wrong_is_said_next_to_the_field_and_kept(self):
        self._open()
        page = self._post("finish", self._form(condition="good", temperature="hot"))
        self.assertEqual(page.status_code, 422)
        self.assertIn("This is not a number.", page.text)
        self.assertIn('value="hot"', page.text)
        self.assertEqual(self.task.state, "ready")

    def test_what_must_be_answered_is_asked_before_finishing(self):
        """The question behind an answer is asked only with this answer."""
        self._open()
        page = self._post("finish", self._form(temperature="37"))
        self.assertEqual(page.text.count("Please answer this question."), 1)
        page = self._post("finish", self._form(condition="worse"))
        self.assertEqual(page.text.count("Please answer this question."), 1)
        page = self._post("finish", self._form(condition="worse", symptom="cough"))
        self.assertIn("Thank you", page.text)

    def test_an_alarming_answer_reaches_the_doctor_and_says_what_to_do(self):
        """X-2: at once, before the form is finished."""
        self._open()
        key, [choice] = self._id("condition"), self._id("condition", "bad")
        answer = self._post("save", {"answers": f'{{"q{key}": ["{choice}"]}}'})
        self.assertEqual(len(answer.json()["alerts"]), 1)
        concern = self.task.concern_ids
        self.assertEqual(concern.mapped("kind"), ["red_flag"])
        self.assertTrue(self.task.red_flag)
        page = self._get()
        self.assertIn('href="tel:120"', page.text)
        page = self._post("finish", self._form(condition="bad"))
        self.assertIn('href="tel:120"', page.text)
        self.assertEqual(self.task.concern_ids, concern)

    def test_a_relative_who_answers_is_marked(self):
        self._open()
        self._post("finish", self._form("relative", condition="good"))
        self.task.invalidate_recordset()
        self.assertTrue(self.task.proxy)
        self.assertEqual(self.task.user_input_id.followup_answered_by, "relative")

    def test_finishing_twice_is_finishing_once(self):
        token = self._issue()
        self._open(token)
        form = self._form(condition="good")
        for _time in range(2):
            self.assertIn("Thank you", self._post("finish", form).text)
        self.assertEqual(len(self.task.attempt_ids), 1)
        page = self._enter(token)
        self.assertIn("Thank you", page.text)
        self.assertNotIn("Ward A", page.text)

    def test_a_call_made_meanwhile_leaves_thanks(self):
        """Done by phone: the link only says thanks, whoever taps it."""
        token = self._issue()
        self._open(token)
        task = self.task.with_user(self.ward_a)
        task.log_attempt("reached", direction="in")
        task.action_complete("well")
        page = self._post("finish", self._form(condition="good"))
        self.assertIn("Thank you", page.text)
        self.assertEqual(self.task.completed_by_id, self.ward_a)

    def test_a_caller_who_has_the_call_in_hand_is_told(self):
        self.task.with_user(self.ward_a).action_claim()
        self._open()
        with self._bus() as sent:
            self._post("finish", self._form(condition="good"))
        self.assertEqual([args[0] for args in sent], ["simple_notification"])
        self.assertNotIn("Zhang", str(sent))
        self.assertEqual(self.task.state, "done")

    @contextmanager
    def _bus(self):
        """Collect what is sent to screens."""
        sent = []

        def send(_self, *args, **_kwargs):
            sent.append(args)

        with patch.object(type(self.env["res.users"]), "_bus_send", send):
            yield sent

    # ------------------------------------------------------------
    # WISHES
    # ------------------------------------------------------------

    def test_a_question_is_put_once_and_its_answer_promised(self):
        """X-1, P-7: the promised time is shown."""
        self._open()
        for _time in range(2):
            page = self._post("question", {"text": "May I bathe?"})
        concern = self.task.concern_ids
        self.assertRecordValues(concern, [{"kind": "question", "text": "May I bathe?"}])
        self.assertTrue(concern.promised_at)
        self.assertIn("We answer your question by", page.text)

    def test_an_empty_question_is_asked_for_in_words(self):
        self._open()
        page = self._post("question", {"text": " \x00 "})
        self.assertEqual(page.status_code, 422)
        self.assertFalse(self.task.concern_ids)

    def test_hours_are_changed(self):
        band = self.env["followup.time.band"].search([], limit=1)
        self._open()
        page = self._post("hours", {"band": [str(band.id), "999999", "x"]})
        self.assertIn("Your hours have been saved", page.text)
        self.assertEqual(self.patient.preferred_band_ids, band)
        self._post("hours", {})
        self.assertFalse(self.patient.preferred_band_ids)

    def test_withdrawal_is_asked_twice_and_stops_everything(self):
        """I-12: no call, no message; the page closes."""
        self._open()
        page = self._post("withdraw", {"scope": "phone"})
        self.assertIn("Are you sure?", page.text)
        self.assertFalse(self.patient.consent_ids)
        page = self._post("withdraw", {"scope": "phone", "sure": "yes"})
        self.assertIn("not contact you any more", page.text)
        self.env.invalidate_all()
        self.assertTrue(self.patient.contact_blocked)
        self.assertEqual(self.task.state, "cancelled")
        self.assertEqual(self._link().revoked_reason, "stopped")
        self.assertEqual(self._get().status_code, 404)

    def test_who_chose_nothing_is_asked_what_shall_stop(self):
        """Not whether he is sure: nothing was said yet."""
        self._open()
        page = self._post("withdraw", {})
        self.assertIn("What shall stop?", page.text)
        self.assertNotIn("Are you sure?", page.text)
        page = self._post("withdraw", {"sure": "yes"})
        self.assertIn("What shall stop?", page.text)
        self.assertFalse(self.patient.consent_ids)

    def test_text_messages_alone_can_be_stopped(self):
        self._open()
        page = self._post("withdraw", {"scope": "sms", "sure": "yes"})
        self.assertIn("Your wish has been recorded", page.text)
        self.assertRecordValues(
            self.patient.consent_ids, [{"scope": "sms", "granted": False}]
        )
        self.assertEqual(self.task.state, "ready")

    def test_a_sensitive_department_is_not_named(self):
        self.department_a.followup_team_ids.is_sensitive = True
        page = self._open()
        self.assertIn("Condition", page.text)
        self.assertNotIn("Ward A", page.text)
        self.assertNotIn("Test Questions", page.text)
