# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""A question goes on to somebody who knows better (X-1, X-9)."""

from odoo import fields, models
from odoo.exceptions import UserError

from ..tools.checked import checked

OPEN = ("new", "assigned")


class FollowupConcern(models.Model):
    _inherit = "followup.concern"

    forward_count = fields.Integer(
        string="Times Forwarded", readonly=True, copy=False, aggregator="sum"
    )

    @checked
    def action_forward(self, reason, department_id=None, specialist_id=None):
        """Hand a question on to another department or specialist, with a reason.

        The answer's clock goes on and the promise to the patient stays. Whoever
        had it first still reads it, may still answer, and sees where it is.

        :param reason: why, kept in the history
        :param department_id: department asked now; without it the present one
        :param specialist_id: user asked now; without him the head of it
        :return: the users who were told
        :raises UserError: no reason, nobody new, no open question
        :raises AccessError: by anybody it was not brought to
        """
        self.ensure_one()
        self._check_receiver()
        reason = self._clean(reason)
        if self.kind != "question" or self.state not in OPEN:
            raise UserError(self.env._("Only a question without an answer goes on."))
        if not reason:
            raise UserError(self.env._("A reason is needed."))
        before = self.handler_department_id, self.specialist_id
        # sudo: the receiver was checked; he need not read the other department
        concern = self.sudo()._plain()._guarded()
        concern.write(
            {
                "handler_department_id": self._get_id(department_id)
                or self.handler_department_id.id,
                "specialist_id": self._get_id(specialist_id),
                "state": "new",
                "acknowledged_by_id": False,
                "acknowledged_at": False,
                "ack_deadline": self._restart_ack(),
                "forward_count": self.forward_count + 1,
            }
        )
        if before == (concern.handler_department_id, concern.specialist_id):
            raise UserError(self.env._("Choose another department or specialist."))
        return concern._unguarded()._bring_on(reason).sudo(False)

    def _restart_ack(self):
        """Give the next one time to take it over, never beyond the answer's end."""
        term = (self.clock_terms or {}).get("ack")
        if not term:
            return False
        policies = self.env["followup.concern.policy"]
        moment = policies._end(self.company_id, fields.Datetime.now(), *term)
        return min(filter(None, (moment, self.deadline)))

    def _bring_on(self, reason):
        """Tell the next ones; the first keep sight of it, their to-dos end."""
        self._check_asked()
        # sudo: departments of others may be hidden; only the hospital is compared
        owner = self.handler_department_id.sudo().company_id
        if owner and owner != self.company_id:
            raise UserError(self.env._("This department is of another hospital."))
        receivers = self._alert_receivers(self.specialist_id or self._head())
        self._end_activities()
        self._guarded().alerted_user_ids |= receivers
        for user in receivers:
            self._alert_user(user)
        self._note("forward", receivers, note=reason)
        self._refresh_ladder()
        return receivers


class FollowupConcernNotice(models.Model):
    _inherit = "followup.concern.notice"

    kind = fields.Selection(
        selection_add=[("forward", "Forwarded")], ondelete={"forward": "cascade"}
    )
