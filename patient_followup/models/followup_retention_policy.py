# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from dateutil.relativedelta import relativedelta

from odoo import api, fields, models
from odoo.exceptions import AccessError
from odoo.tools import SQL

MANAGER = "patient_followup.followup_group_centre_manager"


class FollowupRetentionPolicy(models.Model):
    """How long a hospital keeps patients it has nothing to do with any more (Y-1).

    A policy lists patients; it anonymises nobody. Each list is a run that a second
    person approves. Access: every role reads; administrators and the managers of
    the centre edit.
    """

    _name = "followup.retention.policy"
    _description = "Retention Policy"
    _inherit = ["followup.shared.mixin"]
    _order = "years, id"

    name = fields.Char(required=True, translate=True)
    active = fields.Boolean(default=True)
    company_id = fields.Many2one("res.company", help="Empty: every hospital.")
    encounter_class = fields.Selection(
        [
            ("inpatient", "Inpatient"),
            ("outpatient", "Outpatient"),
            ("checkup", "Health Examination"),
            ("commissioned", "Commissioned"),
        ],
        string="Only Patients With",
        help="Patients whose stays are all of this class. Empty: all patients.",
    )
    years = fields.Integer(
        string="Years Kept",
        default=15,
        required=True,
        help="Without a stay and without a contact.",
    )
    lead_days = fields.Integer(
        string="Days of Notice",
        default=30,
        required=True,
        help="Days between the list and the earliest anonymisation, to set holds.",
    )
    source_text = fields.Char(
        string="Clause", translate=True, help="Where the law or policy says so."
    )

    _years_positive = models.Constraint(
        "CHECK (years >= 1 AND lead_days >= 0)",
        "A patient is kept for a year at least.",
    )

    # ------------------------------------------------------------
    # ACTIONS
    # ------------------------------------------------------------

    def action_propose(self):
        """List who may go now, in the hospital of the user.

        :return: the action that opens the new run
        :raises AccessError: the user does not manage a follow-up centre
        """
        self.ensure_one()
        self.check_access("read")
        if not self.env.user.has_group(MANAGER):
            raise AccessError(
                self.env._("Only the manager of the follow-up centre can do this.")
            )
        company = self.company_id or self.env.company
        return self.env["followup.retention.run"]._propose(self, company)._get_action()

    # ------------------------------------------------------------
    # BUSINESS
    # ------------------------------------------------------------

    def _get_cut_off(self, company):
        """Return the day before which the last stay and contact must lie."""
        today = self.env["followup.clock"]._today(company)
        return today - relativedelta(years=self.years)

    @api.model
    def _find_due(self, company, cut_off, encounter_class=None, patient_ids=None):
        """Return [(patient id, last day)] of whom nothing is newer than `cut_off`.

        The last day is that of the last stay or call, planned ones included;
        without any it is the day the record was made.
        """
        self.env.flush_all()
        return self.env.execute_query(
            SQL(
                """
                SELECT patient.id, last.day
                  FROM followup_patient patient
            CROSS JOIN LATERAL (
                        SELECT COALESCE(GREATEST(
                            (SELECT max(COALESCE(discharge_day, admission_day))
                               FROM followup_encounter
                              WHERE patient_id = patient.id),
                            (SELECT max(started_at)::date FROM followup_attempt
                              WHERE patient_id = patient.id),
                            (SELECT max(COALESCE(closed_at, date_due))::date
                               FROM followup_task WHERE patient_id = patient.id)
                        ), patient.create_date::date) AS day
                       ) last
                 WHERE patient.company_id = %(company)s
                   AND patient.anonymised_at IS NULL
                   AND patient.merged_into_id IS NULL
                   AND last.day < %(cut_off)s
                   AND %(of_class)s
                   AND %(chosen)s
              ORDER BY patient.id
                """,
                company=company.id,
                cut_off=cut_off,
                of_class=self._get_class_condition(encounter_class),
                chosen=SQL("patient.id = ANY(%s)", patient_ids)
                if patient_ids is not None
                else SQL("TRUE"),
            )
        )

    @api.model
    def _get_class_condition(self, encounter_class):
        if not encounter_class:
            return SQL("TRUE")
        stays = SQL("SELECT FROM followup_encounter WHERE patient_id = patient.id")
        return SQL(
            "EXISTS (%(stays)s) AND NOT EXISTS"
            " (%(stays)s AND encounter_class <> %(wanted)s)",
            stays=stays,
            wanted=encounter_class,
        )
