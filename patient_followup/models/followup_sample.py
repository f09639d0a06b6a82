# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
import base64
import zlib

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError

from ..tools import sampling
from ..tools.checked import checked
from .followup_sample_campaign import DRAWERS, POPULATIONS, PURPOSES, STRATA

# after the draw nothing of this changes any more
SETTINGS = {
    "company_id",
    "campaign_id",
    "purpose",
    "population",
    "stratum",
    "percent",
    "count",
    "reserve_percent",
    "only_recorded",
    "appeal_days",
    "date_from",
    "date_to",
    "period_start",
}


class FollowupSample(models.Model):
    """Calls or stays drawn by lot to be verified (V-3, V-6, V-10).

    The seed and the fingerprint of the population stay with it, so anybody can
    draw the same list again; a draw is never repeated and never deleted.

    Access: inspectors and centre managers draw and read; wards see their lines
    once there is a verdict, never who is still to be called.
    """

    _name = "followup.sample"
    _description = "Verification Sample"
    _inherit = ["followup.guarded.mixin"]
    _order = "drawn_at desc, id desc"
    _check_company_auto = True

    # also what makes it the sample of a campaign: its draw counts as done then
    _guarded_fields = frozenset(
        {
            "campaign_id",
            "period_start",
            "state",
            "seed",
            "population_hash",
            "population_data",
            "population_count",
            "drawn_at",
            "drawn_by_id",
            "line_ids",
            "cancel_reason",
        }
    )

    name = fields.Char(required=True)
    company_id = fields.Many2one(
        "res.company", required=True, index=True, default=lambda self: self.env.company
    )
    campaign_id = fields.Many2one(
        "followup.sample.campaign",
        index="btree_not_null",
        readonly=True,
        copy=False,
        ondelete="restrict",
    )
    purpose = fields.Selection(PURPOSES, required=True, default="check")
    population = fields.Selection(
        POPULATIONS, string="Drawn from", required=True, default="due"
    )
    stratum = fields.Selection(
        STRATA, string="Drawn per", required=True, default="department"
    )
    date_from = fields.Date(string="From", required=True)
    date_to = fields.Date(string="To", required=True)
    period_start = fields.Date(
        readonly=True, copy=False, help="First day of the campaign's period."
    )
    call_until = fields.Date(required=True)
    percent = fields.Float(string="Share (%)", default=10)
    count = fields.Integer(
        string="At Least Drawn",
        help="At least so many of each department or clinic room.",
    )
    reserve_percent = fields.Float(string="Reserve (%)", default=50)
    only_recorded = fields.Boolean(
        string="Call Only Recorded Calls",
        help="Whoever has no completed call on record counts as not followed up and"
        " is not called.",
    )
    appeal_days = fields.Integer(string="Working Days to Appeal", default=3)
    survey_id = fields.Many2one("survey.survey", string="Questionnaire")
    verifier_ids = fields.Many2many(
        "res.users", string="Verifiers", help="They share the calls; never their own."
    )
    state = fields.Selection(
        [
            ("draft", "Draft"),
            ("drawn", "Drawn"),
            ("closed", "Closed"),
            ("cancelled", "Cancelled"),
        ],
        default="draft",
        required=True,
        index=True,
    )
    seed = fields.Char(readonly=True, copy=False)
    population_hash = fields.Char(
        string="Population Fingerprint", readonly=True, copy=False
    )
    population_data = fields.Binary(
        attachment=False, readonly=True, copy=False, export_string_translation=False
    )
    population_count = fields.Integer(string="Population", readonly=True, copy=False)
    drawn_at = fields.Datetime(readonly=True, copy=False)
    drawn_by_id = fields.Many2one(
        "res.users", readonly=True, copy=False, ondelete="restrict"
    )
    cancel_reason = fields.Char(readonly=True, copy=False)
    line_ids = fields.One2many("followup.sample.line", "sample_id")
    # figures
    line_count = fields.Integer(string="Drawn", compute="_compute_figures")
    open_count = fields.Integer(string="To Verify", compute="_compute_figures")
    confirmed_count = fields.Integer(string="Confirmed", compute="_compute_figures")
    unconfirmed_count = fields.Integer(
        string="Cannot Confirm", compute="_compute_figures"
    )
    contradicted_count = fields.Integer(
        string="Contradicted", compute="_compute_figures"
    )
    no_call_count = fields.Integer(string="No Call", compute="_compute_figures")
    missed_count = fields.Integer(
        string="No Call on Record", compute="_compute_figures"
    )
    truth_rate = fields.Float(
        string="Truth Rate (%)",
        compute="_compute_figures",
        help="Confirmed of confirmed, contradicted and no call.",
    )
    missed_rate = fields.Float(
        string="Not Followed Up (%)",
        compute="_compute_figures",
        help="Without a genuine completed follow-up, of those judged or without a"
        " call on record.",
    )

    _campaign_uniq = models.UniqueIndex(
        "(campaign_id, company_id, period_start)"
        " WHERE campaign_id IS NOT NULL AND state <> 'cancelled'",
        "The sample of this period exists already.",
    )
    _dates_in_order = models.Constraint(
        "CHECK (date_to >= date_from)", "The period ends after it begins."
    )
    _share_possible = models.Constraint(
        "CHECK (percent >= 0 AND percent <= 100 AND reserve_percent >= 0"
        " AND count >= 0 AND (percent > 0 OR count > 0))",
        "Give a share up to 100 percent, or a number.",
    )

    # ------------------------------------------------------------
    # COMPUTE
    # ------------------------------------------------------------

    @api.depends("line_ids.state", "line_ids.verdict")
    def _compute_figures(self):
        tally = {}
        groups = self.env["followup.sample.line"]._read_group(
            [("sample_id", "in", self.ids), ("state", "!=", "reserve")],
            ["sample_id", "state", "verdict"],
            ["__count"],
        )
        for sample, state, verdict, count in groups:
            row = tally.setdefault(sample.id, {})
            key = verdict or state
            row[key] = row.get(key, 0) + count
        for sample in self:
            sample._set_figures(tally.get(sample.id, {}))

    def _set_figures(self, row):
        confirmed = row.get("confirmed", 0)
        false = row.get("contradicted", 0) + row.get("no_call", 0)
        missed = row.get("missed", 0)
        counted = confirmed + false
        self.line_count = sum(row.values())
        self.open_count = row.get("open", 0)
        self.confirmed_count = confirmed
        self.unconfirmed_count = row.get("cannot_confirm", 0)
        self.contradicted_count = row.get("contradicted", 0)
        self.no_call_count = row.get("no_call", 0)
        self.missed_count = missed
        self.truth_rate = 100.0 * confirmed / counted if counted else 0.0
        whole = counted + missed
        self.missed_rate = 100.0 * (false + missed) / whole if whole else 0.0

    # ------------------------------------------------------------
    # CRUD
    # ------------------------------------------------------------

    def write(self, vals):
        if SETTINGS.intersection(vals) and any(s.state != "draft" for s in self):
            raise UserError(self.env._("What was drawn never changes."))
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_except_drawn(self):
        if any(sample.state != "draft" for sample in self):
            raise UserError(self.env._("A sample that was drawn is never deleted."))

    # ------------------------------------------------------------
    # ACTIONS
    # ------------------------------------------------------------

    def action_draw(self):
        """Draw the list and make its calls; once and for all."""
        self._check_drawer()
        self._draw()

    def action_check_draw(self):
        """Draw the same list again from its seed, and say whether it is the same."""
        self.ensure_one()
        self.check_access("read")
        same = self._is_reproducible()
        return {
            "type": "ir.actions.client",
            "tag": "display_notification",
            "params": {
                "type": "success" if same else "danger",
                "message": self.env._("The same seed draws the same list.")
                if same
                else self.env._("This list is not the one that was drawn."),
            },
        }

    def action_close(self):
        """End the sample when nothing is open any more; verdicts stay."""
        self._check_drawer()
        if any(line.state in ("open", "appealed") for line in self.line_ids):
            raise UserError(self.env._("Some lines still wait for a verdict."))
        # sudo: the role was checked; the state is a guarded field
        self.sudo()._guarded().write({"state": "closed"})

    @checked
    def action_cancel(self, reason):
        """Give a sample up, with a reason; what was drawn stays on record."""
        self._check_drawer()
        text = (reason or "").strip() if isinstance(reason, str) else ""
        if not text:
            raise UserError(self.env._("A reason is needed."))
        self.line_ids._drop_calls(text)
        # sudo: the role was checked; the state is a guarded field
        self.sudo()._guarded().write({"state": "cancelled", "cancel_reason": text})

    def action_open_lines(self):
        self.ensure_one()
        self.check_access("read")
        return {
            **self.env["ir.actions.act_window"]._for_xml_id(
                "patient_followup.followup_sample_line_action"
            ),
            "domain": [("sample_id", "=", self.id), ("state", "!=", "reserve")],
        }

    def _action_open(self):
        return {
            "type": "ir.actions.act_window",
            "res_model": self._name,
            "res_id": self.id,
            "views": [(False, "form")],
        }

    def _check_drawer(self):
        if not (self.env.su or self.env.user.has_groups(DRAWERS)):
            raise AccessError(self.env._("Only inspectors and the centre draw."))
        self.check_access("write")

    # ------------------------------------------------------------
    # PROOF
    # ------------------------------------------------------------

    def _get_quota(self):
        self.ensure_one()
        return sampling.Quota.of(self.percent, self.count, self.reserve_percent)

    def _is_reproducible(self):
        """Return whether seed, population and lines still belong together."""
        self.ensure_one()
        if not self.seed:
            return False
        # sudo: the population is stored, not shown; every line is compared
        sample = self.sudo()
        text = zlib.decompress(base64.b64decode(sample.population_data)).decode()
        if sampling.population_hash(text) != sample.population_hash:
            return False
        expected = sampling.draw(
            sample.seed, sampling.read_population(text), sample._get_quota()
        )
        lines = sample.line_ids
        found = {(row.subject, row.stratum_key, row.rank) for row in lines}
        return found == {(row.subject, row.stratum, row.rank) for row in expected}
