# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Two approvers at the same moment, with cursors of their own (C-15)."""

import threading
from concurrent.futures import ThreadPoolExecutor

from psycopg2.errors import SerializationFailure

from odoo import SUPERUSER_ID, api
from odoo.exceptions import AccessError, UserError
from odoo.tests import new_test_user, tagged
from odoo.tools import mute_logger

from odoo.addons.patient_followup.tests.common import RaceCase

TABLES = (
    "complaint_approval",
    "complaint_remedy",
    "complaint_resolution",
    "complaint_clock",
    "complaint_issue",
)
GROUP = "patient_complaint.complaint_group_"


@tagged("post_install", "-at_install")
class TestComplaintApprovalRace(RaceCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.case_ids = []
        cls.addClassCleanup(cls._clean_up)
        with cls.registry.cursor() as cr:
            cls._fill(api.Environment(cr, SUPERUSER_ID, {"tracking_disable": True}))

    @classmethod
    def _fill(cls, env):
        cls.company_id = env.ref("base.main_company").id
        users = [
            new_test_user(
                env,
                f"racing_{name}",
                groups=GROUP + role,
                company_id=cls.company_id,
                company_ids=[(6, 0, [cls.company_id])],
            ).id
            for name, role in (
                *(("office", "officer"), ("one", "approver"), ("two", "approver")),
            )
        ]
        cls.user_ids = users
        rules = env["complaint.approval.rule"]
        cls.preset_ids = rules.search([]).ids
        rules.browse(cls.preset_ids).active = False
        cls.rule_id = rules.create(
            {
                "name": "Race",
                "approver": "user",
                "user_ids": [(6, 0, users[1:])],
                "company_id": cls.company_id,
            }
        ).id

    @classmethod
    def _clean_up(cls):
        """Remove every committed row of the class."""
        with cls.registry.cursor() as cr:
            for table in TABLES:
                cr.execute(
                    f"DELETE FROM {table} WHERE case_id = ANY(%s)", [cls.case_ids]
                )
            for table, name in (
                ("mail_activity", "res_model"),
                ("mail_followers", "res_model"),
                ("mail_message", "model"),
            ):
                cr.execute(
                    f"DELETE FROM {table} WHERE {name} = 'complaint.case'"
                    " AND res_id = ANY(%s)",
                    [cls.case_ids],
                )
            cr.execute("DELETE FROM complaint_case WHERE id = ANY(%s)", [cls.case_ids])
            env = api.Environment(cr, SUPERUSER_ID, {"tracking_disable": True})
            env["complaint.approval.rule"].browse(cls.rule_id).unlink()
            env["complaint.approval.rule"].browse(cls.preset_ids).active = True
            users = env["res.users"].browse(cls.user_ids)
            partners = users.partner_id
            users.unlink()
            partners.unlink()
            cr.execute(
                "DELETE FROM followup_access_log"
                " WHERE res_model = 'res.users' AND res_id = ANY(%s)",
                [cls.user_ids],
            )

    def _env(self, cr, uid):
        context = {"allowed_company_ids": [self.company_id], "tracking_disable": True}
        return api.Environment(cr, uid, context)

    def _submitted(self, minimum):
        """Return the ids of the approvals of a new case."""
        with self.registry.cursor() as cr:
            env = self._env(cr, SUPERUSER_ID)
            env["complaint.approval.rule"].browse(self.rule_id).minimum = minimum
            env = self._env(cr, self.user_ids[0])
            category = env.ref("patient_complaint.complaint_category_process_waiting")
            issue = {"category_id": category.id, "finding": "not_upheld"}
            case = env["complaint.case"].create(
                {
                    "description": "x",
                    "track": "full",
                    "owner_id": env.uid,
                    "issue_ids": [(0, 0, issue)],
                }
            )
            self.case_ids.append(case.id)
            case.action_triage()
            case.action_start_investigation()
            case.action_propose()
            env["complaint.resolution"].create({"case_id": case.id, "explanation": "x"})
            case.action_submit()
            return case.id, case.sudo().approval_ids.ids

    def _decide(self, uid, approval_id, decision, barrier):
        """Decide as Odoo does for a client: again where it did not serialize."""
        barrier.wait(timeout=20)
        for _try in range(5):
            try:
                with self.registry.cursor() as cr:
                    row = self._env(cr, uid)["complaint.approval"].browse(approval_id)
                    arguments = [] if decision == "approve" else ["No"]
                    getattr(row, f"action_{decision}")(*arguments)
                    cr.flush()
                    return "done"
            except SerializationFailure:
                continue
            except (AccessError, UserError) as error:
                return str(error)
        return "gave up"

    def _at_once(self, *jobs):
        barrier = threading.Barrier(len(jobs))
        with ThreadPoolExecutor(max_workers=len(jobs)) as pool:
            running = [pool.submit(self._decide, *job, barrier) for job in jobs]
            return [job.result(timeout=60) for job in running]

    def _read(self, case_id):
        with self.registry.cursor() as cr:
            case = self._env(cr, SUPERUSER_ID)["complaint.case"].browse(case_id)
            rows = case.approval_ids
            return (
                sorted(rows.mapped("decision")),
                rows.decided_by_id.ids,
                case.resolution_id.state,
            )

    @mute_logger("odoo.sql_db")
    def test_of_two_who_decide_one_approval_one_wins(self):
        one, two = self.user_ids[1:]
        for _round in range(3):
            case_id, (row_id,) = self._submitted(1)
            answers = self._at_once((one, row_id, "approve"), (two, row_id, "reject"))
            self.assertEqual(answers.count("done"), 1, answers)
            winner = (one, two)[answers.index("done")]
            decisions, deciders, state = self._read(case_id)
            self.assertEqual(deciders, [winner])
            expected = {one: "approved", two: "rejected"}[winner]
            self.assertEqual((decisions, state), ([expected], expected))

    @mute_logger("odoo.sql_db")
    def test_two_seats_of_a_tier_filled_at_once_complete_it(self):
        """Neither may think that the other is still missing."""
        one, two = self.user_ids[1:]
        for _round in range(3):
            case_id, row_ids = self._submitted(2)
            answers = self._at_once(
                (one, row_ids[0], "approve"), (two, row_ids[1], "approve")
            )
            self.assertEqual(answers, ["done", "done"])
            decisions, deciders, state = self._read(case_id)
            self.assertEqual(decisions, ["approved", "approved"])
            self.assertEqual((set(deciders), state), ({one, two}, "approved"))
