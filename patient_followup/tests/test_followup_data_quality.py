# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from datetime import datetime

from odoo.exceptions import AccessError
from odoo.tests import tagged

from .common import FollowupCase


@tagged("post_install", "-at_install")
class TestFollowupDataQuality(FollowupCase):
    """Leaders read how a ward records, never what it recorded of one patient."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        for day, birthdate in ((2, "1960-01-01"), (9, False), (20, False)):
            patient = cls._patient(birthdate=birthdate)
            cls._encounter(
                patient, admission_date=False, discharge_date=datetime(2026, 3, day, 4)
            )
        cls._encounter(admission_date=False, discharge_date=datetime(2026, 4, 2, 4))

    def test_a_row_stands_for_a_month_of_a_ward(self):
        rows = self.env["followup.data.quality"].with_user(self.leader).search([])
        self.assertEqual(
            sorted(rows.mapped(lambda row: (str(row.discharge_day), row.stay_count))),
            [("2026-03-01", 3), ("2026-04-01", 1)],
        )

    def test_kinds_of_stay_do_not_mix(self):
        self._encounter(
            admission_date=False,
            discharge_date=datetime(2026, 3, 5, 4),
            encounter_class="outpatient",
        )
        rows = self.env["followup.data.quality"].with_user(self.leader).search([])
        self.assertEqual(sorted(rows.mapped("stay_count")), [1, 1, 3])

    def test_completeness_counts_stays_not_months(self):
        """I-11: one of four patients has a date of birth, number apart."""
        quality = self.env["followup.data.quality"].with_user(self.leader)
        [[completeness]] = quality._read_group([], [], ["completeness:avg"])
        self.assertAlmostEqual(completeness, 100 / 6 * (4 + 1) / 4)

    def test_leader_opens_no_stay_from_it(self):
        rows = self.env["followup.data.quality"].with_user(self.leader).search([])
        with self.assertRaises(AccessError):
            self.env["followup.encounter"].with_user(self.leader).browse(rows.ids).read(
                ["number"]
            )
