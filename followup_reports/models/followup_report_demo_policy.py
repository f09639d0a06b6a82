# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Written rules of the demo hospital: one version in force, one under review (C-26)."""

from datetime import timedelta

from dateutil.relativedelta import relativedelta

from odoo import models

FIRST = (
    "First version of the rules of follow-up and complaints",
    "首次制定随访与投诉管理制度",
)
NEXT = (
    "Surgery rings more of its patients in time; the other rules stay",
    "提高外科按时随访率目标，其余规定不变",
)
CLAUSE = ("Committee of last month", "上月办公会决定")
OBJECTION = (
    "Only with a second phone on the ward",
    "需为病区增配一部随访电话后方可执行",
)


class FollowupReportDemo(models.AbstractModel):
    _inherit = "followup.report.demo"

    def _write_rules(self, months):
        """Put a version in force; submit a second one with one changed target."""
        heads = [self._user(login) for login in ("head", "head.surgery")]
        wards = [head.followup_department_ids[:1] for head in heads]
        first = self._submit_rules(FIRST, wards)
        for head in heads:
            first.with_user(head).action_agree()
        first.with_user(self._user("leader"))._approve("")
        self._date_rules(first, months[0])
        self.env["followup.target"].create(
            {
                "kpi_id": self.env.ref("followup_reports.followup_kpi_on_time").id,
                "value": 95,
                "department_id": wards[1].id,
                "company_id": first.company_id.id,
                "source_text": self._word(CLAUSE),
            }
        )
        second = self._submit_rules(NEXT, wards)
        second.with_user(heads[1])._answer("object", self._word(OBJECTION))

    def _submit_rules(self, words, wards):
        sheet = self._as("manager", "followup.policy.sheet").create({})
        versions = self._as("manager", "followup.policy.version")
        version = versions.with_context(mail_activity_quick_update=True).browse(
            sheet.action_make_version()["res_id"]
        )
        version.write(
            {
                "summary": self._word(words),
                "department_ids": [ward.id for ward in wards],
            }
        )
        version.action_submit()
        return version

    def _date_rules(self, version, day):
        """Let it be in force since the first month that is told."""
        # sudo: dates of the past, which no step writes
        version = version.sudo()._guarded()
        revise_on = day + relativedelta(months=version.revise_after_months)
        at = self.env["followup.clock"]._for_company(version.company_id).to_utc(day, 9)
        version.write({"valid_from": day, "revise_on": revise_on, "decided_at": at})
        version.review_ids.answered_at = at - timedelta(days=2)
