# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import api, fields, models


class FollowupWorkdayException(models.Model):
    """A public holiday or a make-up workday (I-6).

    Without company it holds for every hospital, without calendar for every
    working time; the more precise row wins. A year counts as published for a
    hospital once one of its days, or of the shared ones, stands here.

    Access: every role reads; centre managers and administrators edit.
    """

    _name = "followup.workday.exception"
    _description = "Public Holiday or Make-up Workday"
    _inherit = ["followup.shared.mixin"]
    _order = "date desc, id"

    date = fields.Date(required=True, index=True)
    weekday = fields.Selection(
        [
            ("0", "Monday"),
            ("1", "Tuesday"),
            ("2", "Wednesday"),
            ("3", "Thursday"),
            ("4", "Friday"),
            ("5", "Saturday"),
            ("6", "Sunday"),
        ],
        compute="_compute_weekday",
    )
    is_workday = fields.Boolean(
        string="Workday",
        help="Set for a make-up workday (调休), empty for a public holiday.",
    )
    name = fields.Char(required=True, translate=True)
    active = fields.Boolean(
        default=True, help="Archived days are ignored: use it for another country."
    )
    calendar_id = fields.Many2one(
        "resource.calendar",
        string="Working Time",
        index="btree_not_null",
        ondelete="cascade",
        help="Only for this working time; empty for all.",
    )
    company_id = fields.Many2one(
        "res.company",
        string="Hospital",
        index=True,
        ondelete="cascade",
        help="Only for this hospital; empty for all.",
    )

    _date_uniq = models.UniqueIndex(
        "(date, COALESCE(company_id, 0), COALESCE(calendar_id, 0))",
        "This day is already listed for this hospital and working time.",
    )

    # ------------------------------------------------------------
    # COMPUTE
    # ------------------------------------------------------------

    @api.depends("date")
    def _compute_weekday(self):
        for day in self:
            day.weekday = day.date and str(day.date.weekday())

    # ------------------------------------------------------------
    # CRUD
    # ------------------------------------------------------------

    @api.model_create_multi
    def create(self, vals_list):
        days = super().create(vals_list)
        self.env["followup.clock"]._forget_calendars()
        return days

    def write(self, vals):
        result = super().write(vals)
        self.env["followup.clock"]._forget_calendars()
        return result

    def unlink(self):
        result = super().unlink()
        self.env["followup.clock"]._forget_calendars()
        return result

    @api.model
    def _load_records(self, data_list, update=False):
        # a hospital may have recorded a year before an upgrade ships it: without
        # this its own rows would make the upgrade fail
        self._adopt_known_days(data_list)
        return super()._load_records(data_list, update)

    def _adopt_known_days(self, data_list):
        """Give shared days that exist already the XML id under which they come."""
        for data in data_list:
            xmlid, vals = data.get("xml_id"), data["values"]
            if not xmlid or self.env.ref(xmlid, raise_if_not_found=False):
                continue
            known = self.with_context(active_test=False).search(
                [
                    ("date", "=", vals.get("date")),
                    ("company_id", "=", vals.get("company_id", False)),
                    ("calendar_id", "=", vals.get("calendar_id", False)),
                ]
            )
            self.env["ir.model.data"]._update_xmlids(
                [{"xml_id": xmlid, "record": day, "noupdate": True} for day in known]
            )

    # ------------------------------------------------------------
    # BUSINESS
    # ------------------------------------------------------------

    @api.model
    def _search_for_company(self, company):
        """Return the days that hold for a hospital, the most precise last."""
        calendar = company.resource_calendar_id
        days = self.search(
            [
                ("company_id", "in", [company.id, False]),
                ("calendar_id", "in", [calendar.id, False]),
            ]
        )
        return days.sorted(lambda day: (bool(day.company_id), bool(day.calendar_id)))

    @api.model
    def _missing_years(self, company, date_from, date_to):
        """Return the years between two days for which nothing is published."""
        calendar = self.env["followup.clock"]._for_company(company)
        return calendar.missing_years(date_from, date_to)

    @api.model
    def _missing_years_warning(self, company, date_from, date_to):
        """Return the warning to show beside dates of such years, or False."""
        years = self._missing_years(company, date_from, date_to)
        if not years:
            return False
        return self.env._(
            "No public holidays are recorded for %(years)s: working days of that time"
            " may still move. Import the year file once it is published.",
            years=", ".join(map(str, years)),
        )
