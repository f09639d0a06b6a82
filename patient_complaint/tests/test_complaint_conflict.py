# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""The conflict shield: whoever is named, and all below him, sees nothing (I-8, D-8)."""

import psycopg2

from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.service.model import call_kw
from odoo.tests import tagged

from .common import ComplaintCommon

CHILDREN = (
    "complaint.issue",
    "complaint.clock",
    "complaint.feedback",
    "complaint.freeze",
)


@tagged("post_install", "-at_install")
class ConflictCommon(ComplaintCommon):
    """`specialist` works below `boss`, `second` is outside of his line."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.second = cls._office_user("specialist", "second")
        cls.boss = cls._office_user("officer", "boss")
        cls.boss_employee = cls._employee(cls.boss)
        cls.employee = cls._employee(cls.specialist, parent_id=cls.boss_employee.id)

    @classmethod
    def _employee(cls, user=None, **vals):
        vals = {
            "name": user.name if user else "Somebody",
            "user_id": user and user.id,
            "company_id": cls.company.id,
            **vals,
        }
        return cls.env["hr.employee"].create(vals)

    def _named(self, employees, **vals):
        """Register a case as `second` that names these employees."""
        issue = {"text": "Rude", "employee_ids": [(6, 0, employees.ids)]}
        return self._case(self.second, issue_ids=[(0, 0, issue)], **vals)


class TestComplaintConflict(ConflictCommon):
    def test_the_named_and_all_below_him_are_in_the_set(self):
        case = self._named(self.boss_employee)
        self.assertEqual(case.conflict_user_ids, self.boss | self.specialist)

    def test_a_named_subordinate_leaves_his_superior_outside(self):
        case = self._named(self.employee)
        self.assertEqual(case.conflict_user_ids, self.specialist)
        self.assertTrue(case.with_user(self.boss).has_access("read"))

    def test_every_model_of_the_case_is_closed(self):
        case = self._named(self.boss_employee)
        for user in (self.boss, self.specialist):
            self.assertFalse(case.with_user(user).has_access("read"))
            self.assertFalse(case.with_user(user).has_access("write"))
            for model in CHILDREN:
                rows = self.env[model].with_user(user)
                with self.subTest(model=model, user=user.login):
                    self.assertFalse(rows.search([("case_id", "=", case.id)]))
