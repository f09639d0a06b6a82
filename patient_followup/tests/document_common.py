# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""A call with everything a paper can show, and ways to print it as somebody."""

import re

from odoo.tests import freeze_time
from odoo.tools import html2plaintext, mute_logger

from .survey_common import FollowupSurveyCase

# Thursday 10:00 in Shanghai
MORNING = "2026-03-05 02:00:00"
REPORT = "patient_followup.followup_"
PHONE = "13800001234"


class FollowupDocumentCase(FollowupSurveyCase):
    """`call`: made, answered, closed and corrected; `stay` and `patient` behind it."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        with freeze_time(MORNING):
            cls.patient = cls._patient(
                PHONE,
                name="张三丰",
                sex="male",
                birthdate="1956-03-25",
                employer="Bridge Works",
                address="Lake Road 5",
            )
            cls.stay = cls._encounter(
                cls.patient,
                discharge_diagnosis="Fractured hip",
                procedure_name="Hip nailing",
                attending_name="Doctor Lin",
            )
            cls.call = cls._made_call(cls.stay)
            cls.env.flush_all()

    @classmethod
    def _made_call(cls, stay, **vals):
        """Return a call of ward A that was answered and closed."""
        task = cls._task(
            stay, step_id=cls.protocol.step_ids.id, name="First call", **vals
        )
        call = task.with_user(cls.ward_a)
        contact = stay.patient_id.contact_ids.id
        call.log_attempt("no_answer", contact_id=contact)
        call.log_attempt("reached", contact_id=contact, note="She sounds well")
        facts = [fact["code"] for fact in call._get_identity_facts()]
        call.confirm_identity(facts)
        cls._answer(call, temperature=37.5, words="Sleeps badly")
        call.give_advice(text="Take the tablets after meals", kind="medicine")
        call.action_complete("Recovers well")
        return task

    @classmethod
    def _answer(cls, call, **values):
        answers = {cls.questions[name].id: value for name, value in values.items()}
        answers[cls.questions["condition"].id] = cls.choices["condition", "good"].ids
        call._start_user_input()._followup_save(answers, "patient")

    def _print(self, name, records, user=None, **context):
        """Return the document as HTML, printed by a user."""
        reports = self._reports(user, **context)
        html, kind = reports._render_qweb_html(REPORT + name, records.ids)
        self.assertEqual(kind, "html")
        return html.decode()

    def _words(self, name, records, user=None, **context):
        """Return the document as plain words."""
        html = self._print(name, records, user, **context)
        article = html[html.index('class="article"') :]
        article = re.sub(r"<style>.*?</style>", "", article, flags=re.DOTALL)
        return " ".join(html2plaintext(f"<div {article}").replace("*", "").split())

    def _reports(self, user=None, **context):
        reports = self.env["ir.actions.report"].with_user(user or self.ward_a)
        return reports.with_context(lang="en_US", **context)

    def _pdf(self, name, records, user=None):
        """Return a real PDF; no server answers its style sheets."""
        reports = self._reports(user, force_report_rendering=True)
        # without its style sheets wkhtmltopdf warns, and prints
        with mute_logger("odoo.addons.base.models.ir_actions_report"):
            content, kind = reports._render_qweb_pdf(REPORT + name, records.ids)
        self.assertEqual(kind, "pdf")
        return content

    def _logged(self, records):
        """Return [(action, user, reason)] of the access log."""
        self.env.flush_all()
        rows = self.env["followup.access.log"].search(
            [("res_model", "=", records._name), ("res_id", "in", records.ids)]
        )
        return [(row.action, row.user_id, row.reason) for row in rows]
