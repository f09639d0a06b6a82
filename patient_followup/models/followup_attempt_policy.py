# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import ValidationError
from odoo.tools import ormcache

from ..tools.attempts import Band, Rules, make_rules

RULE_FIELDS = {
    "band_ids",
    "max_attempts",
    "distinct_bands",
    "min_gap_minutes",
    "quiet_from",
    "quiet_to",
    "max_contacts_per_day",
    "max_days",
    "after_day",
    "active",
}


class FollowupAttemptPolicy(models.Model):
    """How often and when a patient who does not answer is tried again (P-2).

    Access: every role reads, centre managers and administrators edit.
    """

    _name = "followup.attempt.policy"
    _description = "Attempt Policy"
    _inherit = ["followup.shared.mixin"]
    _order = "sequence, id"

    name = fields.Char(required=True, translate=True)
    sequence = fields.Integer(default=10)
    active = fields.Boolean(default=True)
    company_id = fields.Many2one(
        "res.company", index=True, help="Empty: every hospital."
    )
    # the day
    band_ids = fields.Many2many(
        "followup.time.band",
        string="Time Bands",
        help="Parts of the day in which patients are called.",
    )
    max_attempts = fields.Integer(
        string="Calls a Day",
        default=3,
        required=True,
        help="Unanswered calls that complete a day.",
    )
    distinct_bands = fields.Boolean(
        string="Different Bands",
        default=True,
        help="The calls of a day count only in different time bands.",
    )
    min_gap_minutes = fields.Integer(
        string="Minutes Between Calls",
        default=60,
        help="A call made sooner after the one before does not count.",
    )
    # the patient's peace
    quiet_from = fields.Float(default=20.0, help="No calls from this hour on.")
    quiet_to = fields.Float(
        string="Quiet Until", default=8.0, help="Calls are allowed from this hour on."
    )
    max_contacts_per_day = fields.Integer(
        string="Contacts a Day",
        default=6,
        help="Calls to one patient in a day, over all his plans; 0 means no limit.",
    )
    # after the day
    after_day = fields.Selection(
        [
            ("next_day", "Call again on the next working day"),
            ("contact", "Call another contact"),
            ("message", "Send a message or web link"),
            ("letter", "Send a letter"),
            ("unreachable", "Stop: not reachable"),
        ],
        string="After a Completed Day",
        default="next_day",
        required=True,
        help="Unless it is stopped, a task stays open until its latest date and is"
        " offered again on the next working day. A message or letter is queued by"
        " itself, once for each call, where the hospital sends any; other contacts"
        " are chosen by the caller.",
    )
    max_days = fields.Integer(
        string="Stop After (Days)",
        help="Completed days after which to stop; 0: the latest date.",
    )

    _numbers_sensible = models.Constraint(
        "CHECK (max_attempts > 0 AND min_gap_minutes >= 0"
        " AND max_contacts_per_day >= 0 AND max_days >= 0)",
        "At least one call a day is needed, and no number may be negative.",
    )
    _quiet_hours_in_day = models.Constraint(
        "CHECK (quiet_from >= 0 AND quiet_from <= 24"
        " AND quiet_to >= 0 AND quiet_to <= 24)",
        "Quiet hours lie between 0 and 24.",
    )

    # ------------------------------------------------------------
    # CONSTRAINS
    # ------------------------------------------------------------

    @api.constrains("band_ids", "max_attempts", "distinct_bands")
    def _check_bands(self):
        for policy in self:
            bands = policy.band_ids.sorted("hour_from")
            for before, after in zip(bands, bands[1:], strict=False):
                if after.hour_from < before.hour_to:
                    raise ValidationError(
                        self.env._(
                            "The time bands %(first)s and %(second)s overlap.",
                            first=before.name,
                            second=after.name,
                        )
                    )
            if policy.distinct_bands and 0 < len(bands) < policy.max_attempts:
                raise ValidationError(
                    self.env._(
                        "%(count)s calls in different time bands need as many bands.",
                        count=policy.max_attempts,
                    )
                )

    @api.constrains("band_ids", "quiet_from", "quiet_to")
    def _check_openings(self):
        for policy in self:
            if not policy._build_rules().openings:
                raise ValidationError(
                    self.env._("The quiet hours leave no time for any call.")
                )

    # ------------------------------------------------------------
    # CRUD
    # ------------------------------------------------------------

    @api.model_create_multi
    def create(self, vals_list):
        policies = super().create(vals_list)
        self.env.registry.clear_cache()
        return policies

    def write(self, vals):
        result = super().write(vals)
        if not RULE_FIELDS.isdisjoint(vals):
            self._on_rules_changed()
        return result

    def unlink(self):
        result = super().unlink()
        self.env.registry.clear_cache()
        return result

    # ------------------------------------------------------------
    # BUSINESS
    # ------------------------------------------------------------

    @api.model
    def _rules_for(self, company, policy_id=False):
        """Return the rules of a task: its policy, the hospital's, or the first."""
        if not policy_id:
            settings = company._followup_call_settings(company.id)
            policy_id = settings.policy_id or self._get_first_id(company.id)
        return self._get_rules(policy_id) if policy_id else Rules()

    @ormcache("company_id")
    def _get_first_id(self, company_id):
        # sudo: the policy of the task's company, whichever is chosen just now
        domain = [("company_id", "in", (company_id, False))]
        return self.sudo().search(domain, limit=1).id

    @ormcache("policy_id")
    def _get_rules(self, policy_id):
        """Return the policy as plain values, remembered until it changes."""
        # sudo: only hours and counts leave this method
        return self.sudo().browse(policy_id)._build_rules()

    def _build_rules(self):
        self.ensure_one()
        return make_rules(
            [Band(band.id, band.hour_from, band.hour_to) for band in self.band_ids],
            self.quiet_from,
            self.quiet_to,
            max_attempts=self.max_attempts,
            distinct=self.distinct_bands,
            gap=timedelta(minutes=self.min_gap_minutes),
            daily_limit=self.max_contacts_per_day,
            max_days=self.max_days,
            after_day=self.after_day,
        )

    @api.model
    def _find_using(self, bands):
        domain = [("band_ids", "in", bands.ids)]
        return self.with_context(active_test=False).search(domain)

    def _on_rules_changed(self, bands=None):
        """Forget the rules in every worker and move the next calls (D-10)."""
        self.env.registry.clear_cache()
        policies = self._find_using(bands) if bands else self
        policies._refresh_tasks()

    def _refresh_tasks(self):
        if not self:
            return
        # sudo: the policy counts for tasks its editor may not see
        task_sudo = self.env["followup.task"].sudo()
        task_sudo.search(task_sudo._policy_domain(self))._refresh_next_at()

    @ormcache("company_id")
    def _list_ids(self, company_id):
        """Return the policies tasks of a hospital may carry, archived ones too."""
        domain = [("company_id", "in", (company_id, False))]
        # sudo: ids only
        return tuple(self.sudo().with_context(active_test=False).search(domain).ids)
