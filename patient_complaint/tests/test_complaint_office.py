# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from unittest.mock import patch

from odoo.tests import Form, freeze_time, tagged
from odoo.tools.safe_eval import safe_eval

from .action_common import ActionCommon

MONDAY = "2026-03-02 02:00:00"  # 10:00


@tagged("post_install", "-at_install")
class TestComplaintOffice(ActionCommon):
    """What the office does on its screens, as the specialist (section 8)."""

    def _form(self, case):
        return Form(case.with_user(self.specialist))

    # ------------------------------------------------------------
    # CASE
    # ------------------------------------------------------------

    def test_an_issue_is_added_to_a_case_that_was_registered(self):
        case = self._case()
        issues = self.env["complaint.issue"].with_user(self.specialist)
        # what the dialog asks for when it opens: nothing is chosen yet
        fields_spec = {"category_id": {}, "handler_department_id": {}, "harm": {}}
        found = issues.onchange({"case_id": case.id}, [], fields_spec)["value"]
        self.assertFalse(found["handler_department_id"])
        self.assertEqual(found["harm"], "none")

    def test_a_case_that_is_over_lets_nobody_type(self):
        case = self._case()
        with self._form(case) as form:
            form.remedy_sought = "An apology"
        case.action_withdraw("Settled among them")
        form = self._form(case)
        for name in ("remedy_sought", "owner_id", "severity", "complainant_name"):
            with self.subTest(name), self.assertRaises(AssertionError):
                setattr(form, name, False)

    def test_what_the_engine_wrote_stays_closed_while_the_case_is_open(self):
        case = self._ready(self._case(), track="fast")
        case.action_triage()
        form = self._form(case)
        for name in ("triaged_at", "triaged_by_id"):
            with self.subTest(name), self.assertRaises(AssertionError):
                setattr(form, name, False)

    def test_my_cases_hold_those_whose_team_one_is_on(self):
        case = self._ready(self._case())
        case.action_triage()
        case.action_start_investigation()
        self.env["complaint.member"].with_user(self.specialist).create(
            {"case_id": case.id, "user_id": self.investigator.id}
        )
        view = self.env.ref("patient_complaint.complaint_case_view_search")
        arch = view.with_user(self.investigator).sudo().get_combined_arch()
        start = arch.index('name="filter_mine"')
        mine = arch[start:].split('domain="')[1].split('"')[0]
        mine = safe_eval(mine.replace("&amp;", "&"), {"uid": self.investigator.id})
        cases = self.env["complaint.case"].with_user(self.investigator)
        self.assertEqual(cases.search(mine), case)

    def test_whoever_puts_right_must_act_then_whoever_checks(self):
        case = self._answered()
        action = self._action(case_id=case.id)
        case.action_start_rectification()
        self.assertEqual(case.next_user_id, self.head_a)
        action.with_user(self.head_a).action_done("Done on Monday")
        self.assertEqual(case.next_user_id, self.officer)

    # ------------------------------------------------------------
    # INTAKE
    # ------------------------------------------------------------

    def test_the_number_a_patient_was_found_by_is_the_callers(self):
        patient = self._patient(phone="13800000077")
        stay = self._encounter(patient)
        for number in ("13800000077", patient.mrn, stay.number):
            form = self.env["complaint.case"].with_user(self.specialist)
            form = form.new({"patient_lookup": number})
            form._onchange_patient_lookup()
            with self.subTest(number):
                kept = number if number == "13800000077" else False
                self.assertEqual(form.complainant_phone, kept)

    @freeze_time(MONDAY)
    def test_the_slip_opens_the_page_and_shows_the_hospitals_time(self):
        case = self._case()
        seen = []

        def barcode(_reports, _kind, value, **_options):
            seen.append(value)
            return b"png"

        with patch.object(type(self.env["ir.actions.report"]), "barcode", barcode):
            slip = case.action_issue_slip()["params"]
        self.assertTrue(slip["link"].endswith("/complaint/track"))
        self.assertEqual(seen, [f"{slip['link']}#{slip['code']}"])
        self.assertEqual(slip["received"], "2026-03-02 10:00")

    # ------------------------------------------------------------
    # LETTER
    # ------------------------------------------------------------

    def test_a_letter_lists_only_what_was_concluded(self):
        case = self._ready(self._case(complainant_name="Li Na"), track="fast")
        case.issue_ids.write({"finding": False})
        case.action_triage()
        letters = self.env["complaint.letter"].with_user(self.specialist)
        body = letters.create({"case_id": case.id, "lang": "en_US"}).body
        self.assertIn("Dear Li Na,", body)
        self.assertIn(case.name, body)
        self.assertNotIn("Our findings", body)
