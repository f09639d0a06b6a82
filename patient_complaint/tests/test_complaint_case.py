# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import tagged

from .common import ComplaintCommon


@tagged("post_install", "-at_install")
class TestComplaintCase(ComplaintCommon):
    """A case from the first word to its end (C-5 ... C-18, D-7, D-18)."""

    def test_a_case_needs_nothing_but_what_was_said(self):
        case = self.env["complaint.case"].with_user(self.specialist)
        case = case.create({"description": "Rude at the counter"})
        self.assertEqual(case.state, "received")
        self.assertEqual(case.kind, "complaint")
        self.assertEqual(case.receiver_id, self.specialist)
        self.assertEqual(case.company_id, self.company)

    def test_the_number_is_neutral_and_counts_by_year(self):
        first, second = self._case(), self._case()
        self.assertRegex(first.display_name, r"^C20\d\d-\d{4}$")
        self.assertEqual(
            int(second.name.partition("-")[2]), int(first.name.partition("-")[2]) + 1
        )

    def test_the_way_of_a_full_case(self):
        """State table: each step opens the next, and no other is open (D-18)."""
        case = self._ready(self._case())
        case.action_triage()
        self.assertEqual((case.state, case.triaged_by_id), ("triage", self.specialist))
        case.action_start_investigation()
        self.assertEqual(case.state, "investigation")
        self._tell(case, "plan")
        self.assertTrue(case.planned_at)
        self._approve(case)
        self.assertEqual(case.state, "resolution")
        self._tell(case, "answer", satisfaction="4")
        self.assertEqual((case.state, case.satisfaction), ("feedback", "4"))
        case.action_close()
        self.assertEqual(case.state, "closed")
        self.assertFalse(case.next_step)
        case.action_reopen("Not true")
        self.assertEqual((case.state, case.reopen_count), ("triage", 1))

    def test_a_simple_case_is_answered_on_the_spot(self):
        case = self._ready(self._case(), track="fast")
        case.action_triage()
        with self.assertRaisesRegex(UserError, "track with investigation"):
            case.action_start_investigation()
        self._tell(case)
        self.assertEqual(case.state, "feedback")

    def test_steps_out_of_their_state_are_refused(self):
        steps = {
            "received": {"triage", "withdraw", "not_accept"},
            "triage": {"start_investigation", "withdraw", "not_accept"},
            "investigation": {"propose", "withdraw"},
            "resolution": {"withdraw"},
            "approval": {"withdraw"},
            "feedback": {"close", "withdraw"},
            "closed": {"reopen"},
            "withdrawn": {"reopen"},
            "not_accepted": {"reopen"},
        }
        names = set().union(*steps.values())
        for state, allowed in steps.items():
            for name in names:
                case = self._ready(self._case())
                case.sudo()._guarded().write({"state": state})
                reasoned = name in ("withdraw", "not_accept", "reopen")
                arguments = ["x"] if reasoned else []
                with self.subTest(state=state, step=name):
                    if name in allowed:
                        getattr(case, f"action_{name}")(*arguments)
                    else:
                        with self.assertRaises(UserError):
                            getattr(case, f"action_{name}")(*arguments)

    def test_assessment_names_what_is_missing(self):
        """C-7"""
        case = self._case()
        with self.assertRaisesRegex(UserError, "track, who handles it, an issue"):
            case.action_triage()

    def test_a_risk_demands_immediate_action(self):
        case = self._ready(self._case(safety_risk=True))
        with self.assertRaisesRegex(UserError, "at once"):
            case.action_triage()
        case.immediate_action = "Drug withdrawn from the ward"
        case.action_triage()
        self.assertEqual(case.state, "triage")

    def test_praise_takes_the_short_path(self):
        """O-1"""
        case = self._case(kind="praise", track="fast", owner_id=self.specialist.id)
        case.action_triage()
        self.assertEqual(case.state, "triage")

    def test_severity_follows_harm_and_reach(self):
        table = [
            ("none", "single", "low"),
            ("none", "public", "high"),
            ("minor", "several", "medium"),
            ("moderate", "single", "medium"),
            ("severe", "single", "high"),
            ("death", "single", "critical"),
        ]
        for harm, reach, severity in table:
            issue = (0, 0, {"harm": harm})
            case = self._case(issue_ids=[issue], reach=reach)
            with self.subTest(harm=harm, reach=reach):
                self.assertEqual(case.severity, severity)

    def test_state_and_number_cannot_be_written(self):
        """D-18"""
        case = self._case()
        for vals in (
            {"state": "closed"},
            {"name": "C1"},
            {"answered_at": "2026-01-01"},
            {"code_digest": "x"},
        ):
            for user in (self.specialist, self.officer):
                with self.subTest(vals=vals), self.assertRaises(AccessError):
                    case.with_user(user).write(vals)
        with self.assertRaises(AccessError):
            self._case(state="closed")
        copied = self.env["complaint.case"].with_user(self.specialist)
        copied = copied.with_context(default_state="closed").create({})
        self.assertEqual(copied.state, "received")

    def test_what_was_received_stays_after_the_assessment(self):
        case = self._ready(self._case())
        case.action_triage()
        with self.assertRaisesRegex(UserError, "stays as it is"):
            case.description = "Something else"

    def test_a_closed_case_changes_no_more(self):
        case = self._ready(self._case())
        case.action_withdraw("Settled")
        for vals in ({"remedy_sought": "x"}, {"issue_ids": [(0, 0, {})]}):
            with self.subTest(vals=vals), self.assertRaisesRegex(UserError, "reopen"):
                case.write(vals)
        with self.assertRaises(UserError):
            case.issue_ids.write({"harm": "death"})
        with self.assertRaises(UserError):
            case.with_user(self.officer).unlink()

    def test_a_reason_is_not_blank(self):
        case = self._case()
        for reason in ("", "  ", None, 7):
            with self.subTest(reason=reason), self.assertRaises(UserError):
                case.action_withdraw(reason)

    def test_what_was_told_is_never_changed(self):
        told = self._tell(self._case(), "acknowledgement")
        with self.assertRaises(AccessError):
            told.content = "Nothing"
        with self.assertRaises(AccessError):
            told.with_user(self.officer).unlink()

    def test_numbers_are_read_masked_and_revealed_with_a_log(self):
        """D-9"""
        case = self._case(
            complainant_phone="13800000001", complainant_email="li@example.com"
        )
        self.assertEqual(case.complainant_phone, "138****0001")
        self.assertEqual(case.complainant_email, "l****@example.com")
        logs = self.env["followup.access.log"]
        before = logs.search_count([("res_model", "=", "complaint.case")])
        link = case.action_show_phone()["params"]["links"][0]
        self.assertEqual(link, {"label": "13800000001", "url": "tel:13800000001"})
        after = logs.search_count([("res_model", "=", "complaint.case")])
        self.assertEqual(after, before + 1)
        found = case.search([("complainant_phone", "=", "138 0000 0001")])
        self.assertEqual(found, case)
        found = case.search([("complainant_email", "=", "LI@example.com")])
        self.assertEqual(found, case)

    def test_an_anonymous_case_holds_no_person(self):
        """C-27"""
        self.assertTrue(self._case(anonymous=True))
        for vals in (
            {"complainant_name": "Li"},
            {"complainant_phone": "13800000001"},
            {"complainant_email": "li@example.com"},
        ):
            with self.subTest(vals=vals), self.assertRaises(ValidationError):
                self._case(anonymous=True, **vals)

    def test_earlier_cases_of_the_same_person_are_listed(self):
        first = self._case(complainant_phone="13800000001")
        other = self._case(complainant_phone="13800000002")
        second = self._case(complainant_phone="138-0000-0001")
        self.assertEqual(second.similar_ids, first)
        self.assertEqual(other.similar_count, 0)
        patient = self._patient()
        third, fourth = (self._case(patient_id=patient.id) for _index in range(2))
        self.assertEqual(third.similar_ids, fourth)

    def test_the_stay_is_that_of_the_patient(self):
        stay = self._encounter()
        with self.assertRaises(ValidationError):
            self._case(patient_id=self._patient().id, encounter_id=stay.id)
        case = self._case(patient_id=stay.patient_id.id, encounter_id=stay.id)
        self.assertEqual(case.department_id, self.department_a)

    def test_a_number_fills_in_patient_stay_and_department(self):
        """C-5"""
        patient = self._patient(phone="13800000077")
        stay = self._encounter(patient)
        for number in ("13800000077", patient.mrn, stay.number):
            form = self.env["complaint.case"].with_user(self.specialist)
            form = form.new({"patient_lookup": number})
            self.assertIsNone(form._onchange_patient_lookup())
            with self.subTest(number=number):
                self.assertEqual(form.patient_id._origin, patient)
                self.assertEqual(form.department_id._origin, self.department_a)
        form = self.env["complaint.case"].with_user(self.specialist)
        form = form.new({"patient_lookup": "0077"})
        self.assertIn("warning", form._onchange_patient_lookup())

    def test_leaders_are_informed_once(self):
        """O-1"""
        case = self._case()
        case.action_inform()
        at = case.informed_at
        case.action_inform()
        self.assertEqual(case.informed_at, at)
