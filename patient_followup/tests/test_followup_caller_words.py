# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""What the call form tells its caller, and settings in plain sight."""

from datetime import datetime

from odoo.exceptions import UserError
from odoo.tests import freeze_time, tagged

from .common import FollowupCase

NOON = datetime(2026, 11, 18, 4, 0)


@tagged("post_install", "-at_install")
class TestFollowupCallerWords(FollowupCase):
    def test_policy_without_bands_names_none_to_try(self):
        """No sentence ends in nothing: "Still to try: ."."""
        policy = self.env["followup.attempt.policy"].create(
            {
                "name": "Any time",
                "company_id": self.company.id,
                "distinct_bands": False,
                "min_gap_minutes": 30,
            }
        )
        with freeze_time(NOON):
            task = self._task(attempt_policy_id=policy.id).with_user(self.ward_a)
            contact_id = task.patient_id.contact_ids.id
            for minute in (0, 5):
                with freeze_time(NOON.replace(minute=minute)):
                    task.log_attempt("no_answer", contact_id=contact_id)
                    words = task.attempt_explanation
                    self.assertTrue(words)
                    self.assertNotIn(": .", words)
                    self.assertNotIn("Still to try", words)

    def test_note_of_the_plan_stands_on_the_call_form(self):
        """E-14: what the ward wants the caller to know."""
        stay = self._encounter()
        plan = self._protocol([{}]).start_plan(stay)
        plan.note = "Ask about the walking aid"
        task = plan.task_ids.with_user(self.ward_a)
        self.assertEqual(task.plan_note, "Ask about the walking aid")
        notes = task.get_call_screen()["stay"]["notes"]
        self.assertIn("Ask about the walking aid", notes)

    def test_days_to_keep_lists_are_a_setting(self):
        """Y-3."""
        settings = self.env["res.config.settings"].create({})
        self.assertEqual(settings.followup_import_retention_days, 7)
        settings.followup_import_retention_days = 3
        settings.execute()
        record = self.env["followup.import"].create(
            {"company_id": self.company.id, "file": "eA=="}
        )
        self.env.flush_all()
        self.env.cr.execute(
            "UPDATE followup_import SET write_date = now() - interval '5 days'"
            " WHERE id = %s",
            [record.id],
        )
        self.env.invalidate_all()
        record._gc_personal_data()
        self.assertFalse(record.file)


@tagged("post_install", "-at_install")
class TestForeignDepartment(FollowupCase):
    """A stay and its department belong to one hospital (I-13)."""

    def test_stay_of_a_department_of_another_hospital_is_refused(self):
        other = self._department("Ward C", company=self._company("Other Hospital"))
        with self.assertRaises(UserError):
            self._encounter(department_id=other.id)
        stay = self._encounter().with_user(self.manager)
        with self.assertRaises(UserError):
            stay.department_id = other

    def test_shared_department_serves_every_hospital(self):
        shared = self.env["hr.department"].create({"name": "X", "company_id": False})
        self.assertTrue(self._encounter(department_id=shared.id))

    def test_list_rejects_the_row_and_goes_on(self):
        company = self._company("Other Hospital")
        self._department("Ward C", company=company)
        row = {
            "source": "his",
            "patient_name": "Li Na",
            "admission_date": "2026-03-01",
            "discharge_date": "2026-03-05",
        }
        rows = [
            {**row, "number": "C1", "department": "Ward C"},
            {**row, "number": "A1", "department": "Ward A", "patient_name": "Bo Li"},
        ]
        result = self.env["followup.encounter"].with_user(self.manager).upsert(rows)
        self.assertEqual(result["created"], 1)
        self.assertEqual(result["rejected"][0]["code"], "unknown_department")
