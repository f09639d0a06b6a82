# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import api, fields, models


class FollowupReview(models.Model):
    """A doctor has seen the result of a follow-up; what was agreed (X-6).

    The measure is shown to whoever calls the patient next. Access: the ward, the
    centre for level 2, managers and inspectors read; the doctor writes by
    `followup.review.inbox`.
    """

    _name = "followup.review"
    _description = "Review of a Follow-up"
    _erase_fields = ("measure",)
    _inherit = ["followup.guarded.mixin"]
    _order = "reviewed_at desc, id desc"
    _rec_name = "task_id"

    task_id = fields.Many2one(
        "followup.task", required=True, readonly=True, ondelete="cascade", index=True
    )
    company_id = fields.Many2one(
        "res.company", required=True, readonly=True, index=True
    )
    patient_id = fields.Many2one(
        "followup.patient", required=True, readonly=True, index=True
    )
    department_id = fields.Many2one("hr.department", readonly=True, index=True)
    level = fields.Selection([("1", "Level 1"), ("2", "Level 2")], readonly=True)
    reviewed_by_id = fields.Many2one(
        "res.users", required=True, readonly=True, index=True
    )
    reviewed_at = fields.Datetime(required=True, readonly=True)
    measure = fields.Text(
        string="Agreed Measure", readonly=True, help="Shown to the next caller."
    )

    _guarded_fields = frozenset(
        {
            "task_id",
            "company_id",
            "patient_id",
            "department_id",
            "level",
            "reviewed_by_id",
            "reviewed_at",
            "measure",
        }
    )

    _task_uniq = models.UniqueIndex("(task_id)", "This result is reviewed already.")

    @api.model
    def _prepare_review(self, task, measure):
        return {
            "task_id": task.id,
            "company_id": task.company_id.id,
            "patient_id": task.patient_id.id,
            "department_id": task.department_id.id,
            "level": task.level,
            "reviewed_by_id": self.env.uid,
            "reviewed_at": fields.Datetime.now(),
            "measure": measure,
        }

    @api.model
    def _agreed_for(self, patients, limit=3):
        """Return {patient: the latest reviews with a measure}, for who calls them.

        The caller checked that he sees a task of each patient.
        """
        # sudo: the measure of another ward is for whoever calls the patient next
        rows = self.sudo().search(
            [("patient_id", "in", patients.ids), ("measure", "!=", False)]
        )
        grouped = rows.grouped("patient_id")
        return {patient.id: found[:limit] for patient, found in grouped.items()}
