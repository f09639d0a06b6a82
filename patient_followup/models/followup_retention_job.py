# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Carrying out what was approved: one patient, one transaction, several workers."""

from datetime import timedelta

from psycopg2.errors import SerializationFailure

from odoo import api, fields, models
from odoo.exceptions import LockError
from odoo.fields import Domain

WORKERS = 20  # more than ever run at once
BUSY = 50  # patients somebody works on, until the job comes again
PAUSE = timedelta(hours=1)


class FollowupRetentionRun(models.Model):
    _inherit = "followup.retention.run"

    @api.model
    def _cron_propose(self):
        """Refresh the lists of all policies, so that a notice is never missed.

        The list of a hospital is made once; who made it is no second person.
        """
        for company in self.env["res.company"].search(Domain.TRUE):
            policies = self.env["followup.retention.policy"].search(
                [("company_id", "in", (False, company.id))]
            )
            for policy in policies:
                cut_off = policy._get_cut_off(company)
                if self._is_any_due(policy, company, cut_off):
                    self._propose_once(policy, company)
                self.env["ir.cron"]._commit_progress(1)

    @api.model
    def _is_any_due(self, policy, company, cut_off):
        """Tell whether a list would hold anybody; addons add what they list."""
        return bool(policy._find_due(company, cut_off, policy.encounter_class))

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
        self._do_alone(self._start_due)
        cron._commit_progress(0)
        busy = 0
        for model in self._get_line_models():
            found = self._run_lines(model)
            if found is None:
                return  # the time of the job is over; it is called again
            busy += found
        self._do_alone(self._finish_done)
        if busy:
            self._call_again()
        cron._commit_progress(0)

    @api.model
    def _get_line_models(self):
        """Return the models of what a list holds; addons add theirs."""
        return ["followup.retention.line"]

    @api.model
    def _run_lines(self, model):
        """Carry out one kind of line; return how many were busy, None if stopped."""
        last, busy = 0, 0
        while busy < BUSY:
            line = self._do_alone(lambda after=last: self._take_next(after, model))
            if line is None:
                busy += 1
                continue
            if not line:
                break
            last = line.id
            if self._do_alone(line._carry_out) is None:
                # somebody works on him: the others first, he comes next time
                busy += 1
            elif not self.env["ir.cron"]._commit_progress(1):
                return None
        return busy

    @api.model
    def _do_alone(self, step):
        """Return what the step gives, None where another worker was faster."""
        try:
            result = step()
            self.env.flush_all()
        except (SerializationFailure, LockError):
            # nothing of ours is lost: each step begins after a commit
            self.env.cr.rollback()
            return None
        return result if result is not None else True

    @api.model
    def _start_due(self):
        for run in self.search([("state", "=", "approved")])._guarded():
            if run.not_before <= self.env["followup.clock"]._today(run.company_id):
                run.write({"state": "running"})

    @api.model
    def _take_next(self, last, model="followup.retention.line"):
        """Lock and return the next line that no other worker holds."""
        lines = self.env[model].search(
            [
                ("run_id.state", "=", "running"),
                ("state", "=", "listed"),
                ("id", ">", last),
            ],
            order="id",
            limit=WORKERS,
        )
        return lines.try_lock_for_update(limit=1)

    @api.model
    def _call_again(self):
        cron = self.env.ref("patient_followup.followup_retention_cron_run")
        cron._trigger(fields.Datetime.now() + PAUSE)

    @api.model
    def _finish_done(self):
        for run in self.search([("state", "=", "running")])._guarded():
            if run._is_carried_out():
                run.write({"state": "done", "finished_at": fields.Datetime.now()})

    def _is_carried_out(self):
        return not self.line_ids.filtered(lambda line: line.state == "listed")
