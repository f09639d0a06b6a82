# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import api, fields, models


class FollowupProtocol(models.Model):
    """Hints on the form: what is allowed but probably not meant."""

    _inherit = "followup.protocol"

    lint_text = fields.Text(compute="_compute_lint_text", string="Please Check")

    @api.depends(
        "state",
        "is_default",
        "event_id",
        "encounter_class",
        "department_ids",
        "diagnosis_prefixes",
        "procedure_prefixes",
        "category_ids",
        "date_from",
        "step_ids.anchor",
        "step_ids.offset_target",
        "step_ids.offset_unit",
        "step_ids.days_before",
        "step_ids.days_after",
        "step_ids.method",
        "step_ids.responsible",
        "step_ids.level",
        "step_ids.sample_percent",
    )
    def _compute_lint_text(self):
        for protocol in self:
            protocol.lint_text = "\n".join(protocol._get_lint()) or False

    def _get_lint(self):
        """Return the hints as sentences; extension point."""
        self.ensure_one()
        return [
            *self._lint_steps(),
            *self._lint_windows(),
            *self._lint_overlaps(),
        ]

    def _lint_steps(self):
        if not self.step_ids:
            yield self.env._("There are no steps yet.")
        for step in self.step_ids:
            if step.anchor == "event" and not self.event_id:
                yield self.env._(
                    "%(step)s counts from an event, but no event starts this protocol.",
                    step=step.name,
                )
            if step.level == "2" and step.responsible == "department_team":
                yield self.env._(
                    "%(step)s is level 2, but the ward is responsible for it.",
                    step=step.name,
                )
            if not step.sample_percent:
                yield self.env._(
                    "%(step)s is made for nobody: its share is 0 percent.",
                    step=step.name,
                )
            if step.anchor == "procedure" and not self.procedure_prefixes:
                yield self.env._(
                    "%(step)s counts from the operation; stays without one will"
                    " stand in the list of missing dates.",
                    step=step.name,
                )

    def _lint_windows(self):
        """Yield pairs of windows of the same kind that touch each other."""
        spans = []
        for step in self.step_ids:
            span = step._get_span()
            if span is None:
                continue
            for other, other_span in spans:
                same = all(
                    other[name] == step[name] for name in ("anchor", "method", "level")
                )
                if same and span[0] <= other_span[1] and other_span[0] <= span[1]:
                    yield self.env._(
                        "The windows of %(first)s and %(second)s overlap.",
                        first=other.name,
                        second=step.name,
                    )
            spans.append((step, span))

    def _lint_overlaps(self):
        """Yield active protocols that fit the very same stays."""
        if self.event_id or not self._origin:
            return
        rule = self._origin._get_rule()
        domain = self._get_match_domain(self.company_id)
        for other in self.search([*domain, ("family_id", "!=", self.family_id.id)]):
            if rule.is_like(other._get_rule()):
                yield self.env._(
                    "%(other)s fits the same stays: they would be called twice.",
                    other=other.display_name,
                )
