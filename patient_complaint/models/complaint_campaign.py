# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import api, fields, models
from odoo.exceptions import UserError

from odoo.addons.patient_followup.tools.checked import checked
from odoo.addons.patient_followup.tools.guard import is_open

ACTIVITY = "patient_complaint.mail_activity_type_campaign"
OPEN_STATES = ("proposed", "running")


class ComplaintCampaign(models.Model):
    """A special effort against what recurs (FHIR CarePlan; S-7, S-8, C-22).

    Proposed by the nightly search for complaints of one category about one
    department (`_find`), or begun by the office. It runs with milestones and
    ends with an evaluation that says what lasts.

    Access: the office reads and writes, leaders and heads of the department read.
    """

    _name = "complaint.campaign"
    _description = "Special Campaign"
    _inherit = [
        "followup.guarded.mixin",
        "complaint.step.mixin",
        "mail.thread",
        "mail.activity.mixin",
    ]
    _order = "id desc"
    _check_company_auto = True

    name = fields.Char(string="Campaign No.", readonly=True, copy=False)
    company_id = fields.Many2one(
        "res.company",
        required=True,
        index=True,
        readonly=True,
        default=lambda self: self.env.company,
    )
    state = fields.Selection(
        [
            ("proposed", "Proposed"),
            ("running", "Running"),
            ("evaluated", "Evaluated"),
            ("dismissed", "Dismissed"),
        ],
        default="proposed",
        required=True,
        copy=False,
        index=True,
        group_expand=True,
    )
    category_id = fields.Many2one(
        "complaint.category", required=True, index=True, check_company=True
    )
    department_id = fields.Many2one("hr.department", required=True, index=True)
    proposed_at = fields.Datetime(readonly=True, copy=False)
    case_ids = fields.Many2many(
        "complaint.case",
        "complaint_campaign_case_rel",
        "campaign_id",
        "case_id",
        string="Cases",
        readonly=True,
        copy=False,
    )
    case_count = fields.Integer(string="How Many Cases", compute="_compute_case_count")
    case_days = fields.Integer(string="Within Days", readonly=True, copy=False)
    owner_id = fields.Many2one("res.users", string="Led by", tracking=True)
    goal = fields.Text(help="What will be different, and by how much.")
    date_end = fields.Date(string="To Be Done by")
    milestone_ids = fields.One2many(
        "complaint.milestone", "campaign_id", string="Milestones"
    )
    action_ids = fields.One2many(
        "complaint.action", "campaign_id", string="Rectification"
    )
    # what came of it
    evaluation = fields.Text(copy=False, help="What was reached, against the goal.")
    mechanism = fields.Text(
        string="What Lasts", copy=False, help="Rule, training or check that remains."
    )
    is_effective = fields.Boolean(string="Had an Effect", copy=False)
    evaluated_at = fields.Datetime(readonly=True, copy=False)
    evaluated_by_id = fields.Many2one("res.users", readonly=True, copy=False)
    later_count = fields.Integer(
        string="Cases since It Began", compute="_compute_later_count"
    )
    started_at = fields.Datetime(string="Began", readonly=True, copy=False)
    dismissed_at = fields.Datetime(readonly=True, copy=False)
    dismiss_reason = fields.Char(string="Why Dismissed", readonly=True, copy=False)

    _guarded_fields = frozenset(
        {"name", "company_id", "state", "proposed_at", "case_ids", "case_count"}
        | {"case_days", "evaluated_at", "evaluated_by_id", "started_at"}
        | {"dismissed_at", "dismiss_reason"}
    )

    _name_uniq = models.UniqueIndex(
        "(company_id, name) WHERE name IS NOT NULL",
        "This number is used by another campaign.",
    )
    # the nightly search proposes nothing twice
    _open_uniq = models.UniqueIndex(
        "(company_id, category_id, department_id)"
        " WHERE state IN ('proposed', 'running')",
        "A campaign for this is open already.",
    )

    @api.depends("case_ids.conflict_user_ids")
    @api.depends_context("uid")
    def _compute_case_count(self):
        """Count what is not closed for the reader: a figure tells, too (I-8)."""
        for row in self:
            # sudo: how many cases came is a figure, not a case
            cases = row.sudo().case_ids
            row.case_count = len(
                cases.filtered(lambda case: self.env.user not in case.conflict_user_ids)
            )

    @api.depends("started_at", "category_id", "department_id")
    @api.depends_context("uid")
    def _compute_later_count(self):
        for row in self:
            row.later_count = row.started_at and row._count_later()

    def _count_later(self):
        # sudo: how many cases came is a figure, not a case
        return (
            self.env["complaint.case"]
            .sudo()
            .search_count(
                [
                    ("company_id", "=", self.company_id.id),
                    ("received_at", ">=", self.started_at),
                    ("state", "not in", ("withdrawn", "not_accepted")),
                    ("conflict_user_ids", "not in", self.env.user.ids),
                    (
                        "issue_ids",
                        "any",
                        [
                            ("category_id", "=", self.category_id.id),
                            "|",
                            ("department_id", "=", self.department_id.id),
                            "&",
                            ("department_id", "=", False),
                            ("case_id.department_id", "=", self.department_id.id),
                        ],
                    ),
                ]
            )
        )

    # ------------------------------------------------------------
    # CRUD
    # ------------------------------------------------------------

    @api.model_create_multi
    def create(self, vals_list):
        campaigns = super().create(vals_list)
        campaigns._give_numbers()
        return campaigns

    def write(self, vals):
        self._check_open()
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_except_made(self):
        raise UserError(
            self.env._("A campaign is dismissed with a reason, never deleted.")
        )

    def _check_open(self):
        if is_open(self.env):
            return
        for row in self.filtered(lambda row: row.state not in OPEN_STATES):
            raise UserError(self.env._("%(name)s is over.", name=row.name))

    # ------------------------------------------------------------
    # ACTIONS
    # ------------------------------------------------------------

    def action_start(self):
        """Begin: somebody leads it, with a goal and at least one milestone (S-7)."""
        for row in self:
            row.check_access("write")
            row._check_state("proposed")
            _ = self.env._
            needed = {
                _("who leads it"): row.owner_id,
                _("the goal"): (row.goal or "").strip(),
                _("a milestone"): row.milestone_ids,
            }
            if missing := [name for name, given in needed.items() if not given]:
                raise UserError(
                    _(
                        "%(name)s cannot begin yet. Missing: %(what)s",
                        name=row.name,
                        what=", ".join(missing),
                    )
                )
            row._guarded().write(
                {"state": "running", "started_at": fields.Datetime.now()}
            )
            row._end_activities()

    def action_evaluate(self):
        """Say what came of it and what lasts; milestones and actions are over (S-8)."""
        for row in self:
            row.check_access("write")
            row._check_state("running")
            row._check_evaluation()
            row._guarded().write(
                {
                    "state": "evaluated",
                    "evaluated_at": fields.Datetime.now(),
                    "evaluated_by_id": self.env.uid,
                }
            )
            row._end_activities()

    @checked
    def action_dismiss(self, reason):
        """No campaign; the reason stays on record."""
        reason = reason.strip() if isinstance(reason, str) else ""
        if not reason:
            raise UserError(self.env._("Give a reason."))
        for row in self:
            row.check_access("write")
            row._check_state("proposed")
            row._guarded().write(
                {
                    "state": "dismissed",
                    "dismissed_at": fields.Datetime.now(),
                    "dismiss_reason": reason[:1000],
                }
            )
            row._end_activities()

    def _check_evaluation(self):
        _ = self.env._
        # sudo: nothing may be overlooked because the user does not see it
        actions = self.sudo().action_ids
        pending = actions.filtered(
            lambda row: row.state not in ("effective", "cancelled")
        )
        needed = {
            _("the evaluation"): (self.evaluation or "").strip(),
            _("what lasts"): (self.mechanism or "").strip(),
            _("every milestone reached or given up"): all(
                row.state != "open" for row in self.milestone_ids
            ),
            _("every rectification checked"): not pending,
        }
        if missing := [name for name, given in needed.items() if not given]:
            raise UserError(
                _(
                    "%(name)s cannot be evaluated yet. Missing: %(what)s",
                    name=self.name,
                    what=", ".join(missing),
                )
            )

    def _end_activities(self):
        # sudo: the to-do may be another person's; the step was checked before
        self.sudo().activity_ids.unlink()
