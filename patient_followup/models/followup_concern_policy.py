# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import api, fields, models

from ..tools.choices import choices_of

UNITS = [
    ("minutes", "Minutes"),
    ("hours", "Hours"),
    ("working_hours", "Working Hours"),
    ("days", "Days"),
    ("working_days", "Working Days"),
]
MINUTES_PER_HOUR = 60


class FollowupConcernPolicy(models.Model):
    """How soon a concern of one kind is taken, passed on, answered (X-1, O-1, O-2).

    The most particular policy counts: that of the hospital before the shared one,
    that of the type before the one of the whole kind. Amounts of 0 mean no clock.
    Access: every role reads, centre managers and administrators edit.
    """

    _name = "followup.concern.policy"
    _description = "Concern Policy"
    _inherit = ["followup.shared.mixin"]
    _order = "sequence, id"

    name = fields.Char(required=True, translate=True)
    sequence = fields.Integer(default=10)
    active = fields.Boolean(default=True)
    company_id = fields.Many2one(
        "res.company", index=True, help="Empty: every hospital."
    )
    kind = fields.Selection(
        selection=choices_of("followup.concern", "kind"),
        default="question",
        required=True,
    )
    concern_type = fields.Selection(
        selection=choices_of("followup.concern", "concern_type"),
        string="Only About",
        help="Empty: whatever it is about.",
    )
    source_text = fields.Char(
        string="Clause", translate=True, help="Where the hospital says so."
    )
    # clocks, all from the moment it was raised
    ack_amount = fields.Integer(string="Taken Within")
    ack_unit = fields.Selection(UNITS, default="minutes", required=True)
    inform_amount = fields.Integer(string="Leaders Informed Within")
    inform_unit = fields.Selection(UNITS, default="days", required=True)
    answer_amount = fields.Integer(string="Answered Within")
    answer_unit = fields.Selection(UNITS, default="hours", required=True)
    tell_amount = fields.Integer(
        string="Time to Reach the Patient",
        default=2,
        help="How long the call that tells the answer is tried after its hour.",
    )
    tell_unit = fields.Selection(UNITS, default="working_days", required=True)
    # who acts
    route_department_id = fields.Many2one(
        "hr.department",
        string="Goes to",
        company_dependent=True,
        help="Functional department that handles it; empty: the one it is about.",
    )
    step_ids = fields.One2many("followup.concern.policy.step", "policy_id", copy=True)

    _amounts_positive = models.Constraint(
        "CHECK (ack_amount >= 0 AND inform_amount >= 0 AND answer_amount >= 0"
        " AND tell_amount >= 0)",
        "A clock cannot be negative.",
    )

    # ------------------------------------------------------------
    # BUSINESS
    # ------------------------------------------------------------

    @api.model
    def _for_kind(self, company, kind, concern_type=False):
        """Return the policy that counts for a concern, or an empty one."""
        # sudo: the policy of the concern's hospital, whichever is chosen just now
        found = self.sudo().search(
            [
                ("kind", "=", kind),
                ("concern_type", "in", (concern_type, False)),
                ("company_id", "in", (company.id, False)),
            ]
        )
        return found.sorted(
            lambda policy: (not policy.company_id, not policy.concern_type)
        )[:1]

    def _get_terms(self):
        """Return {clock: [amount, unit]} of the clocks that run."""
        terms = {
            clock: [self[f"{clock}_amount"], self[f"{clock}_unit"]]
            for clock in ("ack", "inform", "answer")
        }
        return {clock: term for clock, term in terms.items() if term[0]}

    @api.model
    def _end(self, company, start, amount, unit):
        """Return the moment a clock ends, in UTC (I-6)."""
        amount, unit = self._to_clock(amount, unit)
        return self.env["followup.clock"]._deadline(company, start, amount, unit)

    @api.model
    def _explain_end(self, company, start, amount, unit):
        """Return in one sentence why the clock ends when it does."""
        amount, unit = self._to_clock(amount, unit)
        clock = self.env["followup.clock"]
        return clock._explain_deadline(company, start, amount, unit)

    @api.model
    def _to_clock(self, amount, unit):
        """Minutes are parts of an hour to the clock of the hospital."""
        if unit == "minutes":
            return amount / MINUTES_PER_HOUR, "hours"
        return amount, unit
