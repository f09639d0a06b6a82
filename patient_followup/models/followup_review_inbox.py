# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import api, fields, models
from odoo.exceptions import AccessError
from odoo.tools import SQL

from ..tools.checked import checked


class FollowupReviewInbox(models.Model):
    """Results of a doctor's patients, whoever made the call (X-6).

    Read from the tasks as they are: finishing a call writes nothing here, and no
    result is missed; what nobody reviewed leaves the list after the days the
    hospital looks back on. What the doctor called himself needs no review.

    Access: the attending doctor his patients, heads their departments, managers
    and inspectors all.
    """

    _name = "followup.review.inbox"
    _description = "Result to Review"
    _auto = False
    _order = "state, needs_attention desc, completed_at desc, id desc"
    _rec_name = "name"

    task_id = fields.Many2one("followup.task", readonly=True)
    company_id = fields.Many2one("res.company", readonly=True)
    patient_id = fields.Many2one("followup.patient", readonly=True)
    department_id = fields.Many2one("hr.department", readonly=True)
    doctor_user_id = fields.Many2one("res.users", string="Doctor", readonly=True)
    level = fields.Selection([("1", "Level 1"), ("2", "Level 2")], readonly=True)
    name = fields.Char(string="Follow-up", readonly=True)
    completed_at = fields.Datetime(readonly=True)
    completed_by_id = fields.Many2one("res.users", string="Called by", readonly=True)
    outcome_note = fields.Text(string="Result", readonly=True)
    advice_note = fields.Text(string="Advice Given", readonly=True)
    next_visit_date = fields.Date(string="Next Visit", readonly=True)
    needs_attention = fields.Boolean(
        readonly=True, help="A red flag or a question was raised in this call."
    )
    state = fields.Selection(
        [("pending", "To Review"), ("reviewed", "Reviewed")], readonly=True
    )
    measure = fields.Text(string="Agreed Measure", readonly=True)
    reviewed_by_id = fields.Many2one("res.users", readonly=True)
    reviewed_at = fields.Datetime(readonly=True)

    @property
    def _table_query(self):
        """Return what waits, of the days looked back on, and all that was reviewed.

        Two branches with a plain state each: a list of what waits never sorts
        the calls of all years.
        """
        pending = SQL(
            """
              FROM followup_task task
              JOIN res_company house ON house.id = task.company_id
         LEFT JOIN followup_review review ON review.task_id = task.id
              JOIN followup_encounter stay ON stay.id = task.encounter_id
             WHERE review.id IS NULL
               AND task.closed_at > (now() AT TIME ZONE 'UTC')
                                    - house.followup_review_days * interval '1 day'
            """
        )
        reviewed = SQL(
            """
              FROM followup_review review
              JOIN followup_task task ON task.id = review.task_id
              JOIN followup_encounter stay ON stay.id = task.encounter_id
             WHERE TRUE
            """
        )
        return SQL(
            "%s UNION ALL %s",
            self._branch_query("pending", pending),
            self._branch_query("reviewed", reviewed),
        )

    @api.model
    def _branch_query(self, state, source):
        return SQL(
            """
            SELECT task.id, task.id AS task_id, task.company_id, task.patient_id,
                   task.department_id, stay.attending_user_id AS doctor_user_id,
                   task.level, task.name, task.completed_at, task.completed_by_id,
                   task.outcome_note, task.advice_note, task.next_visit_date,
                   (task.red_flag IS TRUE OR EXISTS (
                       SELECT FROM followup_concern concern
                        WHERE concern.task_id = task.id
                          AND concern.kind = 'question')) AS needs_attention,
                   %s::varchar AS state,
                   review.measure, review.reviewed_by_id, review.reviewed_at
                   %s
               AND task.state = 'done'
               AND stay.attending_user_id IS NOT NULL
               AND task.completed_by_id <> stay.attending_user_id
            """,
            state,
            source,
        )

    # ------------------------------------------------------------
    # ACTIONS
    # ------------------------------------------------------------

    @checked
    def action_reviewed(self, measure=None):
        """Seen, and agreed what to do; once more changes the measure.

        :param measure: what was agreed, for the next caller; may be empty
        :raises AccessError: by others than the doctor or his head
        """
        self.check_access("read")
        reviews = self.env["followup.review"]
        text = (measure or "").replace("\x00", "").strip() or False
        for row in self:
            row._check_reviewer()
            task = row.task_id
            # sudo: nobody creates reviews by hand; the reviewer was checked
            reviews_sudo = reviews.sudo()._guarded()
            known = reviews_sudo.search([("task_id", "=", task.id)])
            vals = reviews._prepare_review(task.sudo(), text or known.measure)
            if known:
                known.write(vals)
            else:
                reviews_sudo.create(vals)
        self.env.flush_all()
        self.invalidate_model()

    def _check_reviewer(self):
        """The doctor himself, his deputy, his head or the centre manager."""
        self.ensure_one()
        doctor = self.doctor_user_id
        allowed = doctor.union(
            *self.department_id._followup_heads().values(),
            *self.env["followup.delegation"]._deputies(doctor).values(),
        ) | self.env["followup.concern"]._centre_managers(self.company_id)
        if self.env.user not in allowed:
            raise AccessError(
                self.env._("Results are reviewed by the doctor or his head.")
            )

    def action_agree(self):
        """Open the dialog in which a measure is written down."""
        self.ensure_one()
        self.check_access("read")
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Agree a Measure"),
            "res_model": "followup.review.agree",
            "views": [(False, "form")],
            "target": "new",
            "context": {"default_task_id": self.id},
        }
