# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""What became of each call of the demo: for two months worse, since then better.

Two months ago the wards began to call in the evening and to take a second number at
admission: fewer are missed, more answer, and calls are made in time.
"""

from datetime import timedelta
from typing import NamedTuple

from odoo import fields, models

from ..demo.hospital import CALL_HOURS

# of them before the evening
OFFICE_HOURS = 8
LAST_HOUR = 20
OPEN, CANCELLED = 7, 2


class Month(NamedTuple):
    """How follow-up went in a month, in percent."""

    unreachable: int
    refused: int
    late: int
    asked: int  # of who was reached, the questionnaire
    missed: tuple  # weights: reached at the first, second, third call


# by whole months back; the last one stands for all before it
MONTHS = (
    Month(3, 2, 4, 94, (76, 18, 6)),
    Month(4, 2, 5, 92, (74, 19, 7)),
    Month(7, 3, 10, 86, (65, 25, 10)),
    Month(11, 5, 20, 74, (52, 31, 17)),
    Month(13, 5, 24, 68, (50, 32, 18)),
)


class FollowupDemo(models.AbstractModel):
    _inherit = "followup.demo"

    def _month(self, at):
        """Return how follow-up went in the month of a moment."""
        today = fields.Date.today()
        back = (today.year - at.year) * 12 + today.month - at.month
        return MONTHS[min(max(back, 0), len(MONTHS) - 1)]

    def _outcome(self, random, task):
        """Choose what became of a task whose day has passed."""
        age, month = fields.Datetime.now() - task.date_due, self._month(task.date_due)
        recent = 100 if age <= timedelta(days=12) else 0
        for outcome, percent in (
            ("open", 35 if age < timedelta(days=5) else min(OPEN, recent)),
            ("unreachable", month.unreachable),
            ("refused", month.refused),
            ("cancelled", CANCELLED),
        ):
            if self._is_one(random, task, (outcome, month), percent):
                return outcome
        return "done"

    def _is_one(self, random, task, key, percent):
        """Choose so many of the tasks of a step, evenly: few tell what many do."""
        tally, key = vars(random).setdefault("tally", {}), (task.step_id.id, key)
        before = tally.get(key, random.random())
        tally[key] = before + percent / 100
        return int(tally[key]) > int(before)

    def _call_day(self, random, task):
        """Return when a task is called: around its day, sometimes too late."""
        if random.random() * 100 < self._month(task.date_due).late:
            return task.date_deadline + timedelta(days=random.randint(1, 3))
        early = task.date_due - timedelta(days=random.randint(0, 2))
        return max(task.date_earliest, early)

    def _calls(self, random, task, outcome):
        """Return [(result, hour)] of the calls of a task."""
        month = self._month(task.date_due)
        is_evening = month in MONTHS[:3]
        hours = CALL_HOURS if is_evening else CALL_HOURS[:OFFICE_HOURS]
        hours = sorted(random.sample(hours, 3))
        if outcome == "unreachable":
            return [
                (random.choice(("no_answer", "off", "busy")), hour) for hour in hours
            ]
        if outcome == "refused":
            return [("refused", hours[0])]
        if outcome in ("open", "cancelled"):
            return [("no_answer", hours[0])] if random.random() < 0.4 else []
        missed = random.choices((0, 1, 2), month.missed)[0]
        reached = random.choices(("reached", "reached_relative"), (80, 20))[0]
        return [("no_answer", hour) for hour in hours[:missed]] + [
            (reached, hours[missed])
        ]

    def _moment(self, task, day, hour):
        """Return when a call began: after the stay, never at night."""
        calendar = self.env["followup.clock"]._for_company(task.company_id)
        first = calendar.local_date(day)
        at = calendar.to_utc(first, hour)
        home = (task.encounter_id.discharge_date or at) + timedelta(hours=3)
        if at >= home:
            return at
        if calendar.to_local(home).hour < LAST_HOUR:
            return home
        return calendar.to_utc(calendar.local_date(home) + timedelta(days=1), hour)
