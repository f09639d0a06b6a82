# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
import re

from odoo import api, fields, models

from ..tools import listing
from ..tools.choices import choices_of


class FollowupImportProfile(models.Model):
    """How the columns of a list map to a stay (A-14).

    Access: every role reads; centre managers and administrators edit.
    """

    _name = "followup.import.profile"
    _description = "Import Profile"
    _inherit = ["followup.shared.mixin"]
    _order = "sequence, id"

    name = fields.Char(required=True, translate=True)
    sequence = fields.Integer(default=10)
    active = fields.Boolean(default=True)
    company_id = fields.Many2one("res.company", index=True)
    encounter_class = fields.Selection(
        selection=choices_of("followup.encounter", "encounter_class"),
        string="Class",
        required=True,
        default="inpatient",
        help="Taken where the list has no column for it.",
    )
    source = fields.Char(
        required=True,
        default="his",
        help="System the numbers come from. Lists and interfaces of one system share"
        " it, else a stay comes in twice.",
    )
    date_order = fields.Selection(
        [
            ("ymd", "Year first"),
            ("dmy", "Day / Month / Year"),
            ("mdy", "Month / Day / Year"),
        ],
        required=True,
        default="ymd",
        help="How to read 03/04/2026.",
    )
    is_expected_daily = fields.Boolean(
        string="Expected Every Day",
        help="Centre managers get a to-do when the list of yesterday is not in.",
    )
    column_ids = fields.One2many(
        "followup.import.profile.column", "profile_id", copy=True
    )

    def _get_aliases(self):
        """Return {field: [headers]} of the columns of the profile."""
        self.ensure_one()
        return {
            column.field_name: [
                name.strip()
                for name in re.split(r"[;；\n]", column.aliases or "")
                if name.strip()
            ]
            for column in self.column_ids
        }


class FollowupImportProfileColumn(models.Model):
    """One field of a list with the headers it may stand under."""

    _name = "followup.import.profile.column"
    _description = "Import Profile Column"
    _inherit = ["followup.shared.mixin"]
    _order = "profile_id, sequence, id"

    profile_id = fields.Many2one(
        "followup.import.profile", required=True, index=True, ondelete="cascade"
    )
    company_id = fields.Many2one(
        related="profile_id.company_id", store=True, index=True
    )
    sequence = fields.Integer(default=10)
    field_name = fields.Selection(
        selection="_selection_field_name", string="Field", required=True
    )
    aliases = fields.Char(
        string="Headers", help="Headers of the column, separated by semicolons."
    )

    _field_uniq = models.UniqueIndex(
        "(profile_id, field_name)", "This field is in the profile already."
    )

    @api.model
    def _selection_field_name(self):
        labels = self._get_field_labels()
        return [(name, labels[name]) for name in listing.LIST_FIELDS]

    @api.model
    def _get_field_labels(self):
        _ = self.env._
        return {
            "mrn": _("Record number"),
            "patient_name": _("Full Name"),
            "sex": _("Sex"),
            "birthdate": _("Date of birth"),
            "age": _("Age (not used)"),
            "id_number": _("Identity number"),
            "employer": _("Employer"),
            "occupation": _("Occupation"),
            "address": _("Address"),
            "encounter_class": _("Class"),
            "department": _("Department"),
            "attending": _("Attending doctor"),
            "resident": _("Resident"),
            "surgeon": _("Surgeon"),
            "clinic_room": _("Clinic room"),
            "admission_date": _("Admission date"),
            "discharge_date": _("Discharge date"),
            "procedure_date": _("Operation date"),
            "visit_date": _("Visit or examination date"),
            "outpatient_diagnosis": _("Outpatient diagnosis"),
            "admission_diagnosis": _("Admission diagnosis"),
            "discharge_diagnosis": _("Discharge diagnosis"),
            "diagnosis_code": _("Diagnosis code (ICD-10)"),
            "procedure_name": _("Operation"),
            "procedure_code": _("Operation code"),
            "treatment_result": _("Treatment result"),
            "disposition": _("Way of leaving"),
            "state": _("State of the stay"),
            "caller_note": _("Note for the caller"),
            "visit_number": _("Visit number"),
            "inpatient_number": _("Inpatient number"),
            "visit_count": _("Number of the stay of this patient"),
            "card_number": _("Outpatient card number"),
            "phone": _("Phone"),
            "contact_name": _("Contact person"),
            "contact_relation": _("Relation of the contact"),
            "contact_phone": _("Phone of the contact"),
        }
