# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import api, fields, models
from odoo.exceptions import AccessError
from odoo.fields import Domain

from ..tools import periods

PURPOSES = [
    ("check", "Check of the Register"),
    ("level_two", "Level 2 Sample"),
    ("outpatient", "Outpatient Sample"),
    ("satisfaction", "Satisfaction with Follow-up"),
    ("quality", "Call Quality"),
]
POPULATIONS = [
    ("due", "Stays with a Level 1 Call Due"),
    ("discharged", "Stays Discharged"),
    ("visited", "Outpatient Visits"),
    ("called", "Completed Calls"),
]
STRATA = [
    ("department", "Department"),
    ("clinic_room", "Clinic Room"),
    ("none", "Whole Hospital"),
]
# what a campaign hands on to each of its samples
HANDED_ON = (
    "purpose",
    "population",
    "stratum",
    "percent",
    "count",
    "reserve_percent",
    "appeal_days",
    "only_recorded",
)
DRAWERS = (
    "patient_followup.followup_group_inspector,"
    "patient_followup.followup_group_centre_manager"
)


class FollowupSampleCampaign(models.Model):
    """A check that recurs by calendar, as a policy asks for (V-3, V-6, V-10, Q-16).

    Access: roles read; centre managers and administrators edit; inspectors draw.
    Without a hospital it is for all; each draws for itself.
    """

    _name = "followup.sample.campaign"
    _description = "Sample Campaign"
    _inherit = ["followup.shared.mixin"]
    _order = "sequence, id"

    name = fields.Char(required=True, translate=True)
    active = fields.Boolean(default=True)
    sequence = fields.Integer(default=10)
    company_id = fields.Many2one("res.company", index=True)
    source_text = fields.Text(string="Clause", translate=True)
    purpose = fields.Selection(PURPOSES, required=True, default="check")
    population = fields.Selection(
        POPULATIONS, string="Drawn from", required=True, default="due"
    )
    stratum = fields.Selection(
        STRATA, string="Drawn per", required=True, default="department"
    )
    percent = fields.Float(string="Share (%)")
    count = fields.Integer(
        string="At Least Drawn",
        help="At least so many of each department or clinic room.",
    )
    reserve_percent = fields.Float(
        string="Reserve (%)",
        default=50,
        help="Drawn in addition, to replace who cannot confirm anything.",
    )
    only_recorded = fields.Boolean(
        string="Call Only Recorded Calls",
        help="Whoever has no completed call on record counts as not followed up and"
        " is not called.",
    )
    appeal_days = fields.Integer(
        string="Working Days to Appeal",
        default=3,
        help="Then the verdict is final.",
    )
    recurrence = fields.Selection(
        [("week", "Week"), ("month", "Month"), ("quarter", "Quarter")],
        required=True,
        default="month",
    )
    day_from = fields.Integer(string="From Day", default=1, required=True)
    day_to = fields.Integer(string="To Day", default=31, required=True)
    date_start = fields.Date(
        string="Since",
        default=fields.Date.context_today,
        required=True,
        help="Windows that opened before are not late.",
    )
    is_automatic = fields.Boolean(
        string="Drawn by Itself", help="On the first day of its window."
    )
    survey_id = fields.Many2one("survey.survey", string="Questionnaire")
    verifier_ids = fields.Many2many("res.users", string="Verifiers")
    sample_ids = fields.One2many("followup.sample", "campaign_id")
    window_from = fields.Date(compute="_compute_window")
    window_to = fields.Date(compute="_compute_window")
    status = fields.Selection(
        [("drawn", "Drawn"), ("due", "To Draw"), ("late", "Late"), ("none", "None")],
        compute="_compute_window",
        help="Of the last window that has opened.",
    )
    is_late = fields.Boolean(compute="_compute_window", search="_search_is_late")
    is_due = fields.Boolean(compute="_compute_window", search="_search_is_due")

    _share_possible = models.Constraint(
        "CHECK (percent >= 0 AND percent <= 100 AND reserve_percent >= 0"
        " AND count >= 0 AND (percent > 0 OR count > 0))",
        "Give a share up to 100 percent, or a number.",
    )
    _window_possible = models.Constraint(
        "CHECK (day_from > 0 AND day_to >= day_from)",
        "The window ends after it begins.",
    )

    # ------------------------------------------------------------
    # COMPUTE / SEARCH
    # ------------------------------------------------------------

    @api.depends("recurrence", "day_from", "day_to", "date_start", "sample_ids.state")
    @api.depends_context("company")
    def _compute_window(self):
        company = self.env.company
        today = self.env["followup.clock"]._today(company)
        drawn = self._get_drawn(company)
        for campaign in self:
            window = campaign._get_window(today)
            campaign.window_from = window.opens
            campaign.window_to = window.closes
            status = campaign._get_status(window, today, drawn)
            campaign.status = status
            campaign.is_late = status == "late"
            campaign.is_due = status in ("due", "late")

    def _get_window(self, today):
        return periods.latest_window(today, self.recurrence, self.day_from, self.day_to)

    def _get_status(self, window, today, drawn):
        if (self._origin.id, window.start) in drawn:
            return "drawn"
        if not self.active or not self.date_start or window.opens < self.date_start:
            return "none"
        return "late" if window.closes < today else "due"

    def _get_drawn(self, company):
        """Return {(campaign id, first day of the period)} of what was drawn."""
        # sudo: whether it was drawn is no secret, whom it drew is
        samples = self.env["followup.sample"].sudo()
        rows = samples.search_fetch(
            [
                ("campaign_id", "in", self._origin.ids),
                ("company_id", "=", company.id),
                ("state", "in", ("drawn", "closed")),
            ],
            ["campaign_id", "period_start"],
        )
        return {(row.campaign_id.id, row.period_start) for row in rows}

    def _search_is_late(self, operator, value):
        return self._search_status(operator, value, "is_late")

    def _search_is_due(self, operator, value):
        return self._search_status(operator, value, "is_due")

    def _search_status(self, operator, value, name):
        """There are a handful of campaigns: look at each."""
        if operator != "in":
            return NotImplemented
        every = self.search([])  # pylint: disable=no-search-all
        found = every.filtered(name)
        return Domain("id", "in" if True in value else "not in", found.ids)

    # ------------------------------------------------------------
    # ACTIONS
    # ------------------------------------------------------------

    def action_draw(self):
        """Draw the sample of the window that is open, and show it."""
        self.ensure_one()
        if not self.env.user.has_groups(DRAWERS):
            raise AccessError(self.env._("Only inspectors and the centre draw."))
        sample = self._make_sample(self.env.company)
        sample.action_draw()
        return sample._action_open()

    def _make_sample(self, company):
        """Return the sample of the current window, made but not drawn yet."""
        self.ensure_one()
        today = self.env["followup.clock"]._today(company)
        window = self._get_window(today)
        samples = self.env["followup.sample"]
        known = samples.search(
            [
                ("campaign_id", "=", self.id),
                ("company_id", "=", company.id),
                ("period_start", "=", window.start),
                ("state", "!=", "cancelled"),
            ]
        )
        vals = self._prepare_sample(company, window, today)
        if not known:
            return samples._guarded().create(vals)._unguarded()
        # a draft may have been changed: it counts only as the campaign wants it
        known.filtered(lambda sample: sample.state == "draft")._guarded().write(vals)
        return known

    def _prepare_sample(self, company, window, today):
        return {
            **{name: self[name] for name in HANDED_ON},
            "name": self.name,
            "company_id": company.id,
            "campaign_id": self.id,
            "period_start": window.start,
            "date_from": window.first,
            "date_to": window.last,
            "call_until": max(window.closes, today),
            "survey_id": self.survey_id.id,
            "verifier_ids": [
                fields.Command.set(
                    # sudo: verifiers of other hospitals are left out
                    self.sudo()
                    .verifier_ids.filtered(lambda user: company in user.company_ids)
                    .ids
                )
            ],
        }

    # ------------------------------------------------------------
    # CRON
    # ------------------------------------------------------------

    @api.model
    def _cron_draw(self):
        """Draw what is due and draws itself; others wait in the list (D-10)."""
        # every hospital, of which there are few
        companies = self.env["res.company"].search([])  # pylint: disable=no-search-all
        for company in companies:
            campaigns = self.with_company(company).search(
                [
                    ("is_automatic", "=", True),
                    ("company_id", "in", (False, company.id)),
                    ("is_due", "=", True),
                ]
            )
            for campaign in campaigns:
                campaign._make_sample(company)._draw()
                self.env["ir.cron"]._commit_progress(1)
