# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
import hmac
import json

from odoo import api, fields, models
from odoo.tools import SQL

CODE_LENGTH = 3  # of an ICD code: the category, such as I21
PURPOSE = b"patient_followup.erased_stay:"


class FollowupEncounter(models.Model):
    """A stay keeps what figures count when its patient is anonymised.

    Of its number a keyed digest is left, which tells nothing by itself: the next
    list of the hospital's system would bring the forgotten patient back (Y-1).
    """

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

    erased_key = fields.Char(
        groups=fields.NO_ACCESS,
        readonly=True,
        copy=False,
        index="btree_not_null",
        export_string_translation=False,
    )

    @api.constrains("patient_id", *_erase_fields)
    def _check_not_anonymised(self):
        self.patient_id._check_not_anonymised()

    def _erase_rows(self):
        """Keep of the diagnosis its category only, beside what every model does."""
        keys = [self._get_erased_key(row.source, row.number) for row in self]
        erased = super()._erase_rows()
        self.env.cr.execute(
            SQL(
                "UPDATE followup_encounter stay SET erased_key = made.key,"
                " diagnosis_code = left(diagnosis_code, %s)"
                " FROM unnest(%s::int[], %s::text[]) AS made (id, key)"
                " WHERE stay.id = made.id",
                CODE_LENGTH,
                list(self.ids),
                keys,
            )
        )
        return erased

    # ------------------------------------------------------------
    # COMING BACK
    # ------------------------------------------------------------

    @api.model
    def _get_erased_key(self, source, number):
        """Return the digest by which an erased stay is known again."""
        # sudo: the secret of the database, which nobody reads; a digest leaves
        secret = self.env["ir.config_parameter"].sudo().get_param("database.secret")
        text = json.dumps([source or "", number or ""]).encode()
        return hmac.new((secret or "").encode(), PURPOSE + text, "sha256").hexdigest()
