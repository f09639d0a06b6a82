# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Done with proof, checked by another person, returned where it had no effect."""

from odoo import fields, models
from odoo.exceptions import AccessError, UserError

from odoo.addons.patient_followup.tools.checked import checked, is_text

from .complaint_action import PENDING, UNDONE

ACTIVITY = "patient_complaint.mail_activity_type_action"
CHECK_ACTIVITY = "patient_complaint.mail_activity_type_check"


class ComplaintAction(models.Model):
    _inherit = "complaint.action"

    done_at = fields.Datetime(string="Done on", readonly=True, copy=False)
    done_by_id = fields.Many2one(
        "res.users", string="Done by", readonly=True, copy=False
    )
    check_date = fields.Date(string="Check the Effect until", readonly=True, copy=False)
    checked_at = fields.Datetime(string="Checked on", readonly=True, copy=False)
    checked_by_id = fields.Many2one(
        "res.users", string="Checked by", readonly=True, copy=False
    )
    effective = fields.Boolean(readonly=True, copy=False)
    check_note = fields.Text(string="What the Check Found", copy=False)
    return_count = fields.Integer(string="Times Returned", readonly=True, copy=False)
    closing_reason = fields.Char(readonly=True, copy=False)

    # ------------------------------------------------------------
    # ACTIONS
    # ------------------------------------------------------------

    @checked
    def action_done(self, proof=None):
        """Say that it was done, with proof as text or file (C-19).

        :param proof: what was done; None keeps what the form holds
        :raises AccessError: neither the responsible nor who may plan
        :raises UserError: no proof, or it is done already
        """
        for action in self:
            action.check_access("write")
            action._check_state(*UNDONE)
            if not action.may_do:
                raise AccessError(self.env._("The responsible says when it was done."))
            if proof and is_text(proof):
                action.proof = proof.strip()
            if not ((action.proof or "").strip() or action.proof_ids):
                raise UserError(
                    self.env._(
                        "%(name)s: write what was done, or add a file as proof.",
                        name=action.name,
                    )
                )
            action._set_done()

    def action_effective(self):
        """The check found an effect: it is over (S-8)."""
        for action in self:
            action._check_checker()
            action._set(
                state="effective",
                effective=True,
                checked_at=fields.Datetime.now(),
                checked_by_id=self.env.uid,
            )
            action._end_activities()
            action._on_settled()

    @checked
    def action_return(self, reason=None):
        """The check found no effect: it is to be done again, differently (S-8).

        :param reason: what was found; None takes what the form holds
        """
        for action in self:
            action._check_checker()
            reason = reason if isinstance(reason, str) else ""
            found = (reason or action.check_note or "").strip()
            if not found:
                raise UserError(
                    self.env._("Write what the check found before you return it.")
                )
            action._set_returned(found)

    @checked
    def action_cancel(self, reason):
        """It is not needed any more; the reason stays on record."""
        reason = reason.strip() if isinstance(reason, str) else ""
        if not reason:
            raise UserError(self.env._("Give a reason."))
        for action in self:
            action.check_access("write")
            action._check_state(*PENDING)
            if not action.may_plan:
                raise AccessError(
                    self.env._("Who is responsible cannot cancel it himself.")
                )
            action._set(state="cancelled", closing_reason=reason[:1000])
            action._end_activities()
            action._on_settled()

    # ------------------------------------------------------------
    # BUSINESS
    # ------------------------------------------------------------

    def _set(self, **vals):
        """Write guarded fields; the caller was checked before."""
        # sudo: engine write; a checker need not have the right to write
        engine = self.sudo()._guarded()
        engine.write(vals)
        engine._schedule_notice(again=True)

    def _set_done(self):
        today = self.env["followup.clock"]._today(self.company_id)
        days = self.company_id.complaint_check_days
        self._set(
            state="done",
            done_at=fields.Datetime.now(),
            done_by_id=self.env.uid,
            check_date=fields.Date.add(today, days=days),
        )
        self._end_activities()
        self._put_todo(CHECK_ACTIVITY, self.checker_id, self.check_date)

    def _set_returned(self, found):
        clock = self.env["followup.clock"]
        today = clock._today(self.company_id)
        days = self.company_id.complaint_action_days
        deadline = max(self.deadline, fields.Date.add(today, days=days))
        self._end_activities()
        self._set(
            state="returned",
            effective=False,
            check_note=found,
            checked_at=fields.Datetime.now(),
            checked_by_id=self.env.uid,
            done_at=False,
            done_by_id=False,
            check_date=False,
            return_count=self.return_count + 1,
            deadline=deadline,
        )

    def _own_proofs(self):
        """Files that hang on nothing yet are read by whoever reads this."""
        for action in self:
            # sudo: a file without a document belongs to who sent it just now
            loose = action.sudo().proof_ids.filtered(
                lambda file: not file.res_id and file.create_uid == self.env.user
            )
            loose.write({"res_model": self._name, "res_id": action.id})

    def _check_checker(self):
        """The effect is checked by another person than who was to do it."""
        self.ensure_one()
        self.check_access("read")
        self._check_state("done")
        if not self.may_check:
            raise AccessError(
                self.env._(
                    "The effect of %(name)s is checked by another person than the"
                    " one who was responsible or did it.",
                    name=self.name,
                )
            )

    def _on_settled(self):
        """It is over: the case may close now."""
        for action in self:
            # sudo: whoever settles it need not see the case
            case = action.sudo().case_id
            if case:
                case._on_action_settled()

    # ------------------------------------------------------------
    # WHO IS TOLD
    # ------------------------------------------------------------

    def _tell_responsible(self):
        for action in self.filtered(lambda row: row.state in UNDONE):
            action._put_todo(ACTIVITY, action.responsible_id, action.deadline)

    def _put_todo(self, xmlid, user, day):
        """One to-do with the neutral number; a second one is not put (D-7)."""
        self.ensure_one()
        # sudo: to-dos of others are neither seen nor made by most
        action = self.sudo().with_context(
            mail_activity_quick_update=user == user.env.user
        )
        kind = self.env.ref(xmlid)
        if not action.activity_ids.filtered(
            lambda todo: todo.user_id == user and todo.activity_type_id == kind
        ):
            action.activity_schedule(xmlid, user_id=user.id, date_deadline=day)

    def _end_activities(self, users=None):
        """Close the to-dos; with `users` {action: user} only theirs that changed."""
        for action in self:
            # sudo: the to-do may be another person's; the step was checked before
            todo = action.sudo().activity_ids
            if users is not None:
                if users[action] == action.responsible_id:
                    todo.filtered(
                        lambda row, action=action: row.user_id == action.responsible_id
                    ).write({"date_deadline": action.deadline})
                    continue
                todo = todo.filtered(
                    lambda row, action=action: row.user_id == users[action]
                )
            todo.unlink()
