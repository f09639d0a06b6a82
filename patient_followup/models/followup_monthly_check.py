# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.fields import Domain
from odoo.tools import SQL

from ..tools.periods import period_of

ROLES = {
    "head": (
        "patient_followup.followup_group_department_head,"
        "patient_followup.followup_group_centre_manager"
    ),
    "medical": "patient_followup.followup_group_inspector",
    "nursing": "patient_followup.followup_group_inspector",
}


class FollowupMonthlyCheck(models.Model):
    """What a head or an office found when looking at a month (A-6, A-8, V-12).

    A head checks the follow-up of each doctor of his department; medical affairs
    and nursing check each department. Rows are prepared for every month; one
    that is not written up by its date is late.

    Access: heads those of their departments; inspectors and centre managers all;
    leaders read what is final.
    """

    _name = "followup.monthly.check"
    _description = "Monthly Check"
    _inherit = ["followup.guarded.mixin"]
    _order = "month desc, department_id, kind, id"
    _rec_name = "month"

    _guarded_fields = frozenset(
        {
            "company_id",
            "kind",
            "month",
            "department_id",
            "doctor_id",
            "date_deadline",
            "due_count",
            "done_count",
            "late_count",
            "state",
            "checked_by_id",
            "checked_at",
        }
    )

    company_id = fields.Many2one("res.company", required=True, index=True)
    kind = fields.Selection(
        [
            ("head", "Head of Department"),
            ("medical", "Medical Affairs"),
            ("nursing", "Nursing"),
        ],
        string="Checked for",
        required=True,
    )
    month = fields.Date(string="Month Checked", required=True, help="Its first day.")
    department_id = fields.Many2one("hr.department", required=True, index=True)
    doctor_id = fields.Many2one(
        "res.users", index="btree_not_null", ondelete="restrict"
    )
    date_deadline = fields.Date(string="Check By", required=True)
    # figures of the month, fixed when the row is prepared or written up
    due_count = fields.Integer(string="Calls Due")
    done_count = fields.Integer(string="Calls Made")
    late_count = fields.Integer(string="Open or Late")
    checked_count = fields.Integer(string="Calls Looked at")
    findings = fields.Text()
    measures = fields.Text(string="Measures Taken")
    state = fields.Selection(
        [("open", "To Check"), ("done", "Checked")], default="open", required=True
    )
    is_late = fields.Boolean(compute="_compute_is_late", search="_search_is_late")
    checked_by_id = fields.Many2one(
        "res.users", string="Checked by", ondelete="restrict"
    )
    checked_at = fields.Datetime()

    _subject_uniq = models.UniqueIndex(
        "(company_id, kind, month, department_id, COALESCE(doctor_id, 0))",
        "This check exists already.",
    )
    _checked_possible = models.Constraint(
        "CHECK (checked_count >= 0)", "A number of calls is not negative."
    )

    # ------------------------------------------------------------
    # COMPUTE / SEARCH
    # ------------------------------------------------------------

    @api.depends("state", "date_deadline")
    def _compute_is_late(self):
        late = self.filtered_domain(self._late_domain())
        late.is_late = True
        (self - late).is_late = False

    def _search_is_late(self, operator, value):
        if operator != "in":
            return NotImplemented
        return self._late_domain()

    @api.model
    def _late_domain(self):
        today = self.env["followup.clock"]._today(self.env.company)
        return Domain("state", "=", "open") & Domain("date_deadline", "<", today)

    # ------------------------------------------------------------
    # CRUD
    # ------------------------------------------------------------

    def write(self, vals):
        if any(check.state == "done" for check in self):
            raise UserError(self.env._("A check that is written up never changes."))
        return super().write(vals)

    # ------------------------------------------------------------
    # ACTIONS
    # ------------------------------------------------------------

    def action_done(self):
        """Write the check up; the figures of the month are fixed (V-12)."""
        self.check_access("write")
        for check in self:
            if not self.env.user.has_groups(ROLES[check.kind]):
                raise AccessError(self.env._("Another office writes this check."))
            if check.doctor_id == self.env.user:
                raise AccessError(self.env._("Nobody checks himself."))
            if not (check.findings or "").strip():
                raise UserError(self.env._("Say what was found."))
        # sudo: rights were checked; the state is a guarded field
        checks = self.sudo()._guarded()
        for month, rows in checks.grouped(lambda check: check.month).items():
            for company, mine in rows.grouped("company_id").items():
                mine._refresh(self._read_figures(company, month))
        checks.write(
            {
                "state": "done",
                "checked_by_id": self.env.uid,
                "checked_at": fields.Datetime.now(),
            }
        )

    # ------------------------------------------------------------
    # PREPARE
    # ------------------------------------------------------------

    @api.model
    def _cron_prepare(self):
        """Put last month's checks before those who owe them."""
        # every hospital, of which there are few
        companies = self.env["res.company"].search([])  # pylint: disable=no-search-all
        for company in companies:
            today = self.env["followup.clock"]._today(company)
            self._prepare(company, period_of(today, "month")[0] - timedelta(days=1))

    @api.model
    def action_prepare(self):
        """Prepare last month's checks of this hospital by hand."""
        if not self.env.user.has_groups(",".join(sorted(set(ROLES.values())))):
            raise AccessError(self.env._("Only heads and inspectors check."))
        company = self.env.company
        today = self.env["followup.clock"]._today(company)
        self._prepare(company, period_of(today, "month")[0] - timedelta(days=1))
        return self.env["ir.actions.act_window"]._for_xml_id(
            "patient_followup.followup_monthly_check_action"
        )

    @api.model
    def _prepare(self, company, day):
        """Make the checks of the month of a day; again makes nothing (I-2)."""
        first, last = period_of(day, "month")
        figures = self._read_figures(company, first)
        # sudo: rows are made by the engine for heads of every department
        checks = self.sudo()._guarded()
        known = {
            (check.kind, check.department_id.id, check.doctor_id.id)
            for check in checks.search(
                [("company_id", "=", company.id), ("month", "=", first)]
            )
        }
        wanted = []
        for department, doctor in figures:
            if doctor:
                wanted.append(("head", department, doctor))
            else:
                wanted += [
                    ("medical", department, False),
                    ("nursing", department, False),
                ]
        base = {
            "company_id": company.id,
            "month": first,
            "date_deadline": last + timedelta(days=company.followup_check_days),
        }
        return checks.create(
            [
                {
                    **base,
                    "kind": kind,
                    "department_id": department,
                    "doctor_id": doctor,
                    **figures[department, doctor],
                }
                for kind, department, doctor in wanted
                if (kind, department, doctor) not in known
            ]
        )

    def _refresh(self, figures):
        for check in self:
            check.write(figures.get((check.department_id.id, check.doctor_id.id), {}))

    @api.model
    def _read_figures(self, company, first):
        """Return {(department id, doctor id or False): level 1 calls of the month}.

        A call belongs to who made it, else to whom it is assigned, else to the
        attending doctor of the stay.
        """
        self.env.flush_all()
        rows = self.env.execute_query(
            SQL(
                """
                SELECT call.department_id, doctor.id, GROUPING(doctor.id), count(*),
                       count(*) FILTER (WHERE call.state = 'done'),
                       count(*) FILTER (WHERE call.state = 'done'
                                          AND call.completed_at > call.date_deadline
                                           OR call.state NOT IN ('done', 'refused'))
                  FROM followup_task call
             LEFT JOIN followup_encounter stay ON stay.id = call.encounter_id
            CROSS JOIN LATERAL (SELECT COALESCE(
                           call.completed_by_id, call.user_id, stay.attending_user_id
                       ) AS id) doctor
                 WHERE call.company_id = %s AND call.level = '1'
                   AND call.kind <> 'verification' AND call.state <> 'cancelled'
                   AND call.department_id IS NOT NULL
                   AND call.due_day BETWEEN %s AND %s
              GROUP BY GROUPING SETS (
                       (call.department_id), (call.department_id, doctor.id))
                """,
                company.id,
                *period_of(first, "month"),
            )
        )
        return {
            (department, not is_total and doctor): {
                "due_count": due,
                "done_count": done,
                "late_count": late,
            }
            for department, doctor, is_total, due, done, late in rows
            if is_total or doctor
        }
