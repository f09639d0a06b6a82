# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Where feedback goes: to the department it is about, or a functional one.

Praise goes to the office that honours it (A-16), other words may go to the
offices of A-15: the policy of the hospital names them. Other addons extend
`_route()` to take a concern over; this addon knows nothing of them.
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

    def _apply_route(self):
        """Hand new concerns to their departments; called before anybody is told."""
        for concern in self:
            department = concern._route()
            if concern.handler_department_id != department:
                # sudo: the policy decides where it goes, not who raised it
                concern.sudo()._guarded().handler_department_id = department.id
