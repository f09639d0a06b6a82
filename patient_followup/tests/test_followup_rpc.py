# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
import inspect
from contextlib import suppress

from odoo.exceptions import AccessError, UserError
from odoo.models import BaseModel
from odoo.service.model import get_public_method
from odoo.tests import tagged
from odoo.tools import mute_logger

from .samples import OUTSIDE, FollowupSampleCase, Undo

# Everything of ours that a client may call by name. A new public method fails the
# test until it is listed here, which is the moment to ask what it checks.
PUBLIC = {
    "followup.appointment": {
        "action_ask_consent",
        "action_book",
        "action_cancel",
        "action_confirm",
        "action_decline",
        "action_done",
        "action_no_show",
        "action_offer",
        "action_refuse",
        "action_waitlist",
    },
    "followup.appointment.book": {
        "action_book",
        "action_offer",
        "action_request",
        "action_waitlist",
    },
    "followup.appointment.close": {
        "action_confirm",
    },
    "followup.home.visit": {
        "action_arrive",
        "action_cancel",
        "action_done",
        "action_not_met",
        "action_open_red_flag",
        "action_pack_all",
        "action_red_flag",
    },
    "followup.home.visit.end": {
        "action_confirm",
    },
    "followup.slot": {
        "action_close",
        "action_open",
    },
    "followup.slot.close": {
        "action_confirm",
    },
    "followup.concern": {
        "action_acknowledge",
        "action_answer",
        "action_close",
        "action_forward",
        "action_hand_over",
        "action_inform",
        "action_open_handover",
        "action_plan_telling",
        "action_promise",
        "action_send_answer",
        "action_told",
    },
    "followup.concern.handover": {
        "action_confirm",
    },
    "followup.concern.forward": {
        "action_confirm",
    },
    "followup.concern.promise": {
        "action_confirm",
    },
    "followup.encounter": {
        "action_cancel",
        "action_cancel_discharge",
        "action_confirm_exclusion",
        "action_decline_exclusion",
        "action_generate_plans",
        "action_match_again",
        "action_open_exclusion",
        "action_print_card",
        "action_propose_exclusion",
        "action_restore",
        "action_withdraw_exclusion",
        "generate_plans",
        "upsert",
    },
    "followup.encounter.exclude": {
        "action_propose",
    },
    "followup.import": {
        "action_check",
        "action_download_rejected",
        "action_import",
        "action_open_stays",
        "action_retry",
    },
    "followup.message": {
        "action_arrived",
        "action_cancel",
        "action_print",
        "action_retry",
    },
    "followup.message.settle": {
        "action_confirm",
    },
    "followup.oncall": {
        "action_show_number",
    },
    "followup.paper.entry": {
        "action_enter",
    },
    "followup.patient": {
        "action_find_duplicates",
        "action_merge",
        "action_not_duplicate",
        "action_open_messages",
        "action_resume",
        "get_response_trend",
    },
    "followup.programme": {
        "action_open_due",
        "action_open_eligible",
        "action_open_enrolments",
        "action_open_goals",
    },
    "followup.enrolment": {
        "action_complete",
        "action_leave",
        "action_pause",
        "action_resume",
    },
    "followup.enrolment.end": {
        "action_confirm",
    },
    "followup.enrolment.start": {
        "action_confirm",
    },
    "followup.goal": {
        "action_accept",
        "action_achieve",
        "action_cancel",
        "action_miss",
    },
    "followup.group.attendance": {
        "action_attended",
    },
    "followup.group.event": {
        "action_cancel",
        "action_hold",
        "action_invite_programme",
        "action_plan_again",
    },
    "followup.patient.contact": {
        "action_mark_valid",
        "action_mark_wrong",
        "action_reveal",
        "action_show_number",
    },
    "followup.patient.merge": {
        "action_merge",
    },
    "followup.patient.resume": {
        "action_resume",
    },
    "followup.plan": {
        "action_amend",
        "action_close",
    },
    "followup.plan.amend": {
        "action_apply",
    },
    "followup.plan.gap": {
        "action_create_task",
    },
    "followup.protocol": {
        "action_activate",
        "action_new_version",
        "action_open_plans",
        "action_retire",
        "simulate",
        "start_plan",
    },
    "followup.call.score": {
        "action_done",
    },
    "followup.monthly.check": {
        "action_done",
        "action_prepare",
    },
    "followup.sample": {
        "action_cancel",
        "action_check_draw",
        "action_close",
        "action_draw",
        "action_open_lines",
    },
    "followup.sample.campaign": {
        "action_draw",
    },
    "followup.sample.judge": {
        "action_confirm",
    },
    "followup.sample.line": {
        "action_accept",
        "action_appeal",
        "action_assign_verifier",
        "action_decide",
        "action_open_call",
        "action_verdict",
    },
    "followup.signal": {
        "action_open",
    },
    "followup.seal.check": {
        "action_check",
    },
    "followup.register": {
        "action_print",
    },
    "followup.patient.erase": {
        "action_propose",
    },
    "followup.research.export": {
        "action_approve",
        "action_download",
        "action_refuse",
        "action_request",
    },
    "followup.retention.policy": {
        "action_propose",
    },
    "followup.retention.run": {
        "action_approve",
        "action_cancel",
        "action_open_lines",
        "action_propose",
    },
    "followup.review.agree": {
        "action_confirm",
    },
    "followup.review.inbox": {
        "action_agree",
        "action_reviewed",
    },
    "followup.task": {
        "action_amend",
        "action_ask",
        "action_assign",
        "action_book",
        "action_call",
        "action_call_next",
        "action_cancel",
        "action_claim",
        "action_complete",
        "action_complete_next",
        "action_hold_cancel",
        "action_hold_keep",
        "action_hold_move",
        "action_log_call",
        "action_open",
        "action_opinion",
        "action_red_flag",
        "action_refuse",
        "action_release",
        "action_release_to_board",
        "action_reopen",
        "action_send_link",
        "action_show_link",
        "action_snooze",
        "action_take_over",
        "action_unreachable",
        "begin_incoming",
        "claim_next",
        "confirm_identity",
        "export_fhir",
        "finish_call",
        "formatted_read_group",
        "get_call_aids",
        "get_call_screen",
        "give_advice",
        "hang_up",
        "invite_senior",
        "join_calls",
        "leave_call",
        "log_attempt",
        "remove_participant",
        "save_answers",
        "save_notes",
        "take_back_advice",
    },
    "followup.task.adhoc": {
        "action_confirm",
    },
    "followup.task.ask": {
        "action_confirm",
    },
    "followup.task.opinion": {
        "action_confirm",
    },
    "followup.task.assign": {
        "action_confirm",
    },
    "followup.task.close": {
        "action_confirm",
    },
    "followup.task.find": {
        "action_find",
    },
    "followup.task.flag": {
        "action_confirm",
    },
    "followup.task.log": {
        "action_save",
        "action_save_complete",
        "action_save_next",
    },
    "followup.task.snooze": {
        "action_confirm",
    },
    "followup.task.takeover": {
        "action_confirm",
    },
    "followup.urge.send": {
        "action_send",
    },
    "followup.workday.import": {
        "action_import",
    },
    "hr.department": {
        "action_followup_team",
    },
    "res.company": {
        "cache_invalidation_fields",
    },
    "res.config.settings": {
        "set_values",
    },
    "survey.survey": {
        "action_copy_for_hospital",
        "action_followup_retire",
        "action_followup_use",
        "action_new_version",
        "get_formview_id",
    },
    "survey.user_input": {"get_formview_id"},
}
# They only name a window to open; what it shows is read afterwards, by the reader.
OPENERS = {
    ("followup.encounter", "action_open_exclusion"),
    ("followup.patient", "action_merge"),
    ("followup.protocol", "action_open_plans"),
    ("followup.task", "action_open"),
}
# Values for required parameters, by name.
ARGUMENTS = {
    "answers": {},
    "date": "2026-01-01",
    "items": [],
    "kind": "praise",
    "note": "x",
    "promised_at": "2026-01-01 08:00:00",
    "reason": "x",
    "result": "busy",
    "task_ids": [1],
    "text": "x",
    "until": "2026-01-01 08:00:00",
    "values": {},
    "verdict": "confirmed",
}


@tagged("post_install", "-at_install")
class TestFollowupRpc(FollowupSampleCase):
    """What clients may call, and that it is closed to whoever sees nothing."""

    def _public_methods(self):
        """Return {model: names} of our methods beyond those of every model."""
        core = set(dir(BaseModel))
        found = {}
        for name, model in self.env.registry.items():
            for cls in model.mro():
                if getattr(cls, "_module", None) != "patient_followup":
                    continue
                for method, function in vars(cls).items():
                    if method in core or not inspect.isfunction(function):
                        continue
                    if self._is_public(name, method):
                        found.setdefault(name, set()).add(method)
        return found

    def _is_public(self, model, method):
        if method.startswith("_"):
            return False
        try:
            get_public_method(self.env[model], method)
        except AccessError:  # closed by `api.private`
            return False
        return True

    def _arguments(self, model, method):
        """Return made-up values for the required parameters of a method."""
        function = inspect.signature(getattr(type(self.env[model]), method))
        required = [
            name
            for name, parameter in list(function.parameters.items())[1:]
            if parameter.default is parameter.empty
            and parameter.kind is parameter.POSITIONAL_OR_KEYWORD
        ]
        return [ARGUMENTS.get(name, 1) for name in required]

    def test_every_public_method_is_listed(self):
        found = {
            model: sorted(names) for model, names in self._public_methods().items()
        }
        self.maxDiff = None
        self.assertEqual(found, {model: sorted(PUBLIC[model]) for model in PUBLIC})

    @mute_logger("odoo.sql_db", "odoo.http")
    def test_record_methods_refuse_whoever_does_not_see_the_record(self):
        """Section 7: no door beside read and write."""
        strangers = (*OUTSIDE, "ward_b", "leader", "auditor", "other_manager")
        for model, names in PUBLIC.items():
            if model not in self.samples:
                continue
            record = self.samples[model][0]
            hidden = [
                role
                for role in strangers
                if not self._shows(
                    self._call, getattr(self, role), model, "read", record.ids, ["id"]
                )
            ]
            for method in names:
                function = getattr(type(record), method)
                if (model, method) in OPENERS or getattr(function, "_api_model", 0):
                    continue
                for role in hidden:
                    self._check_refused(role, record, method)

    def _check_refused(self, role, record, method):
        arguments = self._arguments(record._name, method)
        refused = False
        try:
            with suppress(Undo), self.env.cr.savepoint():
                user = getattr(self, role)
                self._call(user, record._name, method, record.ids, *arguments)
                raise Undo
        except AccessError:
            refused = True
        except UserError as error:
            refused = f"refused too late: {error}"
        with self.subTest(model=record._name, method=method, role=role):
            self.assertIs(refused, True)
