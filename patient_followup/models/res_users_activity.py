# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import api, fields, models, modules
from odoo.fields import Domain

from .followup_task import OPEN_STATES


class ResUsers(models.Model):
    _inherit = "res.users"

    @api.model
    def _get_activity_groups(self):
        """Show routine calls beside the activities, as meetings are (D-15)."""
        groups = super()._get_activity_groups()
        if self.env["followup.task"].has_access("read"):
            counts = self._get_followup_call_counts()
            if any(counts.values()):
                groups.insert(0, self._prepare_followup_activity_group(counts))
        return groups

    @api.model
    def _get_followup_call_counts(self):
        """Return {overdue, today, planned: calls} of the user in one query."""
        today = fields.Date.context_today(self)
        counts = {"overdue": 0, "today": 0, "planned": 0}
        days = self.env["followup.task"]._read_group(
            Domain("state", "in", OPEN_STATES)
            & Domain("is_mine", "=", True)
            & Domain("due_day", "!=", False),
            ["due_day:day"],
            ["__count"],
        )
        for day, count in days:
            counts[_due_word(day, today)] += count
        return counts

    def _prepare_followup_activity_group(self, counts):
        Task = self.env["followup.task"]
        return {
            "id": self.env["ir.model"]._get_id(Task._name),
            "name": self.env._("Follow-up Calls"),
            "model": Task._name,
            "type": "activity",
            "icon": modules.module.get_module_icon(Task._original_module),
            "domain": [("state", "in", list(OPEN_STATES))],
            "total_count": counts["overdue"] + counts["today"],
            "overdue_count": counts["overdue"],
            "today_count": counts["today"],
            "planned_count": counts["planned"],
            "view_type": "kanban",
        }


def _due_word(day, today):
    if day < today:
        return "overdue"
    return "today" if day == today else "planned"
