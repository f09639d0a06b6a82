# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from datetime import timedelta

from odoo import api, fields, models
from odoo.fields import Domain

OPEN = ("planned", "ready", "in_progress", "waiting")


class FollowupReportWallboard(models.AbstractModel):
    """What the wallboard of the centre shows: numbers of the reader's own rows.

    Access: whoever reads tasks sees how many; no row and no name.
    """

    _name = "followup.report.wallboard"
    _description = "Wallboard"

    @api.model
    def _get_tiles(self):
        """Return [(label, number, mark)]: seven counts, one query each."""
        company = self.env.company
        clock = self.env["followup.clock"]._for_company(company)
        now = fields.Datetime.now()
        today = clock.local_date(now)
        midnight = clock.to_utc(today)
        soon = now + timedelta(hours=1)
        is_open = Domain("state", "in", OPEN)
        return [
            self._tile(
                self.env._("Due today"), is_open & Domain("due_day", "=", today)
            ),
            # what was completed today was closed today: an index finds that
            self._tile(
                self.env._("Done today"),
                Domain("completed_day", "=", today)
                & Domain("state", "=", "done")
                & Domain("closed_at", ">=", midnight),
            ),
            self._tile(
                self.env._("Overdue"), is_open & Domain("date_due", "<", now), "bad"
            ),
            self._tile(
                self.env._("Promised within the hour"),
                is_open & Domain("callback_at", "<=", soon),
            ),
            self._attempts(self.env._("Calls today"), midnight),
            self._concerns(
                self.env._("Open red flags"), Domain("kind", "=", "red_flag")
            ),
            self._concerns(self.env._("Answers overdue"), Domain("deadline", "<", now)),
        ]

    def _tile(self, label, domain, mark=""):
        domain &= Domain("company_id", "=", self.env.company.id)
        domain &= Domain("kind", "!=", "verification")
        count = self.env["followup.task"].search_count(domain)
        return label, count, mark if count else ""

    def _attempts(self, label, since):
        domain = Domain("company_id", "=", self.env.company.id)
        domain &= Domain("started_at", ">=", since) & Domain("direction", "=", "out")
        # as the reports count them: no verification calls
        domain &= Domain("task_id.kind", "!=", "verification")
        return label, self.env["followup.attempt"].search_count(domain), ""

    def _concerns(self, label, domain):
        domain &= Domain("company_id", "=", self.env.company.id)
        domain &= Domain("state", "in", ("new", "assigned"))
        count = self.env["followup.concern"].search_count(domain)
        return label, count, "bad" if count else ""
