# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Whose turn it is: deputies, activities, deadlines and reminders (C-15)."""

from datetime import timedelta

from odoo import api, fields, models

BATCH = 50
ACTIVITY = "patient_complaint.mail_activity_type_approval"


class ComplaintApproval(models.Model):
    _inherit = "complaint.approval"

    def _begin_turn(self):
        """Tell whoever may decide now, and start the time of the tier."""
        now = fields.Datetime.now()
        for row in self:
            deadline = self.env["complaint.sla.policy"]._end(
                row.company_id, now, row.amount, row.unit
            )
            remind_at = deadline - timedelta(hours=row.remind_hours)
            row.write(
                {
                    "decision": "pending",
                    "opened_at": now,
                    "deadline": deadline,
                    "remind_at": max(remind_at, now + timedelta(hours=1)),
                }
            )
        self._refresh_turn()

    def _refresh_turn(self):
        """Set who may decide just now; tell those who are new, free the others."""
        for row in self:
            users = row._get_able()
            gone = row.turn_user_ids - users
            new = users - row.turn_user_ids
            row.write(
                {"turn_user_ids": [(6, 0, users.ids)], "wake_at": row._get_wake_at()}
            )
            row._tell_no_more(gone)
            if new:
                row._tell_turn(new - row._get_activities(new).user_id)
            if not users:
                row.case_id._tell_office(self.env._("Nobody is left to decide"))
        self.case_id._refresh_approvers()

    def _get_able(self):
        """Return the approvers and their deputies who may decide today."""
        self.ensure_one()
        tier = self._get_tier()
        # one voice each: whose deputy has decided is heard already
        spent = tier.decided_by_id | tier.delegate_for_id
        deputies = self._get_deputies()
        standing = [deputies[absent] for absent in deputies if absent not in spent]
        # two tiers are two persons: who decided one stands in for nobody in another
        others = spent.union(*standing) - spent - self._get_round().decided_by_id
        users = (self.approver_ids - spent) | others
        able = self.case_id._filter_eligible(users, self.resolution_id)
        return able - tier.decided_by_id

    def _get_deputies(self):
        """Return {absent approver: deputy} of today.

        Who may not decide himself sends nobody either: a named person would
        choose who decides about him (I-8).
        """
        case = self.case_id
        absent = case._filter_eligible(self.approver_ids, self.resolution_id)
        return self.env["followup.delegation"]._approval_deputies(
            absent, case.department_id
        )

    def _get_absent(self, user):
        """Return for whom this user stands in, if for anybody."""
        nobody = self.env["res.users"]
        if user in self.approver_ids:
            return nobody
        tier = self._get_tier()
        spent = tier.decided_by_id | tier.delegate_for_id
        pairs = self._get_deputies().items()
        return next(
            (one for one, deputy in pairs if deputy == user and one not in spent),
            nobody,
        )

    def _get_wake_at(self):
        """Return when to look again: a reminder, or the day that changes deputies."""
        now = fields.Datetime.now()
        midnight = self.env["followup.clock"]._deadline(
            self.company_id, now, 0, "days"
        ) + timedelta(seconds=1)
        return min(self.remind_at or midnight, midnight)

    # ------------------------------------------------------------
    # TELLING
    # ------------------------------------------------------------

    def _tell_turn(self, users):
        """Put a neutral to-do on the case before each of them (D-7)."""
        case = self.case_id._for_activities()
        local = self.env["followup.clock"]._local_date(self.company_id, self.deadline)
        for user in users:
            case.activity_schedule(ACTIVITY, date_deadline=local, user_id=user.id)

    def _tell_no_more(self, users=None):
        """Take the to-do away; nobody is reminded of what is decided."""
        users = self.turn_user_ids if users is None else users
        if users:
            self._get_activities(users).unlink()

    def _get_activities(self, users):
        kind = self.env.ref(ACTIVITY, raise_if_not_found=False)
        return self.env["mail.activity"].search(
            [
                ("res_model", "=", "complaint.case"),
                ("res_id", "in", self.case_id.ids),
                ("activity_type_id", "=", kind and kind.id),
                ("user_id", "in", users.ids),
            ]
        )

    # ------------------------------------------------------------
    # REMINDERS
    # ------------------------------------------------------------

    def _wake(self):
        """Remind, look at the deputies of the day, and wait for the next time."""
        now = fields.Datetime.now()
        for row in self:
            if row.remind_at and row.remind_at <= now:
                row._remind(now)
            row._refresh_turn()

    def _remind(self, now):
        """Remind whose turn it is; the office once, when it is late."""
        self._get_activities(self.turn_user_ids).action_notify()
        self.write({"remind_at": now + timedelta(hours=self.repeat_hours)})
        if self.deadline < now and not self.told_late:
            self.write({"told_late": True})
            self.case_id._tell_office(self.env._("An approval is late"))

    @api.model
    def _cron_remind(self):
        """Remind in small batches; workers share it, a kill loses none."""
        cron = self.env["ir.cron"]
        domain = [
            ("decision", "=", "pending"),
            ("wake_at", "<=", fields.Datetime.now()),
        ]
        cron._commit_progress(remaining=self.search_count(domain))
        while due := self._lock_due(domain):
            due._guarded()._wake()
            if not cron._commit_progress(len(due)):
                break

    @api.model
    def _lock_due(self, domain):
        """Return some due rows that no other worker has just now."""
        due = self.search(domain, order="wake_at, id", limit=BATCH * 5)
        return due.try_lock_for_update(allow_referencing=True, limit=BATCH)

    @api.model
    def _refresh_turns_of(self, users):
        """Deputies of these users changed: who may decide follows at once."""
        # sudo: engine write; whoever arranges deputies was checked there
        rows = self.sudo()._guarded()
        rows.search(
            [("decision", "=", "pending"), ("approver_ids", "in", users.ids)]
        )._refresh_turn()
