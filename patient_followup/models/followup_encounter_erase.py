# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import api, models
from odoo.tools import SQL

CODE_LENGTH = 3  # of an ICD code: the category, such as I21


class FollowupEncounter(models.Model):
    """A stay keeps what figures count when its patient is anonymised."""

    _inherit = "followup.encounter"

    _erase_fields = (
        "number",
        "outpatient_diagnosis",
        "admission_diagnosis",
        "discharge_diagnosis",
        "procedure_name",
        "treatment_result",
        "caller_note",
        "exclusion_note",
    )

    @api.constrains("patient_id", *_erase_fields)
    def _check_not_anonymised(self):
        self.patient_id._check_not_anonymised()

    def _erase_rows(self):
        """Keep of the diagnosis its category only, beside what every model does."""
        super()._erase_rows()
        self.env.cr.execute(
            SQL(
                "UPDATE followup_encounter"
                " SET diagnosis_code = left(diagnosis_code, %s) WHERE id = ANY(%s)",
                CODE_LENGTH,
                self.ids,
            )
        )
