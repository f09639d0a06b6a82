# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Where feedback goes: to the department it is about, or a functional one.

Praise goes to the office that honours it (A-16), other words may go to the
offices of A-15: the policy of the hospital names them.

Extension points for other addons, of which this one knows nothing:

- `_route()`: which department acts on a concern;
- `_on_raised()`: something was raised and routed, nobody has been told yet. An
  addon that turns words into cases of its own does it here.
"""

from odoo import models


class FollowupConcern(models.Model):
    _inherit = "followup.concern"

    def _route(self):
        """Return the department that has to act on this concern."""
        self.ensure_one()
        # sudo: the policy of the hospital, whichever is chosen just now
        policy = self.sudo().policy_id.with_company(self.company_id)
        route = policy.route_department_id
        if route and route.company_id in (self.company_id, route.browse().company_id):
            return route.sudo(False).with_env(self.env)
        return self.department_id

    def _on_raised(self):
        """Take note of concerns that were just raised; empty here.

        Called once for each new concern, whether a caller, the patient's page or
        a form raised it, in the same transaction: what fails here undoes it. Kind,
        words, patient, call, departments and clocks are set; nobody is told yet.
        An extension calls `super()` and changes nothing of the concern but its own
        fields. It runs with the rights of whoever raised it, or as the system: what
        he may not do needs a `sudo()` of its own.

        :return: None
        """

    def _apply_route(self):
        """Hand new concerns to their departments; called before anybody is told."""
        for concern in self:
            department = concern._route()
            if concern.handler_department_id != department:
                # sudo: the policy decides where it goes, not who raised it
                concern.sudo()._guarded().handler_department_id = department.id
        self._on_raised()
