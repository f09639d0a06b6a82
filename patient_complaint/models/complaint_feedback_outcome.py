# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Whether the answer was accepted, and what the law offers if not (C-17, C-18)."""

from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError

OUTCOMES = [("accepted", "Accepted"), ("refused", "Does Not Accept It")]
LEGAL_STEPS = [
    ("mediation", "Mediation"),
    ("appraisal", "Medical Appraisal"),
    ("court", "Court"),
    ("none", "None Wanted"),
]


class ComplaintFeedback(models.Model):
    _inherit = "complaint.feedback"

    kind = fields.Selection(
        selection_add=[("survey", "Asked for His View")],
        ondelete={"survey": "cascade"},
    )
    outcome = fields.Selection(
        OUTCOMES, string="Answer Is", help="What the complainant says to the answer."
    )
    legal_step = fields.Selection(
        LEGAL_STEPS,
        string="Next Legal Step",
        help="What the complainant was pointed to, or means to do.",
    )
    outcome_reason = fields.Char(string="Why It Is Not Accepted")
    letter_id = fields.Many2one(
        "complaint.letter", string="Reply Letter", readonly=True, index="btree_not_null"
    )

    _erase_fields = ("outcome_reason",)

    @api.constrains("outcome", "legal_step", "outcome_reason", "kind")
    def _check_outcome(self):
        """Who does not accept is told where to turn, and why is written down."""
        for row in self.filtered(lambda row: row.outcome == "refused"):
            if not row.legal_step or not (row.outcome_reason or "").strip():
                raise ValidationError(
                    self.env._("Not accepted: say why, and the next legal step.")
                )

    def _check_told(self):
        result = super()._check_told()
        if self.kind == "survey" and not self.case_id.answered_at:
            raise UserError(
                self.env._("Ask for his view after the answer, not before.")
            )
        return result


class ComplaintCase(models.Model):
    _inherit = "complaint.case"

    outcome = fields.Selection(
        OUTCOMES, string="Answer Is", readonly=True, copy=False, tracking=True
    )
    legal_step = fields.Selection(
        LEGAL_STEPS, string="Next Legal Step", readonly=True, copy=False
    )
    outcome_reason = fields.Char(
        string="Why It Is Not Accepted", readonly=True, copy=False
    )

    _guarded_fields = frozenset({"outcome", "legal_step", "outcome_reason"})
    _erase_fields = ("outcome_reason",)

    def _on_told(self, feedback):
        result = super()._on_told(feedback)
        if feedback.outcome:
            self._set(
                outcome=feedback.outcome,
                legal_step=feedback.legal_step,
                outcome_reason=feedback.outcome_reason,
            )
        return result

    def action_reopen(self, reason):
        """Take it up again; what was said to the old answer counts no more."""
        result = super().action_reopen(reason)
        self._set(
            outcome=False, legal_step=False, outcome_reason=False, satisfaction=False
        )
        return result

    @api.depends("outcome", "legal_step")
    def _compute_next_step(self):
        return super()._compute_next_step()

    def _say_next_step(self):
        if self.state == "feedback" and self.outcome == "refused":
            steps = dict(self._fields["legal_step"]._description_selection(self.env))
            return self.env._(
                "Not accepted: hand over the file for %(step)s, then close.",
                step=steps.get(self.legal_step) or steps["none"],
            )
        return super()._say_next_step()
