# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""What recurs: complaints of one category about one department (S-7, C-22)."""

from odoo import api, fields, models
from odoo.tools import SQL

from .complaint_campaign import ACTIVITY

BATCH = 50


class ComplaintCampaign(models.Model):
    _inherit = "complaint.campaign"

    @api.model
    def _cron_find(self):
        """Propose campaigns in small batches; found by one statement.

        Killed in between, the next night proposes the rest: what is open is left
        out by the search, and a unique index forbids a second one.
        """
        cron = self.env["ir.cron"]
        found = self._find_recurring()
        cron._commit_progress(remaining=len(found))
        for start in range(0, len(found), BATCH):
            rows = found[start : start + BATCH]
            self._propose(rows)
            if not cron._commit_progress(len(rows)):
                break

    @api.model
    def _find_recurring(self):
        """Return [{company_id, category_id, department_id, case_ids, days}].

        Cases count that came after the last campaign for the same was begun or
        dismissed, within the span the hospital set. No row where one is open.
        """
        self.env.flush_all()
        return self.env.execute_query_dict(
            SQL(
                """
                WITH hit AS (
                    SELECT DISTINCT c.company_id, i.category_id,
                           COALESCE(i.department_id, c.department_id) AS department_id,
                           c.id AS case_id, c.received_at
                      FROM complaint_issue i
                      JOIN complaint_case c ON c.id = i.case_id
                      JOIN res_company h ON h.id = c.company_id
                     WHERE i.category_id IS NOT NULL
                       AND c.kind = 'complaint'
                       AND c.state NOT IN ('withdrawn', 'not_accepted')
                       AND h.complaint_recur_count > 0
                       AND c.received_at >= %(now)s
                           - make_interval(days => h.complaint_recur_days)
                )
                SELECT hit.company_id, hit.category_id, hit.department_id,
                       h.complaint_recur_days AS days,
                       array_agg(hit.case_id ORDER BY hit.case_id) AS case_ids
                  FROM hit
                  JOIN res_company h ON h.id = hit.company_id
                  LEFT JOIN LATERAL (
                      SELECT bool_or(p.state IN ('proposed', 'running')) AS is_open,
                             max(COALESCE(p.evaluated_at, p.dismissed_at)) AS ended_at
                        FROM complaint_campaign p
                       WHERE p.company_id = hit.company_id
                         AND p.category_id = hit.category_id
                         AND p.department_id = hit.department_id
                  ) last ON TRUE
                 WHERE hit.department_id IS NOT NULL
                   AND last.is_open IS NOT TRUE
                   AND (last.ended_at IS NULL OR hit.received_at > last.ended_at)
                 GROUP BY hit.company_id, hit.category_id, hit.department_id,
                          h.complaint_recur_days, h.complaint_recur_count
                HAVING count(*) >= h.complaint_recur_count
                 ORDER BY hit.company_id, hit.category_id, hit.department_id
                """,
                now=fields.Datetime.now(),
            )
        )

    @api.model
    def _propose(self, rows):
        """Create the campaigns and put each before one officer of the hospital."""
        now = fields.Datetime.now()
        campaigns = self._guarded().create(
            [
                {
                    "company_id": row["company_id"],
                    "category_id": row["category_id"],
                    "department_id": row["department_id"],
                    "case_ids": [(6, 0, row["case_ids"])],
                    "case_days": row["days"],
                    "proposed_at": now,
                }
                for row in rows
            ]
        )
        for campaign in campaigns:
            for user in campaign._get_officers():
                campaign.activity_schedule(ACTIVITY, user_id=user.id)
        return campaigns._unguarded()

    def _get_officers(self):
        # sudo: users of a group and their hospitals are hidden from most
        group = self.env.ref("patient_complaint.complaint_group_officer").sudo()
        return group.all_user_ids.filtered(
            lambda user: user.active and self.company_id in user.company_ids
        ).sudo(False)
