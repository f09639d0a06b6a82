# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import api, fields, models
from odoo.exceptions import ValidationError

from .complaint_case import KINDS
from .complaint_severity_rule import SEVERITIES

UNITS = [
    ("hours", "Hours"),
    ("working_hours", "Working Hours"),
    ("days", "Days"),
    ("working_days", "Working Days"),
]
EVENTS = [
    ("received", "Case Received"),
    ("acknowledged", "Receipt Confirmed"),
    ("responded", "First Word to the Complainant"),
    ("triaged", "Assessed"),
    ("informed", "Leaders Informed"),
    ("planned", "Plan Told"),
    ("answered", "Answered"),
]
CLOCK_KINDS = [
    ("acknowledge", "Confirm Receipt"),
    ("triage", "Assess"),
    ("response", "Respond"),
    ("inform", "Inform Leaders"),
    ("plan", "Tell the Plan"),
    ("answer", "Answer"),
    ("external", "External Deadline"),
]


class ComplaintSlaPolicy(models.Model):
    """One clock of a case: how long, from which event to which (C-7 ... C-10).

    Of one kind the most particular clock runs: that of the hospital before the
    shared one, the one with more conditions first. Clocks set by law run beside
    it, are never frozen and never extended.
    Access: every role reads, complaint officers and administrators edit.
    """

    _name = "complaint.sla.policy"
    _description = "Complaint Clock Policy"
    _inherit = ["followup.shared.mixin"]
    _order = "sequence, id"

    name = fields.Char(required=True, translate=True)
    sequence = fields.Integer(default=10)
    active = fields.Boolean(default=True)
    company_id = fields.Many2one(
        "res.company", index=True, help="Empty: every hospital."
    )
    source_text = fields.Char(string="Clause", translate=True, help="Where it says so.")
    clock_kind = fields.Selection(
        [kind for kind in CLOCK_KINDS if kind[0] != "external"],
        string="Kind of Clock",
        required=True,
        default="answer",
    )
    # which cases
    kind = fields.Selection(KINDS, string="Only For", help="Empty: every case.")
    channel_id = fields.Many2one("complaint.channel", string="Only Received by")
    severity = fields.Selection(SEVERITIES, string="Only Severity")
    track = fields.Selection(
        [("fast", "On the Spot"), ("full", "With Investigation")], string="Only Track"
    )
    # how long
    amount = fields.Integer(string="Within", required=True, default=1)
    unit = fields.Selection(UNITS, required=True, default="working_days")
    start_event = fields.Selection(
        EVENTS, string="From", required=True, default="received"
    )
    stop_event = fields.Selection(
        EVENTS, string="Until", required=True, default="answered"
    )
    is_legal = fields.Boolean(
        string="Set by Law", help="Is never frozen and never extended."
    )
    may_freeze = fields.Boolean(string="May Be Frozen", default=True)
    warning_share = fields.Integer(
        string="Warns after (%)",
        default=75,
        help="Part of the time after which the clock turns amber.",
    )
    step_ids = fields.One2many("complaint.sla.step", "policy_id", copy=True)

    _amount_positive = models.Constraint(
        "CHECK (amount > 0)", "A clock runs for some time."
    )
    _share_in_range = models.Constraint(
        "CHECK (warning_share BETWEEN 0 AND 99)", "A part lies between 0 and 99 %."
    )

    @api.constrains("start_event", "stop_event", "kind", "channel_id", "track")
    def _check_events(self):
        for policy in self:
            if policy.start_event == policy.stop_event:
                raise ValidationError(
                    self.env._("A clock starts and stops with different events.")
                )

    # ------------------------------------------------------------
    # BUSINESS
    # ------------------------------------------------------------

    @api.model
    def _candidates(self, companies):
        """Return all policies of these hospitals and the shared ones."""
        # sudo: policies of the hospital of the case, whichever is chosen just now
        return self.sudo().search([("company_id", "in", [*companies.ids, False])])

    @api.model
    def _for_case(self, case, candidates=None):
        """Return the policies whose clocks a case has, one of each kind.

        :param candidates: those to choose from, where they were read already
        """
        if candidates is None:
            candidates = self._candidates(case.company_id)
        found = candidates.filtered(lambda policy: policy._suits(case))
        # sudo: policies are read for whoever registers a case
        chosen = self.sudo().browse()
        seen = set()
        for policy in found.sorted(lambda policy: policy._get_rank()):
            key = (policy.clock_kind, policy.is_legal)
            if key not in seen:
                seen.add(key)
                chosen += policy
        return chosen

    def _suits(self, case):
        """Whether every condition of a policy is met by a case."""
        conditions = (
            (self.company_id, case.company_id),
            (self.kind, case.kind),
            (self.channel_id, case.channel_id),
            (self.severity, case.severity),
            (self.track, case.track),
        )
        return all(not wanted or wanted == given for wanted, given in conditions)

    def _get_rank(self):
        """The hospital's own first, then the one with more conditions."""
        self.ensure_one()
        conditions = (self.kind, self.channel_id, self.severity, self.track)
        return (
            not self.company_id,
            -sum(map(bool, conditions)),
            self.sequence,
            self.id,
        )

    @api.model
    def _end(self, company, start, amount, unit):
        """Return the moment a clock ends, in UTC (I-6)."""
        return self.env["followup.clock"]._deadline(company, start, amount, unit)
