# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Samples, scores and monthly checks of the demo hospital."""

from datetime import timedelta

from odoo import api, fields, models

from ..tools.periods import period_of

# what the verification of last month's sample found, in turn
FOUND = (
    "confirmed",
    "no_call",
    "confirmed",
    "confirmed",
    "cannot_confirm",
    "confirmed",
    "confirmed",
    "confirmed",
    "contradicted",
    "confirmed",
)
SCORED = 6
CHECKED = 3


class FollowupDemo(models.AbstractModel):
    _inherit = "followup.demo"

    @api.model
    def _fill(self, random):
        result = super()._fill(random)
        company = self._ref("company_main")
        house = self.with_company(company)
        # the demo's callers have a handful of notes; only the rest is unusual
        company.followup_signal_texts = 25
        house._open_gates(company)
        house._demo_samples(company)
        house._demo_scores(random, company)
        house._demo_checks(company)
        return result

    def _open_gates(self, company):
        """The history closed level 1 without the buttons that open level 2."""
        tasks = self.env["followup.task"]
        two = tasks.search(
            [("company_id", "=", company.id), ("level_gate_at", "!=", False)]
        )
        tasks._regate(two.encounter_id.ids, two.plan_id.ids)

    def _demo_samples(self, company):
        """Last month's 10 % with verdicts, and this month's being called."""
        campaign = self.env.ref("patient_followup.followup_sample_campaign_register")
        today = self.env["followup.clock"]._today(company)
        this_month = period_of(today, "month")[0]
        verifiers = self._ref("user_inspector") + self._ref("user_manager")
        # sudo: a preset of all hospitals, changed for the demo
        campaign.sudo().verifier_ids = [(6, 0, verifiers.ids)]
        for month in (
            period_of(this_month - timedelta(days=1), "month")[0],
            this_month,
        ):
            checked = period_of(month - timedelta(days=1), "month")
            window = campaign._get_window(month + timedelta(days=30))
            vals = campaign._prepare_sample(company, window, today)
            sample = (
                self.env["followup.sample"]
                ._guarded()
                .create(
                    {
                        **vals,
                        "period_start": month,
                        "date_from": checked[0],
                        "date_to": checked[1],
                        "verifier_ids": [
                            (6, 0, verifiers.ids if month == this_month else [])
                        ],
                    }
                )
            )
            sample = sample._unguarded()
            sample.with_user(self._ref("user_inspector"))._draw()
            if month != this_month:
                self._judge_sample(sample, month)

    def _judge_sample(self, sample, month):
        """Write verdicts as they stood after the window of that month."""
        inspector = self._ref("user_inspector")
        at = fields.Datetime.to_datetime(month) + timedelta(days=26, hours=2)
        lines = sample.line_ids.filtered(lambda line: line.state == "open")
        for index, line in enumerate(lines):
            line._guarded().write(
                {
                    "state": "judged",
                    "verifier_id": inspector.id,
                    "verdict": FOUND[index % len(FOUND)],
                    "verdict_by_id": inspector.id,
                    "verdict_at": at,
                    "final_at": at + timedelta(days=5),
                }
            )
        sample._guarded().write({"state": "closed", "drawn_at": at})

    def _demo_scores(self, random, company):
        """Some calls of the last weeks, scored by the inspector."""
        calls = self.env["followup.task"].search(
            [("company_id", "=", company.id), ("state", "=", "done")],
            order="completed_at desc, id desc",
            limit=SCORED,
        )
        scores = self.env["followup.call.score"].with_user(self._ref("user_inspector"))
        for call in calls:
            score = scores.create({"task_id": call.id})
            for line in score.line_ids:
                line.mark = random.choice(("3", "4", "4", "5", "5"))
            score.action_done()

    def _demo_checks(self, company):
        """Last month's checks: some written up, the others waiting."""
        today = self.env["followup.clock"]._today(company)
        first = period_of(today, "month")[0] - timedelta(days=1)
        checks = self.env["followup.monthly.check"]._prepare(company, first)
        office = checks.filtered(lambda check: check.kind == "medical")[:CHECKED]
        office = office.with_user(self._ref("user_inspector"))
        for check in office:
            check.write(
                {"findings": self.env._("Registers complete"), "checked_count": 10}
            )
        office.action_done()
