# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""The demo hospital in Chinese: what each role opens, how a list becomes calls."""

import re

from lxml import etree

from odoo.tests import HttpCase, TransactionCase, tagged
from odoo.tools.safe_eval import safe_eval

# our apps: this one and those above it
APPS = re.compile(r"(patient|followup)_\w+\.\w+_menu_root")
PREFIX = "patient_followup.demo_"


@tagged("-standard", "post_install", "-at_install", "demo_zh")
class TestDemoLog(TransactionCase):
    def test_the_access_log_of_the_hospital_is_written_in_chinese(self):
        """The auditor reads who gained which role or ward."""
        hospital = self.env.ref(PREFIX + "company_main")
        rows = self.env["followup.access.log"].search(
            [("company_id", "=", hospital.id), ("action", "=", "role")]
        )
        self.assertTrue(rows)
        english = [row.reason for row in rows if re.search("[A-Za-z]{3}", row.reason)]
        self.assertEqual(english, [])


@tagged("-standard", "post_install", "-at_install", "demo_zh")
class TestDemoRoles(HttpCase):
    """Every menu of every role, through the doors that the browser uses."""

    def test_every_role_opens_every_menu(self):
        """A refusal, or a field a role may not read, would be an error dialog."""
        for user in self._one_user_per_role():
            self.authenticate(user.login, "demo")
            menus = self._menus()
            self.assertTrue(menus, user.login)
            for menu in menus:
                with self.subTest(login=user.login, menu=menu["xmlid"]):
                    self._open(menu["actionID"], user)

    def _one_user_per_role(self):
        """Return a log-in of the demo for each set of rights."""
        demo = self.env["res.users"].search([("login", "=like", "%@demo")])
        roles = {user.group_ids: user for user in demo.sorted("id", reverse=True)}
        self.assertGreaterEqual(len(roles), 8)
        return roles.values()

    def _menus(self):
        """Return the entries of our apps that open something."""
        menus = self.url_open("/web/webclient/load_menus").json().values()
        apps = {menu["id"] for menu in menus if APPS.fullmatch(menu["xmlid"] or "")}
        return [menu for menu in menus if menu["appID"] in apps and menu["actionID"]]

    def _open(self, action_id, user):
        """Open an action in each of its views, as the web client does."""
        action = self.make_jsonrpc_request("/web/action/load", {"action_id": action_id})
        if action["type"] != "ir.actions.act_window":
            return
        names = {"uid": user.id, "active_id": False, "active_ids": []}
        context = safe_eval(action["context"] or "{}", names)
        domain = safe_eval(action["domain"] or "[]", names)
        context.update(lang=user.lang, tz=user.tz, uid=user.id)
        model = action["res_model"]
        views = self._rpc(
            model,
            "get_views",
            [*action["views"], [False, "search"]],
            {"toolbar": True, "action_id": action_id},
            context=context,
        )["views"]
        if set(views) == {"form", "search"}:
            self._rpc(model, "onchange", [], {}, [], _fields(views), context=context)
            return
        rows = self._read(model, domain, views, context)
        if rows and "form" in views:
            ids = [rows[0]["id"]]
            self._rpc(model, "web_read", ids, _fields(views), context=context)

    def _read(self, model, domain, views, context):
        """Return the first rows, with the fields of each view that shows many."""
        rows = []
        for kind in views.keys() - {"form", "search"}:
            rows = self._rpc(
                model,
                "web_search_read",
                domain,
                _fields(views, kind),
                limit=5,
                context=context,
            )["records"]
        return rows

    def _rpc(self, model, method, *args, **kwargs):
        return self.make_jsonrpc_request(
            f"/web/dataset/call_kw/{model}/{method}",
            {"model": model, "method": method, "args": args, "kwargs": kwargs},
            timeout=60,
        )


def _fields(views, kind="form"):
    """Return the fields of a view as `web_read` wants them."""
    arch = etree.fromstring(views[kind]["arch"])
    return {name: {} for name in arch.xpath("//field[not(ancestor::field)]/@name")}


@tagged("-standard", "post_install", "-at_install", "demo_zh")
class TestChineseTours(HttpCase):
    """Import a list, claim, call, record, next: in Chinese, on the demo hospital."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        # The tours run at any hour; the demo's policy keeps evenings quiet.
        cls.env["followup.attempt.policy"].search([]).write(
            {"quiet_from": 0, "quiet_to": 0, "band_ids": [(5,)]}
        )
        cls.ward = cls.env.ref(PREFIX + "department_cardiology")
        # What the demo has left open would come before the new patients; calls of a
        # programme are the nurse's own, in whichever ward.
        waiting = cls.env["followup.task"].search(
            [
                ("level", "=", "1"),
                "|",
                ("department_id", "=", cls.ward.id),
                ("user_id", "=", cls.env.ref(PREFIX + "user_nurse").id),
            ]
        )
        waiting._cancel_engine("Not part of this test")

    def test_a_list_becomes_calls(self):
        self.start_tour(
            "/odoo/followup-imports", "followup_chinese_import", login="manager@demo"
        )
        stays = self.env["followup.encounter"].search(
            [("number", "in", ("TOUR1", "TOUR2"))]
        )
        self.assertEqual(stays.department_id, self.ward)
        self.start_tour(
            "/odoo/follow-up-calls", "followup_chinese_call", login="nurse@demo"
        )
        attempts = self.env["followup.attempt"].search(
            [("task_id.encounter_id", "in", stays.ids)]
        )
        self.assertEqual(set(attempts.mapped("result")), {"no_answer", "reached"})
        done = attempts.task_id.filtered(lambda task: task.state == "done")
        self.assertEqual(done.outcome_note, "恢复良好，按时服药。")
        self.assertEqual(done.completed_by_id.login, "nurse@demo")
