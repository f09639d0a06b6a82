# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""What clients may call of complaints; made-up values get words (section 7)."""

import inspect
from collections import defaultdict
from contextlib import suppress

from odoo.exceptions import AccessError, UserError
from odoo.models import BaseModel
from odoo.service.model import get_public_method
from odoo.tests import tagged
from odoo.tools import mute_logger

from odoo.addons.patient_followup.tests.test_followup_rpc_fuzz import HOSTILE

from .samples import ComplaintSampleCase, Undo

OURS = "patient_complaint"
# Everything of ours that a client may call by name. A new public method fails the
# test until it is listed here, which is the moment to ask what it checks.
PUBLIC = {
    "complaint.action": {
        "action_cancel",
        "action_done",
        "action_effective",
        "action_return",
    },
    "complaint.action.reason": {
        "action_confirm",
    },
    "complaint.approval": {
        "action_approve",
        "action_open_decision",
        "action_reject",
        "action_return",
    },
    "complaint.box.round": {
        "action_close",
        "action_register_sheet",
    },
    "complaint.campaign": {
        "action_dismiss",
        "action_evaluate",
        "action_start",
    },
    "complaint.case": {
        "action_approve",
        "action_close",
        "action_compose_letter",
        "action_declare_clear",
        "action_declare_conflict",
        "action_inform",
        "action_issue_slip",
        "action_link_duplicate",
        "action_make_dossier",
        "action_mark_read",
        "action_not_accept",
        "action_open_decision",
        "action_open_letters",
        "action_open_resolution",
        "action_open_similar",
        "action_plan_rectification",
        "action_propose",
        "action_publish",
        "action_recall",
        "action_reopen",
        "action_resume",
        "action_revise",
        "action_send_rating_link",
        "action_show_phone",
        "action_show_rating_link",
        "action_start_investigation",
        "action_start_rectification",
        "action_submit",
        "action_triage",
        "action_unlink_duplicate",
        "action_withdraw",
        "print_slip",
        "register",
    },
    "complaint.closure": {
        "action_check",
    },
    "complaint.custody": {
        "action_save",
    },
    "complaint.decision": {
        "action_confirm",
    },
    "complaint.dispute": {
        "action_done",
        "action_not_needed",
    },
    "complaint.dossier": {
        "action_download",
        "action_verify",
    },
    "complaint.duplicate": {
        "action_confirm",
    },
    "complaint.evidence": {
        "action_save",
    },
    "complaint.extension": {
        "action_save",
    },
    "complaint.feedback": {
        "action_save",
    },
    "complaint.freeze": {
        "action_save",
    },
    "complaint.handover": {
        "action_confirm",
    },
    "complaint.hearing": {
        "action_save",
        "action_withdraw",
    },
    "complaint.intake": {
        "action_confirm",
    },
    "complaint.letter": {
        "action_compose",
        "action_give",
        "action_print",
    },
    "complaint.member": {
        "action_clear",
        "action_conflict",
        "action_leave",
    },
    "complaint.message": {
        "action_save",
    },
    "complaint.poster": {
        "action_print",
    },
    "complaint.publication": {
        "action_approve",
        "action_mask",
        "action_request",
        "action_return",
        "action_withdraw",
    },
    "complaint.publication.reason": {
        "action_confirm",
    },
    "complaint.question": {
        "action_answer",
    },
    "complaint.reason": {
        "action_confirm",
    },
    "complaint.round": {
        "action_fill",
        "action_finish",
    },
    "followup.retention.run": {
        "action_open_case_lines",
    },
    "survey.user_input.line": {
        "action_complaint_rectify",
    },
}
# Values for required parameters, by name.
ARGUMENTS = {"reason": "x", "vals": {"description": "x"}, "code": "x", "case_id": 1}
# They only name a window to open; what it shows is read afterwards, by the reader.
OPENERS = {("complaint.case", "action_open_letters")}
STRANGERS = ("ward_a", "manager", "inspector", "plain", "portal", "other_officer")
# who has most rights on it: refusals for want of rights prove nothing
BY = ("officer", "specialist", "approver", "investigator", "administrator", "auditor")


@tagged("post_install", "-at_install")
class TestComplaintRpc(ComplaintSampleCase):
    """No door beside read and write, and no bare error behind one."""

    def _public_methods(self):
        """Return {model: names} of our methods beyond those core has, too."""
        core = set(dir(BaseModel))
        found = defaultdict(set)
        for name, model in self.env.registry.items():
            others = set()
            for cls in model.mro():
                if getattr(cls, "_module", None) not in (None, OURS):
                    others.update(vars(cls))
            for cls in model.mro():
                if getattr(cls, "_module", None) != OURS:
                    continue
                for method, function in vars(cls).items():
                    if method in core or method in others:
                        continue
                    if inspect.isfunction(function) and self._is_public(name, method):
                        found[name].add(method)
        return found

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
        return [
            row
            for row in list(function.parameters.values())[1:]
            if row.kind is row.POSITIONAL_OR_KEYWORD
        ]

    def _sound(self, model, method):
        return {
            row.name: ARGUMENTS.get(row.name, 1)
            for row in self._parameters(model, method)
            if row.default is row.empty
        }

    def test_every_public_method_is_listed(self):
        found = {
            model: sorted(names) for model, names in self._public_methods().items()
        }
        self.maxDiff = None
        self.assertEqual(found, {model: sorted(PUBLIC[model]) for model in PUBLIC})

    @mute_logger("odoo.sql_db", "odoo.http")
    def test_record_methods_refuse_whoever_does_not_see_the_record(self):
        for model, names in PUBLIC.items():
            if model not in self.samples:
                continue
            record = self.samples[model][0].sudo(False)
            for role in STRANGERS:
                user = getattr(self, role)
                if record.with_env(self.env(user=user, context={})).has_access("read"):
                    continue
                for method in names:
                    function = getattr(type(record), method)
                    if (model, method) in OPENERS or hasattr(function, "_api_model"):
                        continue
                    with self.subTest(model=model, method=method, role=role):
                        self.assertTrue(self._is_refused(user, record, method))

    def _is_refused(self, user, record, method):
        sound = self._sound(record._name, method)
        try:
            with suppress(Undo), self.env.cr.savepoint():
                self._call(user, record._name, method, record.ids, *sound.values())
                raise Undo
        except AccessError:
            return True
        except UserError:
            return False
        return False

    @mute_logger("odoo.sql_db", "odoo.http", "odoo.addons.base.models.ir_rule")
    def test_hostile_values_are_refused_in_words(self):
        faults = defaultdict(set)
        for model, methods in PUBLIC.items():
            for method in sorted(methods):
                sound = self._sound(model, method)
                for row in self._parameters(model, method):
                    for value in HOSTILE:
                        values = {**sound, row.name: value}
                        if fault := self._find_fault(model, method, values):
                            faults[f"{model}.{method}"].add(fault)
        text = "\n".join(
            f"{name}: {fault}" for name in sorted(faults) for fault in faults[name]
        )
        self.assertFalse(faults, text)

    def _find_fault(self, model, method, values):
        """Return the bare error of a call, if it has one."""
        record = self.samples.get(model, (self.env[model],))[0]
        function = getattr(type(self.env[model]), method)
        ids = [] if getattr(function, "_api_model", False) else [record.ids]
        names = [row.name for row in self._parameters(model, method)]
        given = [values[name] for name in names if name in values]
        try:
            with self.env.cr.savepoint():
                self._call(self._get_user(model), model, method, *ids, *given)
                self.env.flush_all()
                raise Undo
        except (Undo, UserError):
            return None
        except Exception as error:  # noqa: BLE001  what else comes is the fault
            return f"{values} {type(error).__name__}: {str(error)[:90]}"
        finally:
            self.env.invalidate_all(flush=False)

    def _get_user(self, model):
        users = [getattr(self, login) for login in BY]
        for user in users:
            if self.env[model].with_user(user).has_access("write"):
                return user
        return users[0]
