# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Drawing a sample: 200,000 stays at once, reproducible for ever (V-3, V-6)."""

import base64
import secrets
import zlib

from odoo import fields, models
from odoo.exceptions import UserError
from odoo.tools import SQL

from ..tools import sampling

ROUTINE = ("plan", "event", "programme")


class FollowupSample(models.Model):
    _inherit = "followup.sample"

    def _draw(self):
        """Fix the population and draw; the caller was checked.

        The lot is the database's own secret number, so nobody who draws can
        choose; a second draw of the same campaign and period is refused.
        """
        self.ensure_one()
        # sudo: the engine reads all departments and writes guarded rows
        sample = self.sudo()._guarded()
        if not sample.try_lock_for_update() or sample.state != "draft":
            raise UserError(self.env._("This sample was drawn before."))
        population = sample._read_population()
        text = sampling.population_text(population)
        seed = secrets.token_hex(16)
        sample.write(
            {
                "state": "drawn",
                "seed": seed,
                "population_hash": sampling.population_hash(text),
                "population_data": base64.b64encode(zlib.compress(text.encode())),
                "population_count": len(population),
                "drawn_at": fields.Datetime.now(),
                "drawn_by_id": self.env.uid,
            }
        )
        sample._insert_lines(sampling.draw(seed, population, sample._get_quota()))
        if sample.verifier_ids:
            lines = sample.line_ids.search(
                [("sample_id", "=", sample.id), ("state", "=", "open")]
            )
            lines._make_calls()

    # ------------------------------------------------------------
    # POPULATION
    # ------------------------------------------------------------

    def _read_population(self):
        """Return [(id of stay or call, stratum)], of this hospital and period."""
        self.env.flush_all()
        if self.population == "called":
            return self.env.execute_query(self._calls_query())
        return self.env.execute_query(self._stays_query())

    def _calls_query(self):
        return SQL(
            """
            SELECT call.id, %(stratum)s
              FROM followup_task call
              JOIN followup_patient patient ON patient.id = call.patient_id
         LEFT JOIN followup_encounter stay ON stay.id = call.encounter_id
             WHERE call.company_id = %(company)s AND call.state = 'done'
               AND call.kind <> 'verification'
               AND call.completed_day BETWEEN %(first)s AND %(last)s
               AND %(reachable)s
            """,
            **self._get_query_parts("call"),
        )

    def _stays_query(self):
        """Stays of the period that are followed up; excluded ones are listed there."""
        return SQL(
            """
            SELECT stay.id, %(stratum)s
              FROM followup_encounter stay
              JOIN followup_patient patient ON patient.id = stay.patient_id
             WHERE stay.company_id = %(company)s
               AND stay.is_cancelled IS NOT TRUE AND stay.excluded IS NOT TRUE
               AND %(reachable)s AND %(within)s
            """,
            **self._get_query_parts("stay"),
        )

    def _get_query_parts(self, source):
        department = SQL.identifier(source, "department_id")
        strata = {
            "department": SQL("COALESCE(%s, 0)::text", department),
            "clinic_room": SQL(
                "COALESCE(%s, 0) || '/' || translate(COALESCE(stay.clinic_room, ''),"
                " E'\\t\\n\\r', '   ')",
                department,
            ),
            "none": SQL("''"),
        }
        parts = {
            "stratum": strata[self.stratum],
            "company": self.company_id.id,
            "first": self.date_from,
            "last": self.date_to,
            "reachable": SQL("patient.contact_blocked IS NOT TRUE"),
        }
        parts["within"] = self._get_within(parts)
        return parts

    def _get_within(self, parts):
        """Return which stays belong to the period."""
        if self.population == "due":
            return SQL(
                "EXISTS (SELECT FROM followup_task call"
                " WHERE call.encounter_id = stay.id AND call.level = '1'"
                " AND call.kind = ANY(%s) AND call.state <> 'cancelled'"
                " AND call.due_day BETWEEN %s AND %s)",
                list(ROUTINE),
                parts["first"],
                parts["last"],
            )
        day, classes = SQL("stay.discharge_day"), SQL("<> 'outpatient'")
        if self.population == "visited":
            day = SQL("COALESCE(stay.discharge_day, stay.admission_day)")
            classes = SQL("= 'outpatient'")
        return SQL(
            "%s BETWEEN %s AND %s AND stay.encounter_class %s",
            day,
            parts["first"],
            parts["last"],
            classes,
        )

    # ------------------------------------------------------------
    # LINES
    # ------------------------------------------------------------

    def _insert_lines(self, drawn):
        """Insert all lines with one statement."""
        source, joins = self._get_line_source()
        query = SQL(
            """
            INSERT INTO followup_sample_line (
                   sample_id, company_id, subject, stratum_key, rank, is_reserve,
                   department_id, encounter_id, patient_id, task_id, performer_id,
                   is_recorded, state,
                   create_uid, create_date, write_uid, write_date)
            SELECT %(sample)s, %(company)s, drawn.subject, drawn.stratum, drawn.rank,
                   drawn.is_reserve,
                   %(source)s.department_id, %(encounter)s, %(source)s.patient_id,
                   call.id, COALESCE(call.completed_by_id, call.user_id),
                   COALESCE(call.state = 'done', FALSE),
                   CASE WHEN drawn.is_reserve THEN 'reserve'
                        WHEN %(only)s AND COALESCE(call.state <> 'done', TRUE)
                        THEN 'missed' ELSE 'open' END,
                   %(uid)s, %(now)s, %(uid)s, %(now)s
              FROM unnest(%(subjects)s, %(strata)s, %(ranks)s, %(reserves)s)
                   AS drawn(subject, stratum, rank, is_reserve)
                   %(joins)s
          ORDER BY drawn.stratum, drawn.rank
            """,
            sample=self.id,
            company=self.company_id.id,
            source=source,
            encounter=SQL(
                "call.encounter_id" if self.population == "called" else "stay.id"
            ),
            only=bool(self.only_recorded),
            uid=self.env.uid,
            now=self.env.cr.now(),
            subjects=[row.subject for row in drawn],
            strata=[row.stratum for row in drawn],
            ranks=[row.rank for row in drawn],
            reserves=[row.is_reserve for row in drawn],
            joins=joins,
        )
        if drawn:
            self.env.flush_all()
            self.env.cr.execute(query)
        self.invalidate_recordset(["line_ids"])

    def _get_line_source(self):
        """Return (alias of the subject, its joins); a stay names its level 1 call."""
        if self.population == "called":
            return SQL("call"), SQL(
                "JOIN followup_task call ON call.id = drawn.subject"
            )
        due = SQL("TRUE")
        if self.population == "due":
            due = SQL("due_day BETWEEN %s AND %s", self.date_from, self.date_to)
        return SQL("stay"), SQL(
            """
              JOIN followup_encounter stay ON stay.id = drawn.subject
         LEFT JOIN LATERAL (
                    SELECT id, state, completed_by_id, user_id
                      FROM followup_task
                     WHERE encounter_id = stay.id AND level = '1'
                       AND kind = ANY(%s) AND state <> 'cancelled' AND %s
                  ORDER BY (state = 'done') DESC, due_day DESC, id DESC LIMIT 1
                   ) call ON TRUE
            """,
            list(ROUTINE),
            due,
        )
