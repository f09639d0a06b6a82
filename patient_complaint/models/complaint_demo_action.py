# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Rectification, rounds, campaigns and return visits of the demo."""

from datetime import timedelta

from odoo import fields, models

from ..demo import cases as told
from ..demo.moments import at


class ComplaintDemo(models.AbstractModel):
    _inherit = "complaint.demo"

    def _add(self, cases):
        result = super()._add(cases)
        self._repeated(cases)
        self._late_action(cases)
        self._returned_action(cases)
        self._opinions()
        self._rounds()
        self._campaigns()
        return result

    # ------------------------------------------------------------
    # RECTIFICATION
    # ------------------------------------------------------------

    def _plan_action(self, number=0, **vals):
        """Plan a rectification; the head of the department is responsible."""
        kind, words, _proof = told.ACTIONS[number % len(told.ACTIONS)]
        actions = self._as(self._user("specialist"), "complaint.action")
        vals = {"kind": kind, "description": words, **vals}
        department = self.env["hr.department"].browse(vals["department_id"])
        if not department._followup_heads()[department]:
            vals["responsible_id"] = self._user("head").id
        return actions.create({"checker_id": self._user("officer").id, **vals})

    def _do_order(self, case):
        self._plan_action(
            case.id,
            case_id=case.id,
            department_id=case.department_id.id,
            deadline=fields.Datetime.now().date() + timedelta(days=10),
        )

    def _do_rectify(self, case):
        case.action_start_rectification()

    def _do_do(self, case):
        # sudo: each is then done as whoever is responsible
        for action in case.sudo().action_ids:
            self._do_it(action)

    def _do_it(self, action):
        proofs = {kind: proof for kind, _words, proof in told.ACTIONS}
        self._as(action.responsible_id, action).action_done(proofs[action.kind])

    def _do_check(self, case):
        # sudo: each is then checked as its checker
        for action in case.sudo().action_ids:
            mine = self._as(action.checker_id, action)
            mine.check_note = told.CHECKED
            mine.action_effective()

    def _repeated(self, cases):
        """The same matter came in twice."""
        person = cases.filtered(lambda row: row.description == told.REPEATED)
        first = cases.filtered(
            lambda row: row.complainant_name == person.complainant_name
        )
        first = first.filtered(lambda row: row.similar_ids & person)[:1]
        if first:
            person.action_link_duplicate(first.id)

    def _late_action(self, cases):
        """One is late and has reached a superior."""
        case = cases.filtered(lambda row: row.state == "rectification")[:1]
        with at(fields.Datetime.now() - timedelta(days=6)):
            action = self._plan_action(
                1,
                case_id=case.id,
                department_id=case.department_id.id,
                deadline=fields.Datetime.now().date() + timedelta(days=3),
            )
        for _level in range(2):
            # sudo: what the reminder of the night does
            action.sudo()._guarded()._remind()

    def _returned_action(self, cases):
        """One had no effect and is done again."""
        case = cases.filtered(lambda row: row.state == "rectification")[1:2]
        action = self._plan_action(
            2, case_id=case.id, department_id=case.department_id.id
        )
        self._do_it(action)
        self._as(action.checker_id, action).action_return(told.NO_EFFECT)

    def _opinions(self):
        """An opinion of a call leads to an improvement without a complaint."""
        concern = self.env["followup.concern"].search(
            [("kind", "=", "suggestion"), ("company_id", "=", self._company().id)],
            limit=1,
        )
        if concern:
            actions = self._as(self._user("manager"), "complaint.action")
            actions.create(
                {
                    "concern_id": concern.id,
                    "kind": "improvement",
                    "description": told.OPINION,
                    "responsible_id": self._user("head").id,
                }
            )

    # ------------------------------------------------------------
    # ROUNDS / CAMPAIGNS
    # ------------------------------------------------------------

    def _rounds(self):
        """Two finished rounds, one under way."""
        rounds = self._as(self._user("inspector"), "complaint.round")
        for number, (key, area, findings) in enumerate(told.ROUNDS):
            with at(fields.Datetime.now() - timedelta(days=3 * (2 - number))):
                row = rounds.create(
                    {"department_id": self._department(key).id, "area": area}
                )
                row.action_fill()
                for name, note, fix in findings:
                    self._find(row, name, note, fix)
                if number < 2:
                    row.action_finish()

    def _find(self, row, name, note, fix):
        indicator = self.env.ref(f"patient_complaint.complaint_indicator_{name}")
        line = row.line_ids.filtered(lambda line: line.indicator_id == indicator)
        line.write(
            {"result": "not_met", "note": note, "is_fixed": bool(fix), "fix": fix}
        )
        if not fix:
            line.responsible_id = self._user("head")

    def _campaigns(self):
        """What recurs is proposed; the first campaign runs."""
        # sudo: what the search of the night does
        campaigns = self.env["complaint.campaign"].sudo()
        found = campaigns._propose(campaigns._find_recurring())
        first = found.sorted("case_count")[-1:]
        if not first:
            return
        today = fields.Datetime.now().date()
        first = self._as(self._user("officer"), first)
        first.write(
            {
                "owner_id": self._user("head").id,
                "goal": told.CAMPAIGN["goal"],
                "date_end": today + timedelta(days=90),
                "milestone_ids": [
                    (0, 0, {"name": name, "date": today + timedelta(days=30 * number)})
                    for number, name in enumerate(told.CAMPAIGN["milestones"], start=1)
                ],
            }
        )
        first.action_start()
        first.milestone_ids[:1].state = "reached"

    # ------------------------------------------------------------
    # RETURN VISITS
    # ------------------------------------------------------------

    def _do_ring(self, case, codes=("handling_satisfied", "rectified")):
        """The centre rings and writes down the answers."""
        # sudo: the visit of the case, found for the demo only
        task = case.sudo().revisit_plan_id.task_ids[:1]
        if not task:
            return
        call = self._as(self._user("centre"), task)
        # sudo: the demo tells of days that are over
        task._guarded().write({"date_earliest": fields.Datetime.now()})
        facts = [fact["code"] for fact in call._get_identity_facts()]
        call.confirm_identity(facts[:2])
        call.log_attempt("reached")
        answers = call._start_user_input()
        choices = answers.sudo().survey_id.question_ids.suggested_answer_ids
        chosen = choices.filtered(lambda choice: choice.followup_code in codes)
        answers._followup_save({row.question_id.id: row.ids for row in chosen})
        call.action_complete(told.CHECKED)

    def _do_ring_bad(self, case):
        self._do_ring(case, ("handling_dissatisfied", "not_rectified"))
