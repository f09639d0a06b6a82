# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Deciding: only whose turn it is, only what was submitted (C-15, D-18)."""

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError

from odoo.addons.patient_followup.tools.checked import checked

from ..tools.lists import read_along, read_lists
from .complaint_case_approver import INVOLVED, SHOWN_TO


class ComplaintApproval(models.Model):
    _inherit = "complaint.approval"

    # ------------------------------------------------------------
    # ACTIONS
    # ------------------------------------------------------------

    @checked
    def action_approve(self, note=None):
        """Approve; several at once only where their rule allows it.

        :param note: words on record, not needed
        :raises AccessError: it is not the caller's turn, or he may not decide it
        :raises UserError: it was decided or changed meanwhile
        """
        if len(self) > 1:
            for row in self.filtered(lambda row: not row.may_bulk):
                raise UserError(
                    self.env._(
                        "%(name)s has to be opened and read.", name=row.case_id.name
                    )
                )
        self._read_ahead()
        for row in self:
            row._decide("approved", note)

    @checked
    def action_return(self, reason):
        """Send it back with questions; it is submitted again in a new round."""
        self._read_ahead()
        for row in self:
            row._decide("returned", row.case_id._check_reason(reason))

    @checked
    def action_reject(self, reason):
        """Refuse it; later tiers and their reminders end."""
        self._read_ahead()
        for row in self:
            row._decide("rejected", row.case_id._check_reason(reason))

    @api.readonly
    def action_open_decision(self):
        """Open the dialog that asks for the words of a decision."""
        self.ensure_one()
        self.check_access("read")
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "patient_complaint.complaint_decision_action"
        )
        chosen = self.env.context.get("decision")
        action["context"] = {
            "default_approval_id": self.id,
            "default_decision": chosen if chosen in ("returned", "rejected") else False,
        }
        return action

    # ------------------------------------------------------------
    # DECIDE
    # ------------------------------------------------------------

    def _read_ahead(self):
        """Read by few statements what is looked at before and after a decision."""
        # sudo: only the cache is filled; every check still follows
        rows = self.sudo()
        domain = [("case_id.approval_ids", "in", rows.ids)]
        rows = read_along(rows, domain, "case_id", "resolution_id")
        cases, resolutions = rows.case_id, rows.resolution_id
        read_lists(
            *((cases, name) for name in (*SHOWN_TO, *INVOLVED)),
            *((resolutions, name) for name in ("remedy_ids", "proposer_ids")),
            *((rows, name) for name in ("approver_ids", "turn_user_ids")),
            (rows, "approver_ids.complaint_away_ids"),
        )

    def _decide(self, decision, comment):
        """Record one decision of the caller and what follows from it."""
        self.ensure_one()
        self.check_access("read")
        user = self.env.user
        # sudo: engine write; turn, shield and content are checked right below
        row = self.sudo()._guarded()
        row.resolution_id._lock()
        # read together with the others of the case
        row = row.with_prefetch(row.case_id.approval_ids.ids)
        row._check_turn(user)
        row._check_impartial(user)
        row._check_content()
        row.write(
            {
                "decision": decision,
                "comment": comment or False,
                "decided_at": fields.Datetime.now(),
                "decided_by_id": user.id,
                "delegate_for_id": row._get_absent(user).id,
                "content_hash": row.resolution_id.content_hash,
                "remind_at": False,
                "wake_at": False,
            }
        )
        getattr(row, f"_on_{decision}")()
        row.case_id._refresh_approvers()
        # last: deleting forgets what has been read
        row._tell_no_more(row.turn_user_ids - row._get_waiting_users())

    def _check_turn(self, user):
        if self.decision != "pending":
            labels = dict(self._fields["decision"]._description_selection(self.env))
            raise UserError(
                self.env._(
                    "%(name)s is not open for a decision: %(state)s.",
                    name=self.display_name,
                    state=labels[self.decision],
                )
            )
        # asked anew: a deputy may have ended, or come under the shield, since
        if user not in self._get_able() & self.turn_user_ids:
            raise AccessError(
                self.env._(
                    "It is not your turn to decide %(name)s.", name=self.case_id.name
                )
            )

    def _check_impartial(self, user):
        """Who proposed, investigated or is named decides nothing (I-8)."""
        if not self.case_id._filter_eligible(user, self.resolution_id):
            raise AccessError(
                self.env._(
                    "Whoever proposed or investigated it, or is named in it, does not"
                    " decide %(name)s.",
                    name=self.case_id.name,
                )
            )
        if user in self._get_tier().decided_by_id:
            raise UserError(self.env._("This tier needs another person, too."))

    def _check_content(self):
        """What is decided is what was submitted, to the letter."""
        resolution = self.resolution_id
        if resolution.state != "submitted" or (
            resolution._hash() != resolution.content_hash
        ):
            raise UserError(
                self.env._(
                    "The resolution of %(name)s is not as it was submitted: it has to"
                    " be submitted again.",
                    name=self.case_id.name,
                )
            )

    def _get_waiting_users(self):
        """Return whose turn it is in this case, by any approval."""
        rows = self.case_id.approval_ids
        return rows.filtered(lambda row: row.decision == "pending").turn_user_ids

    def _get_round(self):
        return self.case_id.approval_ids.filtered(lambda row: row.round == self.round)

    def _get_tier(self):
        return self._get_round().filtered(lambda row: row.sequence == self.sequence)

    # ------------------------------------------------------------
    # WHAT FOLLOWS
    # ------------------------------------------------------------

    def _on_approved(self):
        """The tier is complete, or waits for another person."""
        others = self._get_tier().filtered(lambda row: row.decision == "pending")
        if others:
            others._refresh_turn()
        else:
            self._get_round()._open_next()

    def _on_returned(self):
        self._end_round("draft")
        self.case_id._tell_office(self.env._("Questions about the resolution"))

    def _on_rejected(self):
        self._end_round("rejected")
        self.case_id._tell_office(self.env._("The resolution was rejected"))

    def _end_round(self, state):
        """Cancel what is left of the round; the case is back with the office."""
        rest = self._get_round().filtered(
            lambda row: row.decision in ("waiting", "pending")
        )
        rest._cancel()
        self.resolution_id.write({"state": state})
        self.case_id.write({"state": "resolution"})

    def _open_next(self):
        """Let the next tier decide; after the last one it is approved."""
        waiting = self.filtered(lambda row: row.decision == "waiting")
        if not waiting:
            self.resolution_id.write(
                {"state": "approved", "approved_at": fields.Datetime.now()}
            )
            self.case_id.write({"state": "resolution"})
            self.case_id._tell_office(self.env._("The resolution was approved"))
            return
        first = min(waiting.mapped("sequence"))
        waiting.filtered(lambda row: row.sequence == first)._begin_turn()
