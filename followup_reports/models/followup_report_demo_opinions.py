# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""What patients of the demo hospital said in the months before."""

from datetime import timedelta

from odoo import models

from ..tools import periods

WORDS = {
    "opinion": ("出院结账排队时间长。", "夜间病房比较吵。", "检查预约等了两天。"),
    "suggestion": (
        "建议夜间也供应热水。",
        "建议出院前一天告知注意事项。",
        "建议增加自助缴费机。",
    ),
    "praise": ("护士耐心细致。", "医生讲解清楚。", "随访电话很贴心。"),
}
# the oldest month first: fewer complain, more praise
COUNTS = {
    "opinion": (9, 8, 7, 5),
    "suggestion": (6, 5, 6, 5),
    "praise": (5, 6, 7, 9),
}
TAKEN = (
    ("夜间供应热水", "总务科加装定时开水器"),
    ("出院前一天告知注意事项", "护理部统一出院指导单"),
)


class FollowupReportDemo(models.AbstractModel):
    _inherit = "followup.report.demo"

    def _say(self, months):
        """Record opinions of the months, closed long ago, and the list of them."""
        for place, first in enumerate(months):
            _first, last = periods.period_of("month", first)
            tasks = self._get_tasks(first, last)
            made = self.env["followup.concern"]
            for kind, counts in COUNTS.items():
                for number in range(counts[place] if tasks else 0):
                    task = tasks[(place + number) % len(tasks)]
                    made += self._raise(task, kind, number)
            self._suggest(made.filtered(lambda row: row.kind == "suggestion"))

    def _get_tasks(self, first, last):
        """Return calls of the head's ward completed in a month, else any of it."""
        head = self._user("head")
        domain = [
            ("state", "=", "done"),
            ("kind", "=", "plan"),
            ("department_id", "in", head.followup_department_ids.ids),
        ]
        tasks = self.env["followup.task"]
        month = [("completed_day", ">=", first), ("completed_day", "<=", last)]
        found = tasks.search(domain + month, limit=12, order="id")
        return found or tasks.search(domain, limit=12, order="id")

    def _raise(self, task, kind, number):
        words = WORDS[kind]
        concern = (
            self.env["followup.concern"]
            ._guarded()
            .create(
                {
                    "company_id": task.company_id.id,
                    "task_id": task.id,
                    "patient_id": task.patient_id.id,
                    "encounter_id": task.encounter_id.id,
                    "department_id": task.department_id.id,
                    "level": task.level,
                    "kind": kind,
                    "text": words[number % len(words)],
                }
            )
        )
        raised = task.completed_at
        # sudo: the demo tells of days that are over
        concern.sudo()._guarded().write(
            {
                "raised_by_id": task.completed_by_id.id,
                "raised_at": raised,
                "deadline": raised + timedelta(days=7),
                "answered_at": raised + timedelta(days=2 + 6 * (number % 4 == 3)),
                "answer": "已转科室改进。",
                "state": "closed",
            }
        )
        return concern._unguarded()

    def _suggest(self, concerns):
        rows = self._as("manager", "followup.report.suggestion")
        for concern, (wording, proposal) in zip(concerns, TAKEN, strict=False):
            rows.create(
                {
                    "concern_id": concern.id,
                    "wording": wording,
                    "proposal": proposal,
                }
            )
