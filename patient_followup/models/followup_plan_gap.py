# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import api, fields, models


class FollowupPlanGap(models.Model):
    """A contact a plan calls for that was not made, and why (I-7).

    Access: as for plans; rows are written by the engine only.
    """

    _name = "followup.plan.gap"
    _description = "Contact Not Planned"
    _erase_fields = ()
    _order = "date_due desc, id desc"
    _rec_name = "step_id"

    company_id = fields.Many2one("res.company", required=True, index=True)
    plan_id = fields.Many2one(
        "followup.plan", index="btree_not_null", ondelete="cascade"
    )
    patient_id = fields.Many2one(
        "followup.patient", index="btree_not_null", ondelete="cascade"
    )
    encounter_id = fields.Many2one(
        "followup.encounter", index="btree_not_null", ondelete="cascade"
    )
    department_id = fields.Many2one("hr.department", index="btree_not_null")
    centre_visible = fields.Boolean(related="plan_id.centre_visible", store=True)
    step_id = fields.Many2one(
        "followup.protocol.step", index="btree_not_null", ondelete="cascade"
    )
    occurrence = fields.Integer(default=0)
    reason = fields.Selection(
        [
            ("overdue", "Overdue when the plan was made"),
            ("missing_anchor", "The date it counts from is missing"),
            ("previous_not_done", "The contact before it was not made"),
            ("no_patient", "No patient is known"),
            ("blocked", "The patient must not be contacted"),
        ],
        required=True,
        index=True,
    )
    date_due = fields.Date(string="Was Due")
    origin_key = fields.Char(help="What asked for the plan, where there is none.")

    _occurrence_uniq = models.UniqueIndex(
        "(plan_id, step_id, occurrence) WHERE plan_id IS NOT NULL",
        "This contact is listed already.",
    )
    _origin_uniq = models.UniqueIndex(
        "(company_id, origin_key) WHERE plan_id IS NULL",
        "This is listed already.",
    )

    @api.model
    def _replace(self, drafts, is_new):
        """Make the list of these plans say what their drafts say now."""
        plans = self.env["followup.plan"].union(*drafts)
        wanted = {
            (plan.id, gap.spec.id, gap.occurrence): (plan, gap)
            for plan, draft in drafts.items()
            for gap in draft.gaps
        }
        if not is_new:
            self.search([("plan_id", "in", plans.ids)])._update(wanted)
        self.create([self._prepare(plan, gap) for plan, gap in wanted.values()])

    def _update(self, wanted):
        """Take from `wanted` what these rows say; delete the rows it lacks."""
        settled = self.browse()
        for row in self:
            key = (row.plan_id.id, row.step_id.id, row.occurrence)
            _plan, gap = wanted.pop(key, (None, None))
            if gap is None:
                settled += row
            elif (row.reason, row.date_due) != (gap.reason, gap.day or False):
                row.write({"reason": gap.reason, "date_due": gap.day})
        settled.unlink()

    @api.model
    def _prepare(self, plan, gap):
        return {
            "company_id": plan.company_id.id,
            "plan_id": plan.id,
            "patient_id": plan.patient_id.id,
            "encounter_id": plan.encounter_id.id,
            "department_id": plan.department_id.id,
            "step_id": gap.spec.id,
            "occurrence": gap.occurrence,
            "reason": gap.reason,
            "date_due": gap.day,
        }

    @api.model
    def _note(self, reason, origin_key, at, patient=None, encounter=None):
        """List what asked for a plan and got none (D-3, I-7)."""
        # sudo: callers write no list; who asked for the plan was checked
        rows = self.sudo()
        patient = patient or self.env["followup.patient"]
        encounter = encounter or self.env["followup.encounter"]
        company = patient.company_id or self.env.company
        domain = [
            ("company_id", "=", company.id),
            ("origin_key", "=", origin_key),
            ("plan_id", "=", False),
        ]
        if rows.search_count(domain, limit=1):
            return
        rows.create(
            {
                "company_id": company.id,
                "patient_id": patient.id,
                "encounter_id": encounter.id,
                "department_id": encounter.department_id.id,
                "origin_key": origin_key,
                "reason": reason,
                "date_due": at and self.env["followup.clock"]._local_date(company, at),
            }
        )

    def action_create_task(self):
        """Make the contact after all, overdue as it is."""
        self.check_access("read")
        self.plan_id.check_access("write")
        overdue = self.filtered(lambda gap: gap.reason == "overdue")
        overdue.plan_id._generate_tasks(backfill=None)
        return True
