# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import api, models


class FollowupPlanSheet(models.AbstractModel):
    """The plan of contacts for the patient's own wall (回访计划 of 000a).

    Neither the protocol nor its steps are named: their names may tell an illness.
    Access: whoever reads the plan.
    """

    _name = "report.patient_followup.followup_plan_sheet"
    _description = "Follow-up Plan for the Patient"
    _inherit = ["followup.document"]

    _document_model = "followup.plan"

    @api.model
    def _prepare_document(self, docs, words):
        planned = self._get_planned({"plan_id": docs})
        none = self.env["followup.task"]
        return {
            "sheets": [
                self._plan_sheet_words(plan, planned.get(plan, none), words)
                for plan in docs
            ],
            "printed_by": False,
        }

    @api.model
    def _plan_sheet_words(self, plan, tasks, words):
        # sudo: the ward and the stay of a plan that may be read
        row = plan.sudo()
        ward = row.department_id or row.encounter_id.department_id
        sheet = self._handout_words(plan, tasks, ward, words)
        return {
            **sheet,
            "more": sheet["more"] or bool(plan.next_occurrence_day),
            "since": words.day(row.encounter_id.discharge_day),
        }
