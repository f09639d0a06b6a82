# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Carrying out what was approved: one patient, one transaction, several workers."""

from psycopg2.errors import SerializationFailure

from odoo import api, fields, models
from odoo.exceptions import LockError
from odoo.tools import mute_logger

TRIES = 5


class FollowupRetentionRun(models.Model):
    _inherit = "followup.retention.run"

    @api.model
    def _cron_propose(self):
        """Refresh the lists of all policies, so that a notice is never missed.

        The list of a hospital is made once; who made it is no second person.
        """
        for company in self.env["res.company"].search([]):
            policies = self.env["followup.retention.policy"].search(
                [("company_id", "in", (False, company.id))]
            )
            for policy in policies:
                cut_off = policy._get_cut_off(company)
                if policy._find_due(company, cut_off, policy.encounter_class):
                    self._propose_once(policy, company)
                self.env["ir.cron"]._commit_progress(1)

    def _propose_once(self, policy, company):
        """Leave a list that waits for its approval as people have read it."""
        known = self.search_count(
            [
                ("policy_id", "=", policy.id),
                ("company_id", "=", company.id),
                ("state", "in", ("proposed", "approved", "running")),
            ],
            limit=1,
        )
        if not known:
            self._propose(policy, company)

    @api.model
    def _cron_run(self):
        """Anonymise what is approved and due, one commit for each patient.

        Killed at any point, at most one patient is undone whole. Workers take
        different patients; who is late at one takes the next.
        """
        cron = self.env["ir.cron"]
        self._start_due()
        cron._commit_progress(0)
        failures = 0
        while failures < TRIES:
            try:
                if not self._carry_out_next():
                    break
                self.env.flush_all()
            except (SerializationFailure, LockError):
                # another worker has it; nothing of ours is lost
                self.env.cr.rollback()
                failures += 1
                continue
            failures = 0
            if not cron._commit_progress(1):
                return
        self._finish_done()
        cron._commit_progress(0)

    @api.model
    def _start_due(self):
        for run in self.search([("state", "=", "approved")])._guarded():
            if run.not_before <= self.env["followup.clock"]._today(run.company_id):
                run.write({"state": "running"})

    @api.model
    @mute_logger("odoo.sql_db")
    def _carry_out_next(self):
        """Take one line nobody holds; return whether there was any."""
        lines = self.env["followup.retention.line"].search(
            [("run_id.state", "=", "running"), ("state", "=", "listed")], limit=20
        )
        line = lines.try_lock_for_update(limit=1)
        line._carry_out()
        return bool(line)

    @api.model
    def _finish_done(self):
        for run in self.search([("state", "=", "running")])._guarded():
            if run.line_ids.filtered(lambda line: line.state == "listed"):
                continue
            run.write({"state": "done", "finished_at": fields.Datetime.now()})
