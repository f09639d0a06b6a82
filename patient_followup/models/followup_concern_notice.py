# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import fields, models


class FollowupConcernNotice(models.Model):
    """Who was told of a concern, when and how; written once, never changed (X-2).

    Access: whoever reads the concern; only its methods write.
    """

    _name = "followup.concern.notice"
    _description = "Notice of a Concern"
    _erase_fields = ("person", "note")
    _erase_link = "concern_id"
    _inherit = ["followup.guarded.mixin"]
    _order = "at desc, id desc"
    _rec_name = "user_id"

    concern_id = fields.Many2one(
        "followup.concern",
        required=True,
        readonly=True,
        index=True,
        ondelete="cascade",
    )
    company_id = fields.Many2one(
        related="concern_id.company_id", store=True, index=True, precompute=True
    )
    kind = fields.Selection(
        [
            ("alert", "Told at Once"),
            ("escalation", "Escalated"),
            ("handover", "Handed Over by Word"),
        ],
        required=True,
        readonly=True,
    )
    step_id = fields.Many2one(
        "followup.concern.policy.step",
        readonly=True,
        index="btree_not_null",
        ondelete="set null",
    )
    user_id = fields.Many2one("res.users", string="Who", readonly=True)
    person = fields.Char(readonly=True, help="Somebody without an account.")
    at = fields.Datetime(
        string="When", required=True, readonly=True, default=fields.Datetime.now
    )
    by_id = fields.Many2one(
        "res.users",
        readonly=True,
        required=True,
        default=lambda self: self.env.user,
    )
    method = fields.Selection(
        [
            ("system", "To-Do and Message"),
            ("phone", "Phone"),
            ("in_person", "In Person"),
        ],
        default="system",
        required=True,
        readonly=True,
    )
    note = fields.Char(readonly=True)

    _guarded_fields = frozenset(
        {
            "concern_id",
            "kind",
            "step_id",
            "user_id",
            "person",
            "at",
            "by_id",
            "method",
            "note",
        }
    )

    # one rung, one person: two workers or a killed one never tell twice
    _step_uniq = models.UniqueIndex(
        "(concern_id, step_id, COALESCE(user_id, 0)) WHERE step_id IS NOT NULL",
        "This person was told already.",
    )
