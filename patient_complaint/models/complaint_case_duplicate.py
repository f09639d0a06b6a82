# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""The same matter twice: the later case is linked to the first and ended (C-9)."""

from odoo import api, fields, models
from odoo.exceptions import UserError

from odoo.addons.patient_followup.tools.checked import checked, is_id

from .complaint_case import OPEN_STATES


class ComplaintCase(models.Model):
    _inherit = "complaint.case"

    duplicate_of_id = fields.Many2one(
        "complaint.case",
        string="Same Matter as",
        readonly=True,
        copy=False,
        index="btree_not_null",
        ondelete="restrict",
        check_company=True,
    )
    duplicate_ids = fields.One2many(
        "complaint.case", "duplicate_of_id", string="Received Again As", readonly=True
    )
    is_repeat = fields.Boolean(
        string="Complains Again",
        compute="_compute_is_repeat",
        compute_sudo=False,
        help="This person has complained before, about the same or something else.",
    )

    _guarded_fields = frozenset({"duplicate_of_id", "duplicate_ids"})

    @api.depends("similar_ids", "duplicate_of_id")
    def _compute_is_repeat(self):
        for case in self:
            others = case.similar_ids - case.duplicate_of_id - case.duplicate_ids
            case.is_repeat = any(
                other.received_at < case.received_at for other in others
            )

    @checked
    def action_link_duplicate(self, case_id):
        """End this case as the same matter as another; its clocks stop with it.

        The first case goes on and keeps the earlier deadlines; the later one says
        where it went. Whoever wrote it is told by its own tracking page.

        :param int case_id: the case that goes on
        :raises UserError: itself, of another hospital, over, or linked already
        """
        self.ensure_one()
        self._check_step("withdraw")
        if not is_id(case_id):
            raise UserError(self.env._("Choose another case."))
        first = self.browse(int(case_id)).exists()
        first.check_access("write")
        self._check_may_link(first)
        self._guarded().write({"duplicate_of_id": first.id})
        self._move_stricter(first)
        reason = self.env._("The same matter as %(number)s", number=first.name)
        self._end("withdraw", "withdrawn", reason)
        first._note_reason(self.env._("Received again as %(number)s", number=self.name))
        # last: whoever links may lose sight of it
        self._refresh_conflicts()

    def action_unlink_duplicate(self):
        """Take the link back: it was another matter; the case is taken up again."""
        self.ensure_one()
        self.check_access("write")
        first = self.duplicate_of_id
        if not first:
            raise UserError(self.env._("This case is linked with no other."))
        self._guarded().write({"duplicate_of_id": False})
        self.action_reopen(
            self.env._("Another matter than %(number)s", number=first.name)
        )
        self._refresh_conflicts()

    def _check_may_link(self, first):
        """Raise where the two cannot be one matter."""
        if not first or first == self:
            raise UserError(self.env._("Choose another case."))
        if first.company_id != self.company_id:
            raise UserError(self.env._("That case is of another hospital."))
        if first.state not in OPEN_STATES:
            raise UserError(
                self.env._("%(name)s is over: reopen it first.", name=first.name)
            )
        if first.duplicate_of_id or self.duplicate_ids:
            raise UserError(
                self.env._("Link with the first case of all, not with a link.")
            )

    def _move_stricter(self, first):
        """Hand the deadline of an authority to the case that goes on, if it leads."""
        mine, its = self.external_deadline, first.external_deadline
        if mine and not first.answered_at and (not its or mine < its):
            first.external_deadline = mine
            if not first.external_number:
                first.external_number = self.external_number
