# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""After closing somebody asks how it went: a protocol of follow-up (C-20, D-13)."""

from odoo import api, fields, models

EVENT = "complaint_closed"
# codes of the questionnaire's answers: what they mean for the case
ANSWERS = {
    "handling_very_satisfied": ("revisit_satisfaction", "5"),
    "handling_satisfied": ("revisit_satisfaction", "4"),
    "handling_fair": ("revisit_satisfaction", "3"),
    "handling_dissatisfied": ("revisit_satisfaction", "2"),
    "handling_very_dissatisfied": ("revisit_satisfaction", "1"),
    "rectified": ("revisit_effect", "improved"),
    "rectified_partly": ("revisit_effect", "partly"),
    "not_rectified": ("revisit_effect", "unchanged"),
    "rectified_unknown": ("revisit_effect", "unknown"),
}
ACTIVITY = "patient_complaint.mail_activity_type_revisit"


class ComplaintCase(models.Model):
    _inherit = "complaint.case"

    revisit_plan_id = fields.Many2one(
        "followup.plan",
        string="Return Visit",
        readonly=True,
        copy=False,
        index="btree_not_null",
        ondelete="set null",
    )
    revisit_task_id = fields.Many2one(
        "followup.task",
        string="Call of the Return Visit",
        readonly=True,
        copy=False,
        index="btree_not_null",
        ondelete="set null",
    )
    revisit_due = fields.Datetime(string="Return Visit Due", readonly=True, copy=False)
    revisit_at = fields.Datetime(string="Return Visit Made", readonly=True, copy=False)
    revisit_note = fields.Char(string="Why No Return Visit", readonly=True, copy=False)
    revisit_satisfaction = fields.Selection(
        [
            ("1", "Very Dissatisfied"),
            ("2", "Dissatisfied"),
            ("3", "Neither"),
            ("4", "Satisfied"),
            ("5", "Very Satisfied"),
        ],
        string="Satisfaction after the Return Visit",
        readonly=True,
        copy=False,
    )
    revisit_effect = fields.Selection(
        [
            ("improved", "Clearly Better"),
            ("partly", "Partly Better"),
            ("unchanged", "Nothing Changed"),
            ("unknown", "Cannot Say"),
        ],
        string="Effect of the Rectification",
        readonly=True,
        copy=False,
    )

    _guarded_fields = frozenset(
        {"revisit_plan_id", "revisit_task_id", "revisit_at", "revisit_note"}
        | {"revisit_due"}
        | {"revisit_satisfaction", "revisit_effect"}
    )

    # ------------------------------------------------------------
    # START
    # ------------------------------------------------------------

    def action_close(self):
        """Close, and have the complainant asked after a while (C-20)."""
        result = super().action_close()
        for case in self.filtered(lambda row: row.state == "closed"):
            case._start_revisit()
        return result

    def _start_revisit(self):
        """Start the return visit, or note in words why there is none (I-7)."""
        self.ensure_one()
        if self.kind != "complaint":
            return
        if reason := self._get_no_revisit_reason():
            self._set(revisit_note=reason)
            return
        plans = self._start_revisit_plans()
        if not plans:
            self._set(
                revisit_note=self.env._("No protocol of return visits is active.")
            )
            return
        task = plans[:1].task_ids[:1]
        self._set(
            revisit_plan_id=plans[:1].id,
            revisit_task_id=task.id,
            revisit_due=task.date_due,
            revisit_note=False,
            revisit_at=False,
            revisit_satisfaction=False,
            revisit_effect=False,
        )

    def _start_revisit_plans(self):
        # sudo: the complaint office plans no calls; closing was checked before
        case = self.sudo()
        events = case.env["followup.event"].with_company(self.company_id)
        plans = events.start_from_event(
            EVENT,
            case.patient_id,
            case.closed_at,
            self._get_revisit_key(),
            encounter=case.encounter_id,
        )
        plans = plans.sudo()._guarded()
        # the ward complained about neither makes this call nor learns of it (I-8)
        plans.write({"department_id": False})
        plans.task_ids.write({"department_id": False})
        return plans._unguarded()

    def _get_revisit_key(self):
        """Return what names this closure: a reopened case is asked about again."""
        again = f":{self.reopen_count}" if self.reopen_count else ""
        return f"case:{self.id}{again}"

    def _get_no_revisit_reason(self):
        """Return why nobody can be asked, or False."""
        _ = self.env._
        # sudo: the engine may know the patient where the office does not
        patient = self.sudo().patient_id
        if self.anonymous:
            return _("The complainant is anonymous.")
        if not patient:
            # stands in the list of what was not planned, too (D-3)
            self._start_revisit_plans()
            return _("The complainant is no patient of the hospital.")
        if not self._may_revisit():
            return _("The complainant has died.")
        if not patient.contact_ids:
            return _("No number to call is known.")
        return False

    def _may_revisit(self):
        """Whether the complainant is still there to be asked (I-12)."""
        self.ensure_one()
        is_patient = self.complainant_relation == "self"
        # sudo: the engine may know the patient where the office does not
        return not (is_patient and self.sudo().patient_id.deceased_date)

    # ------------------------------------------------------------
    # COME BACK
    # ------------------------------------------------------------

    @api.model
    def _bring_back(self, tasks):
        """Keep what the return visits said on their cases; engine only.

        :param tasks: return visits that were just completed
        """
        # sudo: the caller of the centre sees no case; the engine keeps the answers
        cases = self.sudo()._guarded()
        for task in tasks.sudo():
            case = cases.search([("revisit_plan_id", "=", task.plan_id.id)], limit=1)
            if not case:
                continue
            case.write(
                {
                    "revisit_task_id": task.id,
                    "revisit_at": task.completed_at or fields.Datetime.now(),
                    **self._read_answers(task.user_input_id),
                }
            )
            case._unguarded()._on_revisited()

    @api.model
    def _read_answers(self, answers):
        """Return field values of what was answered; unknown codes are left out."""
        chosen = answers.user_input_line_ids.suggested_answer_id
        codes = chosen.mapped("followup_code")
        return dict(ANSWERS[code] for code in codes if code in ANSWERS)

    def _on_revisited(self):
        """Who is dissatisfied still: propose to the handler to take it up again."""
        self.ensure_one()
        bad = self.revisit_satisfaction in ("1", "2")
        if not (bad or self.revisit_effect == "unchanged"):
            return
        users = self._able_users(self.owner_id or self.receiver_id)
        users = users or self._able_users(
            self._users_of("patient_complaint.complaint_group_officer")
        )
        for user in users:
            self.activity_schedule(
                ACTIVITY,
                user_id=user.id,
                note=self.env._(
                    "The return visit found the complainant dissatisfied:"
                    " think about reopening."
                ),
            )
