# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Who is in conflict stays so; what belongs to a case stays with it (I-8, Y-1)."""

from datetime import timedelta

from odoo import Command, fields
from odoo.exceptions import AccessError, UserError
from odoo.tests import Form, tagged

from .test_complaint_conflict import ConflictCommon


@tagged("post_install", "-at_install")
class TestComplaintShieldKept(ConflictCommon):
    """`boss` is an officer and works in the personnel department as well."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.boss.group_ids = [(4, cls.env.ref("hr.group_hr_user").id)]

    def _lift(self, case, users, user=None, reason="Named by mistake"):
        dialog = self.env["complaint.reason"].with_user(user or self.officer)
        dialog.create(
            {
                "case_id": case.id,
                "step": "lift",
                "user_ids": [Command.set(users.ids)],
                "reason": reason,
            }
        ).action_confirm()

    # ------------------------------------------------------------
    # LEAVING THE SET
    # ------------------------------------------------------------

    def test_personnel_staff_cannot_move_out_of_the_shield(self):
        """Every way an officer of personnel has to move himself or his staff."""
        below = self._named(self.boss_employee)
        above = self._employee(self.leader)
        unit = self._department("Personnel", manager_id=self.boss_employee.id)
        self._employee(self.ward_b, department_id=unit.id)
        inside = self.boss | self.specialist | self.ward_b
        self.assertEqual(below.conflict_user_ids, inside)
        mine = self.boss_employee.with_user(self.boss)
        moves = [
            (mine, {"user_id": False}),
            (mine, {"user_id": self.ward_a.id}),
            (mine, {"parent_id": above.id}),
            (self.employee.with_user(self.boss), {"parent_id": above.id}),
            (self.employee.with_user(self.boss), {"user_id": False}),
            (unit.with_user(self.boss), {"manager_id": above.id}),
            (mine, {"active": False}),
        ]
        for record, vals in moves:
            record.write(vals)
            self.env.invalidate_all()
            for user in inside:
                with self.subTest(vals=vals, user=user.login):
                    self.assertFalse(below.with_user(user).has_access("read"))
        self.assertFalse(below.sudo().owner_id & inside)

    def test_an_account_taken_away_before_the_naming_changes_nothing(self):
        """Nor does another record of the same person, or an archived account."""
        for vals in ({"user_id": False}, {"user_id": self.ward_a.id}):
            self.employee.user_id = self.specialist
            self.employee.with_user(self.boss).write(vals)
            case = self._named(self.employee)
            with self.subTest(vals):
                self.assertIn(self.specialist, case.conflict_user_ids)
        self.specialist.active = False
        self._employee(self.specialist)
        case = self._named(self.employee).with_context(active_test=False)
        self.assertIn(self.specialist, case.conflict_user_ids)

    def test_an_account_given_by_mistake_is_lifted_once(self):
        """The officer says that it never was his; it does not come back."""
        self.employee.user_id = self.ward_a
        case = self._named(self.employee)
        self.assertIn(self.ward_a, case.conflict_user_ids)
        self.employee.user_id = self.specialist
        self._lift(case, self.ward_a)
        case.sudo()._refresh_conflicts()
        self.assertNotIn(self.ward_a, case.conflict_user_ids)
        self.assertIn(self.specialist, case.conflict_user_ids)
        later = self._named(self.employee).conflict_user_ids
        self.assertNotIn(self.ward_a, later)

    def test_a_former_account_brings_nobody_else_along(self):
        """An account that went from hand to hand ties no strangers together."""
        self.employee.user_id = self.ward_a
        self.employee.user_id = self.specialist
        later = self._employee(self.ward_a)
        below = self._employee(self.ward_b, parent_id=later.id)
        inside = self._named(self.employee).conflict_user_ids
        self.assertEqual(inside, self.specialist | self.ward_a)
        self.assertNotIn(below.user_id, inside)

    def test_it_stays_closed_after_the_case_is_over(self):
        case = self._named(self.employee)
        case.action_withdraw("Settled")
        self.employee.user_id = False
        self.assertIn(self.specialist, case.conflict_user_ids)

    def test_an_officer_lets_somebody_see_it_again_with_a_reason(self):
        case = self._named(self.employee)
        case.issue_ids.employee_ids = [Command.clear()]
        self.assertFalse(case.with_user(self.specialist).has_access("read"))
        self.assertTrue(case.with_user(self.officer).has_stale_conflicts)
        self._lift(case, self.specialist)
        self.assertTrue(case.with_user(self.specialist).has_access("read"))
        self.assertFalse(case.with_user(self.officer).has_stale_conflicts)
        self.assertIn("Named by mistake", str(case.message_ids[0].body))
        self.assertIn(self.specialist.name, str(case.message_ids[0].body))

    def test_nobody_is_let_in_who_is_named_or_by_whom_it_does_not_concern(self):
        case = self._named(self.employee)
        refused = [
            (UserError, self.officer, self.specialist, "x"),  # named still
            (UserError, self.officer, self.env["res.users"], "x"),
            (AccessError, self.second, self.specialist, "x"),  # no officer
            (AccessError, self.specialist, self.specialist, "x"),  # himself
        ]
        for error, user, users, reason in refused:
            with self.subTest(user=user.login), self.assertRaises(error):
                self._lift(case, users, user, reason)
        case.issue_ids.employee_ids = [Command.clear()]
        with self.assertRaises(UserError):
            self._lift(case, self.specialist, reason="  ")
        self.assertIn(self.specialist, case.conflict_user_ids)

    def test_who_declared_a_conflict_is_not_let_in(self):
        case = self._case(self.second)
        case.with_user(self.specialist).action_declare_conflict()
        with self.assertRaises(UserError):
            self._lift(case, self.specialist)

    # ------------------------------------------------------------
    # LOG, HOSPITAL, DIALOGS
    # ------------------------------------------------------------

    def test_a_named_auditor_learns_nothing_from_the_access_log(self):
        """Neither by a list nor by an id; other auditors see every row."""
        other = self._user("other_auditor", "auditor")
        named = self._employee(self.auditor)
        case = self._case(self.second, complainant_phone="13800000001")
        case._reveal_protected("complainant_phone", "call back")
        logs = self.env["followup.access.log"]
        row = logs.search([("res_model", "=", case._name), ("res_id", "=", case.id)])
        self.assertTrue(row)
        issue = {"case_id": case.id, "employee_ids": [Command.set(named.ids)]}
        mine = row.with_user(self.auditor)
        self.assertTrue(mine.has_access("read"))
        self.env["complaint.issue"].with_user(self.second).create(issue)
        self.env.invalidate_all()
        self.assertFalse(mine.search([("id", "in", row.ids)]))
        with self.assertRaises(AccessError):
            mine.read(["res_id"])
        self.assertTrue(row.with_user(other).read(["res_id"]))

    def test_rows_of_a_case_are_of_its_hospital(self):
        """Nobody names another hospital at creation, nor later (I-13)."""
        other = self._company("Other House")
        both = other | self.company
        for user in (self.specialist, self.officer):
            user.company_ids = [Command.set(both.ids)]
        case = self._case(self.second, owner_id=self.officer.id)
        notice = self._tell(case, "extension")
        clock = case.clock_ids.filtered(lambda row: not row.is_legal)[:1]
        freeze = self.env.ref("patient_complaint.complaint_freeze_reason_expert")
        table = {
            "complaint.feedback": {"kind": "progress", "content": "x"},
            "complaint.freeze": {"reason_id": freeze.id},
            "complaint.extension": {
                "clock_id": clock.id,
                "feedback_id": notice.id,
                "reason": "x",
                "new_deadline": clock.deadline + timedelta(days=90),
            },
            "complaint.issue": {"text": "x"},
        }
        for model, vals in table.items():
            rows = self.env[model].with_user(self.officer)
            rows = rows.with_context(allowed_company_ids=both.ids)
            vals = {**vals, "case_id": case.id, "company_id": other.id}
            with self.subTest(model=model):
                row = rows.create(vals)
                self.assertEqual(row.company_id, self.company)
                with self.assertRaises(AccessError), self.env.cr.savepoint():
                    row.write({"company_id": other.id})

    def test_dialogs_forget_what_was_written_in_them(self):
        case = self._case(self.second)
        self._lift_is_refused(case)
        dialog = self.env["complaint.reason"].with_user(self.second)
        row = dialog.create(
            {"case_id": case.id, "step": "withdraw", "reason": "A secret"}
        )
        self.assertEqual(row.action_confirm()["type"], "ir.actions.act_window_close")
        self.assertFalse(row.exists())
        self.assertEqual(case.closing_reason, "A secret")

    def _lift_is_refused(self, case):
        with self.assertRaises(UserError), self.env.cr.savepoint():
            self._lift(case, self.env["res.users"])

    def test_every_dialog_with_words_forgets_them(self):
        """A new dialog with a free text fails here until it does."""
        forgetting = self.env.registry["complaint.dialog.mixin"]
        for name, model in self.env.registry.items():
            if not (model._transient and name.startswith("complaint.")):
                continue
            texts = [
                field.name
                for field in model._fields.values()
                if field.type in ("char", "text", "html")
                and field.store
                and not field.related
                and field.name != "display_name"
            ]
            with self.subTest(name):
                self.assertTrue(not texts or issubclass(model, forgetting), texts)

    # ------------------------------------------------------------
    # KIND, TRACK
    # ------------------------------------------------------------

    def test_another_kind_needs_a_reason_and_leaves_its_clocks_on_record(self):
        case = self._case(self.second)
        before = case.clock_ids
        self.assertTrue(before)
        with self.assertRaises(UserError):
            case.write({"kind": "inquiry"})
        dialogs = self.env["complaint.reason"].with_user(self.second)
        with self.assertRaises(UserError), self.env.cr.savepoint():
            case._change_kind("inquiry", " ")
        dialogs.create(
            {
                "case_id": case.id,
                "step": "kind",
                "kind": "inquiry",
                "reason": "He only asks for the way",
            }
        ).action_confirm()
        self.assertEqual(case.kind, "inquiry")
        text = " ".join(str(note.body) for note in case.message_ids)
        self.assertIn("He only asks for the way", text)
        self.assertIn("Complaint is now: Inquiry", text)
        gone = before - case.clock_ids.exists()
        self.assertEqual(bool(gone), "Clocks that ended" in text)
        self.assertTrue(gone)

    def test_the_kind_of_an_assessed_case_stays(self):
        case = self._ready(self._case(self.second), owner_id=self.second.id)
        case.action_triage()
        with self.assertRaises(UserError):
            case._change_kind("inquiry", "x")
        with self.assertRaises(UserError):
            case.write({"kind": "inquiry"})

    def test_the_form_offers_the_kind_of_a_new_case_only(self):
        with Form(self.env["complaint.case"].with_user(self.second)) as form:
            form.kind = "suggestion"
            form.description = "More chairs"
        with Form(form.record) as again, self.assertRaises(AssertionError):
            again.kind = "inquiry"

    def test_serious_complaints_go_the_full_way(self):
        """C-16, C-15: no answer before an investigation and its approvals."""
        self.env["complaint.team.policy"].search([]).active = False
        for severity in ("high", "critical"):
            for track in ("fast", "full"):
                case = self._ready(
                    self._case(self.second),
                    track=track,
                    severity=severity,
                    owner_id=self.second.id,
                )
                case.action_triage()
                with self.subTest(severity=severity, track=track):
                    with self.assertRaises(UserError), self.env.cr.savepoint():
                        self._tell(case, at=fields.Datetime.now())
                    for step in (case.action_close, case.action_start_rectification):
                        with self.assertRaises(UserError), self.env.cr.savepoint():
                            step()
                    self.assertEqual(case.state, "triage")
                    case.track = "full"
                    case.action_start_investigation()
                    with self.assertRaises(UserError), self.env.cr.savepoint():
                        self._tell(case, at=fields.Datetime.now())
                    self._approve(case)
                    self._tell(case, at=fields.Datetime.now())
                    self.assertEqual(case.state, "feedback")
