# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Whatever a client sends, it is answered in words: no bare error (section 7)."""

import inspect
from collections import defaultdict

from odoo.exceptions import UserError
from odoo.service.model import call_kw
from odoo.tests import tagged
from odoo.tools import mute_logger

from .samples import FollowupSampleCase, Undo
from .test_followup_rpc import ARGUMENTS, PUBLIC

HOSTILE = (
    None,
    "x",
    "\0",
    "\ud800",
    "",
    [],
    {},
    -1,
    0,
    10**12,
    1.5,
    True,
    ["1", "2"],
    [None],
    [[1]],
    {"x": [1]},
    {"1": {"2": 3}},
    {"outcome_note": [1]},
    {"next_visit_date": "x", "call_outcome": "x"},
    {"call_outcome": "x"},
)
# who has most rights on it: refusals for want of rights prove nothing
BY = ("manager", "inspector", "ward_a", "administrator", "auditor", "leader")
# core's own methods that ours only extend; they take what core sends
CORE = {
    ("followup.task", "formatted_read_group"),
    ("res.company", "cache_invalidation_fields"),
}


@tagged("post_install", "-at_install")
class TestFollowupRpcFuzz(FollowupSampleCase):
    @mute_logger("odoo.sql_db", "odoo.http", "odoo.addons.base.models.ir_rule")
    def test_hostile_values_are_refused_in_words(self):
        faults = defaultdict(set)
        for model, methods in PUBLIC.items():
            for method in sorted(methods):
                if (model, method) in CORE:
                    continue
                for values in self._hostile_calls(model, method):
                    fault = self._find_fault(model, method, values)
                    if fault:
                        faults[f"{model}.{method}"].add(fault)
        text = "\n".join(
            f"{name}: {fault}" for name in sorted(faults) for fault in faults[name]
        )
        self.assertFalse(faults, text)

    def _hostile_calls(self, model, method):
        """Yield keyword arguments: one value hostile, the others as they should be."""
        function = getattr(type(self.env[model]), method)
        parameters = [
            row
            for row in list(inspect.signature(function).parameters.values())[1:]
            if row.kind is row.POSITIONAL_OR_KEYWORD
        ]
        sound = {
            row.name: ARGUMENTS.get(row.name, 1)
            for row in parameters
            if row.default is row.empty
        }
        for row in parameters:
            for value in HOSTILE:
                yield {**sound, row.name: value}

    def _find_fault(self, model, method, values):
        """Return the bare error of a call, if it has one."""
        record = self.samples.get(model, (self.env[model],))[0]
        user = self._get_user(model)
        function = getattr(type(self.env[model]), method)
        ids = [] if getattr(function, "_api_model", False) else [record.ids]
        try:
            with self.env.cr.savepoint():
                call_kw(self.env(user=user, context={})[model], method, ids, values)
                self.env.flush_all()
                raise Undo
        except (Undo, UserError):
            return None
        except Exception as error:  # noqa: BLE001  what else comes is the fault
            named = {key: value for key, value in values.items() if value != 1}
            return f"{named} {type(error).__name__}: {str(error)[:90]}"
        finally:
            self.env.invalidate_all(flush=False)

    def _get_user(self, model):
        users = [getattr(self, login) for login in BY]
        for user in users:
            if self.env[model].with_user(user).has_access("write"):
                return user
        return users[0]
