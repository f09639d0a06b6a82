# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError

from ..tools.scores import Points, score

DIMENSIONS = ("complete", "timely", "accurate", "manner")
MARKS = [
    ("0", "0"),
    ("1", "1"),
    ("2", "2"),
    ("3", "3"),
    ("4", "4"),
    ("5", "5"),
    ("na", "Not Applicable"),
]
# the best mark of the scale above
FULL_MARK = max(int(mark) for mark, _label in MARKS if mark.isdigit())


class FollowupCallScore(models.Model):
    """The quality of one completed call, scored by somebody else (V-8, V-9).

    Access: inspectors and centre managers score; heads read those of their
    departments and callers their own, once they are final.
    """

    _name = "followup.call.score"
    _description = "Call Quality Score"
    _erase_fields = ("note",)
    _erase_link = "task_id"
    _inherit = ["followup.guarded.mixin"]
    _order = "id desc"
    _rec_name = "task_id"
    _check_company_auto = True

    _guarded_fields = frozenset(
        {
            "state",
            "company_id",
            "department_id",
            "caller_id",
            "scored_by_id",
            "scored_at",
            "total",
            *(f"{name}_score" for name in DIMENSIONS),
        }
    )

    task_id = fields.Many2one(
        "followup.task",
        string="Follow-up",
        required=True,
        index=True,
        ondelete="restrict",
        domain="[('state', '=', 'done')]",
    )
    sample_line_id = fields.Many2one(
        "followup.sample.line", index="btree_not_null", ondelete="restrict"
    )
    # copied from the call: the record rules read plain columns
    company_id = fields.Many2one("res.company", required=True, readonly=True)
    department_id = fields.Many2one("hr.department", index=True, readonly=True)
    caller_id = fields.Many2one("res.users", index=True, readonly=True)
    scored_by_id = fields.Many2one("res.users", readonly=True, ondelete="restrict")
    scored_at = fields.Datetime(readonly=True)
    state = fields.Selection(
        [("draft", "Draft"), ("done", "Final")], default="draft", required=True
    )
    line_ids = fields.One2many("followup.call.score.line", "score_id", copy=False)
    note = fields.Text(string="Remark")
    total = fields.Float(string="Score (%)", readonly=True, aggregator="avg")
    complete_score = fields.Float("Completeness (%)", readonly=True, aggregator="avg")
    timely_score = fields.Float("Timeliness (%)", readonly=True, aggregator="avg")
    accurate_score = fields.Float("Accuracy (%)", readonly=True, aggregator="avg")
    manner_score = fields.Float("Manner (%)", readonly=True, aggregator="avg")

    _scorer_uniq = models.UniqueIndex(
        "(task_id, create_uid)", "You scored this call already."
    )

    # ------------------------------------------------------------
    # CRUD
    # ------------------------------------------------------------

    @api.model_create_multi
    def create(self, vals_list):
        rows = []
        for vals in vals_list:
            task = self.env["followup.task"].browse(vals.get("task_id") or ())
            rows.append({**vals, **self._prepare_copies(task)})
        scores = super(FollowupCallScore, self._guarded()).create(rows)._unguarded()
        for record in scores.filtered(lambda record: not record.line_ids):
            record._add_lines()
        scores._check_sample_line()
        return scores

    def _check_sample_line(self):
        """A score closes the drawn line of its own call, of a quality sample."""
        for record in self:
            # sudo: lines of other hospitals are compared; nothing is shown
            line = record.sample_line_id.sudo()
            if line and (
                line.task_id != record.task_id or line.sample_id.purpose != "quality"
            ):
                raise UserError(self.env._("This line was drawn for another call."))

    def _prepare_copies(self, task):
        """Return what the score keeps of its call, after asking who scores it."""
        task.check_access("read")
        if task.state != "done":
            raise UserError(self.env._("Only a completed call is scored."))
        # sudo: whoever scores reads only the name of the caller
        caller = task.sudo().completed_by_id
        if caller == self.env.user:
            raise AccessError(self.env._("Nobody scores the calls he made himself."))
        return {
            "company_id": task.company_id.id,
            "department_id": task.department_id.id
            or task.encounter_id.department_id.id,
            "caller_id": caller.id,
            "state": "draft",
        }

    def _add_lines(self):
        criteria = self.env["followup.call.criterion"].search(
            [("company_id", "in", (False, self.company_id.id))]
        )
        self.line_ids = [
            fields.Command.create({"criterion_id": row.id}) for row in criteria
        ]

    def write(self, vals):
        if any(record.state == "done" for record in self):
            raise UserError(self.env._("A final score never changes."))
        if "task_id" in vals:
            raise UserError(self.env._("A score stays with its call."))
        result = super().write(vals)
        if "sample_line_id" in vals:
            self._check_sample_line()
        return result

    @api.ondelete(at_uninstall=False)
    def _unlink_except_done(self):
        if any(record.state == "done" for record in self):
            raise UserError(self.env._("A final score is never deleted."))

    # ------------------------------------------------------------
    # ACTIONS
    # ------------------------------------------------------------

    def action_done(self):
        """Make the score final: the caller and his head see it now."""
        self.check_access("write")
        for record in self:
            if any(not line.mark for line in record.line_ids):
                raise UserError(self.env._("Give a mark for each criterion."))
            total, parts = score(record._get_points())
            # sudo: write access was checked; these are guarded fields
            record.sudo()._guarded().write(
                {
                    "state": "done",
                    "scored_by_id": self.env.uid,
                    "scored_at": fields.Datetime.now(),
                    "total": total,
                    **{f"{name}_score": parts.get(name, 0) for name in DIMENSIONS},
                }
            )
            line = record.sample_line_id.sudo()
            line.filtered(lambda row: row.state == "open")._guarded().write(
                {"state": "judged"}
            )

    def _get_points(self):
        return [
            Points(
                line.criterion_id.dimension,
                line.criterion_id.weight,
                int(line.mark) / FULL_MARK,
            )
            for line in self.line_ids
            if line.mark != "na"
        ]


class FollowupCallScoreLine(models.Model):
    """One mark of a score; whoever reads the score reads it."""

    _name = "followup.call.score.line"
    _description = "Mark of a Call"
    _erase_fields = ("note",)
    _erase_link = "score_id"
    _order = "sequence, id"
    _rec_name = "criterion_id"

    score_id = fields.Many2one(
        "followup.call.score", required=True, index=True, ondelete="cascade"
    )
    criterion_id = fields.Many2one(
        "followup.call.criterion", required=True, ondelete="restrict"
    )
    sequence = fields.Integer(related="criterion_id.sequence", store=True)
    dimension = fields.Selection(related="criterion_id.dimension")
    description = fields.Char(related="criterion_id.description")
    mark = fields.Selection(MARKS)
    note = fields.Char(string="Remark")

    _criterion_uniq = models.UniqueIndex(
        "(score_id, criterion_id)", "Each criterion is marked once."
    )

    def write(self, vals):
        self._check_open()
        if "score_id" in vals:
            raise UserError(self.env._("A mark stays with its score."))
        return super().write(vals)

    @api.model_create_multi
    def create(self, vals_list):
        scores = self.env["followup.call.score"]
        # before the database looks at anything: whose score it is
        scores.browse(
            {vals.get("score_id") or 0 for vals in vals_list} - {0}
        ).check_access("write")
        lines = super().create(vals_list)
        lines._check_open()
        return lines

    @api.ondelete(at_uninstall=False)
    def _unlink_except_done(self):
        self._check_open()

    def _check_open(self):
        if any(line.score_id.state == "done" for line in self):
            raise UserError(self.env._("A final score never changes."))
