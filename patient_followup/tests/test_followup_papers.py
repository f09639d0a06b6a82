# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Papers with a button of their own, and numbers that are not set (B-4, G-4, M-1)."""

from lxml import etree

from odoo.exceptions import AccessError
from odoo.tests import freeze_time, tagged
from odoo.tools import html2plaintext

from .appointment_common import AppointmentCase
from .document_common import MORNING, FollowupDocumentCase

SLIP = "patient_followup.followup_appointment_slip"
# model: button of its form, by its words
BUTTONS = {
    "followup.appointment": "Appointment Slip",
    "followup.encounter": "Discharge Card",
    "followup.task": "Questionnaire on Paper",
}
# model, field: 0 says that nothing was agreed, measured or limited
BLANK = (
    ("followup.goal", "target_low"),
    ("followup.goal", "target_high"),
    ("followup.goal", "start_value"),
    ("followup.programme", "min_age"),
    ("followup.programme", "max_age"),
    ("followup.protocol", "min_age"),
)


@tagged("post_install", "-at_install")
class TestAppointmentSlip(AppointmentCase):
    def _words(self, row, user=None):
        reports = self.env["ir.actions.report"].with_user(user or self.ward_a)
        html, _kind = reports._render_qweb_html(SLIP, row.ids)
        return " ".join(html2plaintext(html.decode()).split())

    def _booked(self):
        row = self._ask().with_user(self.ward_a)
        row.action_book(self.slot)
        return row

    def test_it_says_when_where_and_whom_to_tell(self):
        """B-4: what a patient takes along."""
        self.department_a.followup_team_ids.hotline = "021-5550 1007"
        row = self._booked()
        words = self._words(row)
        for expected in (
            "Your Appointment",
            row.name,
            "Ward A · Dr Chen · Room 12",
            "Confirmed. We expect you.",
            "021-5550 1007",
        ):
            self.assertIn(expected, words)

    def test_a_sensitive_department_is_not_named(self):
        self.department_a.followup_team_ids.is_sensitive = True
        words = self._words(self._booked())
        self.assertNotIn("Ward A", words)
        self.assertNotIn("Dr Chen", words)

    def test_it_is_for_those_who_book(self):
        row = self._booked()
        for user in (self.ward_b, self.inspector, self.leader):
            with self.subTest(user=user.login), self.assertRaises(AccessError):
                self._words(row, user)


@tagged("post_install", "-at_install")
@freeze_time(MORNING)
class TestPaperButtons(FollowupDocumentCase):
    def _arch(self, model, user):
        view = self.env[model].with_user(user).with_context(lang="en_US")
        return etree.fromstring(view.get_view(view_type="form")["arch"])

    def test_callers_have_a_button_and_not_only_the_menu(self):
        for model, words in BUTTONS.items():
            with self.subTest(model=model):
                found = self._arch(model, self.ward_a).xpath(
                    "//header/button[@string=$words]", words=words
                )
                self.assertEqual(len(found), 1)

    def test_a_questionnaire_is_offered_where_something_is_asked(self):
        """M-1: a paper without a question would be an error."""
        asked = self._asked()
        self.assertTrue(asked.with_user(self.ward_a).has_questionnaire)
        plain = self._task(self.stay)
        self.assertFalse(plain.with_user(self.ward_a).has_questionnaire)

    def test_numbers_not_set_are_shown_as_nothing(self):
        """0.0 in a goal, or an age from 0 to 0, reads like an agreement."""
        for model, name in BLANK:
            with self.subTest(model=model, field=name):
                arch = self._arch(model, self.manager)
                [field] = arch.xpath(f"//field[@name='{name}'][not(ancestor::field)]")
                self.assertTrue(field.get("widget").startswith("followup_blank_"))


@tagged("post_install", "-at_install")
class TestMenusOfResearchers(FollowupDocumentCase):
    def test_a_researcher_sees_the_archive_only(self):
        """R-6: menus that tell him nothing stay away."""
        researcher = self._user("menu_researcher", "researcher")
        menus = self.env["ir.ui.menu"].with_user(researcher)._visible_menu_ids()
        root = self.env.ref("patient_followup.followup_menu_root")
        seen = root.child_id.filtered(lambda menu: menu.id in menus)
        shown = {
            menu.get_external_id()[menu.id]
            for menu in seen
            if any(child.id in menus for child in menu.child_id)
        }
        self.assertEqual(shown, {"patient_followup.followup_menu_archive"})
