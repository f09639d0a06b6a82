# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import api, fields, models
from odoo.exceptions import AccessError

from ..tools.guard import is_open
from .survey_survey import TYPE

ANSWERED_BY = [
    ("patient", "Patient"),
    ("relative", "Relative"),
    ("staff", "Staff"),
]
# what the mail machinery keeps beside a record
FREE_PREFIXES = ("message_", "activity_", "website_message_")


class SurveyUserInput(models.Model):
    """The answers of one call or one visit of a page (FHIR QuestionnaireResponse).

    Rows of follow-up questionnaires are made and changed by the engine only, of
    whom `_followup_save` is the one door for staff and patients (D-2). Hospital,
    ward, level and patient are plain columns beside the task for the rules.

    Access: whoever reads the task reads its answers; nobody writes directly.
    """

    _name = "survey.user_input"
    _inherit = ["survey.user_input", "followup.guarded.mixin"]
    _erase_fields = ("nickname", "email")

    followup_task_id = fields.Many2one(
        "followup.task",
        string="Follow-up",
        readonly=True,
        copy=False,
        ondelete="restrict",
    )
    # sealed: never emptied by a deletion elsewhere
    followup_company_id = fields.Many2one(
        "res.company",
        string="Hospital",
        readonly=True,
        index="btree_not_null",
        ondelete="restrict",
    )
    followup_department_id = fields.Many2one(
        "hr.department",
        string="Department",
        readonly=True,
        index="btree_not_null",
        ondelete="restrict",
    )
    followup_patient_id = fields.Many2one(
        "followup.patient", string="Patient", readonly=True, index="btree_not_null"
    )
    followup_level = fields.Selection(
        [("1", "Level 1"), ("2", "Level 2")], string="Level", readonly=True
    )
    followup_answered_by = fields.Selection(
        ANSWERED_BY, string="Answered by", readonly=True
    )
    followup_self_entry = fields.Boolean(
        string="Filled in Alone",
        readonly=True,
        help="The patient answered by himself, no staff beside him (P-16).",
    )
    followup_day = fields.Date(
        string="Day", readonly=True, help="Local day on which it was finished."
    )
    followup_open_count = fields.Integer(
        string="Left Open", readonly=True, help="Mandatory questions without answer."
    )
    followup_raised = fields.Json(
        readonly=True,
        copy=False,
        export_string_translation=False,
        help="Concerns raised by answers: {question id: concern id}.",
    )

    _followup_task_uniq = models.UniqueIndex(
        "(followup_task_id) WHERE followup_task_id IS NOT NULL",
        "This call has its answers already.",
    )

    def get_formview_id(self, access_uid=None):
        view = self.env.ref("patient_followup.survey_user_input_view_form", False)
        if self.followup_company_id and view:
            return view.id
        return super().get_formview_id(access_uid=access_uid)

    # ------------------------------------------------------------
    # CRUD
    # ------------------------------------------------------------

    @api.model_create_multi
    def create(self, vals_list):
        inputs = super().create(vals_list)
        inputs._check_followup_engine()
        return inputs

    def write(self, vals):
        if not all(name.startswith(FREE_PREFIXES) for name in vals):
            self._check_followup_engine()
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_except_followup(self):
        self._check_followup_engine()

    def _check_followup_engine(self):
        """Answers change through their own methods only, `sudo()` included (D-18)."""
        if is_open(self.env):
            return
        if TYPE in self.survey_id.mapped("survey_type"):
            raise AccessError(
                self.env._("Answers of patients are given on the call screen only.")
            )
