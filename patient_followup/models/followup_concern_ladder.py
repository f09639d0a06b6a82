# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""What follows when nobody acts: a ladder in time (X-2, X-5).

`escalate_at` is the moment of the next rung. A cron climbs in small batches,
each rung with its notices in one transaction; lateness itself needs no cron.
"""

from odoo import api, fields, models
from odoo.fields import Domain

BATCH = 20


class FollowupConcern(models.Model):
    _inherit = "followup.concern"

    escalate_at = fields.Datetime(string="Next Escalation", readonly=True, copy=False)
    notice_ids = fields.One2many(
        "followup.concern.notice", "concern_id", string="Told", readonly=True
    )
    escalation_count = fields.Integer(
        string="Escalations", compute="_compute_escalation_count"
    )

    _escalate_idx = models.Index("(escalate_at) WHERE escalate_at IS NOT NULL")

    @api.depends("notice_ids")
    def _compute_escalation_count(self):
        for concern in self:
            steps = concern.notice_ids.filtered(lambda row: row.kind == "escalation")
            concern.escalation_count = len(steps.step_id)

    # ------------------------------------------------------------
    # LADDER
    # ------------------------------------------------------------

    def _get_rungs(self):
        """Return [(moment, step)] still to come, the next one first."""
        self.ensure_one()
        # sudo: policies of the hospital, whichever is chosen just now
        concern = self.sudo()
        taken = concern.notice_ids.step_id
        rungs = [
            (moment, step)
            for step in concern.policy_id.step_ids - taken
            if (moment := step._get_moment(concern))
        ]
        return sorted(rungs, key=lambda rung: (rung[0], rung[1].sequence, rung[1].id))

    def _refresh_ladder(self):
        """Set the moment of the next rung, as something was done or promised."""
        for concern in self:
            rungs = concern._get_rungs()
            moment = rungs[0][0] if rungs else False
            if concern.escalate_at != moment:
                # sudo: engine write, the caller of this method was checked
                concern.sudo()._guarded().escalate_at = moment

    def _escalate(self):
        """Take every rung whose time has come, then wait for the next."""
        now = fields.Datetime.now()
        for concern in self:
            due = [step for moment, step in concern._get_rungs() if moment <= now]
            for step in due:
                concern._take_rung(step)
            concern._refresh_ladder()

    def _take_rung(self, step):
        """Tell whom the step names; nobody there is written down as well (I-7)."""
        named = step._get_users(self)
        deputies = self.env["followup.delegation"]._deputies(named)
        users = self._readers(named.union(*deputies.values()))
        self._note("escalation", users, step=step)
        # sudo: only methods of this model say whom it was brought to
        self.sudo()._guarded().alerted_user_ids |= users
        for user in users:
            self._alert_user(user)

    def _note(self, kind, users, **vals):
        """Keep who was told; a row without anybody says that nobody was there."""
        step = vals.pop("step", None)
        rows = [
            {
                "concern_id": self.id,
                "kind": kind,
                "step_id": step.id if step else False,
                "user_id": user_id,
                **vals,
            }
            for user_id in users.ids or [False]
        ]
        # sudo: nobody creates notices by hand
        return self.env["followup.concern.notice"].sudo()._guarded().create(rows)

    def _readers(self, users):
        """Keep who can open it: callers of the hospital, inspectors."""
        inspectors = self.env["followup.concern.policy.step"]._get_inspector_users(self)
        return self._able(users) | (users & inspectors)

    # ------------------------------------------------------------
    # CRON
    # ------------------------------------------------------------

    @api.model
    def _escalation_domain(self):
        return Domain("escalate_at", "<=", fields.Datetime.now()) & Domain(
            "state", "!=", "closed"
        )

    @api.model
    def _cron_escalate(self):
        """Climb what is due; workers share it, a killed one loses nothing."""
        domain = self._escalation_domain()
        cron = self.env["ir.cron"]
        cron._commit_progress(remaining=self.search_count(domain))
        while concerns := self._lock_due(domain):
            concerns._escalate()
            if not cron._commit_progress(len(concerns)):
                break

    @api.model
    def _lock_due(self, domain):
        """Return some due concerns that no other worker has just now."""
        due = self.search(domain, order="escalate_at, id", limit=BATCH * 5)
        return due.try_lock_for_update(allow_referencing=True, limit=BATCH)
