# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Rewards, deductions, praise and a warning of the demo hospital (W-1 ... W-5)."""

from odoo import models

# the policies leave the amounts open; the demo hospital filled them in (yuan)
AMOUNTS = {10: 50, 20: 100, 50: 200, 100: 500}
RECKONED = ("As reckoned from sealed calls", "与封存的随访记录核对一致，同意发放")
MISSED = ("Two drawn patients say nobody rang", "抽查的患者反映未接到随访电话")
APPEAL = (
    "One patient had changed his number; the call was made to the old one",
    "其中一名患者更换了号码，随访拨打的是原号码，申请复核",
)
PRAISE = (
    "Found a wound infection by phone and had the patient seen the same day",
    "电话随访中发现患者切口感染征象，当日联系复诊，处理及时",
)
TEAM_PRAISE = (
    "Fewest unreachable patients of all wards since evening calls began",
    "开展晚间随访以来失访率下降最明显",
)
ORDER = (
    "Drawn calls were not made; train the team and check every week",
    "抽查发现未按规定随访，组织科室学习，护士长每周自查",
)
WARNING = (
    "A call was recorded that the patient knows nothing of",
    "登记的一次随访经核查患者并未接到",
)
YES = ("Agreed by the committee", "经办公会讨论同意")


class FollowupReportDemo(models.AbstractModel):
    _inherit = "followup.report.demo"

    def _assess(self, months):
        """Two months of the ledger: one decided, one with an appeal."""
        self._fix_amounts()
        ledger = self._as("manager", "followup.ledger")
        paid = ledger._propose_month(months[-2])
        paid.with_user(self._user("leader")).action_approve(self._word(RECKONED))
        last = ledger._propose_month(months[-1])
        self._contest(last.filtered(lambda row: row.kind != "reward"))
        self._praise()

    def _fix_amounts(self):
        # sudo: presets of all hospitals, changed for the demo
        bands = self.env["followup.penalty.band"].sudo()
        for band in bands.search([("amount", "=", 0)]):
            band.amount = AMOUNTS.get(band.lower, 0)

    def _contest(self, deductions):
        """Approve one deduction and let its head appeal."""
        for login in ("head", "head.surgery", "head.neurosurgery", "head.obstetrics"):
            head = self._user(login)
            mine = deductions.filtered(
                lambda row, head=head: row.department_id in head.followup_department_ids
            )[:1]
            if mine:
                mine.with_user(self._user("leader")).action_approve(self._word(MISSED))
                mine.with_user(head).action_appeal(self._word(APPEAL))
                return

    def _praise(self):
        nurse, doctor = self._user("nurse"), self._user("doctor.neurosurgery")
        ward = self._user("head").followup_department_ids[:1]
        theatre = self._user("doctor.neurosurgery").followup_department_ids[:1]
        praised = self._propose("commendation", ward, nurse, PRAISE)
        self._decide(praised, nurse)
        team = self._propose("commendation", ward, self.env["res.users"], TEAM_PRAISE)
        self._decide(team, self._user("head"))
        order = self._propose("order", theatre, self.env["res.users"], ORDER)
        self._decide(order, self.env["res.users"])
        self._propose("oral_warning", theatre, doctor, WARNING)

    def _propose(self, kind, department, user, words):
        rows = self._as("inspector", "followup.conduct")
        return rows.create(
            {
                "kind": kind,
                "department_id": department.id,
                "user_id": user.id,
                "text": self._word(words),
            }
        )

    def _decide(self, conduct, knows):
        conduct.with_user(self._user("leader")).action_decide(self._word(YES))
        if knows:
            conduct.with_user(knows).action_take_note()
