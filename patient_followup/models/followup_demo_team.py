# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Rota, deputies and urgings of the demo hospital."""

from datetime import timedelta

from odoo import api, fields, models

FIRST_DAY, LAST_DAY = 7, 20


class FollowupDemo(models.AbstractModel):
    _inherit = "followup.demo"

    @api.model
    def _fill(self, random):
        result = super()._fill(random)
        self._demo_rota()
        self._demo_deputy()
        self._demo_urging()
        return result

    def _demo_rota(self):
        """The nurses of cardiology take turns from next week on."""
        team = self._ref("team_cardiology")
        today = self.env["followup.clock"]._today(team.company_id)
        days = [today + timedelta(days=ago) for ago in range(FIRST_DAY, LAST_DAY)]
        callers = ("user_nurse", "user_head_nurse")
        self.env["followup.team.rota"].create(
            [
                {
                    "team_id": team.id,
                    "date": day,
                    "user_id": self._ref(callers[day.toordinal() % 2]).id,
                }
                for day in days
                if day.weekday() < 5
            ]
        )

    def _demo_deputy(self):
        """The doctor is away in a while: the head stands in."""
        company = self._ref("company_main")
        today = self.env["followup.clock"]._today(company)
        self.env["followup.delegation"].create(
            {
                "company_id": company.id,
                "user_id": self._ref("user_doctor").id,
                "deputy_id": self._ref("user_head").id,
                "date_from": today + timedelta(days=LAST_DAY),
                "date_to": today + timedelta(days=LAST_DAY + 4),
                "reason": "外出参加学术会议",
            }
        )

    def _demo_urging(self):
        """The head reminded the doctor of his late calls this morning."""
        late = self.env["followup.task"].search(
            [
                ("user_id", "=", self._ref("user_doctor").id),
                ("state", "in", ("ready", "waiting", "unreachable")),
                ("date_due", "<", fields.Datetime.now()),
            ]
        )
        self._as(late, "user_head")._urge("请今天内完成")
