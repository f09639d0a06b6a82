# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError

from odoo.addons.patient_followup.tools.checked import checked

from .followup_ledger import LEADER

KINDS = [
    ("commendation", "Commendation"),
    ("criticism", "Criticism"),
    ("order", "Order to Rectify"),
    ("oral_warning", "Oral Warning"),
    ("written_warning", "Written Warning"),
    ("demerit", "Demerit"),
]
PERSONAL = ("oral_warning", "written_warning", "demerit")


class FollowupConduct(models.Model):
    """Praise of a person or team, an order to rectify, a warning (W-4, W-5).

    Whoever checks follow-up proposes it, a leader decides with a reason, and the
    person or the head of the department says that he knows of it.

    Access: whoever proposed it, leaders, the person; of what concerns no single
    person the head of the department. Nobody else, managers included.
    """

    _name = "followup.conduct"
    _description = "Commendation or Sanction"
    _inherit = ["followup.guarded.mixin"]
    _order = "day desc, id desc"
    _rec_name = "kind"
    _check_company_auto = True

    company_id = fields.Many2one(
        "res.company",
        string="Hospital",
        required=True,
        default=lambda self: self.env.company,
    )
    kind = fields.Selection(KINDS, required=True)
    department_id = fields.Many2one(
        "hr.department",
        required=True,
        index=True,
        ondelete="restrict",
        check_company=True,
    )
    user_id = fields.Many2one(
        "res.users",
        string="Person",
        index="btree_not_null",
        ondelete="restrict",
        help="Empty: the team of the department.",
    )
    day = fields.Date(
        required=True, default=lambda self: fields.Date.context_today(self)
    )
    text = fields.Text(string="What Happened", required=True)
    entry_id = fields.Many2one(
        "followup.ledger",
        string="From the Ledger",
        index="btree_not_null",
        ondelete="restrict",
        check_company=True,
    )
    rectify_until = fields.Date()
    state = fields.Selection(
        [
            ("proposed", "Proposed"),
            ("decided", "Decided"),
            ("rejected", "Rejected"),
            ("known", "Taken Note Of"),
        ],
        required=True,
        default="proposed",
    )
    proposed_by_id = fields.Many2one(
        "res.users", required=True, default=lambda self: self.env.uid
    )
    decided_by_id = fields.Many2one("res.users", ondelete="restrict")
    decided_at = fields.Datetime()
    reason = fields.Text(string="Reason of the Decision")
    known_by_id = fields.Many2one("res.users", ondelete="restrict")
    known_at = fields.Datetime()

    _guarded_fields = frozenset(
        {"state", "proposed_by_id", "decided_by_id", "decided_at", "reason"}
        | {"known_by_id", "known_at"}
    )
    _personal = models.Constraint(
        "CHECK (user_id IS NOT NULL OR kind NOT IN"
        " ('oral_warning', 'written_warning', 'demerit'))",
        "A warning is given to a person.",
    )

    @api.depends("kind", "department_id", "user_id")
    def _compute_display_name(self):
        labels = dict(self._fields["kind"]._description_selection(self.env))
        for row in self:
            # sudo: the name of a colleague
            who = row.sudo().user_id.name or row.department_id.name or ""
            row.display_name = f"{labels.get(row.kind, '')} {who}".strip()

    def write(self, vals):
        """Keep what was decided as it was."""
        open_rows = all(row.state == "proposed" for row in self)
        if not open_rows and vals.keys() - self._guarded_fields:
            raise UserError(self.env._("What was decided is kept as it is."))
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_except_never(self):
        raise AccessError(self.env._("What was proposed stays on record."))

    # ------------------------------------------------------------
    # DECISIONS
    # ------------------------------------------------------------

    @checked
    def action_decide(self, reason):
        """Decide that it is given, with the reason that is kept (W-5)."""
        self._decide("decided", reason)

    @checked
    def action_reject(self, reason):
        """Decide against it, with the reason that is kept."""
        self._decide("rejected", reason)

    def _decide(self, state, reason):
        self.check_access("read")
        user = self.env.user
        if not user.has_group(LEADER):
            raise AccessError(self.env._("A leader decides about rewards."))
        if any(row.state != "proposed" for row in self):
            raise UserError(self.env._("This was decided already."))
        if user in self.user_id:
            raise UserError(self.env._("Nobody decides about himself."))
        if user in self.proposed_by_id:
            raise UserError(self.env._("Somebody else decides what you proposed."))
        self._set(
            state=state,
            reason=self.env["followup.ledger"]._need(reason),
            decided_by_id=user.id,
            decided_at=fields.Datetime.now(),
        )

    def action_take_note(self):
        """Say that one knows of it: the person, or the head for his department."""
        self.check_access("read")
        user = self.env.user
        for row in self:
            mine = row.user_id == user if row.user_id else row._is_head(user)
            if not mine:
                raise AccessError(self.env._("Whoever it concerns takes note of it."))
            if row.state != "decided":
                raise UserError(self.env._("There is nothing to take note of."))
        self._set(state="known", known_by_id=user.id, known_at=fields.Datetime.now())

    def _is_head(self, user):
        is_head = user.has_group("patient_followup.followup_group_department_head")
        return is_head and self.department_id in user.followup_department_ids

    def _set(self, **vals):
        # sudo: the role was checked by the caller; states are guarded
        self.sudo()._guarded().write(vals)
