# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""A patient with a small phone answers his questionnaire in a real browser."""

from contextlib import ExitStack

from odoo.tests import tagged
from odoo.tests.common import ChromeBrowser

from .public_common import FollowupPublicCase

FILL = """
    [['birth_year', '1956'], ['birth_month', '3'], ['birth_day', '25']].forEach(
        ([name, value]) => {document.querySelector(`[name=${name}]`).value = value});
    document.querySelector('form').requestSubmit(); true
"""


@tagged("post_install", "-at_install", "patient_followup_http")
class TestFollowupPublicTour(FollowupPublicCase):
    browser_size = "390x844"

    def test_a_patient_answers_on_his_phone(self):
        """P-16: link, date of birth, a question behind an answer, alarm, thanks."""
        condition, temperature = self._id("condition"), self._id("temperature")
        [worse], [cough] = self._id("condition", "worse"), self._id("symptom", "cough")
        symptom = f"document.getElementById('q{self._id('symptom')}')"
        steps = [
            # the token has left the address before anything else happens
            "document.querySelector('[name=birth_year]')"
            " && !location.hash && location.pathname === '/followup/page'",
            FILL,
            "document.getElementById('questionnaire') && "
            f"{symptom}.hidden && document.body.scrollWidth <= 390",
            self._click(f"[name=q{condition}][value='{worse}']"),
            f"!{symptom}.hidden",
            self._click(f"[name=q{self._id('symptom')}][value='{cough}']"),
            self._type(temperature, "39.5"),
            "!document.getElementById('alerts').hidden"
            " && document.querySelector('#alerts a').href === 'tel:120'",
            "document.querySelector('#questionnaire .state').textContent === 'Saved'",
            self._click("#questionnaire button[type=submit]"),
            "document.querySelector('h1').textContent === 'Thank you'"
            " && !document.getElementById('alerts').hidden",
        ]
        self._play(f"/followup#{self._issue()}", steps)
        self.env.invalidate_all()
        self.assertEqual(self.task.state, "done")
        self.assertEqual(self.task.concern_ids.mapped("kind"), ["red_flag"])
        self.assertEqual(
            self.task.user_input_id._followup_values(),
            {
                condition: [worse],
                self._id("symptom"): [cough],
                temperature: 39.5,
            },
        )

    def _click(self, selector):
        return f'document.querySelector("{selector}").click(); true'

    def _type(self, question_id, text):
        return f"""
            (() => {{
                const field = document.querySelector("[name=q{question_id}]");
                field.value = "{text}";
                field.dispatchEvent(new Event("change", {{ bubbles: true }}));
            }})(); true
        """

    def _play(self, path, steps):
        """Do one step after the other, each as soon as it can be done."""
        browser = ChromeBrowser(self)
        with self.allow_requests(browser=browser), ExitStack() as stack:
            stack.callback(self._wait_remaining_requests)
            stack.callback(browser.stop)
            self.cr.flush()
            self.cr.clear()
            browser.navigate_to(self.base_url() + path)
            for step in steps:
                self.assertTrue(browser._wait_ready(step, timeout=20), step)
