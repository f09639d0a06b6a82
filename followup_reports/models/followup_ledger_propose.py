# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""What the engine proposes for the ledger of a month (W-1 ... W-3)."""

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.tools import SQL

from ..report.figure_mixin import COUNTED_KINDS, EFFECTIVE
from ..tools import bands, periods

PROPOSERS = (
    "patient_followup.followup_group_centre_manager,"
    "patient_followup.followup_group_inspector"
)
FALSE_VERDICTS = ("contradicted", "no_call")


class FollowupLedger(models.Model):
    _inherit = "followup.ledger"

    @api.model
    def _propose_month(self, day):
        """Propose the rewards and deductions of a month; nothing twice.

        Proposals nobody decided yet are brought up to date, decided ones stay.

        :param date day: any day of the month
        :return: the entries of the month
        """
        if not (self.env.su or self.env.user.has_groups(PROPOSERS)):
            raise AccessError(self.env._("Your role does not propose rewards."))
        company = self.env.company
        first, last = periods.period_of("month", day)
        if last >= self.env["followup.clock"]._today(company):
            raise UserError(self.env._("The month is not over."))
        self.env.flush_all()
        rewards = self._find_rewards(company, first, last)
        verdicts = self._find_verdicts(company, first, last)
        entries = [
            *self._draft_rewards(company, rewards),
            *self._draft_penalties(company, verdicts),
            *self._draft_withheld(company, verdicts, rewards),
        ]
        common = {
            "company_id": company.id,
            "date_from": first,
            "period": periods.period_name("month", first),
            "proposed_by_ids": [(4, self.env.uid)],
        }
        # sudo: the role was checked; entries are written by this method only
        rows = self.sudo()._guarded()
        rows._keep([{**common, **vals} for vals in entries])
        return self.search([("company_id", "=", company.id), ("date_from", "=", first)])

    def _keep(self, entries):
        """Create what is new, refresh what nobody decided yet."""
        if not entries:
            return
        known = {
            (row.kind, row.department_id.id, row.user_id.id): row
            for row in self.search(
                [
                    ("company_id", "=", entries[0]["company_id"]),
                    ("date_from", "=", entries[0]["date_from"]),
                ]
            )
        }
        missing = []
        for vals in entries:
            key = (vals["kind"], vals["department_id"], vals.get("user_id") or False)
            row = known.get(key)
            if not row:
                missing.append(vals)
            elif row.state == "proposed":
                row.write(vals)
        self.create(missing)

    # ------------------------------------------------------------
    # FACTS
    # ------------------------------------------------------------

    @api.model
    def _find_rewards(self, company, first, last):
        """Return [(department, user, level, count)] of effective follow-ups."""
        return self.env.execute_query(
            SQL(
                """
                SELECT row.department_id, row.completed_by_id, row.level, count(*)
                  FROM followup_task row
                 WHERE row.company_id = %(company)s AND row.kind IN %(kinds)s
                   AND row.completed_day BETWEEN %(first)s AND %(last)s
                   AND row.department_id IS NOT NULL
                   AND row.completed_by_id IS NOT NULL AND %(effective)s
              GROUP BY row.department_id, row.completed_by_id, row.level
              ORDER BY row.department_id, row.completed_by_id, row.level
                """,
                company=company.id,
                kinds=COUNTED_KINDS,
                first=first,
                last=last,
                effective=EFFECTIVE,
            )
        )

    @api.model
    def _find_verdicts(self, company, first, last):
        """Return {department id: final lines drawn in the month} (W-3).

        A line counts when the time to appeal is over or the appeal was decided, or
        when no call stood on record at all. What cannot be confirmed counts not.
        """
        clock = self.env["followup.clock"]._for_company(company)
        # sudo: whoever proposes reads samples; inspectors of one hospital do, too
        lines = self.env["followup.sample.line"].sudo()
        now = fields.Datetime.now()
        found = lines.search(
            [
                ("company_id", "=", company.id),
                ("sample_id.drawn_at", ">=", clock.to_utc(first)),
                ("sample_id.drawn_at", "<", clock.to_utc(last + periods.DAY)),
                ("sample_id.state", "in", ("drawn", "closed")),
                ("state", "in", ("judged", "decided", "missed")),
                ("verdict", "!=", "cannot_confirm"),
                ("department_id", "!=", False),
            ]
        )
        final = found.filtered(
            lambda line: (
                line.state != "judged" or (line.final_at and line.final_at <= now)
            )
        )
        return {
            department.id: rows
            for department, rows in final.grouped("department_id").items()
        }

    @staticmethod
    def _not_followed(lines):
        return lines.filtered(
            lambda line: line.state == "missed" or line.verdict in FALSE_VERDICTS
        )

    # ------------------------------------------------------------
    # DRAFTS
    # ------------------------------------------------------------

    @api.model
    def _draft_rewards(self, company, rewards):
        rules = self.env["followup.reward.rule"]._find(company)
        sums = {}
        for department_id, user_id, level, count in rewards:
            rule = rules.get(level)
            if not rule:
                continue
            vals = sums.setdefault(
                (department_id, user_id),
                {
                    "kind": "reward",
                    "department_id": department_id,
                    "user_id": user_id,
                    "count": 0,
                    "amount": 0.0,
                    "currency_id": rule.currency_id.id,
                },
            )
            vals["count"] += count
            vals["amount"] += count * rule.amount
        return list(sums.values())

    @api.model
    def _draft_penalties(self, company, verdicts):
        known = self.env["followup.penalty.band"]._find(company)
        for department_id, lines in verdicts.items():
            missed = self._not_followed(lines)
            share = 100.0 * len(missed) / len(lines)
            band = bands.find(known, share)
            if band:
                yield {
                    "kind": "penalty",
                    "department_id": department_id,
                    "count": len(missed),
                    "base": len(lines),
                    "share": share,
                    "amount": -band.key.amount,
                    "currency_id": band.key.currency_id.id,
                    "band_id": band.key.id,
                    "evidence_ids": [(6, 0, missed.ids)],
                }

    @api.model
    def _draft_withheld(self, company, verdicts, rewards):
        """Propose to withhold the subsidy where a call was proved false (W-2)."""
        drafts = self._draft_rewards(company, rewards)
        for department_id, lines in verdicts.items():
            false = lines.filtered(lambda line: line.verdict in FALSE_VERDICTS)
            mine = [row for row in drafts if row["department_id"] == department_id]
            if false and mine:
                yield {
                    "kind": "withheld",
                    "department_id": department_id,
                    "count": len(false),
                    "base": len(lines),
                    "amount": -sum(row["amount"] for row in mine),
                    "currency_id": mine[0]["currency_id"],
                    "evidence_ids": [(6, 0, false.ids)],
                }
