# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import api, fields, models
from odoo.tools import SQL, ormcache

from ..tools.matching import age_at, split_prefixes


class FollowupPatientCategory(models.Model):
    """Key group of patients: surgery, chemotherapy, elderly ... (E-2, E-7).

    A group may fill itself: a stay that meets any of its rules adds its patient.
    Nobody is taken out by a rule, since people put patients in by hand as well.

    Access: every follow-up role reads; centre managers and administrators edit.
    """

    _name = "followup.patient.category"
    _description = "Patient Category"
    _inherit = ["followup.shared.mixin"]
    _order = "sequence, id"

    name = fields.Char(required=True, translate=True)
    code = fields.Char(help="Short name used by imports.")
    sequence = fields.Integer(default=10)
    color = fields.Integer()
    active = fields.Boolean(default=True)
    company_id = fields.Many2one("res.company", index=True)
    description = fields.Char(translate=True)
    # rules; any of them is enough
    auto_diagnosis_prefixes = fields.Char(
        string="By Diagnosis", help="Beginnings of ICD-10 codes: E10, E11 ..."
    )
    auto_procedure_prefixes = fields.Char(string="By Procedure Code")
    auto_any_procedure = fields.Boolean(string="By Any Operation")
    auto_min_age = fields.Integer(string="From Age")

    _code_uniq = models.UniqueIndex(
        "(code, COALESCE(company_id, 0)) WHERE code IS NOT NULL",
        "This code is already used by another category.",
    )

    @api.model_create_multi
    def create(self, vals_list):
        categories = super().create(vals_list)
        self.env.registry.clear_cache()
        return categories

    def write(self, vals):
        result = super().write(vals)
        self.env.registry.clear_cache()
        return result

    def unlink(self):
        result = super().unlink()
        self.env.registry.clear_cache()
        return result

    @ormcache("company_id")
    def _get_rules(self, company_id):
        """Return (id, diagnoses, procedures, any operation, age) of each rule."""
        # sudo: the rules hold for everybody alike; only ids leave this method
        categories = self.sudo().search([("company_id", "in", [company_id, False])])
        rules = (
            (
                category.id,
                split_prefixes(category.auto_diagnosis_prefixes),
                split_prefixes(category.auto_procedure_prefixes),
                category.auto_any_procedure,
                category.auto_min_age,
            )
            for category in categories
        )
        return tuple(rule for rule in rules if any(rule[1:]))

    @api.model
    def _assign(self, encounters):
        """Add the patients of these stays to the groups whose rules they meet."""
        # sudo: a rule holds whoever brought the stay in
        pairs = set()
        for company, stays in encounters.sudo().grouped("company_id").items():
            rules = self._get_rules(company.id)
            for stay in stays if rules else ():
                found = self._get_matching(stay, rules)
                pairs.update((stay.patient_id.id, key) for key in found)
        if not pairs:
            return
        field = self.env["followup.patient"]._fields["category_ids"]
        self.env.cr.execute(
            SQL(
                "INSERT INTO %s (%s, %s) VALUES %s ON CONFLICT DO NOTHING",
                SQL.identifier(field.relation),
                SQL.identifier(field.column1),
                SQL.identifier(field.column2),
                SQL(", ").join(SQL("%s", pair) for pair in sorted(pairs)),
            )
        )
        encounters.patient_id.invalidate_recordset(["category_ids"])

    def _get_matching(self, stay, rules):
        diagnosis = (stay.diagnosis_code or "").strip().upper()
        procedure = (stay.procedure_code or "").strip().upper()
        operated = bool(procedure or stay.procedure_date or stay.procedure_name)
        age = age_at(
            stay.patient_id.birthdate, stay.discharge_day or stay.admission_day
        )
        for key, diagnoses, procedures, any_procedure, min_age in rules:
            if (
                (diagnoses and diagnosis.startswith(diagnoses))
                or (procedures and procedure.startswith(procedures))
                or (any_procedure and operated)
                or (min_age and age is not None and age >= min_age)
            ):
                yield key
