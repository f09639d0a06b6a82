# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""The invented hospital of the benchmarks, in the throw-away database of the run."""

import os
import sys
from contextlib import contextmanager
from pathlib import Path

import pytest

from odoo import SUPERUSER_ID, api
from odoo.modules.registry import Registry
from odoo.tests.common import get_db_name

sys.path.insert(0, str(Path(__file__).parents[1] / "benchmark"))

import hospital  # noqa: E402  (found through the line above)
import web  # noqa: E402


class House:
    """The hospital, and the ways in: rows, figures, and the server."""

    sender = "sender@soak"  # the interface of the hospital information system

    def __init__(self):
        self.database = get_db_name()
        self.config_file = os.environ["ODOO_RC"]
        with self.environment() as env:
            base = hospital.prepare(env)
            self.company_id = base.company.id
            self.callers = base.callers.mapped("login")
            self.steps = len(base.protocol.step_ids)
            self.sender_id = self._make_sender(env).id

    def _make_sender(self, env):
        """Return the user that sends lists and messages, made once."""
        users = env["res.users"]
        if found := users.search([("login", "=", self.sender)]):
            return found
        group = env.ref("patient_followup.followup_group_centre_manager")
        return users.create(
            {
                "name": "Interface",
                "login": self.sender,
                "password": hospital.PASSWORD,
                "company_id": self.company_id,
                "company_ids": [(6, 0, [self.company_id])],
                "group_ids": [(6, 0, (env.ref("base.group_user") + group).ids)],
            }
        )

    @contextmanager
    def environment(self, user_id=SUPERUSER_ID):
        """Give an environment whose rows are committed at the end of the block."""
        context = {"tracking_disable": True}
        if user_id != SUPERUSER_ID:
            context["allowed_company_ids"] = [self.company_id]
        with Registry(self.database).cursor() as cr:
            yield api.Environment(cr, user_id, context)

    @contextmanager
    def prepared(self):
        """Give an environment and what `hospital.prepare` returns."""
        with self.environment() as env:
            yield env, hospital.prepare(env)

    def figures(self, sql, *values):
        """Return the first row of a query."""
        with self.environment() as env:
            env.cr.execute(sql, values)
            return env.cr.fetchone()

    @contextmanager
    def served(self, public=False):
        """Give a function that logs somebody in to a server with two workers.

        :param public: give the address instead, for those without an account
        """
        with web.serving(self.config_file, self.database) as url:
            if public:
                yield url
                return
            yield lambda login: web.Person(url, self.database, login, hospital.PASSWORD)


@pytest.fixture(scope="session")
def house(load_registry):
    """Give the hospital of this run."""
    return House()


@pytest.fixture
def say(capsys):
    """Give a function that prints a figure although the test passes."""

    def tell(text):
        with capsys.disabled():
            print(f"\n  {text}", flush=True)

    return tell
