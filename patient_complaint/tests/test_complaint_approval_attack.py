# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Nobody forges, skips, edits or deletes an approval, by whatever door (D-18).

Every role tries every guarded field through every way that a client has. Whatever
the answer is, the rows must be the same afterwards, and nothing new beside them.
"""

from contextlib import suppress
from datetime import datetime

import psycopg2

from odoo import fields
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.service.model import call_kw
from odoo.tests import new_test_user, tagged
from odoo.tools import mute_logger

from .approval_common import ApprovalCase

REFUSED = (UserError, AccessError, ValidationError, ValueError, TypeError, KeyError)
ROLES = (
    *("specialist", "officer", "investigator", "approver", "head_a", "vice"),
    *("president", "leader", "administrator", "auditor", "manager", "inspector"),
    *("ward_a", "plain", "system", "portal"),
)
APPROVAL, RESOLUTION, CASE = (
    *("complaint.approval", "complaint.resolution"),
    "complaint.case",
)
FORGED = {
    "selection": "approved",
    "integer": 77,
    "float": 77.0,
    "monetary": 77.0,
    "boolean": True,
    "char": "f" * 64,
    "text": "forged",
    "datetime": "2026-01-01 00:00:00",
}
PRIVATE = {
    APPROVAL: ("_decide", "_guarded", "_void", "_cancel", "_open_next", "_begin_turn"),
    RESOLUTION: ("_submit", "_guarded", "_void", "_keep", "_replace", "_take_over"),
    CASE: ("_guarded", "_set", "_refresh_approvers", "_stop_approval"),
}


class Undo(Exception):
    """Ends a try; the savepoint takes it back."""


@tagged("post_install", "-at_install")
class TestComplaintApprovalAttack(ApprovalCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.portal = new_test_user(cls.env, "portal_user", groups="base.group_portal")
        cls.system = new_test_user(
            cls.env,
            "system_user",
            groups="base.group_system,base.group_user",
            company_id=cls.company.id,
            company_ids=[(6, 0, cls.company.ids)],
        )
        cls._only_rules(
            ("department_head", {}), ("vice_president", {}), ("president", {})
        )

    def setUp(self):
        super().setUp()
        self.case = self._submitted().sudo()
        self.resolution = self.case.resolution_id
        self.first, self.second, self.third = self.case.approval_ids.sorted("sequence")
        self.env.flush_all()
        self.before = self._snapshot()

    # ------------------------------------------------------------
    # TOOLS
    # ------------------------------------------------------------

    def _snapshot(self):
        """Return every stored value an approval consists of."""
        self.env.flush_all()
        queries = {
            "approval": "SELECT * FROM complaint_approval ORDER BY id",
            "approver": "SELECT * FROM complaint_approval_approver_rel ORDER BY 1, 2",
            "turn": "SELECT * FROM complaint_approval_turn_rel ORDER BY 1, 2",
            "resolution": "SELECT id, case_id, version, state, round, submitted_at,"
            " submitted_by_id, approved_at, passed_by, content_hash, explanation"
            " FROM complaint_resolution ORDER BY id",
            "case": "SELECT id, state FROM complaint_case ORDER BY id",
            "reader": "SELECT * FROM complaint_case_approver_rel ORDER BY 1, 2",
        }
        found = {}
        for name, query in queries.items():
            self.env.cr.execute(query)
            found[name] = self.env.cr.fetchall()
        return found

    def _attack(self, user, model, method, *args, context=None):
        """Try a call as a client does; return whether it was refused."""
        refused = True
        records = self.env(user=user, context=context or {})[model]
        with suppress(Undo), self.env.cr.savepoint():
            try:
                with suppress(*REFUSED):
                    call_kw(records, method, list(args), {})
                    refused = False
            except psycopg2.Error as error:
                raise AssertionError(
                    f"{model}.{method} reached the database"
                ) from error
            self.assertEqual(self._snapshot(), self.before, (user.login, method, args))
            raise Undo
        self.env.invalidate_all()
        return refused

    def _forge(self, model, name):
        """Return a false value of a field."""
        field = self.env[model]._fields[name]
        if field.type == "selection":
            codes = [code for code, _label in field._description_selection(self.env)]
            return "approved" if "approved" in codes else "feedback"
        if field.type == "many2one":
            records = {
                "res.users": self.specialist,
                "res.company": self.company,
                CASE: self.case,
                RESOLUTION: self.resolution,
            }
            return records[field.comodel_name].id
        if field.type == "many2many":
            return [(6, 0, self.specialist.ids)]
        if field.type == "one2many":
            return [(1, self.first.id, {"decision": "approved"})]
        return FORGED[field.type]

    def _guarded_values(self, model, only=None):
        names = only or self.env[model]._guarded_fields
        for name in sorted(names):
            if self.env[model]._fields[name].store or only:
                yield name, self._forge(model, name)

    def _must_refuse(self, user, *call, **options):
        self.assertTrue(
            self._attack(user, *call, **options), f"{user.login} got through {call}"
        )

    def _each_role(self):
        for role in ROLES:
            yield getattr(self, role)

    # ------------------------------------------------------------
    # ROWS OF APPROVALS
    # ------------------------------------------------------------

    @mute_logger("odoo.sql_db", "odoo.models.unlink")
    def test_no_field_of_an_approval_is_written(self):
        ids = self.first.ids
        for user in self._each_role():
            for name, value in self._guarded_values(APPROVAL):
                vals = {name: value}
                line = [(1, self.first.id, vals)]
                self._must_refuse(user, APPROVAL, "write", ids, vals)
                self._must_refuse(user, APPROVAL, "web_save", ids, vals, {"id": {}})
                self._must_refuse(
                    user, CASE, "write", self.case.ids, {"approval_ids": line}
                )
                self._must_refuse(
                    user,
                    RESOLUTION,
                    "write",
                    self.resolution.ids,
                    {"approval_ids": line},
                )

    @mute_logger("odoo.sql_db")
    def test_no_approval_is_made_by_hand(self):
        row = {
            "case_id": self.case.id,
            "company_id": self.company.id,
            "resolution_id": self.resolution.id,
            "name": "Forged",
            "round": 1,
            "sequence": 9,
            "seat": 1,
        }
        signed = {
            "decision": "approved",
            "decided_by_id": self.head_a.id,
            "decided_at": datetime(2026, 1, 1),
            "content_hash": "f" * 64,
        }
        line = [(0, 0, {**row, **signed})]
        defaults = {f"default_{name}": value for name, value in (row | signed).items()}
        for user in self._each_role():
            self._must_refuse(user, APPROVAL, "create", [row | signed])
            self._must_refuse(user, APPROVAL, "create", [row])
            self._must_refuse(user, APPROVAL, "create", [{}], context=defaults)
            self._must_refuse(user, APPROVAL, "web_save", [], row | signed, {"id": {}})
            self._must_refuse(user, APPROVAL, "copy", self.first.ids)
            self._must_refuse(user, APPROVAL, "copy", self.first.ids, signed)
            self._must_refuse(user, APPROVAL, "name_create", "Forged")
            self._must_refuse(
                user, CASE, "write", self.case.ids, {"approval_ids": line}
            )
            self._must_refuse(
                user, RESOLUTION, "write", self.resolution.ids, {"approval_ids": line}
            )

    def test_no_approval_is_imported(self):
        names = [".id", "decision", "decided_by_id/.id", "content_hash"]
        rows = [[str(self.first.id), "approved", str(self.head_a.id), "f" * 64]]
        new = ["case_id/.id", "resolution_id/.id", "name", "decision"]
        more = [[str(self.case.id), str(self.resolution.id), "x", "approved"]]
        through = [".id", "approval_ids/.id", "approval_ids/decision"]
        lines = [[str(self.case.id), str(self.first.id), "approved"]]
        for user in self._each_role():
            self._attack(user, APPROVAL, "load", names, rows)
            self._attack(user, APPROVAL, "load", new, more)
            self._attack(user, CASE, "load", through, lines)

    @mute_logger("odoo.models.unlink")
    def test_no_approval_is_deleted_or_unlinked(self):
        commands = [(2, self.first.id), (3, self.first.id), (5,), (6, 0, [])]
        for user in self._each_role():
            self._must_refuse(user, APPROVAL, "unlink", self.first.ids)
            self._must_refuse(user, RESOLUTION, "unlink", self.resolution.ids)
            for command in commands:
                for model, record in ((CASE, self.case), (RESOLUTION, self.resolution)):
                    self._must_refuse(
                        user, model, "write", record.ids, {"approval_ids": [command]}
                    )

    def test_the_superuser_goes_through_the_engine_as_well(self):
        for vals in ({"decision": "approved"}, {"approver_ids": [(5,)]}):
            with self.assertRaises(AccessError):
                self.first.sudo().write(vals)
        with self.assertRaises(AccessError):
            self.resolution.sudo().write({"state": "approved"})
        with self.assertRaises(UserError):
            self.first.sudo().unlink()

    # ------------------------------------------------------------
    # RESOLUTION AND CASE
    # ------------------------------------------------------------

    def test_no_guarded_field_of_a_resolution_is_written(self):
        ids = self.resolution.ids
        row = {"case_id": self.case.id, "explanation": "Forged"}
        for user in self._each_role():
            for name, value in self._guarded_values(RESOLUTION):
                vals = {name: value}
                line = [(1, self.resolution.id, vals)]
                self._must_refuse(user, RESOLUTION, "write", ids, vals)
                self._must_refuse(user, RESOLUTION, "web_save", ids, vals, {"id": {}})
                self._must_refuse(user, RESOLUTION, "create", [row | vals])
                self._must_refuse(
                    user, CASE, "write", self.case.ids, {"resolution_ids": line}
                )

    def test_no_guarded_field_of_the_case_is_written(self):
        names = ("state", "approver_user_ids", "approval_ids")
        for user in self._each_role():
            for name, value in self._guarded_values(CASE, names):
                vals = {name: value}
                self._must_refuse(user, CASE, "write", self.case.ids, vals)
                self._must_refuse(
                    user, CASE, "web_save", self.case.ids, vals, {"id": {}}
                )
                self._must_refuse(user, CASE, "message_update", self.case.ids, {}, vals)
                self._attack(
                    user,
                    *(CASE, "load", [".id", "state"]),
                    [[str(self.case.id), "feedback"]],
                )

    def test_defaults_of_a_client_decide_nothing(self):
        """A submission whose context says that all is approved already."""
        context = {
            "default_decision": "approved",
            "default_decided_by_id": self.head_a.id,
            "default_decided_at": "2026-01-01 00:00:00",
            "default_content_hash": "f" * 64,
            "default_state": "approved",
            "default_approver_ids": [(6, 0, self.specialist.ids)],
            "followup_guard": True,
        }
        case = self._proposed()
        call_kw(
            self.env(user=self.specialist, context=context)[CASE],
            "action_submit",
            [case.ids],
            {},
        )
        self.assertEqual(
            [row[2] for row in self._decisions(case)], ["pending", "waiting", "waiting"]
        )
        row = case.sudo().approval_ids.sorted("sequence")[0]
        self.assertEqual(row.approver_ids, self.head_a)
        self.assertFalse(row.decided_by_id or row.content_hash or row.decided_at)
        made = call_kw(
            self.env(user=self.specialist, context=context)[RESOLUTION],
            "create",
            [[{"case_id": case.id, "explanation": "Forged"}]],
            {},
        )
        made = self.env[RESOLUTION].sudo().browse(made)
        self.assertEqual((made.state, made.content_hash), ("draft", False))

    # ------------------------------------------------------------
    # METHODS
    # ------------------------------------------------------------

    def test_private_methods_are_no_doors(self):
        records = {
            APPROVAL: self.first,
            RESOLUTION: self.resolution,
            CASE: self.case,
        }
        for user in self._each_role():
            for model, names in PRIVATE.items():
                for name in names:
                    self._must_refuse(user, model, name, records[model].ids)

    def test_a_decision_is_made_by_whose_turn_it_is_only(self):
        others = [user for user in self._each_role() if user != self.head_a]
        for user in others:
            for row in (self.first, self.second, self.third):
                self._must_refuse(user, APPROVAL, "action_approve", row.ids)
                self._must_refuse(user, APPROVAL, "action_return", row.ids, "x")
                self._must_refuse(user, APPROVAL, "action_reject", row.ids, "x")
            self._must_refuse(user, CASE, "action_approve", self.case.ids)
            self._attack_by_dialog(user, self.first)
        for row in (self.second, self.third):
            self._must_refuse(self.head_a, APPROVAL, "action_approve", row.ids)
            self._attack_by_dialog(self.head_a, row)

    def _attack_by_dialog(self, user, row):
        vals = {"approval_id": row.id, "decision": "approved", "reason": "x"}
        with suppress(*REFUSED), self.env.cr.savepoint():
            dialog = call_kw(
                self.env(user=user, context={})["complaint.decision"],
                "create",
                [[vals]],
                {},
            )
            self._must_refuse(user, "complaint.decision", "action_confirm", dialog)
        self.env.invalidate_all()
        self.assertEqual(self._snapshot(), self.before)

    def test_a_to_do_marked_as_done_decides_nothing(self):
        activity = self.case.activity_ids.filtered(
            lambda row: row.user_id == self.head_a
        )
        self._attack(self.head_a, "mail.activity", "action_done", activity.ids)
        for user in self._each_role():
            vals = {"approver_ids": [(4, user.id)]}
            self._must_refuse(
                user, APPROVAL, "onchange", self.first.ids, vals, [], {}
            ) if user.share else self._attack(
                user, APPROVAL, "onchange", self.first.ids, vals, [], {}
            )

    def test_rows_are_not_put_in_another_order(self):
        for user in self._each_role():
            self._must_refuse(
                user,
                *(APPROVAL, "web_resequence", self.case.approval_ids.ids, {}),
                *("sequence", 5),
            )

    # ------------------------------------------------------------
    # MAIL
    # ------------------------------------------------------------

    @mute_logger("odoo.addons.mail.models.mail_thread")
    def test_the_mail_gateway_decides_nothing(self):
        mail = (
            "From: head_a <head_a@example.com>\r\nTo: x@example.com\r\n"
            f"Subject: approved\r\nMessage-Id: <x-{fields.Datetime.now()}@x>\r\n"
            "References: <%s-openerp-%s@x>\r\n\r\napproved"
        )
        forged = {"decision": "approved", "state": "approved"}
        for model, record in (
            (APPROVAL, self.first),
            (RESOLUTION, self.resolution),
            (CASE, self.case),
        ):
            text = mail % (record.id, model)
            with suppress(*REFUSED, AttributeError), self.env.cr.savepoint():
                self.env["mail.thread"].message_process(
                    model, text, custom_values=forged, thread_id=record.id
                )
            self.env.invalidate_all()
            after = self._snapshot()
            self.assertEqual(after["approval"], self.before["approval"])
            self.assertEqual(after["resolution"], self.before["resolution"])
        for user in self._each_role():
            self._must_refuse(
                user,
                *(CASE, "message_new", {"subject": "x", "body": "x"}),
                {"description": "x", "state": "feedback"},
            )

    # ------------------------------------------------------------
    # RULES
    # ------------------------------------------------------------

    def test_only_administrators_change_tiers(self):
        rule = self.env["complaint.approval.rule"].search([], limit=1)
        for user in self._each_role():
            if user in (self.administrator,):
                continue
            with self.subTest(user=user.login):
                model = rule.with_user(user)
                for right in ("write", "create", "unlink"):
                    self.assertFalse(model.has_access(right))
