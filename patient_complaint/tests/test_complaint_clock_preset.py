# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from freezegun import freeze_time

from odoo.tests import tagged

from .common import ComplaintCommon

FRIDAY_EVENING = "2026-03-06 12:00:00"  # 20:00 in the hospital
# Thursday 10:00; Saturday 28 February 2026 is worked for the Spring Festival
MAKE_UP = "2026-02-26 02:00:00"
MONDAY = "2026-03-02 02:00:00"
# what is left of a clock frozen on Tuesday 09:00 runs on from Thursday 10:00
FROZEN, RESUMED = "2026-03-03 01:00:00", "2026-03-05 02:00:00"

# preset: (values of a case it runs for, clock, law,
#          {begun: deadline}, deadline after freeze and resume or None: never frozen)
PRESETS = {
    "triage_004": (
        {},
        *("triage", False),
        {
            FRIDAY_EVENING: "2026-03-07 12:00:00",
            MAKE_UP: "2026-02-27 02:00:00",
            MONDAY: "2026-03-03 02:00:00",
        },
        "2026-03-05 03:00:00",
    ),
    "response_002": (
        {},
        *("response", False),
        {
            FRIDAY_EVENING: "2026-03-08 12:00:00",
            MAKE_UP: "2026-02-28 02:00:00",
            MONDAY: "2026-03-04 02:00:00",
        },
        "2026-03-06 03:00:00",
    ),
    "plan_004": (
        {},
        *("plan", False),
        {
            FRIDAY_EVENING: "2026-03-11 09:00:00",
            MAKE_UP: "2026-03-02 09:00:00",
            MONDAY: "2026-03-05 09:00:00",
        },
        "2026-03-09 09:00:00",
    ),
    "phone_001m": (
        {"channel": "phone"},
        *("answer", False),
        {
            FRIDAY_EVENING: "2026-03-09 15:59:59",
            MAKE_UP: "2026-03-01 15:59:59",
            MONDAY: "2026-03-05 15:59:59",
        },
        "2026-03-07 15:59:59",
    ),
    "inform_001s": (
        {},
        *("inform", False),
        {
            FRIDAY_EVENING: "2026-03-13 15:59:59",
            MAKE_UP: "2026-03-05 15:59:59",
            MONDAY: "2026-03-09 15:59:59",
        },
        "2026-03-11 15:59:59",
    ),
    "answer_001s": (
        {},
        *("answer", False),
        {
            FRIDAY_EVENING: "2026-03-20 15:59:59",
            MAKE_UP: "2026-03-12 15:59:59",
            MONDAY: "2026-03-16 15:59:59",
        },
        "2026-03-18 15:59:59",
    ),
    "law_simple": (
        {},
        *("answer", True),
        {
            FRIDAY_EVENING: "2026-03-13 09:00:00",
            MAKE_UP: "2026-03-04 09:00:00",
            MONDAY: "2026-03-09 09:00:00",
        },
        None,
    ),
    "law_full": (
        {"track": "full"},
        *("answer", True),
        {
            FRIDAY_EVENING: "2026-03-20 09:00:00",
            MAKE_UP: "2026-03-11 09:00:00",
            MONDAY: "2026-03-16 09:00:00",
        },
        None,
    ),
}


@tagged("post_install", "-at_install")
class TestComplaintClockPreset(ComplaintCommon):
    """Literal deadlines of every preset clock (C-7 ... C-10, O-1, O-2, section 8)."""

    def _begin(self, vals):
        vals = dict(vals)
        if channel := vals.pop("channel", None):
            xmlid = f"patient_complaint.complaint_channel_{channel}"
            vals["channel_id"] = self.env.ref(xmlid).id
        return self._case(**vals)

    def test_every_preset_stands_in_the_table(self):
        data = self.env["ir.model.data"].search(
            [
                ("module", "=", "patient_complaint"),
                ("model", "=", "complaint.sla.policy"),
            ]
        )
        prefix = "complaint_sla_policy_"
        names = {name.removeprefix(prefix) for name in data.mapped("name")}
        self.assertLessEqual(set(PRESETS), names)

    def test_deadlines_of_a_friday_evening_and_before_a_make_up_saturday(self):
        for name, (vals, kind, law, deadlines, _resumed) in PRESETS.items():
            policy = self.env.ref(f"patient_complaint.complaint_sla_policy_{name}")
            for begun, deadline in deadlines.items():
                with self.subTest(preset=name, begun=begun), freeze_time(begun):
                    clock = self._clock(self._begin(vals), kind, law)
                    self.assertEqual(clock.policy_id, policy)
                    self.assertEqual(str(clock.deadline), deadline)

    def test_each_clock_keeps_what_is_left_while_it_is_frozen(self):
        reason = self.env.ref("patient_complaint.complaint_freeze_reason_complainant")
        freezes = self.env["complaint.freeze"].with_user(self.specialist)
        for name, (vals, kind, law, deadlines, resumed) in PRESETS.items():
            with self.subTest(preset=name), freeze_time(MONDAY) as now:
                case = self._begin(vals)
                clock = self._clock(case, kind, law)
                now.move_to(FROZEN)
                freezes.create({"case_id": case.id, "reason_id": reason.id})
                self.assertEqual(bool(clock.frozen_until), resumed is not None)
                now.move_to(RESUMED)
                case.action_resume()
                self.assertEqual(str(clock.deadline), resumed or deadlines[MONDAY])

    def test_each_clock_but_those_of_the_law_may_be_extended(self):
        rows = self.env["complaint.extension"].with_user(self.officer)
        for name, (vals, kind, law, deadlines, _resumed) in PRESETS.items():
            with self.subTest(preset=name), freeze_time(MONDAY):
                case = self._begin(vals)
                clock = self._clock(case, kind, law)
                extension = {
                    "case_id": case.id,
                    "clock_id": clock.id,
                    "new_deadline": "2026-04-01 09:00:00",
                    "reason": "The expert is ill",
                    "feedback_id": self._tell(case, "extension").id,
                }
                if law:
                    with self.assertRaises(Exception) as caught:
                        rows.create(extension)
                    self.assertIn("law", str(caught.exception).lower())
                    self.assertEqual(str(clock.deadline), deadlines[MONDAY])
                else:
                    rows.create(extension)
                    self.assertEqual(str(clock.deadline), "2026-04-01 09:00:00")
                    self.assertTrue(clock.extended)

    @freeze_time(MONDAY)
    def test_the_deadline_of_an_authority_leads_whatever_the_hospital_grants(self):
        """An authority's clock is never frozen or extended, and comes first."""
        hotline = self.env.ref("patient_complaint.complaint_channel_hotline")
        case = self._case(
            channel_id=hotline.id,
            external_number="12345-7",
            external_deadline="2026-03-02 20:00:00",
        )
        clock = self._clock(case, "external", True)
        self.assertEqual(str(case.next_deadline), "2026-03-02 20:00:00")
        self.assertEqual(case.clock_strip[0]["label"], "External Deadline")
        self.assertFalse(clock.may_freeze)
        self.assertTrue(clock.explanation)
        found = case.search(
            [("next_deadline", "<=", "2026-03-02 20:00:00"), ("id", "=", case.id)]
        )
        self.assertEqual(found, case)
