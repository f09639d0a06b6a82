# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from datetime import date, datetime, time, timedelta

from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import SQL
from odoo.tools.date_utils import parse_date

# the zone of a hospital in SQL, as `followup.clock` finds it (D-11)
ZONE = SQL(
    "COALESCE((SELECT COALESCE(calendar.tz, partner.tz) FROM res_company house"
    " JOIN res_partner partner ON partner.id = house.partner_id"
    " LEFT JOIN resource_calendar calendar"
    " ON calendar.id = house.resource_calendar_id"
    " WHERE house.id = row.company_id), 'Asia/Shanghai')"
)
# the same of all hospitals, to be joined where many rows are read
ZONES = SQL(
    "(SELECT house.id AS company_id,"
    " COALESCE(calendar.tz, partner.tz, 'Asia/Shanghai') AS tz FROM res_company house"
    " JOIN res_partner partner ON partner.id = house.partner_id"
    " LEFT JOIN resource_calendar calendar"
    " ON calendar.id = house.resource_calendar_id)"
)
# a task that is done with the answers of the patient or an allowed relative; where
# no questionnaire belongs to the step, with a patient who was reached
EFFECTIVE = SQL(
    "(row.state = 'done' AND CASE WHEN row.user_input_id IS NOT NULL"
    " THEN EXISTS (SELECT FROM survey_user_input answer"
    " WHERE answer.id = row.user_input_id AND answer.followup_day IS NOT NULL"
    " AND answer.followup_answered_by IN ('patient', 'relative'))"
    " ELSE row.reached_at IS NOT NULL AND NOT EXISTS ("
    " SELECT FROM followup_protocol_step step"
    " WHERE step.id = row.step_id AND step.survey_id IS NOT NULL) END)"
)
# level 1 and 2 follow-up of discharges; checks and complaints have their own
COUNTED_KINDS = ("plan", "programme")
# how far beyond a local day its moments reach
BOUNDS = {
    **dict.fromkeys((">=", ">"), timedelta(days=-1)),
    **dict.fromkeys(("<=", "<"), timedelta(days=2)),
}


class FollowupFigureMixin(models.AbstractModel):
    """Rates of rows as quotients of two sums, right in groups of any size (I-11).

    A model names in `_quotients` which two columns a rate divides; `x:avg` of a
    group is the sum of the first over the sum of the second, in percent.
    """

    _name = "followup.figure.mixin"
    _description = "Rates of Groups"
    _inherit = ["followup.figure.rows.mixin"]

    _quotients = {}
    # {local day: column of the moment in UTC it is the day of}
    _moments = {}

    is_mine = fields.Boolean(
        string="My Departments",
        compute="_compute_is_mine",
        search="_search_is_mine",
    )

    def _compute_is_mine(self):
        mine = self.env.user.followup_department_ids
        for row in self:
            row.is_mine = row.department_id in mine

    def _search_is_mine(self, operator, value):
        if operator != "in":
            return NotImplemented
        mine = self.env.user.followup_department_ids
        return [("department_id", "in" if True in value else "not in", mine.ids)]

    @api.model
    def _search(self, domain, *args, **kwargs):
        """Bound the moments of the rows as well: an index finds those, no day."""
        query = super()._search(domain, *args, **kwargs)
        for condition in self._moments and self._get_conjuncts(domain):
            column = self._moments.get(condition.field_expr)
            day = condition.value
            if column and type(day) in (str, date) and condition.operator in BOUNDS:
                # wide enough for every zone on earth
                edge = self._to_day(day) + BOUNDS[condition.operator]
                query.add_where(
                    SQL(
                        "%s %s %s",
                        SQL.identifier(self._table, column),
                        SQL(condition.operator),
                        datetime.combine(edge, time.min),
                    )
                )
        return query

    def _get_conjuncts(self, domain):
        """Return the conditions that every row found has to meet."""
        domain = Domain(domain).optimize(self)
        is_and = getattr(domain, "OPERATOR", None) == "&"
        parts = domain.children if is_and else [domain]
        return [part for part in parts if hasattr(part, "field_expr")]

    def _to_day(self, value):
        """Return the day a condition names, also in words as in "today -1m"."""
        day = parse_date(value, self.env) if type(value) is str else value
        return fields.Date.to_date(day)

    def _from_month(self, domain):
        """Return the same model, to add up no month before those that are asked for."""
        days = [
            self._to_day(condition.value).replace(day=1)
            for condition in self._get_conjuncts(domain)
            if condition.field_expr == "month"
            and condition.operator in (">=", ">")
            and type(condition.value) in (str, date)
        ]
        return self.with_context(followup_since=max(days)) if days else self

    def _get_since(self):
        """Return the first day of the months that are added up, each as a whole."""
        since = self.env.context.get("followup_since")
        # what a client sends is no date
        return since.replace(day=1) if type(since) is date else date.min

    def _get_running_month(self):
        """Return the first day of the month that runs, in every hospital shown."""
        clock = self.env["followup.clock"]
        days = [clock._today(company) for company in self.env.companies]
        return min(days).replace(day=1)

    def _read_group_select(self, aggregate_spec, query):
        name, _sep, function = aggregate_spec.partition(":")
        if function != "avg" or name not in self._quotients:
            return super()._read_group_select(aggregate_spec, query)
        over, under = (
            SQL.identifier(self._table, column) for column in self._quotients[name]
        )
        return SQL("100.0 * SUM(%s) / NULLIF(SUM(%s), 0)", over, under)
