# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Cases with something to be put right, and who does and checks it."""

from odoo import fields

from .common import ComplaintCommon


class ActionCommon(ComplaintCommon):
    def _action(self, user=None, **vals):
        """Plan a rectification for the head of ward A, checked by the officer."""
        vals = {
            "description": "Staff the window at noon",
            "department_id": self.department_a.id,
            "responsible_id": self.head_a.id,
            "checker_id": self.officer.id,
            **vals,
        }
        actions = self.env["complaint.action"].with_user(user or self.specialist)
        return actions.with_company(self.company).create(vals)

    def _answered(self, **vals):
        """Return a case on the fast track that was answered."""
        vals = {"track": "fast", **vals}
        track = vals.pop("track")
        case = self._ready(self._case(**vals), track=track)
        case.action_triage()
        self._tell(case, satisfaction="4")
        return case

    def _settle(self, action):
        """Have it done by its responsible and checked by its checker."""
        action.with_user(action.responsible_id).action_done("Done on Monday")
        action.with_user(action.checker_id).action_effective()

    def _today(self, days=0):
        today = self.env["followup.clock"]._today(self.company)
        return fields.Date.add(today, days=days)
