# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import fields, models
from odoo.tools import SQL

from ..tools.choices import choices_of


class FollowupDataQuality(models.Model):
    """How complete and right what wards record is (E-9, E-10).

    One row for each month of a department and kind of stay, so that nobody reads
    here what was recorded of one patient. The id of a row means nothing.

    Access: department heads see their departments; centre managers, inspectors
    and leaders their hospitals.
    """

    _name = "followup.data.quality"
    _description = "Data Quality of Wards"
    _auto = False
    _order = "discharge_day desc, id desc"
    _depends = {
        "followup.encounter": [
            "company_id",
            "department_id",
            "discharge_day",
            "encounter_class",
            "is_cancelled",
            "patient_id",
        ],
        "followup.patient": [
            "address",
            "birthdate",
            "employer",
            "id_number_masked",
            "occupation",
        ],
        "followup.patient.contact": [
            "patient_id",
            "phone_masked",
            "relation",
            "validity",
        ],
    }

    company_id = fields.Many2one("res.company", readonly=True)
    department_id = fields.Many2one("hr.department", readonly=True)
    discharge_day = fields.Date(
        string="Month", readonly=True, help="First day of the month of discharge."
    )
    encounter_class = fields.Selection(
        selection=choices_of("followup.encounter", "encounter_class"),
        readonly=True,
    )
    stay_count = fields.Integer(string="Stays", readonly=True)
    no_number_count = fields.Integer(string="Without a Number", readonly=True)
    tried_count = fields.Integer(string="Numbers Tried", readonly=True)
    wrong_count = fields.Integer(string="Wrong Numbers", readonly=True)
    wrong_rate = fields.Float(
        string="Wrong Numbers (%)",
        aggregator="avg",
        readonly=True,
        help="Wrong numbers among the numbers that were tried.",
    )
    completeness = fields.Float(
        string="Completeness (%)",
        aggregator="avg",
        readonly=True,
        help="Share of number, number of a relative, date of birth, identity number,"
        " address and employer or occupation that is filled in.",
    )

    def _read_group_select(self, aggregate_spec, query):
        """Weigh by stays and numbers: an average of rates is not the rate (I-11)."""
        weighed = {
            "wrong_rate:avg": ("100.0 * SUM(%s) / NULLIF(SUM(%s), 0)", "wrong_count"),
            "completeness:avg": ("SUM(%s) / NULLIF(SUM(%s), 0)", "filled"),
        }
        if aggregate_spec not in weighed:
            return super()._read_group_select(aggregate_spec, query)
        formula, name = weighed[aggregate_spec]
        divisor = "tried_count" if name == "wrong_count" else "stay_count"
        return SQL(
            formula,
            SQL.identifier(self._table, name),
            self._field_to_sql(self._table, divisor, query),
        )

    @property
    def _table_query(self):
        # a query, not a view: a view would have to wait for the tables it reads
        return SQL(
            """
                SELECT MIN(stay.id) AS id, stay.company_id, stay.department_id,
                       DATE_TRUNC('month', stay.discharge_day)::date AS discharge_day,
                       stay.encounter_class,
                       COUNT(*) AS stay_count,
                       COUNT(*) FILTER (WHERE number.total = 0) AS no_number_count,
                       SUM(number.tried) AS tried_count,
                       SUM(number.wrong) AS wrong_count,
                       100.0 * SUM(number.wrong) / NULLIF(SUM(number.tried), 0)
                           AS wrong_rate,
                       SUM(filled.share) AS filled,
                       AVG(filled.share) AS completeness
                  FROM followup_encounter stay
                  JOIN followup_patient patient ON patient.id = stay.patient_id
            CROSS JOIN LATERAL (
                    SELECT COUNT(*) AS total,
                           COUNT(*) FILTER (WHERE validity <> 'unknown') AS tried,
                           COUNT(*) FILTER (WHERE validity = 'wrong') AS wrong,
                           COUNT(*) FILTER (WHERE relation <> 'self') AS relatives
                      FROM followup_patient_contact contact
                     WHERE contact.patient_id = stay.patient_id
                       AND contact.phone_masked IS NOT NULL
                       ) number
            CROSS JOIN LATERAL (
                    SELECT 100.0 / 6 * (
                           LEAST(number.total - number.wrong, 1)
                           + LEAST(number.relatives, 1)
                           + (patient.birthdate IS NOT NULL)::int
                           + (patient.id_number_masked IS NOT NULL)::int
                           + (patient.address IS NOT NULL)::int
                           + (COALESCE(patient.employer, patient.occupation)
                              IS NOT NULL)::int
                           ) AS share
                       ) filled
                 WHERE stay.is_cancelled IS NOT TRUE
              GROUP BY stay.company_id, stay.department_id,
                       DATE_TRUNC('month', stay.discharge_day), stay.encounter_class
            """
        )
