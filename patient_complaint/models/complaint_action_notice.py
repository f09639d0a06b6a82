# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Reminders of rectifications, and to whom they climb when they are late (C-19).

Being late is a search and waits for no cron; this only tells people.
"""

from datetime import timedelta

from odoo import api, fields, models

from odoo.addons.patient_followup.tools import one_by_one

from .complaint_action import PENDING, UNDONE

BATCH = 50
RETRY_AFTER = timedelta(hours=1)
# the hour at which people are told, in the hospital's time
HOUR = 8.0
LATE_ACTIVITY = "patient_complaint.mail_activity_type_action_late"


class ComplaintAction(models.Model):
    _inherit = "complaint.action"

    alerted_user_ids = fields.Many2many(
        "res.users",
        "complaint_action_alerted_rel",
        "action_id",
        "user_id",
        string="Told That It Is Late",
        readonly=True,
        copy=False,
    )
    notice_at = fields.Datetime(string="Next Reminder", readonly=True, copy=False)
    notice_level = fields.Integer(
        readonly=True, copy=False, help="0: not reminded yet; then one superior each."
    )

    _notice_idx = models.Index("(notice_at) WHERE notice_at IS NOT NULL")

    # ------------------------------------------------------------
    # WHEN
    # ------------------------------------------------------------

    def _schedule_notice(self, again=False):
        """Keep the moment of the next reminder; `again` starts from the first."""
        for action in self:
            level = 0 if again else action.notice_level
            action.write(
                {"notice_level": level, "notice_at": action._get_notice_at(level)}
            )

    def _get_notice_at(self, level):
        """Return when the reminder of a level is due, False for none."""
        self.ensure_one()
        if self.state not in PENDING:
            return False
        company = self.company_id
        day = self.deadline if self.state in UNDONE else self.check_date
        if level:
            days = 1 + (level - 1) * max(company.complaint_escalate_days, 1)
        else:
            days = -company.complaint_remind_days
        calendar = self.env["followup.clock"]._for_company(company)
        return calendar.to_utc(fields.Date.add(day, days=days), HOUR)

    # ------------------------------------------------------------
    # WHOM
    # ------------------------------------------------------------

    def _get_person(self):
        """Return who has to act now: the responsible, then the checker."""
        return self.responsible_id if self.state in UNDONE else self.checker_id

    def _get_superior(self, level):
        """Return the superior so many steps above who may open it, else nobody."""
        # sudo: employees are hidden from most
        person = self.sudo()._get_person()
        # searched: res.users shows the employees of the chosen hospitals only
        employee = person.env["hr.employee"].search(
            [("user_id", "=", person.id), ("company_id", "=", self.company_id.id)],
            limit=1,
        )
        seen, found = employee, []
        while employee and len(found) < level:
            employee = employee.parent_id or employee.department_id.manager_id
            if not employee or employee in seen:
                break
            seen |= employee
            user = employee.user_id
            if user and user != person and self._may_be_told(user):
                found.append(user)
        return found[level - 1] if len(found) >= level else person.browse()

    def _may_be_told(self, user):
        """Whether a user has a role in this hospital and is not named in the case."""
        # sudo: groups and hospitals of others are hidden from most
        user = user.sudo()
        role = self.env.ref("patient_followup.followup_group_user")
        return bool(
            user.active
            and role in user.all_group_ids
            and self.company_id in user.company_ids
            and self.sudo().case_id._get_unconflicted(user)
        )

    # ------------------------------------------------------------
    # TELL
    # ------------------------------------------------------------

    def _remind_each(self):
        """Tell of each; one that cannot be told of waits an hour and stops no other."""
        later = fields.Datetime.now() + RETRY_AFTER
        one_by_one.attempt(
            self,
            lambda rows: rows._remind(),
            lambda row: row.write({"notice_at": later}),
        )

    def _remind(self):
        """Tell whoever is next of each; the ladder ends with the complaint office."""
        for action in self:
            level = action.notice_level
            person = action._get_person()
            if level == 0:
                action._remind_person(person)
                told = True
            else:
                told = action._tell_late(level)
            # the last rung was the office: nobody is above it
            moment = told and action._get_notice_at(level + 1)
            action.write({"notice_level": level + 1, "notice_at": moment})

    def _remind_person(self, person):
        """Remind by a message with the number only; the to-do stands already."""
        if not self._may_be_told(person):
            return
        self.message_notify(
            partner_ids=person.partner_id.ids,
            subject=self.name,
            body=self.env._("This is due on %(day)s.", day=self._get_due_day()),
        )

    def _get_due_day(self):
        return self.deadline if self.state in UNDONE else self.check_date

    def _tell_late(self, level):
        """Put it before the next superior; return whether the ladder goes on."""
        superior = self._get_superior(level)
        users = superior or self._get_office()
        today = self.env["followup.clock"]._today(self.company_id)
        self.alerted_user_ids |= users
        for user in users:
            self._put_todo(LATE_ACTIVITY, user, today)
        return bool(superior)

    def _get_office(self):
        """Return the complaint officers of the hospital who may see it."""
        # sudo: users of a group and their hospitals are hidden from most
        group = self.env.ref("patient_complaint.complaint_group_officer").sudo()
        person = self._get_person()
        return group.all_user_ids.filtered(
            lambda user: user != person and self._may_be_told(user)
        ).sudo(False)

    @api.model
    def _cron_remind(self):
        """Tell what is due in small batches; workers share it, a kill loses none."""
        domain = [("notice_at", "<=", fields.Datetime.now())]
        cron = self.env["ir.cron"]
        cron._commit_progress(remaining=self.search_count(domain))
        while due := self._lock_due(domain):
            due._guarded()._remind_each()
            if not cron._commit_progress(len(due)):
                break

    @api.model
    def _lock_due(self, domain):
        """Return some due rows that no other worker has just now."""
        due = self.search(domain, order="notice_at, id", limit=BATCH * 5)
        return due.try_lock_for_update(allow_referencing=True, limit=BATCH)
