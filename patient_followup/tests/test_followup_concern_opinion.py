# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from .concern_common import MORNING, ConcernCase

# raised on Thursday 5 March 10:00: end of the 7th and of the 14th day, Shanghai
WEEK, FORTNIGHT = "2026-03-12 15:59:59", "2026-03-19 15:59:59"
WORDS = ("Zhang", "Secret", "waiting", "13800000001", "Ward A", "bathe", "Fever")


@tagged("post_install", "-at_install")
class TestFollowupConcernOpinion(ConcernCase):
    """What patients think is passed on, acted on and answered (O-1 to O-6, W-6)."""

    def test_leaders_within_a_week_patient_within_two(self):
        """O-1, O-2."""
        for kind in ("opinion", "suggestion", "praise"):
            with self._at(MORNING):
                concern = self._opinion(kind)
            self.assertEqual(str(concern.inform_deadline), WEEK)
            self.assertEqual(str(concern.deadline), FORTNIGHT)
            self.assertEqual(concern.alerted_user_ids, self.head_a)

    def test_informing_the_leaders_is_recorded(self):
        with self._at(MORNING):
            concern = self._opinion()
        with self._at("2026-03-12 16:00:00"):
            late = [("is_overdue", "=", True), ("id", "=", concern.id)]
            self.assertTrue(concern.search(late))
            concern.with_user(self.manager).action_inform()
            self.assertFalse(concern.search(late))
            self.assertEqual(concern.informed_by_id, self.manager)
            with self.assertRaises(AccessError):
                concern.with_user(self.ward_a).action_inform()

    def test_praise_goes_to_the_office_that_honours_it(self):
        """A-16: the policy names it, by hospital."""
        policy = self.env.ref("patient_followup.followup_concern_policy_praise")
        policy.with_company(self.company).route_department_id = self.department_b
        concern = self._opinion("praise", "Kind nurses")
        self.assertEqual(concern.department_id, self.department_a)
        self.assertEqual(concern.handler_department_id, self.department_b)
        self.assertEqual(concern.alerted_user_ids, self.head_b)
        concern.with_user(self.head_b).action_answer("Honoured in the meeting")
        call = concern.telling_task_id
        self.assertEqual(call.department_id, self.department_a)

    def test_another_hospital_keeps_its_own_route(self):
        policy = self.env.ref("patient_followup.followup_concern_policy_praise")
        other = self._company("Elsewhere")
        policy.with_company(other).route_department_id = self.department_b
        self.assertEqual(
            self._opinion("praise").handler_department_id, self.department_a
        )

    def test_it_may_be_about_another_department(self):
        concern = self._opinion(department_id=self.department_b.id)
        self.assertEqual(concern.alerted_user_ids, self.head_b)
        self.assertTrue(concern.with_user(self.ward_b).has_access("read"))

    def test_the_answer_becomes_a_call_within_the_deadline(self):
        with self._at(MORNING):
            concern = self._opinion()
            concern.with_user(self.head_a).action_answer("More counters are open")
            call = concern.telling_task_id
            self.assertEqual(str(call.date_due), FORTNIGHT)
            self.assertFalse(call.callback_at)
            with self.assertRaises(UserError):
                concern.with_user(self.head_a).action_close()

    def test_who_wants_no_answer_gets_no_call(self):
        concern = self._opinion(wants_reply=False)
        concern.with_user(self.head_a).action_answer("Thanked")
        self.assertFalse(concern.telling_task_id)
        concern.with_user(self.head_a).action_close()
        self.assertEqual(concern.state, "closed")

    def test_any_relative_may_hear_what_is_not_medical(self):
        relative = self.env["followup.patient.contact"].create(
            {
                "patient_id": self.task.patient_id.id,
                "relation": "child",
                "phone": "13900000009",
            }
        )
        concern = self._opinion()
        concern.with_user(self.head_a).action_answer("Done")
        call = concern.telling_task_id.with_user(self.ward_a)
        call.log_attempt("reached_relative", contact_id=relative.id)
        call.action_complete()
        self.assertEqual(concern.state, "told")

    def test_only_feedback_kinds(self):
        for kind in ("red_flag", "question", "complaint", None):
            with self.assertRaises(UserError):
                self.task.with_user(self.ward_a).action_opinion(kind, "x")

    def test_another_kind_has_other_clocks(self):
        """From when it was raised, whenever it is corrected."""
        with self._at(MORNING):
            concern = self._ask()
        with self._at("2026-03-05 05:00:00"):
            concern.kind = "suggestion"
        self.assertEqual(str(concern.deadline), FORTNIGHT)

    def test_addons_may_take_the_route_over(self):
        """The hook for complaints: one method, no knowledge of it here."""
        concern_type = type(self.env["followup.concern"])
        self.patch(concern_type, "_route", lambda row: self.department_b)
        self.assertEqual(self._opinion().handler_department_id, self.department_b)

    # ------------------------------------------------------------
    # WHAT LEAVES THE HOUSE (D-7, I-3)
    # ------------------------------------------------------------

    def test_addons_hear_of_everything_that_is_raised_once(self):
        """A double of the complaint addon: it makes a case of an opinion."""
        heard = []

        def make_cases(rows):
            for row in rows:
                self.assertFalse(row.sudo().notice_ids, "nobody is told yet")
                heard.append((row.kind, row.text, row.handler_department_id.name))

        self.patch(type(self.env["followup.concern"]), "_on_raised", make_cases)
        with self._at(MORNING):
            self._opinion()
            self._ask()
            self._flag()
            self.env["followup.concern"].with_user(self.ward_a).create(
                {
                    "kind": "suggestion",
                    "text": "More chairs",
                    "patient_id": self.task.patient_id.id,
                    "task_id": self.task.id,
                }
            )
        self.assertEqual(
            heard,
            [
                ("opinion", "Long waiting", "Ward A"),
                ("question", "May I bathe?", "Ward A"),
                ("red_flag", "Fever", "Ward A"),
                ("suggestion", "More chairs", "Ward A"),
            ],
        )

    def test_no_message_of_any_kind_names_patient_or_words(self):
        users = self.doctor | self.head_a | self.head_b | self.manager | self.expert
        users.notification_type = "email"
        before = self.env["mail.mail"].search([])
        with self._at(MORNING):
            concerns = self._flag() | self._ask() | self._opinion("praise")
            concerns |= self._opinion(department_id=self.department_b)
            concerns |= self._ask(
                department_id=self.department_b.id, specialist_id=self.expert.id
            )
        with self._at("2026-03-25 02:00:00"):
            concerns._escalate()
            concerns[1].with_user(self.doctor).action_answer("Secret diagnosis")
        mails = self.env["mail.mail"].search([]) - before
        messages = concerns.message_ids | mails.mail_message_id
        outgoing = [
            *concerns.mapped("display_name"),
            *concerns.telling_task_id.mapped("display_name"),
        ]
        for activity in concerns.activity_ids:
            outgoing += [activity.summary, activity.res_name, activity.note]
        for mail in mails:
            outgoing += [mail.subject, mail.headers, mail.body_html, mail.references]
        for message in messages:
            outgoing += [message.subject, message.record_name, message.body]
        self.assertGreater(len(mails), 4)
        for text in filter(None, outgoing):
            for word in WORDS:
                self.assertNotIn(word, str(text))
