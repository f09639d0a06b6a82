# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError, ValidationError

from odoo.addons.patient_followup.tools.guard import is_open

from ..tools import approvals

STATES = [
    ("draft", "Draft"),
    ("submitted", "Awaiting Approval"),
    ("approved", "Approved"),
    ("rejected", "Rejected"),
    ("superseded", "Replaced"),
]
CONTENT = ("explanation", "apology", "rectification_needed", "settled_through")


class ComplaintResolution(models.Model):
    """What the hospital proposes to say and do, by versions (C-14, I-9).

    Its state follows from the approvals of its last round. Changing what was
    submitted keeps the old version and voids its approvals (`_version`).
    Access: whoever reads the case; specialists write until it was told.
    """

    _name = "complaint.resolution"
    _description = "Resolution"
    _inherit = ["followup.guarded.mixin"]
    _order = "case_id, version desc, id desc"
    _check_company_auto = True

    case_id = fields.Many2one(
        "complaint.case", required=True, index=True, ondelete="cascade"
    )
    company_id = fields.Many2one(
        related="case_id.company_id", store=True, index=True, precompute=True
    )
    currency_id = fields.Many2one(related="company_id.currency_id")
    version = fields.Integer(readonly=True, copy=False)
    state = fields.Selection(
        STATES,
        default="draft",
        required=True,
        readonly=True,
        copy=False,
        index=True,
    )
    explanation = fields.Text(required=True)
    apology = fields.Text()
    remedy_ids = fields.One2many("complaint.remedy", "resolution_id", string="Remedies")
    amount_total = fields.Monetary(
        string="Total",
        compute="_compute_amount_total",
        store=True,
        compute_sudo=True,
    )
    rectification_needed = fields.Boolean(help="Causes have to be put right.")
    settled_through = fields.Selection(
        [
            ("direct", "Directly"),
            ("mediation", "Mediation"),
            ("appraisal", "Appraisal"),
            ("court", "Court"),
        ],
        string="Settled through",
        default="direct",
        required=True,
    )
    approval_ids = fields.One2many(
        "complaint.approval", "resolution_id", string="Approvals"
    )
    round = fields.Integer(string="Approval Round", readonly=True, copy=False)
    proposer_ids = fields.Many2many(
        "res.users",
        "complaint_resolution_proposer_rel",
        "resolution_id",
        "user_id",
        string="Proposed by",
        readonly=True,
        copy=False,
        help="Everybody who wrote on it or submitted it; none of them decides.",
    )
    submitted_at = fields.Datetime(readonly=True, copy=False)
    submitted_by_id = fields.Many2one("res.users", readonly=True, copy=False)
    approved_at = fields.Datetime(readonly=True, copy=False)
    passed_by = fields.Char(
        string="Passed without Approval",
        readonly=True,
        copy=False,
        help="The rule that lets it pass.",
    )
    content_hash = fields.Char(
        string="Digest (SHA-256)", readonly=True, copy=False, help="Of what was sent."
    )
    decision_count = fields.Integer(readonly=True, copy=False)

    _erase_fields = ("explanation", "apology")
    _erase_link = "case_id"
    _guarded_fields = frozenset(
        {"version", "state", "round", "proposer_ids", "submitted_at", "approval_ids"}
        | {"submitted_by_id", "approved_at", "passed_by", "content_hash"}
        | {"decision_count", "amount_total", "company_id"}
    )

    _version_uniq = models.UniqueIndex(
        "(case_id, version) WHERE version > 0", "This version is there already."
    )

    # ------------------------------------------------------------
    # COMPUTE / CHECKS
    # ------------------------------------------------------------

    @api.depends("remedy_ids.amount")
    def _compute_amount_total(self):
        for resolution in self:
            resolution.amount_total = sum(resolution.remedy_ids.mapped("amount"))

    @api.depends("case_id", "version")
    def _compute_display_name(self):
        for resolution in self:
            resolution.display_name = self.env._(
                "%(case)s, version %(version)s",
                case=resolution.case_id.name or "",
                version=resolution.version,
            )

    @api.constrains("explanation")
    def _check_explanation(self):
        if any(not (row.explanation or "").strip() for row in self):
            raise ValidationError(self.env._("Write the explanation."))

    # ------------------------------------------------------------
    # CRUD
    # ------------------------------------------------------------

    @api.model_create_multi
    def create(self, vals_list):
        """Make the next version; the one before is replaced, its approvals void."""
        rows = super().create(vals_list)
        if not is_open(self.env):
            for row in rows:
                row._check_open_case()
                row._take_over()
        return rows

    def write(self, vals):
        if is_open(self.env):
            return super().write(vals)
        if "case_id" in vals:
            raise AccessError(self.env._("A resolution stays with its case."))
        changing = self.filtered(lambda row: row._changes(vals))
        for row in changing:
            row._before_change()
        result = super().write(vals)
        changing._note_author()
        return result

    @api.ondelete(at_uninstall=False)
    def _unlink_except_submitted(self):
        for row in self:
            if row.round or row.version > 1 or row.state != "draft":
                raise UserError(
                    self.env._("A resolution stays on record: write a new version.")
                )
            row._check_open_case()

    def _changes(self, vals):
        """Whether these values are another content than is there."""
        return "remedy_ids" in vals or any(
            name in vals and (vals[name] or False) != (self[name] or False)
            for name in CONTENT
        )

    def _check_open_case(self):
        """Only while the case is open and the answer is not told yet."""
        case = self.case_id
        case.check_access("write")
        case._check_is_open()
        if case.state in ("feedback", "rectification"):
            raise UserError(
                self.env._(
                    "%(name)s was answered: reopen it before another resolution.",
                    name=case.name,
                )
            )

    # ------------------------------------------------------------
    # CONTENT
    # ------------------------------------------------------------

    def _get_content(self):
        """Return what an approver approves, as plain data (D-18)."""
        self.ensure_one()
        remedies = self.remedy_ids.sorted(lambda row: (row.sequence, row.id))
        return {
            "case": self.case_id.name,
            "version": self.version,
            "tiers": self.case_id._get_tier_facts(),
            **{name: self[name] or False for name in CONTENT},
            "remedies": [remedy._get_content() for remedy in remedies],
        }

    def _hash(self):
        return approvals.content_hash(self._get_content())

    def _note_author(self):
        """Remember whoever wrote: he does not decide it."""
        # sudo: engine write, write on the rows was checked before
        for row in self.sudo()._guarded():
            if row.env.user not in row.proposer_ids:
                row.write({"proposer_ids": [(4, self.env.uid)]})
