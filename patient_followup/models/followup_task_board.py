# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""What a card of the call board shows, read in one query for the whole page."""

from datetime import date
from typing import NamedTuple

from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import SQL, format_datetime

from ..tools import attempts as policy
from .followup_task import OPEN_STATES

# Held without being called yet: shown as a count, opened by a click (D-19).
FOLDED_STATES = ("planned",)
REACHED = ("reached", "reached_relative", "refused")


class BoardDay(NamedTuple):
    """What cards of one policy share: the calendar, the day, (id, name) of bands."""

    calendar: object
    today: date
    bands: list


class FollowupTask(models.Model):
    _inherit = "followup.task"

    state = fields.Selection(group_expand="_group_expand_open_states")
    board_card = fields.Json(
        compute="_compute_board_card", export_string_translation=False
    )
    is_mine = fields.Boolean(
        string="My Calls",
        compute="_compute_is_mine",
        search="_search_is_mine",
        help="Assigned to me, held by me, or waiting for anybody of my team.",
    )
    in_my_department = fields.Boolean(
        compute="_compute_in_my_department", search="_search_in_my_department"
    )
    patient_name_masked = fields.Char(
        related="patient_id.name_masked", string="Masked Patient Name"
    )

    @api.depends_context("lang")
    def _compute_board_card(self):
        cards = self._read_board_cards()
        labels = dict(
            self.env["followup.attempt"]
            ._fields["result"]
            ._description_selection(self.env)
        )
        days = {}
        for task in self:
            card = cards.get(task.id)
            if card:
                key = card.pop("company_id"), card.pop("policy_id")
                day = days[key] = days.get(key) or self._get_board_day(*key)
                tally = policy.load_tally(card.pop("tally"))
                calls = card.pop("calls")
                card.update(task._prepare_board_attempts(calls, labels, tally, day))
                card["promise"] = task._say_promise(card["promise"])
            task.board_card = card

    def _say_promise(self, moment):
        """Return when an answer was promised to the patient, in words of the user.

        Only a time leaves the concern: whoever reads the card may know that the
        patient waits, not for what (P-7).
        """
        if not moment:
            return False
        return {
            "at": format_datetime(self.env, moment, dt_format="MM-dd HH:mm"),
            "late": moment < fields.Datetime.now(),
        }

    @api.model
    def _get_board_day(self, company_id, policy_id):
        """Return the `BoardDay` of a hospital and a policy, or its usual one."""
        company = self.env["res.company"].browse(company_id)
        rules = self.env["followup.attempt.policy"]._rules_for(company, policy_id)
        calendar = self.env["followup.clock"]._for_company(company)
        bands = self.env["followup.time.band"].browse(band.id for band in rules.bands)
        return BoardDay(
            calendar,
            calendar.local_date(fields.Datetime.now()),
            [(band.id, band.name) for band in bands],
        )

    def _prepare_board_attempts(self, calls, labels, tally, day):
        """Return one dot per time band, and the calls behind them in words."""
        is_today = tally.day == day.today
        tried = tally.bands if is_today else ()
        moments = [fields.Datetime.to_datetime(call["at"]) for call in calls]
        return {
            "dots": [
                {"id": band_id, "name": name, "tried": band_id in tried}
                for band_id, name in day.bands
            ],
            "reached": any(call["result"] in REACHED for call in calls),
            "earlier": sum(day.calendar.local_date(at) < day.today for at in moments),
            "calls": [
                {"at": call["at"], "result": labels[call["result"]]} for call in calls
            ],
            # the sentence is about the calls of today
            "explanation": is_today and self.attempt_explanation,
        }

    def _read_board_cards(self):
        """Return {task id: what the card shows} with one query.

        The ORM would read patients, departments, users, categories and attempts
        one table after the other. Only masked names leave the patient here, and
        the caller could already read the tasks.
        """
        if not self.ids:
            return {}
        for name in ("task", "attempt", "patient", "patient.category", "concern"):
            self.env[f"followup.{name}"].flush_model()
        rows = self.env.execute_query_dict(self._board_card_query())
        return {row.pop("id"): row for row in rows}

    def _board_card_query(self):
        return SQL(
            """
            SELECT task.id, task.company_id,
                   task.attempt_policy_id AS policy_id, task.attempt_tally AS tally,
                   patient.name_masked AS patient,
                   %(department)s AS department,
                   assignee.name AS assignee,
                   holder.name AS holder,
                   promise.at AS promise,
                   COALESCE(category.rows, '[]') AS categories,
                   COALESCE(attempt.rows, '[]') AS calls
              FROM followup_task task
              JOIN followup_patient patient ON patient.id = task.patient_id
         LEFT JOIN hr_department department ON department.id = task.department_id
         LEFT JOIN res_users assigned ON assigned.id = task.user_id
         LEFT JOIN res_partner assignee ON assignee.id = assigned.partner_id
         LEFT JOIN res_users held ON held.id = task.claimed_by_id
                                 AND task.claimed_until > %(now)s
         LEFT JOIN res_partner holder ON holder.id = held.partner_id
         LEFT JOIN LATERAL (%(promise)s) promise ON TRUE
         LEFT JOIN LATERAL (%(categories)s) category ON TRUE
         LEFT JOIN LATERAL (%(attempts)s) attempt ON TRUE
             WHERE task.id = ANY(%(ids)s)
            """,
            department=self.env["hr.department"]._field_to_sql("department", "name"),
            now=fields.Datetime.now(),
            promise=self._board_promise_query(),
            categories=self._board_categories_query(),
            attempts=self._board_attempts_query(),
            ids=list(self.ids),
        )

    def _board_promise_query(self):
        return SQL(
            """
            SELECT min(concern.promised_at) AS at FROM followup_concern concern
             WHERE concern.patient_id = task.patient_id
               AND concern.promised_at IS NOT NULL
               AND concern.told_patient_at IS NULL
               AND concern.state <> 'closed'
            """
        )

    def _board_categories_query(self):
        relation = self.env["followup.patient"]._fields["category_ids"]
        return SQL(
            """
            SELECT json_agg(json_build_object(
                       'id', tag.id, 'name', %(name)s, 'color', tag.color
                   ) ORDER BY tag.sequence, tag.id) AS rows
              FROM %(table)s link
              JOIN followup_patient_category tag ON tag.id = link.%(tag)s
             WHERE link.%(patient)s = patient.id AND tag.active
            """,
            name=self.env["followup.patient.category"]._field_to_sql("tag", "name"),
            table=SQL.identifier(relation.relation),
            tag=SQL.identifier(relation.column2),
            patient=SQL.identifier(relation.column1),
        )

    def _board_attempts_query(self):
        return SQL(
            """
            SELECT json_agg(json_build_object(
                       'result', try.result,
                       'at', to_char(try.started_at, 'YYYY-MM-DD HH24:MI:SS')
                   ) ORDER BY try.started_at, try.id) AS rows
              FROM followup_attempt try
             WHERE try.task_id = task.id
               AND try.direction = 'out' AND try.result != ALL(%s)
            """,
            sorted(policy.NO_ATTEMPT),
        )

    @api.depends_context("uid")
    @api.depends("user_id", "claimed_by_id", "department_id", "level", "state")
    def _compute_is_mine(self):
        mine = self.filtered_domain(self._mine_domain())
        for task in self:
            task.is_mine = task in mine

    @api.model
    def _search_is_mine(self, operator, value):
        if operator != "in":
            return NotImplemented
        domain = self._mine_domain()
        return domain if True in value else ~domain

    @api.model
    def _mine_domain(self):
        """Return what the user is expected to call: his own work and his pool."""
        user = self.env.user
        mine = Domain("user_id", "=", user.id) | Domain("claimed_by_id", "=", user.id)
        pool = Domain.FALSE
        if user.followup_department_ids:
            pool |= Domain("level", "=", "1") & Domain(
                "department_id", "in", user.followup_department_ids.ids
            )
        if user.has_group("patient_followup.followup_group_centre_caller"):
            pool |= Domain("level", "=", "2")
        return mine | (Domain("user_id", "=", False) & pool)

    @api.depends_context("uid")
    @api.depends("department_id")
    def _compute_in_my_department(self):
        departments = self.env.user.followup_department_ids
        for task in self:
            task.in_my_department = task.department_id in departments

    @api.model
    def _search_in_my_department(self, operator, value):
        if operator != "in":
            return NotImplemented
        departments = self.env.user.followup_department_ids
        domain = Domain("department_id", "in", departments.ids)
        return domain if True in value else ~domain

    # ------------------------------------------------------------
    # COLUMNS
    # ------------------------------------------------------------

    @api.model
    def _group_expand_open_states(self, values, domain):
        """Show the open columns even when empty; closed ones only when asked."""
        closed = [value for value in values if value not in OPEN_STATES]
        return [*OPEN_STATES, *closed]

    @api.model
    def formatted_read_group(self, domain, groupby=(), *args, **kwargs):
        groups = super().formatted_read_group(domain, groupby, *args, **kwargs)
        if tuple(groupby) == ("state",):
            for group in groups:
                if group["state"] in FOLDED_STATES:
                    group["__fold"] = True
        return groups
