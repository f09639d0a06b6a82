# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import fields, models
from odoo.exceptions import AccessError

FOLLOWUP = (
    "patient_followup.followup_group_department_head,"
    "patient_followup.followup_group_centre_manager,"
    "patient_followup.followup_group_inspector"
)
COMPLAINTS = "patient_complaint.complaint_group_specialist"


class DigestDigest(models.Model):
    """Main figures by mail: counts of what the recipient may read (section 1)."""

    _inherit = "digest.digest"

    kpi_followup_done = fields.Boolean("Follow-ups Completed")
    kpi_followup_done_value = fields.Integer(compute="_compute_kpi_followup_done_value")
    kpi_followup_attempts = fields.Boolean("Calls to Patients")
    kpi_followup_attempts_value = fields.Integer(
        compute="_compute_kpi_followup_attempts_value"
    )
    kpi_complaints = fields.Boolean("Complaints Received")
    kpi_complaints_value = fields.Integer(compute="_compute_kpi_complaints_value")

    def _compute_kpi_followup_done_value(self):
        self._followup_check_digest(FOLLOWUP)
        self._calculate_company_based_kpi(
            "followup.task",
            "kpi_followup_done_value",
            date_field="completed_at",
            additional_domain=[("state", "=", "done"), ("kind", "!=", "verification")],
        )

    def _compute_kpi_followup_attempts_value(self):
        self._followup_check_digest(FOLLOWUP)
        self._calculate_company_based_kpi(
            "followup.attempt",
            "kpi_followup_attempts_value",
            date_field="started_at",
            # as the reports count them: no verification calls
            additional_domain=[
                ("direction", "=", "out"),
                ("task_id.kind", "!=", "verification"),
            ],
        )

    def _compute_kpi_complaints_value(self):
        self._followup_check_digest(COMPLAINTS)
        self._calculate_company_based_kpi(
            "complaint.case",
            "kpi_complaints_value",
            date_field="received_at",
            additional_domain=[("kind", "=", "complaint")],
        )

    def _followup_check_digest(self, groups):
        """Leave a figure out of the mails of who has no role for it."""
        if not self.env.user.has_groups(groups):
            raise AccessError(self.env._("Your role does not include this figure."))

    def _compute_kpis_actions(self, company, user):
        actions = super()._compute_kpis_actions(company, user)
        menu = self.env.ref("followup_reports.followup_report_menu_root").id
        task = "followup_reports.followup_report_task_action"
        actions["kpi_followup_done"] = f"{task}?menu_id={menu}"
        return actions
