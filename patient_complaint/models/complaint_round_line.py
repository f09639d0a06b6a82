# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError


class ComplaintRoundLine(models.Model):
    """One thing a round looked at, and how it was (FHIR Observation; S-4 ... S-6).

    Access: like its round; it changes no more when the round is finished.
    """

    _name = "complaint.round.line"
    _description = "Finding of a Round"
    _order = "round_id, sequence, id"
    _rec_name = "indicator_id"
    _check_company_auto = True

    round_id = fields.Many2one(
        "complaint.round", required=True, index=True, ondelete="cascade"
    )
    company_id = fields.Many2one(
        related="round_id.company_id", store=True, index=True, precompute=True
    )
    department_id = fields.Many2one(
        related="round_id.department_id", store=True, index=True, precompute=True
    )
    sequence = fields.Integer(default=10)
    indicator_id = fields.Many2one(
        "complaint.indicator", required=True, check_company=True, index=True
    )
    standard = fields.Text(related="indicator_id.standard")
    result = fields.Selection(
        [
            ("met", "As It Should Be"),
            ("not_met", "Not as It Should Be"),
            ("not_seen", "Not Looked at"),
        ],
        default="met",
        required=True,
    )
    note = fields.Char(string="What Was Seen")
    is_fixed = fields.Boolean(string="Put Right on the Spot")
    fix = fields.Char(string="How It Was Put Right")
    responsible_id = fields.Many2one(
        "res.users",
        string="To Be Put Right by",
        help="Empty: the head of the department.",
    )
    action_ids = fields.One2many(
        "complaint.action", "finding_id", string="Rectification"
    )

    @api.depends("indicator_id", "round_id.name")
    def _compute_display_name(self):
        for line in self:
            names = [line.round_id.name, line.indicator_id.name]
            line.display_name = " / ".join(filter(None, names))

    @api.constrains("result", "note", "is_fixed", "fix")
    def _check_result(self):
        for line in self:
            if line.result == "not_met" and not line.note:
                raise ValidationError(self.env._("Say what was not as it should be."))
            if line.is_fixed and (line.result != "not_met" or not line.fix):
                raise ValidationError(
                    self.env._("Say what was wrong and how it was put right.")
                )

    @api.model_create_multi
    def create(self, vals_list):
        lines = super().create(vals_list)
        lines.round_id._check_draft()
        return lines

    def write(self, vals):
        self.round_id._check_draft()
        return super().write(vals)

    def unlink(self):
        self.round_id._check_draft()
        return super().unlink()

    def _make_action(self):
        """Make the rectification of what was not put right, once."""
        self.ensure_one()
        # sudo: an earlier one may be hidden from who made the round
        if self.result != "not_met" or self.is_fixed or self.sudo().action_ids:
            return
        checker = self.round_id.inspector_id
        responsible = self.responsible_id or self._get_head()
        if not responsible or responsible == checker:
            raise UserError(
                self.env._(
                    "Choose who puts it right: %(name)s", name=self.indicator_id.name
                )
            )
        self.env["complaint.action"].create(
            {
                "finding_id": self.id,
                "kind": "corrective",
                "description": self.note,
                "responsible_id": responsible.id,
                "checker_id": checker.id,
            }
        )

    def _get_head(self):
        return self.department_id._followup_heads()[self.department_id]
