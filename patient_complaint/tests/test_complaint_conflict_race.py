# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Real cursors: two changes at once leave no hole in the shield (I-8)."""

from psycopg2.errors import SerializationFailure

from odoo import SUPERUSER_ID, Command, api
from odoo.tests import tagged
from odoo.tools import mute_logger

from odoo.addons.patient_followup.tests.common import RaceCase


@tagged("post_install", "-at_install")
class TestComplaintConflictRace(RaceCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.addClassCleanup(cls._clean_up)
        with cls.registry.cursor() as cr:
            cls._fill(cls._env(cr))

    @classmethod
    def _env(cls, cr):
        context = {"tracking_disable": True, "no_reset_password": True}
        return api.Environment(cr, SUPERUSER_ID, context)

    @classmethod
    def _fill(cls, env):
        company = env.ref("base.main_company")
        users = env["res.users"].create(
            [
                {
                    "login": f"race_{name}",
                    "name": f"Race {name}",
                    "company_id": company.id,
                    "company_ids": [(6, 0, company.ids)],
                }
                for name in ("first", "second", "below")
            ]
        )
        employees = env["hr.employee"].create(
            [
                {"name": user.name, "user_id": user.id, "company_id": company.id}
                for user in users
            ]
        )
        case = env["complaint.case"].create(
            {
                "description": "x",
                "company_id": company.id,
                "issue_ids": [(0, 0, {"text": str(number)}) for number in range(2)],
            }
        )
        cls.users, cls.employees, cls.case = users.ids, employees.ids, case.id
        cls.issues = case.issue_ids.ids

    @classmethod
    def _clean_up(cls):
        """Remove every committed row of the class."""
        with cls.registry.cursor() as cr:
            env = cls._env(cr)
            for table, column, ids in (
                ("complaint_clock", "case_id", [cls.case]),
                ("complaint_issue", "case_id", [cls.case]),
                ("complaint_case", "id", [cls.case]),
            ):
                query = f"DELETE FROM {table} WHERE {column} = ANY(%s)"  # noqa: S608
                cr.execute(query, [ids])
            for model in ("mail.message", "mail.followers", "mail.activity"):
                field = "model" if model == "mail.message" else "res_model"
                domain = [(field, "=", "complaint.case"), ("res_id", "=", cls.case)]
                env[model].search(domain).unlink()
            env["hr.employee"].browse(cls.employees).unlink()
            env["res.users"].browse(cls.users).unlink()

    def _name(self, env, issue, employee):
        row = env["complaint.issue"].browse(self.issues[issue])
        row.employee_ids = [Command.set([self.employees[employee]])]

    def _shield(self):
        with self.registry.cursor() as cr:
            case = self._env(cr)["complaint.case"].browse(self.case)
            return set(case.conflict_user_ids.ids)

    def _both(self, first, second):
        """Begin both, finish `first`, then `second`, again where it is refused."""
        with self.registry.cursor() as late:
            late.execute("SELECT 1 FROM complaint_case LIMIT 1")  # its snapshot
            with self.registry.cursor() as early:
                first(self._env(early))
                self._env(early).flush_all()
            try:
                with mute_logger("odoo.sql_db"):
                    second(self._env(late))
                    self._env(late).flush_all()
                refused = False
            except SerializationFailure:
                late.rollback()
                refused = True
        if refused:
            with self.registry.cursor() as again:
                second(self._env(again))
        return refused

    def test_changes_at_once_leave_no_hole(self):
        first, second, below = self.users
        self.assertTrue(
            self._both(
                lambda env: self._name(env, 0, 0), lambda env: self._name(env, 1, 1)
            )
        )
        self.assertEqual(self._shield(), {first, second})
        # he comes below the second while the first issue gets another name
        self.assertTrue(
            self._both(
                lambda env: self._name(env, 0, 1),
                lambda env: (
                    env["hr.employee"]
                    .browse(self.employees[2])
                    .write({"parent_id": self.employees[1]})
                ),
            )
        )
        # the first is named no more; the office alone lets him in again
        self.assertEqual(self._shield(), {first, second, below})
