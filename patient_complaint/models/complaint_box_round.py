# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError


class ComplaintBoxRound(models.Model):
    """One opening of a suggestion box: who, with whom, how many sheets (C-4).

    Every sheet becomes a case; the round closes when all are registered, and then
    nothing of it changes. Access: the complaint office.
    """

    _name = "complaint.box.round"
    _description = "Opening of a Suggestion Box"
    _inherit = ["followup.guarded.mixin"]
    _order = "opened_at desc, id desc"
    _rec_name = "opened_at"

    box_id = fields.Many2one(
        "complaint.box", required=True, index=True, ondelete="restrict"
    )
    company_id = fields.Many2one(
        related="box_id.company_id", store=True, index=True, precompute=True
    )
    opened_at = fields.Datetime(
        string="Opened", required=True, default=fields.Datetime.now
    )
    opened_by_id = fields.Many2one(
        "res.users",
        string="Opened by",
        required=True,
        default=lambda self: self.env.user,
    )
    witness_id = fields.Many2one(
        "hr.employee.public",
        required=True,
        help="Another person who saw it opened and counted the sheets.",
    )
    sheet_count = fields.Integer(string="Sheets Found", required=True)
    case_ids = fields.One2many("complaint.case", "box_round_id", string="Sheets")
    registered_count = fields.Integer(
        string="Registered", compute="_compute_registered_count"
    )
    state = fields.Selection(
        [("open", "Being Registered"), ("closed", "All Registered")],
        default="open",
        required=True,
        readonly=True,
        copy=False,
    )
    closed_at = fields.Datetime(string="Closed on", readonly=True, copy=False)
    note = fields.Char()

    _guarded_fields = frozenset({"company_id", "state", "closed_at"})

    _count_positive = models.Constraint(
        "CHECK (sheet_count >= 0)", "A box holds no sheet or some."
    )

    @api.depends("case_ids")
    def _compute_registered_count(self):
        # sudo: a sheet about somebody in conflict is counted, not shown
        groups = (
            self.env["complaint.case"]
            .sudo()
            ._read_group(
                [("box_round_id", "in", self.ids)], ["box_round_id"], ["__count"]
            )
        )
        counts = {row.id: count for row, count in groups}
        for row in self:
            row.registered_count = counts.get(row._origin.id, 0)

    @api.depends("box_id", "opened_at")
    def _compute_display_name(self):
        for row in self:
            day = row.opened_at and fields.Datetime.context_timestamp(
                row, row.opened_at
            ).strftime("%Y-%m-%d")
            row.display_name = " ".join(filter(None, (row.box_id.name, day)))

    @api.constrains("opened_by_id", "witness_id", "opened_at")
    def _check_round(self):
        for row in self:
            if row.witness_id.user_id == row.opened_by_id:
                raise ValidationError(
                    self.env._("Whoever opens the box does not witness it.")
                )
            if row.opened_at > fields.Datetime.now():
                raise ValidationError(self.env._("The box has not been opened yet."))

    def write(self, vals):
        closed = self.filtered(lambda row: row.state == "closed")
        if closed and set(vals) - {"case_ids"}:
            raise UserError(self.env._("A closed round stays as it is."))
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_except_registered(self):
        if any(row.registered_count or row.state == "closed" for row in self):
            raise UserError(self.env._("A round with sheets stays on record."))

    def action_close(self):
        """Close rounds of which every sheet is a case.

        :raises UserError: sheets are missing, or more than were counted
        """
        for row in self:
            row.check_access("write")
            if row.state == "closed":
                continue
            if row.registered_count != row.sheet_count:
                raise UserError(
                    self.env._(
                        "%(count)s sheets were found, %(done)s are registered.",
                        count=row.sheet_count,
                        done=row.registered_count,
                    )
                )
            row._guarded().write(
                {"state": "closed", "closed_at": fields.Datetime.now()}
            )

    def action_register_sheet(self):
        """Open the form of a new case for the next sheet, anonymous as a rule."""
        self.ensure_one()
        self.check_access("write")
        self._check_takes_sheets()
        channel = self.env.ref("patient_complaint.complaint_channel_box")
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Sheet of the Box"),
            "res_model": "complaint.case",
            "view_mode": "form",
            "views": [(False, "form")],
            "target": "current",
            "context": {
                "default_box_round_id": self.id,
                "default_channel_id": channel.id,
                "default_anonymous": True,
                "default_kind": "suggestion",
                "default_department_id": self.box_id.department_id.id,
            },
        }

    def _check_takes_sheets(self):
        for row in self:
            if row.state == "closed" or row.registered_count >= row.sheet_count:
                raise UserError(
                    self.env._("All sheets of this round are registered already.")
                )
