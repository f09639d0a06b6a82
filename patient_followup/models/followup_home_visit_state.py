# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""How a home visit ends, and what it does to its call and appointment (M-4, M-5)."""

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain

from ..tools.checked import checked
from .followup_task import OPEN_STATES as TASK_OPEN_STATES

CLOSED = ("done", "not_met", "cancelled")


class FollowupHomeVisit(models.Model):
    _inherit = "followup.home.visit"

    # ------------------------------------------------------------
    # ON THE DAY
    # ------------------------------------------------------------

    def action_arrive(self):
        """The team stands before the door; consent is looked at once more."""
        for visit in self:
            visit._check_open()
            visit._check_may_visit()
            visit._set(arrived_at=fields.Datetime.now())
        return True

    def action_done(self):
        """Seal what was found and complete the follow-up."""
        for visit in self:
            visit._check_open()
            visit._check_may_visit()
            visit._check_findings()
            # sudo: rows of the visit, whose write was checked; 0 was not measured
            visit.sudo().vital_ids.filtered(lambda vital: not vital.value).unlink()
            visit._close("done", arrived_at=visit.arrived_at or fields.Datetime.now())
            visit.sudo().vital_ids._write_seals()
            visit._complete_task()
            visit._end_appointment()
        return True

    @checked
    def action_not_met(self, reason):
        """Nobody opened: the follow-up stays open, the appointment is a no-show."""
        for visit in self:
            visit._check_open()
            if visit.starts_at > fields.Datetime.now():
                raise UserError(self.env._("This visit is still to come."))
            visit._close("not_met", closing_reason=visit._check_reason(reason))
            # sudo: as in `_complete_task`
            appointment = visit.sudo().appointment_id
            if appointment.state == "confirmed":
                appointment.action_no_show()
        return True

    @checked
    def action_cancel(self, reason):
        """Call the visit off; the follow-up stays open for another day."""
        for visit in self:
            visit._check_open()
            visit._close("cancelled", closing_reason=visit._check_reason(reason))
        return True

    @checked
    def action_red_flag(self, text=None, concern_type="condition"):
        """Bring what was found to doctor and head at once (X-2).

        :return: the `followup.concern`
        """
        self.ensure_one()
        self.check_access("write")
        # sudo: the team may be of another ward than the follow-up
        return self.sudo().task_id.action_red_flag(text, concern_type).sudo(False)

    def action_open_red_flag(self):
        """Open the dialog of the red flag for the follow-up of this visit."""
        self.ensure_one()
        self.check_access("write")
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Red Flag"),
            "res_model": "followup.home.visit.end",
            "views": [(False, "form")],
            "target": "new",
            "context": {"default_visit_ids": self.ids, "default_kind": "red_flag"},
        }

    # ------------------------------------------------------------
    # CLOSING
    # ------------------------------------------------------------

    def _check_open(self):
        self.ensure_one()
        self.check_access("write")
        if self.state != "planned":
            raise UserError(self.env._("This visit is over: add an amendment."))

    def _check_findings(self):
        clock = self.env["followup.clock"]
        if self.day > clock._today(self.company_id):
            raise UserError(self.env._("This visit is still to come."))
        measured = any(self.vital_ids.mapped("value"))
        if not measured and not (self.examination or "").strip():
            raise UserError(self.env._("Write down what was measured or found."))

    def _check_reason(self, reason):
        text = reason if isinstance(reason, str) else ""
        if text := text.replace("\x00", "").strip():
            return text
        raise UserError(self.env._("A reason is needed."))

    def _close(self, state, **vals):
        """Close and seal in one statement; rights were checked before."""
        # sudo: names of the team; guarded fields
        visit = self.sudo()
        vals.update(
            state=state,
            closed_at=fields.Datetime.now(),
            closed_by_id=self.env.uid,
            team_names=", ".join(visit.user_ids.mapped("name")),
        )
        visit._guarded().write({**vals, **visit._prepare_seal(vals)})

    def _set(self, **vals):
        # sudo: rights were checked by the step; these are guarded fields
        self.sudo()._guarded().write(vals)

    def _complete_task(self):
        """Complete the follow-up with what was found, in the name of the user."""
        # sudo: the team may be of another ward than the follow-up; that it may
        # record the visit was checked
        task = self.sudo().task_id
        if task.state not in TASK_OPEN_STATES:
            return
        if self.advice:
            task.write({"advice_note": self.advice})
        task.action_complete(self._get_outcome())

    def _get_outcome(self):
        """Say in the follow-up what the visit found."""
        values = [
            f"{vital.sign_id.name} {vital.value:g} {vital.sign_id.unit}"
            for vital in self.vital_ids
        ]
        return "\n".join(filter(None, [self.examination, "; ".join(values)]))

    def _end_appointment(self):
        # sudo: as in `_complete_task`
        appointment = self.sudo().appointment_id
        if appointment.state == "confirmed":
            appointment.action_done()

    def _cancel_engine(self, reason):
        """Call off because the patient died or withdrew (I-12)."""
        for visit in self.filtered(lambda visit: visit.state == "planned"):
            visit._close("cancelled", closing_reason=reason)

    # ------------------------------------------------------------
    # WATCH
    # ------------------------------------------------------------

    def _tell_time(self):
        """Keep the appointment at the time of the visit; the patient is told."""
        # sudo: as in `_complete_task`
        for visit in self.sudo():
            row = visit.appointment_id
            if row.state in ("requested", "waitlist", "offered", "confirmed"):
                row._schedule(visit.starts_at, visit.ends_at)

    @api.model
    def _cron_check_consent(self):
        """Call off today's visits whose consent has ended (M-4)."""
        cron = self.env["ir.cron"]
        # every hospital, of which there are few
        for company in self.env["res.company"].search([]):  # pylint: disable=no-search-all
            today = self.env["followup.clock"]._today(company)
            visits = self.search(
                [
                    ("company_id", "=", company.id),
                    ("state", "=", "planned"),
                    ("day", "<=", today),
                ]
            )
            ended = visits.filtered(lambda visit: not visit.has_consent)
            ended._cancel_engine(self.env._("The consent of the patient has ended."))
            if not cron._commit_progress(len(ended)):
                return

    @api.model
    def _get_complete_domain(self):
        return Domain("state", "in", CLOSED)
