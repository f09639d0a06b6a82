# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Two approvers at the same moment, with cursors of their own (C-15)."""

import threading
from concurrent.futures import ThreadPoolExecutor

from psycopg2.errors import SerializationFailure

from odoo import SUPERUSER_ID
from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged
from odoo.tools import mute_logger

from .race_common import ApprovalRaceCase


@tagged("post_install", "-at_install")
class TestComplaintApprovalRace(ApprovalRaceCase):
    def _decide(self, uid, approval_id, decision, barrier):
        def job(env):
            row = env["complaint.approval"].browse(approval_id)
            arguments = [] if decision == "approve" else ["No"]
            getattr(row, f"action_{decision}")(*arguments)

        return self._run(uid, job, barrier)

    def _run(self, uid, job, barrier):
        """Do it as Odoo does for a client: again where it did not serialize."""
        barrier.wait(timeout=20)
        for _try in range(5):
            try:
                with self.registry.cursor() as cr:
                    job(self._env(cr, uid))
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

    @mute_logger("odoo.sql_db")
    def test_a_remedy_changed_while_it_is_submitted_is_not_approved_unseen(self):
        """What was submitted is what stands there, or it is a draft again (I-9)."""
        office = self.user_ids[0]
        for amount in range(2, 8):
            case_id, _rows = self._submitted(1, submit=False)

            def submit(env, case_id=case_id):
                env["complaint.case"].browse(case_id).action_submit()

            def change(env, case_id=case_id, amount=amount):
                case = env["complaint.case"].browse(case_id)
                case.resolution_id.remedy_ids.amount = amount

            barrier = threading.Barrier(2)
            with ThreadPoolExecutor(2) as pool:
                jobs = [
                    pool.submit(self._run, office, job, barrier)
                    for job in (submit, change)
                ]
                answers = [job.result(timeout=60) for job in jobs]
            self.assertEqual(answers, ["done", "done"])
            with self.registry.cursor() as cr:
                env = self._env(cr, SUPERUSER_ID)
                row = env["complaint.case"].browse(case_id).resolution_id
                self.assertEqual(row.remedy_ids.amount, amount)
                if row.state == "submitted":
                    self.assertEqual(row._hash(), row.content_hash)
                else:
                    self.assertEqual((row.state, row.content_hash), ("draft", False))
