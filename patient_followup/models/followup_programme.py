# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from datetime import timedelta

from dateutil.relativedelta import relativedelta

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain
from odoo.tools import SQL

from ..tools.matching import split_prefixes
from .followup_task import OPEN_STATES

OPEN_ENROLMENTS = ("active", "paused")
EVENT_CODE = "enrolment"
WEEK = 7


class FollowupProgramme(models.Model):
    """Care offered to patients who need more than the calls of one stay
    (FHIR PlanDefinition, G-4): chronic illness, old age, tumours.

    Whoever is enrolled gets the plans of its protocols, counted from that day.

    Access: every follow-up role reads; centre managers and administrators edit.
    """

    _name = "followup.programme"
    _description = "Care Programme"
    _inherit = ["followup.shared.mixin"]
    _order = "sequence, name, id"
    _rec_names_search = ["name", "code"]

    name = fields.Char(required=True, translate=True)
    code = fields.Char(required=True)
    sequence = fields.Integer(default=10)
    active = fields.Boolean(default=True)
    company_id = fields.Many2one(
        "res.company", index=True, help="Empty: for every hospital of the group."
    )
    description = fields.Text(translate=True)
    source_text = fields.Text(
        string="Policy Clause",
        translate=True,
        help="Where in the policies this stands.",
    )
    protocol_ids = fields.Many2many(
        "followup.protocol",
        string="Protocols",
        domain=[("event_id.code", "=", EVENT_CODE)],
        help="Started on the day of enrolment, in the version that is active then.",
    )
    # whom it is for
    category_ids = fields.Many2many(
        "followup.patient.category",
        string="Key Groups",
        help="Patients of one of these groups, or with one of the diagnoses.",
    )
    diagnosis_prefixes = fields.Char(
        string="Diagnosis Codes",
        help="ICD-10 codes of a stay begin with one of these, as in: I10, E11",
    )
    min_age = fields.Integer(string="From Age", help="Years today. Empty: no limit.")
    max_age = fields.Integer(
        string="Up to Age", help="Years today, included. Empty: no limit."
    )
    enrolment_ids = fields.One2many("followup.enrolment", "programme_id")
    # figures, of what the reader may see
    enrolled_count = fields.Integer(string="Enrolled", compute="_compute_enrolled")
    due_count = fields.Integer(string="Due This Week", compute="_compute_due_count")
    goal_count = fields.Integer(string="Goals", compute="_compute_goals")
    achieved_count = fields.Integer(string="Goals Achieved", compute="_compute_goals")
    eligible_count = fields.Integer(string="Proposed", compute="_compute_eligible")

    _code_uniq = models.UniqueIndex(
        "(COALESCE(company_id, 0), code)", "This programme code exists already."
    )
    _ages = models.Constraint(
        "CHECK (min_age >= 0 AND max_age >= 0 AND (max_age = 0 OR min_age <= max_age))",
        "The lowest age may not exceed the highest.",
    )

    # ------------------------------------------------------------
    # COMPUTE
    # ------------------------------------------------------------

    @api.depends_context("uid", "allowed_company_ids")
    def _compute_enrolled(self):
        counts = self._count("followup.enrolment", [("state", "in", OPEN_ENROLMENTS)])
        for programme in self:
            programme.enrolled_count = counts.get(programme, 0)

    @api.depends_context("uid", "allowed_company_ids")
    def _compute_goals(self):
        every = self._count("followup.goal", [("state", "!=", "cancelled")])
        achieved = self._count("followup.goal", [("state", "=", "achieved")])
        for programme in self:
            programme.goal_count = every.get(programme, 0)
            programme.achieved_count = achieved.get(programme, 0)

    def _count(self, model, domain):
        """Return {programme: rows the reader may see} with one query."""
        rows = self.env[model]
        if not rows.has_access("read"):
            return {}
        domain = Domain("programme_id", "in", self.ids) & Domain(domain)
        return dict(rows._read_group(domain, ["programme_id"], ["__count"]))

    @api.depends_context("uid", "allowed_company_ids")
    def _compute_due_count(self):
        counts = self._count_due()
        for programme in self:
            programme.due_count = counts.get(programme.id, 0)

    def _count_due(self):
        """Return {programme id: open contacts due within a week, late ones too}."""
        tasks = self.env["followup.task"]
        if not tasks.has_access("read") or not self.ids:
            return {}
        query = tasks._search(self._get_due_domain())
        return dict(
            self.env.execute_query(
                SQL(
                    "SELECT enrolment.programme_id, count(*)"
                    " FROM followup_task task"
                    " JOIN followup_plan plan ON plan.id = task.plan_id"
                    " JOIN followup_enrolment enrolment"
                    " ON enrolment.id = plan.enrolment_id"
                    " WHERE task.id IN %s GROUP BY enrolment.programme_id",
                    query.subselect(),
                )
            )
        )

    def _get_due_domain(self):
        today = self.env["followup.clock"]._today(self.env.company)
        return (
            Domain("state", "in", OPEN_STATES)
            & Domain("due_day", "<=", today + timedelta(days=WEEK))
            & Domain("plan_id.enrolment_id.programme_id", "in", self.ids)
        )

    @api.depends("category_ids", "diagnosis_prefixes", "min_age", "max_age")
    @api.depends_context("uid", "allowed_company_ids")
    def _compute_eligible(self):
        patients = self.env["followup.patient"]
        may_read = patients.has_access("read")
        for programme in self:
            domain = programme._get_eligible_domain()
            programme.eligible_count = may_read and patients.search_count(domain)

    # ------------------------------------------------------------
    # CRUD
    # ------------------------------------------------------------

    def copy_data(self, default=None):
        vals_list = super().copy_data(default)
        if "code" not in (default or {}):
            # sudo: a programme of another hospital holds its code as well
            taken = set(
                self.sudo()
                .with_context(active_test=False)
                .search(Domain.TRUE)
                .mapped("code")
            )
            for programme, vals in zip(self, vals_list, strict=True):
                number = 2
                while f"{programme.code}_{number}" in taken:
                    number += 1
                vals["code"] = f"{programme.code}_{number}"
        return vals_list

    @api.ondelete(at_uninstall=False)
    def _unlink_except_used(self):
        # sudo: an enrolment the user may not read keeps it as well
        used = self.sudo().env["followup.enrolment"]
        if used.search_count([("programme_id", "in", self.ids)], limit=1):
            raise UserError(
                self.env._("Patients were enrolled: archive the programme instead.")
            )

    # ------------------------------------------------------------
    # ACTIONS
    # ------------------------------------------------------------

    def action_open_eligible(self):
        """Open the patients it is for who were never enrolled."""
        self.ensure_one()
        return self._open(
            "followup_patient_action_eligible",
            [("eligible_programme_id", "=", self.id)],
            {"default_programme_id": self.id, "create": False},
        )

    def action_open_enrolments(self):
        self.ensure_one()
        context = {
            "default_programme_id": self.id,
            "search_default_filter_open": True,
        }
        return self._open(
            "followup_enrolment_action", [("programme_id", "=", self.id)], context
        )

    def action_open_due(self):
        """Open the contacts of the programme due within a week."""
        self.ensure_one()
        return self._open("followup_task_action", list(self._get_due_domain()), {})

    def action_open_goals(self):
        self.ensure_one()
        return self._open("followup_goal_action", [("programme_id", "=", self.id)], {})

    def _open(self, action, domain, context):
        self.check_access("read")
        values = self.env["ir.actions.act_window"]._for_xml_id(
            f"patient_followup.{action}"
        )
        return {
            **values,
            "domain": domain,
            "context": context,
            "display_name": self.display_name,
        }

    # ------------------------------------------------------------
    # BUSINESS
    # ------------------------------------------------------------

    def _has_rule(self):
        """Tell whether the programme says whom it is for."""
        self.ensure_one()
        return bool(
            self.category_ids
            or split_prefixes(self.diagnosis_prefixes)
            or self.min_age
            or self.max_age
        )

    def _get_eligible_domain(self):
        """Return the patients it is for and who were never enrolled in it.

        Without a rule nobody is proposed. Whoever left or completed it is not
        proposed again; he is enrolled again by hand.
        """
        self.ensure_one()
        if not self._has_rule():
            return Domain.FALSE
        domain = Domain("contact_blocked", "=", False) & self._get_age_domain()
        if self.company_id:
            domain &= Domain("company_id", "=", self.company_id.id)
        known = Domain("programme_id", "=", self.id)
        # an enrolment by another ward counts, whether the reader sees it or not
        domain &= Domain("enrolment_ids", "not any!", known)
        groups = [
            Domain("encounter_ids", "any", [("diagnosis_code", "=ilike", f"{code}%")])
            for code in split_prefixes(self.diagnosis_prefixes)
        ]
        if self.category_ids:
            groups.append(Domain("category_ids", "in", self.category_ids.ids))
        return domain & Domain.OR(groups) if groups else domain

    def _get_age_domain(self):
        domain = Domain.TRUE
        company = self.company_id or self.env.company
        today = self.env["followup.clock"]._today(company)
        if self.min_age:
            born = today - relativedelta(years=self.min_age)
            domain &= Domain("birthdate", "<=", born)
        if self.max_age:
            born = today - relativedelta(years=self.max_age + 1)
            domain &= Domain("birthdate", ">", born)
        return domain

    def _get_protocols(self):
        """Return the active version of each protocol an enrolment in it starts.

        Those of the event itself, which no programme owns, start with every one.
        """
        # sudo: definitions only, so that every nurse starts the same plans
        protocols = self.sudo().protocol_ids
        versions = protocols.search(
            [
                ("family_id", "in", protocols.family_id.ids),
                ("state", "=", "active"),
            ]
        )
        missing = protocols.filtered(lambda p: p.family_id not in versions.family_id)
        if missing:
            raise UserError(
                self.env._(
                    "%(name)s is not active: activate it, then enrol patients.",
                    name=missing[:1].display_name,
                )
            )
        return (versions | self._get_shared_protocols()).sudo(False)

    def _get_shared_protocols(self):
        # sudo: definitions only, so that every nurse starts the same plans
        events = self.env["followup.event"].sudo().search([("code", "=", EVENT_CODE)])
        protocols = events.protocol_ids.filtered(
            lambda p: (
                p.state == "active"
                and not (p | p.family_id).programme_ids
                and p.company_id <= self.env.company
            )
        )
        return protocols

    def _enrol(self, patients, vals):
        """Enrol many patients at once; the number of queries is constant.

        :param patients: those who must not be contacted and those who are
            enrolled already are left out
        :param dict vals: values of `followup.enrolment` for all of them
        :return: (new enrolments, patients left out)
        """
        self.ensure_one()
        patients.check_access("read")
        # sudo: an enrolment by another ward counts as well
        known = self.env["followup.enrolment"].sudo()
        enrolled = known.search(
            [
                ("patient_id", "in", patients.ids),
                ("programme_id", "=", self.id),
                ("state", "in", OPEN_ENROLMENTS),
            ]
        ).patient_id.sudo(False)
        # sudo: consent counts for whoever enrols
        willing = patients.sudo()._filter_followed().sudo(False) - enrolled
        enrolments = self.env["followup.enrolment"].create(
            [
                {**vals, "programme_id": self.id, "patient_id": patient.id}
                for patient in willing
            ]
        )
        return enrolments, patients - willing
