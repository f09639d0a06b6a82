# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from datetime import timedelta

from odoo import api, models

from ..tools import calendar, periods

MONTHS = 4
# the newest tables of half months and figures at the month's end, by whole months
FREQUENT = 2
CUTOFF = "followup_report_demo_cutoff"
# (report, which of its months, days late)
LATE = {("bulletin", 0): 3, ("satisfaction", 1): 1}
# what a ward said to the bulletin of the second month, and to the last one
MEASURE = (
    "Calls in the evening, a second number at admission",
    "增加晚间随访，入院时登记备用电话",
)
GOES_ON = (
    "Evening calls helped and stay; discharge advice is given a day earlier",
    "晚间随访效果明显，继续执行；出院指导提前一天完成",
)
HEADS = ("head", "head.surgery", "head.neurosurgery", "head.obstetrics")


class FollowupReportDemo(models.AbstractModel):
    """Four months of reports of the demo hospital. Called by the demo data only.

    They came on the days of the calendar; the second one was bad, the wards changed
    something, and the figures got better.
    """

    _name = "followup.report.demo"
    _description = "Demo Reports"

    @api.model
    def _generate(self):
        """Make the reports of the last months in the language of the hospital."""
        demo = self.env["followup.demo"]
        if "zh_CN" in demo._installed_languages():
            # what is published keeps the words it was written in
            demo._speak("followup_reports")
            return self.with_context(lang="zh_CN")._make()
        return self._make()

    def _make(self):
        """Make them as the demo's people would."""
        company = self.env.ref("patient_followup.demo_company_main")
        today = self.env["followup.clock"]._today(company)
        months = self._get_months(today)
        self._say(months)
        dues = self._keep_calendar(company, months, today)
        bulletins = dues.filtered(
            lambda due: (due.run_id.code, due.run_id.basis) == ("bulletin", "discharge")
        ).sorted("date_from")
        self._answer(bulletins)
        self._publish(bulletins.run_id[-1:])
        self._as("manager", "followup.report.run")._produce(
            "scorecard", "month", months[-1]
        )
        self._as("officer", "followup.report.run")._produce(
            "complaints", "quarter", today
        )
        self._ask(months[-1])
        self._assess(months)
        self._write_rules(months)

    def _get_months(self, today):
        """Return the first days of the months before, the oldest first."""
        months, first = [], today.replace(day=1)
        for _index in range(MONTHS):
            first, _last = periods.period_before("month", first)
            months.append(first)
        return months[::-1]

    # ------------------------------------------------------------
    # CALENDAR
    # ------------------------------------------------------------

    def _keep_calendar(self, company, months, today):
        """Make what the calendar asked for in these months, in its order."""
        clock = self.env["followup.clock"]._for_company(company)
        made = self.env["followup.report.due"]
        for day, schedule, due in self._get_dues(company, months, today):
            late = 0
            if due.first in months:
                late = LATE.get((schedule.code, months.index(due.first)), 0)
            at = clock.to_utc(day + timedelta(days=late), schedule.hour)
            row = self._make_due(company, schedule, due, at)
            row._guarded().write({"produced_at": at, "late_days": late})
            row.delivery_ids._guarded().write({"sent_at": at})
            if schedule.code == "half_month":
                self._hand_in(row.run_id, clock.to_utc(day, 10))
            made += row._unguarded()
        return made

    def _get_dues(self, company, months, today):
        """Return [(day, entry of the calendar, `Due`)], the oldest first."""
        found = []
        for schedule in self.env["followup.report.schedule"]._get_schedules(company):
            kind = schedule.due_kind, schedule.due_day
            dues = calendar.latest(schedule.period_kind, *kind, today, 2 * MONTHS)
            often = schedule.due_kind == "end"
            first = months[-FREQUENT] if often else months[0]
            found += [
                (due.day, schedule, due)
                for due in dues
                if due.first >= first and due.last < today
            ]
        return sorted(found, key=lambda row: (row[0], row[1].sequence, row[1].id))

    def _make_due(self, company, schedule, due, at):
        """Make a report as of the moment it was due."""
        complaints = schedule.code == "complaints"
        user = self._user("officer" if complaints else "manager")
        schedule = schedule.with_user(user).with_context(lang=self.env.lang)
        self.env.cr.cache[CUTOFF] = at
        try:
            # sudo: its days are told as the calendar would have kept them
            return schedule._produce_due(company, due).sudo()
        finally:
            self.env.cr.cache.pop(CUTOFF, None)

    def _hand_in(self, run, at):
        """Let some departments hand in their table in time (K-2)."""
        for login in HEADS[:3]:
            self._acknowledge(run, login, GOES_ON, at)

    # ------------------------------------------------------------
    # ANSWERS
    # ------------------------------------------------------------

    def _answer(self, dues):
        """The committee signs, heads answer: the second one with a measure."""
        for place, due in enumerate(dues):
            run, at = due.run_id, due.produced_at
            run.with_user(self._user("leader")).action_sign()
            # sudo: as above
            signed = run.signature_ids.sudo()._guarded()
            signed.write({"signed_at": at + timedelta(hours=3)})
            if place == 1:
                for login in HEADS:
                    self._acknowledge(run, login, MEASURE, at + timedelta(days=2))
            elif place > 1:
                self._acknowledge(run, HEADS[0], GOES_ON, at + timedelta(days=2))

    def _acknowledge(self, run, login, words, at):
        head = self._user(login)
        # sudo: whose figures there are; the head's own departments are taken
        mine = run.sudo().line_ids.department_id & head.followup_department_ids
        for department in mine[:1]:
            receipt = run.with_user(head)._acknowledge(
                department, self._word(words), (at + timedelta(days=60)).date()
            )
            receipt.sudo()._guarded().write({"given_at": at, "is_late": False})

    def _publish(self, run):
        """The last bulletin for employees and everybody; one waits for release."""
        run = run.with_user(self._user("manager"))
        release = self._as("leader", "followup.report.release")
        for audience in ("internal", "public"):
            row = release.browse(run._publish(audience)["res_id"])
            row.action_release()
        last = self._as("manager", "followup.report.run").search(
            [("code", "=", "feedback")], limit=1
        )
        last._publish("internal")

    def _ask(self, day):
        """A report somebody asked for and did not wait for."""
        jobs = self._as("manager", "followup.report.job")
        department = self.env["hr.department"]
        for kind in ("quarter", "year"):
            job = jobs._ask("bulletin", kind, day, "due", department)
            run = self._as("manager", "followup.report.run")
            run = run._produce("bulletin", kind, day, "due")
            # sudo: the engine writes how far it is
            run.sudo()._guarded().write({"job_id": job.id})
            job = job.sudo()
            job._guarded().write({"step": job.step_count, "tries": 1})

    # ------------------------------------------------------------
    # WHO
    # ------------------------------------------------------------

    def _word(self, words):
        """Return the English or the Chinese of a pair."""
        return words[self.env.lang == "zh_CN"]

    def _user(self, login):
        return self.env["res.users"].search([("login", "=", f"{login}@demo")], limit=1)

    def _as(self, login, model):
        """Return a model as a person of the demo sees it."""
        user = self._user(login)
        return (
            self.env[model]
            .with_user(user)
            .with_context(lang=self.env.lang, allowed_company_ids=user.company_id.ids)
        )


class FollowupReportRun(models.Model):
    _inherit = "followup.report.run"

    @api.model
    def _create_once(self, vals):
        """Date a report of the demo as its calendar would have."""
        if at := self.env.cr.cache.get(CUTOFF):
            vals = {**vals, "cutoff": at}
        return super()._create_once(vals)
