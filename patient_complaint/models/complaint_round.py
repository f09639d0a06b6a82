# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError

from odoo.addons.patient_followup.tools.guard import is_open


class ComplaintRound(models.Model):
    """A look at the service of one department on one day (FHIR Encounter; S-5, S-6).

    What is not as it should be is put right on the spot, or becomes a
    rectification when the round is finished.

    Access: the office and inspectors write, centre managers and heads (their own
    departments) read. A finished round changes no more.
    """

    _name = "complaint.round"
    _description = "Service Round"
    _inherit = ["followup.guarded.mixin", "complaint.step.mixin"]
    _order = "date desc, id desc"
    _check_company_auto = True

    name = fields.Char(string="Round No.", readonly=True, copy=False)
    company_id = fields.Many2one(
        "res.company",
        required=True,
        index=True,
        readonly=True,
        default=lambda self: self.env.company,
    )
    date = fields.Date(
        required=True,
        default=lambda self: self.env["followup.clock"]._today(self.env.company),
    )
    department_id = fields.Many2one(
        "hr.department", required=True, index=True, check_company=True
    )
    area = fields.Char(help="Where exactly: hall, ward, window, car park.")
    method = fields.Selection(
        [
            ("onsite", "On Site"),
            ("video", "Video"),
            ("patient", "What Patients Say"),
            ("data", "Figures"),
        ],
        string="How",
        default="onsite",
        required=True,
    )
    inspector_id = fields.Many2one(
        "res.users", required=True, default=lambda self: self.env.user
    )
    note = fields.Text()
    state = fields.Selection(
        [("draft", "Under Way"), ("done", "Finished")],
        default="draft",
        required=True,
        copy=False,
        index=True,
    )
    line_ids = fields.One2many("complaint.round.line", "round_id", string="Findings")
    finding_count = fields.Integer(
        string="Not as It Should Be", compute="_compute_counts"
    )
    fixed_count = fields.Integer(
        string="Put Right on the Spot", compute="_compute_counts"
    )
    action_ids = fields.One2many(
        "complaint.action", compute="_compute_action_ids", string="Rectification"
    )

    _guarded_fields = frozenset({"name", "company_id", "state"})

    _name_uniq = models.UniqueIndex(
        "(company_id, name) WHERE name IS NOT NULL",
        "This number is used by another round.",
    )

    @api.depends("line_ids.result", "line_ids.is_fixed")
    def _compute_counts(self):
        for row in self:
            found = row.line_ids.filtered(lambda line: line.result == "not_met")
            row.finding_count = len(found)
            row.fixed_count = len(found.filtered("is_fixed"))

    @api.depends("line_ids.action_ids")
    def _compute_action_ids(self):
        for row in self:
            row.action_ids = row.line_ids.action_ids

    @api.constrains("date", "company_id")
    def _check_date(self):
        clock = self.env["followup.clock"]
        for row in self:
            if row.date > clock._today(row.company_id):
                raise ValidationError(
                    self.env._("A round is recorded when it was made, not before.")
                )

    # ------------------------------------------------------------
    # CRUD
    # ------------------------------------------------------------

    @api.model_create_multi
    def create(self, vals_list):
        rounds = super().create(vals_list)
        rounds._give_numbers()
        return rounds

    def write(self, vals):
        self._check_draft()
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_except_made(self):
        raise UserError(self.env._("A round stays on record."))

    def _check_draft(self):
        """A finished round says for ever what it found."""
        if is_open(self.env):
            return
        if done := self.filtered(lambda row: row.state == "done"):
            raise UserError(
                self.env._(
                    "%(name)s is finished: it stays as it is.", name=done[0].name
                )
            )

    # ------------------------------------------------------------
    # ACTIONS
    # ------------------------------------------------------------

    def action_fill(self):
        """Add a line for every indicator that is looked at in this way (S-4)."""
        for row in self:
            row.check_access("write")
            row._check_draft()
            wanted = self.env["complaint.indicator"].search(
                [
                    ("method", "=", row.method),
                    ("company_id", "in", (row.company_id.id, False)),
                ]
            )
            for indicator in wanted - row.line_ids.indicator_id:
                row.line_ids.create(row._prepare_line(indicator))

    def _prepare_line(self, indicator):
        return {
            "round_id": self.id,
            "indicator_id": indicator.id,
            "sequence": indicator.sequence,
        }

    def action_finish(self):
        """Finish the round: what was not put right on the spot becomes an action.

        The head of the department is responsible, else whoever made the round
        chooses (S-6).

        :raises UserError: nothing was looked at, or nobody can be responsible
        """
        for row in self:
            row.check_access("write")
            row._check_draft()
            if not row.line_ids:
                raise UserError(self.env._("Write down what you looked at first."))
            for line in row.line_ids:
                line._make_action()
            row._guarded().write({"state": "done"})
