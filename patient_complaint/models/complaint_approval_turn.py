# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Whose turn it is: deputies, activities, deadlines and reminders (C-15)."""

from datetime import timedelta

from odoo import api, fields, models

from odoo.addons.patient_followup.tools import one_by_one

from ..tools.lists import Lists

BATCH = 50
RETRY_AFTER = timedelta(hours=1)
ACTIVITY = "patient_complaint.mail_activity_type_approval"


class ComplaintApproval(models.Model):
    _inherit = "complaint.approval"

    def _begin_turn(self):
        """Tell whoever may decide now, and start the time of the tier."""
        for row in self:
            row.write(self._prepare_turn(row.company_id, row))
        self._refresh_turn()

    @api.model
    def _prepare_turn(self, company, timing):
        """Return the values of a tier whose time begins now.

        :param timing: the rule, or the approval that keeps its times
        """
        now = fields.Datetime.now()
        ends_with = self.env["complaint.sla.policy"]._end
        deadline = ends_with(company, now, timing.amount, timing.unit)
        remind_at = deadline - timedelta(hours=timing.remind_hours)
        remind_at = max(remind_at, now + timedelta(hours=1))
        return {
            "decision": "pending",
            "opened_at": now,
            "deadline": deadline,
            "remind_at": remind_at,
            "wake_at": self._get_wake_at(company, remind_at),
        }

    def _refresh_turn(self):
        """Set who may decide just now; tell those who are new, free the others."""
        lists, changes = Lists(self.env), []
        for row in self:
            users = row._get_able()
            told = row._get_waiting_users()
            changes.append((row, users, row.turn_user_ids - users, users - told))
            lists.set(row, "turn_user_ids", users)
            row.write({"wake_at": self._get_wake_at(row.company_id, row.remind_at)})
        self.case_id._refresh_approvers(lists)
        for row, users, gone, new in changes:
            row._tell_no_more(gone)
            row._tell_turn(new)
            if not users:
                row.case_id._tell_office(self.env._("Nobody is left to decide"))

    def _get_able(self):
        """Return the approvers and their deputies who may decide today."""
        self.ensure_one()
        tier = self._get_tier()
        # one voice each: whose deputy has decided is heard already
        spent = tier.decided_by_id | tier.delegate_for_id
        deputies = self._get_deputies()
        standing = [deputies[absent] for absent in deputies if absent not in spent]
        # two tiers are two persons: who decides one stands in for nobody in another
        others = spent.union(*standing) - spent - self._get_other_deciders()
        users = (self.approver_ids - spent) | others
        able = self.case_id._filter_eligible(users, self.resolution_id)
        return able - tier.decided_by_id

    def _get_other_deciders(self):
        """Return who decided in this round, or decides another tier of it."""
        rows = self._get_round()
        rest = (rows - self._get_tier()).filtered(
            lambda row: row.decision in ("waiting", "pending")
        )
        return rows.decided_by_id | rest.approver_ids

    def _get_deputies(self):
        """Return {absent approver: deputy} of today.

        Who may not decide himself sends nobody either: a named person would
        choose who decides about him (I-8).
        """
        case = self.case_id
        absent = case._filter_eligible(self.approver_ids, self.resolution_id)
        return self.env["followup.delegation"]._approval_deputies(
            absent, case, self.resolution_id
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

    @api.model
    def _get_wake_at(self, company, remind_at):
        """Return when to look again: a reminder, or the day that changes deputies."""
        now = fields.Datetime.now()
        midnight = self.env["followup.clock"]._deadline(
            company, now, 0, "days"
        ) + timedelta(seconds=1)
        return min(remind_at or midnight, midnight)

    # ------------------------------------------------------------
    # TELLING
    # ------------------------------------------------------------

    def _tell_turn(self, users):
        """Put a neutral to-do on the case before each of them (D-7)."""
        local = self.env["followup.clock"]._local_date(self.company_id, self.deadline)
        self.case_id._schedule(ACTIVITY, users, date_deadline=local)

    def _tell_no_more(self, users=None):
        """Take the to-do away; nobody is reminded of what is decided."""
        users = self.turn_user_ids if users is None else users
        if users:
            self.env["mail.activity"]._complaint_drop(self.case_id, ACTIVITY, users)

    def _get_activities(self, users):
        known = self.env["ir.model.data"]
        kind_id = known._xmlid_to_res_id(ACTIVITY, raise_if_not_found=False)
        return self.env["mail.activity"].search_fetch(
            [
                ("res_model", "=", "complaint.case"),
                ("res_id", "in", self.case_id.ids),
                ("activity_type_id", "=", kind_id),
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

    def _wake_each(self):
        """Wake them; one that cannot be waits an hour and stops no other."""
        later = fields.Datetime.now() + RETRY_AFTER
        one_by_one.attempt(
            self, lambda rows: rows._wake(), lambda row: row.write({"wake_at": later})
        )

    def _remind(self, now):
        """Remind whose turn it is; the office once, when it is late."""
        self._get_activities(self.turn_user_ids)._complaint_tell()
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
            due._guarded()._wake_each()
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
