# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Nobody hands a record to a ward or hospital where he has no say himself."""

import psycopg2

from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged
from odoo.tools import mute_logger

from .samples import FollowupSampleCase

PLACES = {"hr.department": "department_b", "res.company": "other_company"}


@tagged("post_install", "-at_install")
class TestFollowupMoved(FollowupSampleCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.other_company = cls.other_manager.company_id

    @mute_logger("odoo.sql_db")
    def test_no_model_lets_a_record_go_where_its_writer_has_no_say(self):
        """Core looks at record rules before a write only."""
        tried = 0
        for key, (record, _field, _vals) in self.samples.items():
            for login in ("ward_a", "head_a", "centre", "manager"):
                row = record.with_user(getattr(self, login))
                if not row.has_access("write"):
                    continue
                for name, field in row._fields.items():
                    if field.comodel_name in PLACES and field.store:
                        place = getattr(self, PLACES[field.comodel_name])
                        self._check_stays(key, row, name, field, place)
                        tried += 1
        self.assertGreater(tried, 20)

    def _check_stays(self, key, row, name, field, place):
        value = place.id if field.type == "many2one" else [(6, 0, place.ids)]
        with self.subTest(sample=key, user=row.env.user.login, field=name):
            try:
                with self.env.cr.savepoint():
                    row.write({name: value})
                    self.assertTrue(row.has_access("write"))
            except (UserError, psycopg2.IntegrityError):
                row.invalidate_recordset()

    def test_a_head_keeps_the_duties_of_his_own_ward(self):
        duty = self.samples["followup.oncall"][0].with_user(self.head_a)
        for place in (self.department_b.id, False):
            with (
                self.assertRaisesRegex(AccessError, "responsible for"),
                self.env.cr.savepoint(),
            ):
                duty.department_id = place
            duty.invalidate_recordset()
        duty.note = "Second bell"
