# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Another kind means other clocks and other duties: it needs a reason (C-7, I-9)."""

from odoo import models
from odoo.exceptions import UserError

from .complaint_case import KINDS


class ComplaintCase(models.Model):
    _inherit = "complaint.case"

    def _check_write(self, vals):
        result = super()._check_write(vals)
        if "kind" in vals and any(case.kind != vals["kind"] for case in self):
            raise UserError(
                self.env._("Say why it is of another kind: use Change the Kind.")
            )
        return result

    def _change_kind(self, kind, reason):
        """Make it another kind, until it is assessed; reason and clocks are noted.

        :raises UserError: no reason, no such kind, or assessed already
        """
        self.ensure_one()
        self._check_step("triage")
        reason = self._check_reason(reason)
        if kind not in dict(KINDS) or kind == self.kind:
            raise UserError(self.env._("Choose another kind."))
        labels = dict(self._fields["kind"]._description_selection(self.env))
        before, ran = labels[self.kind], self._get_running_clocks()
        self._set(kind=kind)
        ended = [text for key, text in ran.items() if key not in self._running_keys()]
        self._note_reason(
            self.env._(
                "%(before)s is now: %(after)s. %(reason)s",
                before=before,
                after=labels[kind],
                reason=reason,
            )
        )
        if ended:
            self._note_reason(
                self.env._("Clocks that ended: %(clocks)s", clocks="; ".join(ended))
            )

    def _running_keys(self):
        running = self.clock_ids.filtered(lambda clock: not clock.stopped_at)
        return {(clock.kind, clock.is_legal) for clock in running}

    def _get_running_clocks(self):
        """Return {what clock: its name and deadline in words}."""
        running = self.clock_ids.filtered(lambda clock: not clock.stopped_at)
        labels = dict(running._fields["kind"]._description_selection(self.env))
        local = self.env["followup.clock"]._local_date
        return {
            (clock.kind, clock.is_legal): (
                f"{labels[clock.kind]} {local(self.company_id, clock.deadline)}"
            )
            for clock in running
        }
