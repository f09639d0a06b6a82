# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""What clients may call of reports; made-up values get words (section 7)."""

import inspect
from collections import defaultdict

from odoo.exceptions import AccessError, UserError
from odoo.models import BaseModel
from odoo.service.model import get_public_method
from odoo.tests import tagged
from odoo.tools import mute_logger

from odoo.addons.patient_followup.tests.test_followup_rpc_fuzz import HOSTILE

from .common import Undo
from .samples import ReportSampleCase

OURS = "followup_reports"
# Everything of ours that a client may call by name. A new public method fails the
# test until it is listed here, which is the moment to ask what it checks.
PUBLIC = {
    "followup.conduct": {"action_decide", "action_reject", "action_take_note"},
    "followup.conduct.decide": {"action_confirm"},
    "followup.ledger": {
        "action_appeal",
        "action_approve",
        "action_decide_appeal",
        "action_reject",
    },
    "followup.ledger.decide": {"action_confirm"},
    "followup.ledger.propose": {"action_propose"},
    "followup.policy.decide": {"action_confirm"},
    "followup.policy.sheet": {"action_make_version", "action_print"},
    "followup.policy.version": {
        "action_agree",
        "action_ask_again",
        "action_submit",
        "action_withdraw",
    },
    "followup.report.acknowledge": {"action_acknowledge"},
    "followup.report.attempt": {"action_open_task"},
    "followup.report.complaint": {"action_open_case"},
    "followup.report.concern": {"action_open_concern"},
    "followup.report.due": {"action_open_run"},
    "followup.report.job": {"action_open_run"},
    "followup.report.produce": {"action_produce"},
    "followup.report.release": {"action_release", "action_withdraw"},
    "followup.report.run": {
        "action_download",
        "action_print",
        "action_publish_internal",
        "action_publish_public",
        "action_sign",
        "action_verify",
    },
    "followup.report.task": {"action_open_task"},
}
ARGUMENTS = {"reason": "x", "text": "x", "kind": "upheld"}
STRANGERS = ("plain", "portal", "approver", "other_manager")
BY = ("leader", "manager", "head_a")


@tagged("post_install", "-at_install")
class TestReportRpc(ReportSampleCase):
    """No door beside read, and no bare error behind one."""

    def _public_methods(self):
        core = set(dir(BaseModel))
        found = defaultdict(set)
        for name, model in self.env.registry.items():
            classes = [cls for cls in model.mro() if hasattr(cls, "_module")]
            others = set()
            for cls in classes:
                if cls._module not in (None, OURS):
                    others.update(vars(cls))
            for cls in classes:
                if cls._module == OURS:
                    found[name] |= self._public_of(name, cls, core | others)
        return {name: methods for name, methods in found.items() if methods}

    def _public_of(self, model, cls, known):
        return {
            method
            for method, function in vars(cls).items()
            if method not in known
            and inspect.isfunction(function)
            and self._is_public(model, method)
        }

    def _is_public(self, model, method):
        if method.startswith("_"):
            return False
        try:
            get_public_method(self.env[model], method)
        except AccessError:  # closed by `api.private`
            return False
        return True

    def _parameters(self, model, method):
        function = inspect.signature(getattr(type(self.env[model]), method))
        return list(function.parameters)[1:]

    def _run(self, user, model, method, values):
        record = self.samples.get(model, (self.env[model],))[0]
        with self.env.cr.savepoint():
            self._call(user, model, method, record.ids, *values)
            self.env.flush_all()
            raise Undo

    def test_every_public_method_is_listed(self):
        self.assertEqual(self._public_methods(), PUBLIC)

    @mute_logger("odoo.sql_db", "odoo.http", "odoo.addons.base.models.ir_rule")
    def test_record_methods_refuse_whoever_does_not_see_the_record(self):
        for model, methods in PUBLIC.items():
            if model not in self.samples:
                continue
            for role in STRANGERS:
                user = getattr(self, role)
                for method in methods:
                    names = self._parameters(model, method)
                    values = [ARGUMENTS[name] for name in names]
                    with (
                        self.subTest(model=model, method=method, role=role),
                        self.assertRaises(AccessError),
                    ):
                        self._run(user, model, method, values)

    @mute_logger("odoo.sql_db", "odoo.http", "odoo.addons.base.models.ir_rule")
    def test_hostile_values_are_refused_in_words(self):
        for model, methods in PUBLIC.items():
            for method in sorted(methods):
                for number, _name in enumerate(self._parameters(model, method)):
                    for value in HOSTILE:
                        fault = self._find_fault(model, method, number, value)
                        self.assertFalse(fault, f"{model}.{method} {value!a}: {fault}")

    def _find_fault(self, model, method, number, value):
        names = self._parameters(model, method)
        values = [ARGUMENTS[name] for name in names]
        values[number] = value
        for login in BY:
            try:
                self._run(getattr(self, login), model, method, values)
            except (Undo, UserError):
                continue
            except Exception as error:  # noqa: BLE001  what else comes is the fault
                return f"{type(error).__name__}: {str(error)[:90]}"
            finally:
                self.env.invalidate_all(flush=False)
        return None
