# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""The sealed record for the medical record of the hospital (R-2)."""

import json

from odoo.exceptions import AccessError, UserError
from odoo.tests import freeze_time, tagged

from .document_common import MORNING, PHONE, FollowupDocumentCase


@tagged("post_install", "-at_install")
@freeze_time(MORNING)
class TestFollowupFhir(FollowupDocumentCase):
    def _bundle(self, task=None, user=None):
        task = (task or self.call).with_user(user or self.ward_a)
        return json.loads(json.dumps(task.export_fhir()))

    def _resources(self, kind):
        entries = [row["resource"] for row in self._bundle()["entry"]]
        return [row for row in entries if row["resourceType"] == kind]

    def test_one_call_becomes_one_bundle(self):
        bundle = self._bundle()
        kinds = [row["resource"]["resourceType"] for row in bundle["entry"]]
        self.assertEqual(
            kinds,
            [
                "Patient",
                "Encounter",
                "Task",
                "Communication",
                "Communication",
                "QuestionnaireResponse",
                "Observation",
            ],
        )
        self.assertEqual(
            bundle["identifier"]["value"], self.call.sudo().followup_seal_digest
        )
        self.assertEqual(bundle["timestamp"], "2026-03-05T02:00:00Z")

    def test_patient_and_stay_are_named_by_their_numbers(self):
        [patient] = self._resources("Patient")
        [stay] = self._resources("Encounter")
        self.assertEqual(patient["identifier"][0]["value"], self.patient.mrn)
        self.assertEqual(patient["birthDate"], "1956-03-25")
        self.assertEqual(patient["gender"], "male")
        self.assertEqual(stay["identifier"][0]["value"], self.stay.number)
        self.assertEqual(stay["reasonCode"], [{"text": "Fractured hip"}])

    def test_answers_and_vital_signs(self):
        [response] = self._resources("QuestionnaireResponse")
        texts = {row["text"]: row["answer"] for row in response["item"]}
        self.assertEqual(texts["Condition"], [{"valueString": "Good"}])
        [vital] = self._resources("Observation")
        self.assertEqual(vital["code"]["coding"][0]["code"], "8310-5")
        self.assertEqual(vital["valueQuantity"], {"value": 37.5, "unit": "℃"})

    def test_every_reference_is_in_the_bundle_and_no_number_to_dial(self):
        bundle = self._bundle()
        text = json.dumps(bundle)
        known = {row["fullUrl"] for row in bundle["entry"]}
        found = {part.split('"')[0] for part in text.split('"reference": "')[1:]}
        self.assertEqual(found - known, set())
        self.assertNotIn(PHONE, text)
        self.assertEqual(self._bundle()["entry"], bundle["entry"])

    def test_rights_log_and_open_follow_ups(self):
        for user in (self.ward_b, self.leader, self.auditor, self.administrator):
            with self.assertRaises(AccessError):
                self._bundle(user=user)
        with self.assertRaises(UserError):
            self._bundle(self._task(self.stay))
        self._bundle()
        self.assertEqual(self._logged(self.call), [("export", self.ward_a, "FHIR")])
