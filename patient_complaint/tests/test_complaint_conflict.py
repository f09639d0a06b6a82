# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""The conflict shield: whoever is named, and all below him, sees nothing (I-8, D-8)."""

import base64

from odoo import Command
from odoo.exceptions import AccessError, ValidationError
from odoo.service.model import call_kw
from odoo.tests import tagged

from .common import ComplaintCommon

CHILDREN = (
    "complaint.issue",
    "complaint.clock",
    "complaint.feedback",
    "complaint.freeze",
)


class ConflictCommon(ComplaintCommon):
    """`specialist` works below `boss`, `second` is outside of his line."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.second = cls._office_user("specialist", "second")
        cls.boss = cls._office_user("officer", "boss")
        cls.boss_employee = cls._employee(cls.boss)
        export = cls.env.ref("base.group_allow_export")
        (cls.specialist | cls.boss | cls.second).group_ids = [(4, export.id)]
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


@tagged("post_install", "-at_install")
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

    # ------------------------------------------------------------
    # WHO IS IN THE SET
    # ------------------------------------------------------------

    def test_every_change_of_the_hierarchy_closes_the_case(self):
        """Who is found below a named person enters; nobody leaves by moving (D-8)."""
        case = self._named(self.boss_employee)
        head = self._department("Night Shift")
        outsider = self._employee(self.ward_b)
        seen = set()
        steps = [
            ("below him", outsider, {"parent_id": self.boss_employee.id}, True),
            ("no longer", outsider, {"parent_id": False}, False),
            ("of a department", outsider, {"department_id": head.id}, False),
            ("that he manages", head, {"manager_id": self.boss_employee.id}, True),
            ("no more", head, {"manager_id": False}, False),
            ("manages its top", self.department_b, {"parent_id": head.id}, False),
            ("again", head, {"manager_id": self.boss_employee.id}, True),
            ("elsewhere", outsider, {"department_id": self.department_b.id}, True),
            ("other account", outsider, {"user_id": False}, False),
        ]
        for name, record, vals, inside in steps:
            record.write(vals)
            with self.subTest(name):
                known = case._get_conflicted_users() - case._get_stale_conflicts()
                self.assertEqual(self.ward_b in known, inside)
                # once closed for him it stays so
                held = self.ward_b in case.conflict_user_ids
                self.assertEqual(held, outsider.id in seen or inside)
            if inside:
                seen.add(outsider.id)

    def test_the_set_follows_the_names_in_the_issues(self):
        case = self._case(self.second)
        issue = self.env["complaint.issue"].with_user(self.second)
        issue = issue.create({"case_id": case.id, "text": "x"})
        issue.employee_ids = [Command.set(self.employee.ids)]
        self.assertEqual(case.conflict_user_ids, self.specialist)
        issue.employee_ids = [Command.clear()]
        self.assertEqual(case._get_stale_conflicts(), self.specialist)
        issue.employee_ids = [Command.set(self.boss_employee.ids)]
        self.assertFalse(case._get_stale_conflicts())
        issue.unlink()
        self.assertEqual(case._get_stale_conflicts(), self.specialist | self.boss)
        self.assertEqual(case.conflict_user_ids, self.specialist | self.boss)

    def test_a_person_with_two_contracts_is_one_person(self):
        other = self._company("Other House")
        elsewhere = self._employee(self.boss, company_id=other.id)
        below = self._employee(self.ward_b, company_id=other.id, parent_id=elsewhere.id)
        case = self._named(self.boss_employee)
        self.assertIn(below.user_id, case.conflict_user_ids)

    def test_a_named_employee_is_archived_not_deleted(self):
        self._named(self.employee)
        with self.assertRaisesRegex(Exception, "Archive"):
            self.employee.unlink()

    def test_nobody_writes_the_set(self):
        case = self._named(self.employee)
        for field in ("conflict_user_ids", "declared_user_ids", "superior_id"):
            for user in (self.second, self.boss, self.env.ref("base.user_root")):
                with self.subTest(field=field), self.assertRaises(AccessError):
                    case.with_user(user).write({field: False})

    # ------------------------------------------------------------
    # WAYS TO SEE IT
    # ------------------------------------------------------------

    def _paths(self, case):
        """Return {name: (model, method, args)} of what would show the case."""
        of_case = [("id", "=", case.id)]
        notes = [("model", "=", case._name), ("res_id", "=", case.id)]
        hung = [("res_model", "=", case._name), ("res_id", "=", case.id)]
        children = [("case_id", "=", case.id)]
        paths = {
            "read": (case._name, "read", case.ids, ["name"]),
            "search": (case._name, "search", of_case),
            "search_count": (case._name, "search_count", of_case),
            "search_read": (case._name, "search_read", of_case, ["name"]),
            "web_read": (case._name, "web_read", case.ids, {"display_name": {}}),
            "name_search": (case._name, "name_search", case.name),
            "export": (case._name, "export_data", case.ids, ["name"]),
            "groups": (
                *(case._name, "formatted_read_group", of_case),
                *(["company_id"], ["__count"]),
            ),
            "by_name": (case._name, "search", [("issue_ids.text", "=", "Rude")]),
            "message": ("mail.message", "search_read", notes, ["body"]),
            "messages": ("mail.message", "search_count", notes),
            "message_read": ("mail.message", "read", case.message_ids.ids, ["body"]),
            "activity": ("mail.activity", "search_read", hung, ["summary"]),
            "activity_read": ("mail.activity", "read", case.activity_ids.ids, ["note"]),
            "follower": ("mail.followers", "search_read", hung, ["partner_id"]),
            "attachment": ("ir.attachment", "search_read", hung, ["name"]),
        }
        for model in CHILDREN:
            paths[model] = (model, "search_read", children, ["display_name"])
        return paths

    def _shown(self, user, call):
        model, method, *args = call
        try:
            with self.env.cr.savepoint():
                return bool(
                    call_kw(self.env(user=user, context={})[model], method, args, {})
                )
        except AccessError:
            return False

    def _busy(self):
        """Return a case in which `specialist` wrote, was told and has to do."""
        case = self._case(self.second, owner_id=self.specialist.id)
        case = case.with_context(mail_create_nosubscribe=False)
        self.env["ir.attachment"].with_user(self.specialist).create(
            {
                "name": "letter.txt",
                "datas": base64.b64encode(b"secret"),
                "res_model": case._name,
                "res_id": case.id,
            }
        )
        case.with_user(self.specialist).message_post(body="my own words")
        told = {"body": "for you", "partner_ids": self.specialist.partner_id.ids}
        case.message_post(**told)
        case.message_subscribe((self.specialist | self.second).partner_id.ids)
        todo = "mail.mail_activity_data_todo"
        case.activity_schedule(todo, user_id=self.specialist.id, note="call")
        case.with_user(self.specialist).activity_schedule(
            todo, user_id=self.second.id, note="mine"
        )
        self.env["complaint.issue"].with_user(self.second).create(
            {"case_id": case.id, "text": "Rude"}
        )
        self._tell(case, "plan")
        self.env["complaint.freeze"].with_user(self.specialist).create(
            {
                "case_id": case.id,
                "reason_id": self.env.ref(
                    "patient_complaint.complaint_freeze_reason_expert"
                ).id,
            }
        )
        return case

    def test_no_path_shows_what_was_open_before(self):
        case = self._busy()
        paths = self._paths(case)
        before = {name: self._shown(self.specialist, c) for name, c in paths.items()}
        self.assertEqual(before, dict.fromkeys(paths, True))
        case.issue_ids[0].employee_ids = [Command.set(self.boss_employee.ids)]
        for user in (self.specialist, self.boss):
            shown = {name: self._shown(user, call) for name, call in paths.items()}
            with self.subTest(user=user.login):
                self.assertEqual(shown, dict.fromkeys(paths, False))
        seen = {name: self._shown(self.second, call) for name, call in paths.items()}
        self.assertEqual(seen, dict.fromkeys(paths, True))

    def test_every_model_of_a_case_has_the_global_rule(self):
        """A new model of a case without the shield fails here."""
        rules = self.env["ir.rule"].search(
            [("groups", "=", False), ("domain_force", "like", "conflict_user_ids")]
        )
        shielded = set(rules.model_id.mapped("model"))
        access = self.env["ir.model.access"].search([("perm_read", "=", True)])
        readable = set(access.model_id.mapped("model"))
        for name, model in self.env.registry.items():
            of_case = name.startswith("complaint.") and "case_id" in model._fields
            if of_case and not (model._abstract or model._transient):
                with self.subTest(name):
                    self.assertIn(name, shielded | (set(self.env) - readable))

    def test_whoever_enters_the_set_is_taken_off(self):
        case = self._busy()
        case.issue_ids[0].employee_ids = [Command.set(self.employee.ids)]
        partner = self.specialist.partner_id
        self.assertNotIn(partner, case.sudo().message_partner_ids)
        self.assertNotIn(partner, case.sudo().message_ids.partner_ids)
        notices = self.env["mail.notification"].search(
            [("mail_message_id", "in", case.sudo().message_ids.ids)]
        )
        self.assertNotIn(partner, notices.res_partner_id)
        self.assertNotIn(self.specialist, case.sudo().activity_ids.user_id)
        self.assertTrue(case.owner_id)
        self.assertNotEqual(case.owner_id, self.specialist)

    def test_nobody_in_the_set_comes_back(self):
        case = self._named(self.employee)
        partner = self.specialist.partner_id
        case.message_subscribe(partner.ids)
        case.message_post(body="x", partner_ids=partner.ids)
        self.assertNotIn(partner, case.message_partner_ids)
        self.assertNotIn(partner, case.message_ids.partner_ids)
        with self.assertRaises(ValidationError):
            case.activity_schedule(
                "mail.mail_activity_data_todo", user_id=self.specialist.id
            )
        for field in ("owner_id", "receiver_id"):
            with self.subTest(field), self.assertRaises(ValidationError):
                case.write({field: self.specialist.id})

    def test_whoever_names_his_own_superior_loses_sight_of_it(self):
        cases = self.env["complaint.case"].with_user(self.specialist)
        issue = {"text": "x", "employee_ids": [(6, 0, self.boss_employee.ids)]}
        vals = {"description": "x", "issue_ids": [(0, 0, issue)]}
        cases = cases.with_company(self.company)
        self.assertEqual(cases.web_save(vals, {"name": {}}), [])
        case = cases.sudo().search([("issue_ids.employee_ids", "!=", False)], limit=1)
        self.assertIn(self.specialist, case.conflict_user_ids)
        self.assertTrue(case.owner_id)
        self.assertFalse(case.owner_id & case.conflict_user_ids)

    # ------------------------------------------------------------
    # WHO IS LEFT
    # ------------------------------------------------------------

    def _all_in_conflict(self):
        """Return a case that the whole office is in conflict with."""
        role = self.env.ref("patient_complaint.complaint_group_specialist")
        for user in role.all_user_ids - self.boss - self.specialist:
            self._employee(user, parent_id=self.boss_employee.id)
        self.company.complaint_vice_president_ids = self.leader
        return self._named(self.boss_employee)

    def test_nobody_left_brings_it_before_the_vice_president(self):
        case = self._all_in_conflict().sudo()
        self.assertTrue(case.nobody_eligible)
        self.assertEqual(case.superior_id, self.leader)
        self.assertFalse(case.owner_id)
        self.assertEqual(case.next_user_id, self.leader)
        seen = case.with_user(self.leader)
        self.assertEqual(seen.search([("nobody_eligible", "=", True)]), seen)
        todos = case.activity_ids.filtered(lambda row: row.user_id == self.leader)
        self.assertEqual(len(todos), 1)
        self.assertTrue(seen.issue_ids.read(["text"]))

    def test_the_vice_president_hands_it_to_somebody_outside(self):
        case = self._all_in_conflict().with_user(self.leader)
        wizards = self.env["complaint.handover"].with_user(self.leader)
        wizard = wizards.create({"case_id": case.id, "user_id": self.boss.id})
        with self.assertRaises(ValidationError):
            wizard.action_confirm()
        self.assertNotIn(self.boss, wizard.eligible_user_ids)
        outside = self._office_user("officer", "outside")
        wizard.user_id = outside
        wizard.action_confirm()
        self.assertEqual(case.sudo().owner_id, outside)
        self.assertFalse(case.sudo().nobody_eligible)
        self.assertTrue(case.with_user(outside).has_access("write"))
        self.assertEqual(case.sudo().activity_ids.user_id, outside)

    def test_only_the_superior_hands_it_over(self):
        case = self._all_in_conflict()
        other = self._user("other_leader", "leader")
        wizard = self.env["complaint.handover"].with_user(other)
        with self.assertRaises(AccessError):
            wizard.create({"case_id": case.id, "user_id": self.second.id})

    def test_a_declared_conflict_closes_the_case(self):
        case = self._case(self.second, owner_id=self.second.id)
        case.action_declare_conflict()
        self.assertFalse(case.has_access("read"))
        self.assertNotEqual(case.sudo().owner_id, self.second)

    def test_the_way_up_ends_outside_the_shield(self):
        case = self._named(self.boss_employee)
        top = self._employee(self.leader)
        self.boss_employee.parent_id = top
        find = case._find_unconflicted_superior
        self.assertEqual(find(self.specialist), self.leader)
