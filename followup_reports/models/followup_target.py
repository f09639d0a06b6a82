# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
import json

from odoo import api, fields, models
from odoo.exceptions import ValidationError
from odoo.fields import Domain
from odoo.tools import SQL

from odoo.addons.patient_followup.tools.choices import choices_of

from ..tools.periods import PERIODS
from ..tools.targets import Subject, Target, best


class FollowupTarget(models.Model):
    """What a figure is to reach, and where it came from (V-1, V-2, V-3, V-4, V-5).

    The most particular target holds: a department before a type of unit, that
    before a class, that before a level. A department's target holds below it, too.
    So are volumes and satisfaction (K-10, K-11) and goals of the hospital's own (G-7).

    Access: every role reads; centre managers and administrators edit.
    """

    _name = "followup.target"
    _description = "Target"
    _inherit = ["followup.shared.mixin"]
    _order = "sequence, id"

    active = fields.Boolean(default=True)
    sequence = fields.Integer(default=10)
    company_id = fields.Many2one(
        "res.company", string="Hospital", index=True, help="Empty: all hospitals."
    )
    kpi_id = fields.Many2one(
        "followup.kpi", string="Figure", required=True, ondelete="cascade", index=True
    )
    scope = fields.Selection(
        [
            ("any", "Hospital and Departments"),
            ("hospital", "Hospital as a Whole"),
            ("department", "Each Department"),
        ],
        required=True,
        default="any",
        string="Holds for",
    )
    level = fields.Selection(
        [("1", "Level 1"), ("2", "Level 2")], help="Empty: both levels."
    )
    department_id = fields.Many2one(
        "hr.department", index="btree_not_null", help="Empty: all departments."
    )
    unit_type = fields.Selection(
        selection=choices_of("followup.team", "unit_type"), help="Empty: all units."
    )
    encounter_class = fields.Selection(
        selection=choices_of("followup.encounter", "encounter_class"),
        help="Empty: all classes.",
    )
    period_kind = fields.Selection(
        PERIODS, string="Report", help="Length of the reports; empty: every length."
    )
    date_from = fields.Date(string="From", help="Empty: always was.")
    date_to = fields.Date(string="To", help="Empty: until changed.")
    value = fields.Float(
        string="Target",
        required=True,
        help="Percent, or a number where one is counted.",
    )
    baseline = fields.Float(help="Where the hospital stood when it was set.")
    source_text = fields.Char(string="Clause", help="Where the hospital says so.")

    @api.constrains("value", "baseline", "kpi_id", "date_from", "date_to")
    def _check_values(self):
        for target in self:
            top = 100 if target.kpi_id.unit == "percent" else None
            if target.value < 0 or (top and target.value > top):
                raise ValidationError(
                    self.env._("A target in percent lies between 0 and 100.")
                )
            if (
                target.date_from
                and target.date_to
                and (target.date_to < target.date_from)
            ):
                raise ValidationError(self.env._("The last day lies before the first."))

    @api.constrains("company_id", "department_id")
    def _check_department(self):
        """Keep hospitals apart; a target without one may name any department."""
        for target in self:
            # sudo: companies are compared, also of what the user may not read
            mine, ward = target.sudo().company_id, target.sudo().department_id
            if mine and ward.company_id and ward.company_id != mine:
                raise ValidationError(
                    self.env._("The department belongs to another hospital.")
                )

    @api.depends("kpi_id", "level", "department_id", "value")
    def _compute_display_name(self):
        for target in self:
            name = target.kpi_id.name or ""
            target.display_name = f"{name} {target.value:g}".strip()

    @api.model
    def _find(self, company, period_kind, first, last):
        """Return the `Target`s that hold in a whole period of a hospital.

        :param period_kind: length of the report
        :param date first: first day of the period
        :param date last: last day
        """
        # sudo: targets are open to every role; the engine reads them for reports
        rows = self.sudo().search(
            Domain("company_id", "in", (False, company.id))
            & Domain("period_kind", "in", (False, period_kind))
            & (Domain("date_from", "=", False) | Domain("date_from", "<=", first))
            & (Domain("date_to", "=", False) | Domain("date_to", ">=", last))
        )
        return [row._as_target() for row in rows]

    def _as_target(self):
        return Target(
            self.kpi_id.code,
            self.value,
            self.level,
            self.department_id.id,
            self.unit_type,
            self.encounter_class,
            self.scope,
            bool(self.company_id),
        )

    # ------------------------------------------------------------
    # LIVE FIGURES
    # ------------------------------------------------------------

    @api.model
    def _sql_aims(self, codes, levels, row):
        """Return the targets of a row's department in force today, as expressions.

        The same target holds here as beside the figure of a department in a
        monthly report. Looked up in a constant: joined, a million rows would each
        be compared with every department.

        :param codes: key figures
        :param levels: levels; (False,) where none is told apart
        :param row: alias of rows with company_id, department_id and level
        :return: {code: SQL}
        """
        names = ("company_id", "department_id", "level")[: 3 if any(levels) else 2]
        aims = {code: {} for code in codes}
        for company in self.env.companies:
            for found in self._get_aims(company, codes, levels):
                key = ":".join(map(str, found[: len(names)]))
                for code, value in zip(codes, found[3:], strict=True):
                    if value is not None:
                        aims[code][key] = value
        key = SQL(" || ':' || ").join(SQL.identifier(row, name) for name in names)
        return {
            code: SQL("(%s::jsonb ->> (%s))::float8", json.dumps(values), key)
            for code, values in aims.items()
        }

    @api.model
    def _get_aims(self, company, codes, levels):
        """Return (company, department, level, value of each code or None)."""
        today = self.env["followup.clock"]._today(company)
        targets = self._find(company, "month", today, today)
        # sudo: units and tree of departments decide which target holds
        wards = self.env["hr.department"].sudo()
        wards = wards.search([("company_id", "in", (False, company.id))])
        teams = self.env["followup.team"].sudo()
        teams = teams.search([("department_id", "in", wards.ids)])
        units = {team.department_id.id: team.unit_type for team in teams}
        for ward in wards:
            path = tuple(int(part) for part in ward.parent_path.split("/") if part)
            for level in levels:
                place = (level, path[::-1], units.get(ward.id, False))
                found = [best(targets, Subject(code, *place)) for code in codes]
                values = tuple(target and target.value for target in found)
                if any(value is not None for value in values):
                    yield (company.id, ward.id, level or None, *values)
