# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from datetime import date as date_type
from datetime import datetime, timedelta

from odoo import api, fields, models

from ..tools.checked import checked
from ..tools.planning import Known, Planner
from ..tools.schedule import add_months

NOON = 12.0  # a bare day means noon at the hospital (D-11)


class FollowupProtocol(models.Model):
    """Looking ahead: what a protocol would do, without writing anything."""

    _inherit = "followup.protocol"

    @checked
    def simulate(self, date, day_count=365, procedure_date=None, admission_date=None):
        """Return the contacts these protocols make for a stay that ends that day.

        Steps that follow the one before assume it is done on its day. A year of
        365 days reaches the same day of the next year, leap years too.

        :param date: day (then noon at the hospital) or moment (UTC) of discharge;
            it also stands for an operation or admission date that is not given
        :return: [{step, occurrence, earliest, due, deadline, explanation}] with
            moments in UTC, in the order they are due
        """
        self.check_access("read")
        rows = []
        for protocol in self:
            company = protocol._get_company()
            calendar = self.env["followup.clock"]._for_company(company)
            end = protocol._to_moment(calendar, date)
            anchors = dict.fromkeys(("discharge", "encounter", "event"), end)
            for kind, value in (
                ("procedure", procedure_date),
                ("admission", admission_date),
            ):
                anchors[kind] = protocol._to_moment(calendar, value) if value else end
            horizon = protocol._get_horizon(calendar.local_date(end), int(day_count))
            rows += protocol._simulate(company, Planner(calendar, horizon), anchors)
        return sorted(rows, key=lambda row: (row["due"], row["earliest"]))

    @api.model
    def _to_moment(self, calendar, value):
        """Return the moment in UTC of a day, a moment, or the text of either."""
        if isinstance(value, str):
            is_day = len(value.strip()) <= 10
            convert = fields.Date.to_date if is_day else fields.Datetime.to_datetime
            value = convert(value.strip())
        if isinstance(value, date_type) and not isinstance(value, datetime):
            return calendar.to_utc(value, NOON)
        return value

    @api.model
    def _get_horizon(self, day, day_count):
        """Return the last day to show: whole years end on the same day."""
        years = add_months(day, 12 * (day_count // 365))
        return max(day + timedelta(days=day_count), years)

    def _simulate(self, company, planner, anchors):
        self.ensure_one()
        # steps are drawn for everybody, so that the simulator shows all
        rows, known = [], {}
        steps = {step.id: step for step in self.step_ids}
        for spec in self._get_specs()[self.id]:
            draft = planner.draft([spec], anchors, known, lambda spec: True)
            for spec, slot in draft.slots:
                known[spec.id, slot.occurrence] = Known("done", slot.date_due)
                if slot.due_date <= planner.horizon:
                    rows.append(self._simulate_row(company, steps[spec.id], slot))
        return rows

    def _simulate_row(self, company, step, slot):
        return {
            "step": step,
            "occurrence": slot.occurrence,
            "earliest": slot.date_earliest,
            "due": slot.date_due,
            "deadline": slot.date_deadline,
            "explanation": self.env["followup.clock"]._explain_slot(
                company, slot, step.anchor
            ),
        }
