# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Links, research exports and lists for anonymisation of the demo hospital."""

from datetime import timedelta

from dateutil.relativedelta import relativedelta

from odoo import api, fields, models

# outpatients nobody has seen for so many years; the last one is kept for a dispute
LONG_GONE = ("何建平", "罗秀珍", "郑国强", "梁玉梅", "韩志明")
GONE_YEARS = 16
LINKS = 5
# project, ethics approval, whole months back, what became of it
EXPORTS = (
    ("出院后血压控制与随访依从性", "伦理审2026-018", 3, "ready"),
    ("出院三十天再入院影响因素", "伦理审2026-021", 1, "requested"),
    ("电话随访方式与满意度", "伦理审2026-009", 2, "refused"),
    ("产后随访与母乳喂养", "伦理审2026-025", 1, "draft"),
)
PURPOSE = "分析出院患者随访情况，仅课题组两人使用，结果以汇总形式发表。"


class FollowupDemo(models.AbstractModel):
    _inherit = "followup.demo"

    @api.model
    def _fill(self, random):
        result = super()._fill(random)
        company = self._ref("company_main")
        house = self.with_company(company)
        house._demo_links()
        house._demo_long_gone(company)
        house._demo_exports(company)
        return result

    def _demo_links(self):
        """Handed out on the ward: opened, locked by wrong dates, not opened yet."""
        tasks = self._tasks_of_a_nurse()[:LINKS]
        for task in tasks:
            self._as(self.env["followup.link"], "user_nurse")._issue(task)
        links = self.env["followup.link"].search([("task_id", "in", tasks.ids)])
        now = fields.Datetime.now()
        opened = {"confirmed_at": now, "used_at": now}
        links[:2]._guarded().write(opened)
        links[2:3]._lock()

    def _demo_long_gone(self, company):
        """One list of the policy with somebody kept back, one wish to be forgotten."""
        manager = self._ref("user_manager")
        rows = self._long_gone_rows()
        stays = self.env["followup.encounter"].with_user(manager)
        stays.with_company(company).upsert(rows)
        patients = self.env["followup.patient"].with_user(manager)
        kept = patients.search([("mrn", "=", rows[-1]["mrn"])])
        kept.write({"legal_hold": True, "legal_hold_reason": "医疗纠纷处理中"})
        policy = self.env.ref(
            "patient_followup.followup_retention_policy_outpatient",
            raise_if_not_found=False,
        )
        if policy:
            policy.with_user(manager).with_company(company).action_propose()
        asking = patients.search(
            [("company_id", "=", company.id), ("mrn", "=like", "B%")],
            order="id desc",
            limit=1,
        )
        runs = self.env["followup.retention.run"].with_user(manager)
        runs._propose_request(asking, "患者书面要求删除个人信息")

    def _long_gone_rows(self):
        department = self._ref("department_outpatient")
        day = fields.Date.today() - relativedelta(years=GONE_YEARS)
        return [
            {
                "mrn": f"A{200001 + number}",
                "patient_name": name,
                "sex": "male" if number % 2 == 0 else "female",
                "birthdate": str(day - relativedelta(years=40 + number)),
                "number": f"MZ{200900001 + number}",
                "department": department.name,
                "source": "demo",
                "encounter_class": "outpatient",
                "admission_date": f"{day - timedelta(days=number)} 09:00:00",
                "discharge_date": f"{day - timedelta(days=number)} 09:30:00",
                "discharge_diagnosis": "高血压病",
                "diagnosis_code": "I10",
            }
            for number, name in enumerate(LONG_GONE)
        ]

    def _demo_exports(self, company):
        """What a researcher sees: a file, one that waits, one refused, a draft."""
        researcher = self._ref("user_researcher")
        exports = self.env["followup.research.export"].with_user(researcher)
        today = self.env["followup.clock"]._today(company)
        first = today.replace(day=1)
        for name, number, months, state in EXPORTS:
            export = exports.with_company(company).create(
                {
                    "name": name,
                    "purpose": PURPOSE,
                    "ethics_number": number,
                    "date_from": first - relativedelta(months=months),
                    "date_to": first - timedelta(days=1),
                }
            )
            self._play_export(export, state)

    def _play_export(self, export, state):
        if state == "draft":
            return
        export.action_request()
        decider = export.with_user(self._ref("user_manager"))
        if state == "refused":
            decider.action_refuse("伦理批件已过期，请更新后重新申请。")
        elif state == "ready":
            decider.action_approve()
            export.sudo()._build()  # sudo: as the job does
