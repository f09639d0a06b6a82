# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain
from odoo.tools import SQL

from ..tools.checked import checked

VERDICTS = [
    ("confirmed", "Confirmed"),
    ("cannot_confirm", "Cannot Confirm"),
    ("contradicted", "Contradicted"),
    ("no_call", "No Call"),
]
BY_URGENCY = (
    "appealed",
    "open",
    "judged",
    "decided",
    "missed",
    "dropped",
    "reserve",
)
CALLERS = (
    "patient_followup.followup_group_ward_caller,"
    "patient_followup.followup_group_centre_caller,"
    "patient_followup.followup_group_inspector"
)


class FollowupSampleLine(models.Model):
    """One stay or call that was drawn, its verification call and its verdict.

    Access: inspectors and centre managers all; the verifier his own; the
    department head and the performer of the checked call see a line only once
    there is a verdict, so nobody is warned before the patient is called.
    """

    _name = "followup.sample.line"
    _description = "Drawn Call"
    _erase_fields = ("verdict_note", "verdict_log", "appeal_text", "decision_note")
    _inherit = ["followup.guarded.mixin"]
    _order = "state, sample_id desc, department_id, rank, id"

    _guarded_fields = frozenset(
        {
            "sample_id",
            "company_id",
            "subject",
            "stratum_key",
            "rank",
            "is_reserve",
            "department_id",
            "encounter_id",
            "patient_id",
            "task_id",
            "performer_id",
            "is_recorded",
            "verifier_id",
            "verification_task_id",
            "suggestion",
            "state",
            "verdict",
            "verdict_note",
            "verdict_by_id",
            "verdict_at",
            "verdict_log",
            "final_at",
            "first_verdict",
            "appeal_text",
            "appealed_by_id",
            "appealed_at",
            "decision_note",
            "decided_by_id",
            "decided_at",
            "replaces_id",
        }
    )

    sample_id = fields.Many2one(
        "followup.sample", required=True, index=True, ondelete="restrict"
    )
    purpose = fields.Selection(related="sample_id.purpose")
    company_id = fields.Many2one("res.company", required=True)
    subject = fields.Integer(
        required=True, help="Number of the stay or call in the population."
    )
    stratum_key = fields.Char(required=True, default="")
    rank = fields.Integer(required=True, help="Place in the draw of its group.")
    is_reserve = fields.Boolean(string="From the Reserve")
    department_id = fields.Many2one("hr.department", index="btree_not_null")
    encounter_id = fields.Many2one("followup.encounter", index="btree_not_null")
    patient_id = fields.Many2one("followup.patient", required=True, index=True)
    patient_name_masked = fields.Char(
        related="patient_id.name_masked", string="Masked Patient Name"
    )
    task_id = fields.Many2one(
        "followup.task", string="Call Checked", index="btree_not_null"
    )
    performer_id = fields.Many2one(
        "res.users", index="btree_not_null", ondelete="restrict"
    )
    is_recorded = fields.Boolean(
        string="Call on Record", help="A completed call stood there when it was drawn."
    )
    verifier_id = fields.Many2one(
        "res.users", index="btree_not_null", ondelete="restrict"
    )
    verification_task_id = fields.Many2one(
        "followup.task", string="Verification Call", index="btree_not_null"
    )
    verification_state = fields.Selection(
        related="verification_task_id.state", string="State of the Call"
    )
    suggestion = fields.Selection(
        VERDICTS, help="What the answers and the recorded calls suggest."
    )
    state = fields.Selection(
        [
            ("reserve", "Reserve"),
            ("missed", "No Call on Record"),
            ("open", "To Verify"),
            ("judged", "Judged"),
            ("appealed", "Appealed"),
            ("decided", "Decided on Appeal"),
            ("dropped", "Dropped"),
        ],
        required=True,
        default="open",
    )
    verdict = fields.Selection(VERDICTS)
    verdict_note = fields.Text()
    verdict_by_id = fields.Many2one("res.users", ondelete="restrict")
    verdict_at = fields.Datetime()
    verdict_log = fields.Text(
        string="Earlier Verdicts", help="Who judged otherwise before, and when."
    )
    final_at = fields.Datetime(string="Final From", help="End of the appeal period.")
    is_final = fields.Boolean(
        string="Final", compute="_compute_is_final", search="_search_is_final"
    )
    first_verdict = fields.Selection(VERDICTS, help="The verdict before the appeal.")
    appeal_text = fields.Text(string="Appeal")
    appealed_by_id = fields.Many2one("res.users", ondelete="restrict")
    appealed_at = fields.Datetime()
    decision_note = fields.Text(string="Decision")
    decided_by_id = fields.Many2one("res.users", ondelete="restrict")
    decided_at = fields.Datetime()
    replaces_id = fields.Many2one("followup.sample.line", index="btree_not_null")
    can_judge = fields.Boolean(compute="_compute_can")
    can_appeal = fields.Boolean(compute="_compute_can")
    can_decide = fields.Boolean(compute="_compute_can")

    _subject_uniq = models.UniqueIndex(
        "(sample_id, subject)", "Nobody is drawn twice for one sample."
    )
    _reserve_idx = models.Index(
        "(sample_id, stratum_key, rank) WHERE state = 'reserve'"
    )
    _department_idx = models.Index("(company_id, department_id, state)")

    # ------------------------------------------------------------
    # COMPUTE / SEARCH
    # ------------------------------------------------------------

    @api.depends("sample_id", "rank")
    def _compute_display_name(self):
        """Neutral: which sample and place, never who (I-3)."""
        for line in self:
            # sudo: wards read verdicts about their calls, not the sample
            line.display_name = f"{line.sample_id.sudo().name} {line.rank}"

    @api.depends("state", "final_at")
    def _compute_is_final(self):
        final = self.filtered_domain(self._final_domain())
        final.is_final = True
        (self - final).is_final = False

    def _search_is_final(self, operator, value):
        if operator != "in":
            return NotImplemented
        return self._final_domain()

    def _order_field_to_sql(self, alias, field_name, direction, nulls, query):
        """What waits for somebody stands first, what is over last."""
        if field_name != "state":
            return super()._order_field_to_sql(
                alias, field_name, direction, nulls, query
            )
        place = SQL(
            "array_position(%s::varchar[], %s)",
            list(BY_URGENCY),
            SQL.identifier(alias, "state", to_flush=self._fields["state"]),
        )
        return SQL("%s %s", place, direction)

    @api.model
    def _final_domain(self):
        """Decided on appeal, or nobody appealed in time; no cron is needed."""
        return Domain("state", "in", ("decided", "missed")) | (
            Domain("state", "=", "judged")
            & Domain("final_at", "<=", fields.Datetime.now())
        )

    # ------------------------------------------------------------
    # VERIFICATION CALLS
    # ------------------------------------------------------------

    def _make_calls(self):
        """Give each line a verifier who is not its performer, and make the calls.

        Lines for whom nobody is left stay without; they stand in a list (I-7).
        """
        lines = self.filtered(lambda line: line.sample_id.purpose != "quality")
        performers = lines._get_performers()
        for sample, rows in lines.grouped("sample_id").items():
            verifiers = sample.verifier_ids.sorted("id")
            for index, line in enumerate(rows):
                barred = performers.get(line.id, set())
                free = [user for user in verifiers if user.id not in barred]
                if free:
                    line._guarded().verifier_id = free[index % len(free)]
        lines.filtered("verifier_id")._create_tasks()

    def _get_performers(self):
        """Return {line id: ids of whoever worked on follow-up of the patient}."""
        if not self.ids:
            return {}
        self.env.flush_all()
        rows = self.env.execute_query(
            SQL(
                """
                SELECT line.id, array_agg(DISTINCT worker.id)
                  FROM followup_sample_line line
            CROSS JOIN LATERAL (
                        SELECT id, kind, user_id, completed_by_id FROM followup_task
                         WHERE id = line.task_id
                         UNION ALL
                        SELECT id, kind, user_id, completed_by_id FROM followup_task
                         WHERE encounter_id = line.encounter_id
                       ) task
             LEFT JOIN followup_attempt try ON try.task_id = task.id
            CROSS JOIN LATERAL (VALUES (try.user_id), (task.completed_by_id),
                                       (task.user_id), (line.performer_id)
                       ) AS worker(id)
                 WHERE line.id = ANY(%s) AND task.kind <> 'verification'
                   AND worker.id IS NOT NULL
              GROUP BY line.id
                """,
                list(self.ids),
            )
        )
        return {line_id: set(users) for line_id, users in rows}

    def _create_tasks(self):
        """Make the verification calls; they stand on the board of their verifier."""
        tasks = self.env["followup.task"]._create_generated(
            [line._prepare_task() for line in self]
        )
        for line, task in zip(self, tasks, strict=True):
            line._guarded().verification_task_id = task

    def _prepare_task(self):
        """Without a department: wards would see whom the lot has fallen on."""
        self.ensure_one()
        sample = self.sample_id
        now = fields.Datetime.now()
        calendar = self.env["followup.clock"]._for_company(self.company_id)
        until = max(calendar.day_bounds(sample.call_until)[1], now)
        return {
            "company_id": self.company_id.id,
            "kind": "verification",
            "origin_key": f"sample:{self.id}",
            "name": sample.name,
            "patient_id": self.patient_id.id,
            "encounter_id": self.encounter_id.id,
            "department_id": False,
            "level": "2",
            "method": "phone",
            "user_id": self.verifier_id.id,
            "date_earliest": now,
            "date_due": until,
            "date_deadline": until,
        }

    @checked
    def action_assign_verifier(self, user_id):
        """Give open lines to a verifier who did not perform the checked call."""
        self.sample_id._check_drawer()
        user = self.env["res.users"].browse(user_id or []).exists()
        # sudo: roles and hospitals of colleagues are hidden from callers
        hospitals = user.sudo().company_ids
        if not (user and user.has_groups(CALLERS) and self.company_id <= hospitals):
            raise UserError(self.env._("Verification calls need a role in follow-up."))
        # sudo: the role was checked; lines are guarded
        lines = self.sudo().filtered(lambda line: line.state == "open")
        performers = lines._get_performers()
        if any(user.id in performers.get(row.id, ()) for row in lines):
            raise UserError(self.env._("Nobody verifies the calls he made himself."))
        lines._guarded().write({"verifier_id": user.id})
        lines.filtered(lambda line: not line.verification_task_id)._create_tasks()
        tasks = lines.verification_task_id.filtered(lambda task: task._is_open())
        tasks._guarded().write({"user_id": user.id})

    def _drop_calls(self, reason):
        """Take the open calls back; the sample was given up."""
        # sudo: the caller's role was checked; tasks and lines are guarded
        lines = self.sudo().filtered(lambda line: line.state in ("open", "reserve"))
        lines.verification_task_id._cancel_engine(reason)
        lines._guarded().write({"state": "dropped"})

    def _replace(self):
        """Call the next of the reserve instead of who cannot confirm anything."""
        for line in self:
            spare = self.search(
                [
                    ("sample_id", "=", line.sample_id.id),
                    ("stratum_key", "=", line.stratum_key),
                    ("state", "=", "reserve"),
                ],
                order="rank",
                limit=1,
            )
            if not spare:
                continue
            missed = line.sample_id.only_recorded and not spare.is_recorded
            spare._guarded().write(
                {"state": "missed" if missed else "open", "replaces_id": line.id}
            )
            if not missed:
                spare._make_calls()
