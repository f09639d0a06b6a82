# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Real cursors: a page that is sent twice at once does it once (I-4, C-24)."""

from psycopg2.errors import SerializationFailure

from odoo.exceptions import UserError
from odoo.tests import tagged
from odoo.tools import mute_logger

from odoo.addons.patient_followup.tests.common import RaceCase


@tagged("post_install", "-at_install")
class TestComplaintPublicRace(RaceCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.addClassCleanup(cls._clean_up)
        with cls.registry.cursor() as cr:
            env = cls._env(cr)
            company = env.ref("base.main_company")
            vals = {"description": "x", "company_id": company.id}
            rated, over = env["complaint.case"].create([vals, vals])
            now = "2026-01-05 08:00:00"
            rated._guarded().write({"state": "feedback", "answered_at": now})
            over.action_not_accept("No matter of the hospital")
            over._guarded().write({"state": "closed"})
            cls.rated, cls.over = rated.id, over.id

    @classmethod
    def _clean_up(cls):
        """Remove every committed row of the class."""
        ids = [cls.rated, cls.over]
        with cls.registry.cursor() as cr:
            env = cls._env(cr)
            tables = ("complaint_clock", "complaint_message", "complaint_closure")
            for table in (*tables, "complaint_case"):
                column = "id" if table == "complaint_case" else "case_id"
                query = f"DELETE FROM {table} WHERE {column} = ANY(%s)"  # noqa: S608
                cr.execute(query, [ids])
            cr.execute("DELETE FROM followup_throttle WHERE kind = 'form_once'")
            for model in ("mail.message", "mail.followers", "mail.activity"):
                field = "model" if model == "mail.message" else "res_model"
                domain = [(field, "=", "complaint.case"), ("res_id", "in", ids)]
                env[model].search(domain).unlink()

    def _both(self, act):
        """Begin two, finish one, then the other, again where it is refused.

        :return list: what each of the two gave
        """
        found = []
        with self.registry.cursor() as late:
            late.execute("SELECT 1 FROM complaint_case LIMIT 1")  # its snapshot
            with self.registry.cursor() as early:
                found.append(self._act(early, act))
            try:
                with mute_logger("odoo.sql_db"):
                    found.append(self._act(late, act))
            except SerializationFailure:
                late.rollback()
        if len(found) == 1:
            with self.registry.cursor() as again:
                found.append(self._act(again, act))
        return found

    def _act(self, cr, act):
        env = self._env(cr)
        try:
            result = act(env)
            env.flush_all()
        except UserError:
            cr.rollback()
            return "refused"
        return result

    def _rows(self, case):
        with self.registry.cursor() as cr:
            rows = self._env(cr)["complaint.case"].browse(case).message_row_ids
            return rows.mapped("kind")

    def test_two_ratings_at_once_are_one(self):
        def rate(env):
            case = env["complaint.case"].browse(self.rated)
            case._as_page("en_US")._page_rate("2", "refused", "x")
            return "rated"

        self.assertEqual(self._both(rate), ["rated", "refused"])
        self.assertEqual(self._rows(self.rated), ["rating"])

    def test_two_reopenings_at_once_are_one(self):
        def reopen(env):
            case = env["complaint.case"].browse(self.over)
            case._as_page("en_US")._page_reopen("It happened again")
            return "reopened"

        self.assertEqual(self._both(reopen), ["reopened", "refused"])
        self.assertEqual(self._rows(self.over), ["reopen"])
        with self.registry.cursor() as cr:
            case = self._env(cr)["complaint.case"].browse(self.over)
            self.assertEqual(case.reopen_count, 1)

    def test_one_form_twice_at_once_is_first_once(self):
        def send(env):
            return env["followup.throttle"]._is_first("form_once", "race")

        self.assertEqual(self._both(send), [True, False])
