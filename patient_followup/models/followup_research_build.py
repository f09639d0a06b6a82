# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Making the file of a research export, stay by stay (R-6)."""

import base64
import secrets
from collections import defaultdict

from odoo import fields, models
from odoo.exceptions import UserError
from odoo.tools import SQL, split_every

from ..tools import research

BATCH = 5000
STAYS = (
    "patient",
    "stay",
    "days_since_first_discharge",
    "department",
    "age",
    "sex",
    "diagnosis",
    "class",
    "length_of_stay",
    "disposition",
    "planned",
    "done",
    "attempts",
    "days_to_first_contact",
    "red_flag",
    "mean_score",
)
CONTACTS = (
    "patient",
    "stay",
    "level",
    "method",
    "kind",
    "day_due",
    "day_done",
    "state",
    "attempts",
    "relative_answered",
    "red_flag",
    "mean_score",
)


class FollowupResearchExport(models.Model):
    _inherit = "followup.research.export"

    def _build(self):
        """Make the file, or say why there is none."""
        self.ensure_one()
        try:
            with self.env.cr.savepoint():
                vals = self._prepare_file()
        except UserError as error:
            vals = {"state": "failed", "message": str(error)}
        self._guarded().write(vals)

    def _prepare_file(self):
        looks = self._read_looks()
        shown, coarser, left_out = research.hide_small_groups(looks, self.min_group)
        if not shown:
            raise UserError(
                self.env._("Too few patients are alike: nothing can be shown.")
            )
        stays = self._order_stays(shown)
        tables = [
            ("stays", self._write_stays(stays)),
            ("contacts", self._write_contacts(stays)),
        ]
        suffix, write = {
            "xlsx": ("xlsx", research.write_xlsx_tables),
            "csv": ("zip", research.write_csv_tables),
        }[self.file_format]
        try:
            content = write(tables)
        except OverflowError as error:
            raise UserError(
                self.env._("Too many rows for one sheet: choose CSV files.")
            ) from error
        return {
            "state": "ready",
            "file": base64.b64encode(content),
            "file_name": f"research_{self.id}.{suffix}",
            "ready_at": fields.Datetime.now(),
            "expires_at": self._get_expiry(),
            "patient_count": len(shown),
            "stay_count": len(stays),
            "coarser_count": coarser,
            "left_out_count": left_out,
        }

    # ------------------------------------------------------------
    # WHO
    # ------------------------------------------------------------

    def _read_looks(self):
        """Return {patient id: {stay id: Look}} of the stays that were asked for."""
        self.env.flush_all()
        looks = defaultdict(dict)
        for (
            stay_id,
            patient_id,
            department_id,
            age,
            sex,
            code,
        ) in self.env.execute_query(
            SQL(
                """
                    SELECT stay.id, stay.patient_id, stay.department_id,
                           date_part('year', age(stay.discharge_day,
                                                 patient.birthdate)),
                           patient.sex, stay.diagnosis_code
                      FROM followup_encounter stay
                      JOIN followup_patient patient ON patient.id = stay.patient_id
                     WHERE stay.company_id = %(company)s
                       AND stay.state = 'discharged'
                       AND stay.discharge_day BETWEEN %(date_from)s AND %(date_to)s
                       AND %(filters)s
                  ORDER BY stay.patient_id, stay.discharge_day, stay.id
                    """,
                company=self.company_id.id,
                date_from=self.date_from,
                date_to=self.date_to,
                filters=self._get_filters(),
            )
        ):
            looks[patient_id][stay_id] = research.Look(
                department_id, research.age_band(age), sex, research.category(code)
            )
        return looks

    def _get_filters(self):
        filters = [SQL("TRUE")]
        if self.department_ids:
            filters.append(SQL("stay.department_id = ANY(%s)", self.department_ids.ids))
        if self.encounter_class:
            filters.append(SQL("stay.encounter_class = %s", self.encounter_class))
        if self.protocol_ids:
            filters.append(
                SQL(
                    "EXISTS (SELECT FROM followup_plan plan"
                    " WHERE plan.encounter_id = stay.id"
                    " AND plan.protocol_family_id = ANY(%s))",
                    self.protocol_ids.family_id.ids,
                )
            )
        return SQL(" AND ").join(filters)

    def _order_stays(self, shown):
        """Return {stay id: [pseudonym, Look]} in the order of pseudonyms.

        The key lives in this method only; nobody can make the names again.
        """
        key = secrets.token_bytes(32)
        named = sorted(
            (research.pseudonym(key, patient_id), stays)
            for patient_id, stays in shown.items()
        )
        return {
            stay_id: (name, look)
            for name, stays in named
            for stay_id, look in stays.items()
        }

    # ------------------------------------------------------------
    # WHAT
    # ------------------------------------------------------------

    def _write_stays(self, stays):
        """Yield the rows of the first table."""
        yield STAYS
        departments = self._get_department_names(stays)
        first_day = self._read_first_days(stays)
        order = defaultdict(int)
        for stay_ids in split_every(BATCH, stays):
            for row in self._read_stays(stay_ids):
                name, look = stays[row["id"]]
                order[name] += 1
                yield (
                    name,
                    order[name],
                    (row["discharge_day"] - first_day[name]).days,
                    departments.get(look.department, ""),
                    look.age,
                    look.sex,
                    look.code,
                    row["encounter_class"],
                    research.cap(row["length_of_stay"]),
                    row["disposition"] or "",
                    row["planned"],
                    row["done"],
                    row["attempts"],
                    row["first_contact"],
                    row["red_flag"],
                    row["score"],
                )

    def _get_department_names(self, stays):
        ids = {look.department for _name, look in stays.values()}
        # sudo: names of the departments of the hospital that approved
        departments = self.env["hr.department"].sudo().browse(ids)
        return {department.id: department.name for department in departments}

    def _read_first_days(self, stays):
        """Return {pseudonym: day of the first discharge}, which stays in here."""
        first = {}
        for stay_ids in split_every(BATCH, stays):
            for stay_id, day in self.env.execute_query(
                SQL(
                    "SELECT id, discharge_day FROM followup_encounter"
                    " WHERE id = ANY(%s)",
                    list(stay_ids),
                )
            ):
                name = stays[stay_id][0]
                first[name] = min(first.get(name, day), day)
        return first

    def _read_stays(self, stay_ids):
        """Return one row of figures for each stay, oldest first within a patient."""
        return self.env.execute_query_dict(
            SQL(
                """
                SELECT stay.id, stay.discharge_day, stay.encounter_class,
                       stay.length_of_stay, stay.disposition,
                       COALESCE(call.planned, 0) AS planned,
                       COALESCE(call.done, 0) AS done,
                       COALESCE(call.attempts, 0) AS attempts,
                       call.first_day - stay.discharge_day AS first_contact,
                       COALESCE(call.red_flag, 0) AS red_flag,
                       round(answer.score::numeric, 1)::float AS score
                  FROM unnest(%(ids)s) WITH ORDINALITY AS wanted (id, place)
                  JOIN followup_encounter stay ON stay.id = wanted.id
             LEFT JOIN LATERAL (
                        SELECT count(*) FILTER (WHERE state <> 'cancelled') AS planned,
                               count(*) FILTER (WHERE state = 'done') AS done,
                               sum(attempt_count) AS attempts,
                               min(completed_day) AS first_day,
                               max(red_flag::int) AS red_flag
                          FROM followup_task
                         WHERE encounter_id = stay.id AND kind <> 'verification'
                       ) call ON TRUE
             LEFT JOIN LATERAL (
                        SELECT avg(line.followup_score) AS score
                          FROM followup_task task
                          JOIN survey_user_input_line line
                            ON line.followup_task_id = task.id
                         WHERE task.encounter_id = stay.id
                           AND line.followup_is_scored
                       ) answer ON TRUE
              ORDER BY wanted.place
                """,
                ids=list(stay_ids),
            )
        )

    def _write_contacts(self, stays):
        """Yield the rows of the second table."""
        yield CONTACTS
        numbers = _number_stays(stays)
        for stay_ids in split_every(BATCH, stays):
            for row in self._read_contacts(stay_ids):
                yield (
                    stays[row["encounter_id"]][0],
                    numbers[row["encounter_id"]],
                    row["level"],
                    row["method"],
                    row["kind"],
                    row["day_due"],
                    row["day_done"],
                    row["state"],
                    row["attempts"],
                    row["proxy"],
                    row["red_flag"],
                    row["score"],
                )

    def _read_contacts(self, stay_ids):
        return self.env.execute_query_dict(
            SQL(
                """
                SELECT task.encounter_id, task.level, task.method, task.kind,
                       task.due_day - stay.discharge_day AS day_due,
                       task.completed_day - stay.discharge_day AS day_done,
                       task.state, COALESCE(task.attempt_count, 0) AS attempts,
                       COALESCE(task.proxy, FALSE)::int AS proxy,
                       COALESCE(task.red_flag, FALSE)::int AS red_flag,
                       round(answer.score::numeric, 1)::float AS score
                  FROM unnest(%(ids)s) WITH ORDINALITY AS wanted (id, place)
                  JOIN followup_encounter stay ON stay.id = wanted.id
                  JOIN followup_task task ON task.encounter_id = stay.id
             LEFT JOIN LATERAL (
                        SELECT avg(followup_score) AS score
                          FROM survey_user_input_line
                         WHERE followup_task_id = task.id AND followup_is_scored
                       ) answer ON TRUE
                 WHERE task.kind <> 'verification'
              ORDER BY wanted.place, task.due_day, task.level
                """,
                ids=list(stay_ids),
            )
        )


def _number_stays(stays):
    """Return {stay id: its number within its patient}, as the first table counts."""
    order, numbers = defaultdict(int), {}
    for stay_id, (name, _look) in stays.items():
        order[name] += 1
        numbers[stay_id] = order[name]
    return numbers
