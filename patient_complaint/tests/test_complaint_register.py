# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import tagged

from .common import ComplaintCommon


@tagged("post_install", "-at_install")
class TestComplaintRegister(ComplaintCommon):
    """Other systems and calls register cases; the code is shown once (D-5, C-4)."""

    def _register(self, vals, user=None):
        cases = self.env["complaint.case"].with_user(user or self.specialist)
        answer = cases.register(vals)
        return cases.browse(answer["id"]), answer["tracking_code"]

    def test_what_another_system_sends_becomes_a_case(self):
        patient = self._patient(mrn="R1")
        case, code = self._register(
            {
                "description": "Nobody answered the bell",
                "kind": "complaint",
                "channel": "hotline",
                "complainant_name": "Wang",
                "complainant_relation": "child",
                "complainant_phone": "13800000001",
                "mrn": "R1",
                "department": "Ward A",
                "category": "medical_nursing",
                "incident_date": "2026-01-05",
                "external_number": "12345-7",
                "received_at": "2026-01-06 09:00",
                "external_deadline": "2026-01-09",
            }
        )
        self.assertEqual(case.patient_id, patient)
        self.assertEqual(case.department_id, self.department_a)
        self.assertEqual(case.channel_id.code, "hotline")
        self.assertEqual(str(case.received_at), "2026-01-06 01:00:00")
        self.assertEqual(case.issue_ids.category_id.code, "medical_nursing")
        self.assertEqual(len(code.replace("-", "")), 26)

    def test_a_department_is_found_as_in_discharge_lists(self):
        """By code, alias or name, whatever language the interface speaks (C-4)."""
        teams = self.env["followup.team"]
        team = teams.search([("department_id", "=", self.department_a.id)], limit=1)
        team = team or teams.create({"department_id": self.department_a.id})
        team.alias_names = "甲病区；一病区"
        for text in ("Ward A", "ward a", "甲病区", "一病区"):
            with self.subTest(text=text):
                case, _code = self._register({"description": "x", "department": text})
                self.assertEqual(case.department_id, self.department_a)

    def test_the_code_is_kept_as_a_hash_and_found_however_it_is_written(self):
        case, code = self._register({"description": "x"})
        plain = code.replace("-", "")
        self.env.flush_all()
        self.env.cr.execute(
            "SELECT row_to_json(c)::text FROM complaint_case c WHERE id = %s", [case.id]
        )
        self.assertNotIn(plain, self.env.cr.fetchone()[0])
        for text in (code, plain, plain.lower(), f" {code} ".replace("0", "o")):
            with self.subTest(text=text):
                self.assertEqual(case.search([("tracking_code", "=", text)]), case)
        self.assertFalse(case.search([("tracking_code", "=", plain[:-1])]))
        self.assertFalse(case.tracking_code)

    def test_a_new_slip_ends_the_earlier_code(self):
        case, code = self._register({"description": "x"})
        slip = case.action_issue_slip()
        self.assertEqual(slip["tag"], "patient_complaint.slip")
        self.assertNotEqual(slip["params"]["code"], code)
        self.assertFalse(case.search([("tracking_code", "=", code)]))
        self.assertEqual(
            case.search([("tracking_code", "=", slip["params"]["code"])]), case
        )

    def test_hostile_input_is_refused_in_words(self):
        table = [
            None,
            [],
            "text",
            {},
            {"description": ""},
            {"description": "a\x00b"},
            {"description": "\ud800"},
            {"description": ["x"]},
            {"description": "x" * 20001},
            {"description": "x", "state": "closed"},
            {"description": "x", "id": 1},
            {"description": "x", 7: 1},
            {"description": "x", "kind": "gift"},
            {"description": "x", "kind": {"a": 1}},
            {"description": "x", "channel": "pigeon"},
            {"description": "x", "mrn": "nobody"},
            {"description": "x", "department": "Nowhere"},
            {"description": "x", "incident_date": "2026-02-30"},
            {"description": "x", "received_at": "0001-01-01"},
            {"description": "x", "received_at": "9999-12-31 23:00"},
            {"description": "x", "external_deadline": "soon"},
            {"description": "x", "anonymous": "yes"},
            {"description": "x", "complainant_phone": "12"},
            {"description": "x", "complainant_email": "nobody"},
            {"description": "x", "anonymous": True, "complainant_name": "Li"},
        ]
        for vals in table:
            with self.subTest(vals=str(vals)[:60]), self.assertRaises(ValidationError):
                self._register(vals)

    def test_rights_are_honoured(self):
        refused = (self.plain, self.ward_a, self.leader, self.investigator)
        for user in (*refused, self.approver, self.administrator):
            with self.subTest(user=user.login), self.assertRaises(AccessError):
                self._register({"description": "x"}, user)

    def test_a_call_becomes_a_case_of_which_the_caller_sees_nothing(self):
        task = self._task(user_id=self.ward_a.id)
        wizard = (
            self.env["complaint.intake"]
            .with_user(self.ward_a)
            .create({"task_id": task.id, "text": "Nobody came"})
        )
        self.assertIn("C20", wizard.action_confirm()["params"]["message"])
        case = task.complaint_case_ids
        self.assertEqual(case.patient_id, task.patient_id)
        self.assertEqual(case.receiver_id, self.ward_a)
        self.assertEqual(case.department_id, self.department_a)
        self.assertEqual(case.channel_id.code, "followup")
        with self.assertRaises(AccessError):
            case.with_user(self.ward_a).read(["name"])

    def test_somebody_elses_call_cannot_be_named(self):
        task = self._task()
        with self.assertRaises(AccessError):
            self.env["complaint.intake"].with_user(self.ward_b).create(
                {"task_id": task.id, "text": "x"}
            )

    def test_a_concern_becomes_one_case(self):
        task = self._task(user_id=self.ward_a.id).with_user(self.ward_a)
        concern = task.action_opinion("opinion", "The soup is cold")
        wizards = self.env["complaint.intake"].with_user(self.ward_a)
        wizard = wizards.create({"concern_id": concern.id})
        self.assertEqual(wizard.text, "The soup is cold")
        wizard.action_confirm()
        case = concern.sudo().complaint_case_ids
        self.assertEqual(case.task_id.id, task.id)
        self.assertEqual(case.description, "The soup is cold")
        with self.assertRaises(UserError):
            wizards.create({"concern_id": concern.id}).action_confirm()
