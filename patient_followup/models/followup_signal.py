# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import api, fields, models
from odoo.tools import SQL

# a row's id is that of its call or task, ten times, and the place of its kind
KINDS = [
    ("quick_call", "Reached within Seconds"),
    ("quick_series", "Completed within Seconds of Another"),
    ("same_text", "Word for Word the Same Note"),
    ("off_shift", "Call outside Any Shift"),
    ("dense", "Too Many Calls within an Hour"),
    ("overlap", "Two Calls at the Same Time"),
    ("wrong_later", "Number Later Found Wrong"),
]


class FollowupSignal(models.Model):
    """Records that deserve a look: plain comparisons, never a verdict (V-7).

    What is unlikely may still be true (a paper list typed in later, a patient in
    a hurry), so nothing follows from a signal by itself.

    Access: inspectors read; nobody else does, whatever his role.
    """

    _name = "followup.signal"
    _description = "Signal to Verify"
    _auto = False
    _order = "at desc, id desc"
    _rec_name = "kind"
    _depends = {
        "followup.attempt": [
            "band_id",
            "contact_id",
            "direction",
            "duration",
            "ended_at",
            "method",
            "result",
            "started_at",
            "task_id",
            "user_id",
        ],
        "followup.patient.contact": ["validity"],
        "followup.task": [
            "closed_at",
            "closed_by_id",
            "completed_by_id",
            "outcome_note",
            "state",
        ],
    }

    kind = fields.Selection(KINDS, string="Signal", readonly=True)
    company_id = fields.Many2one("res.company", readonly=True)
    department_id = fields.Many2one("hr.department", readonly=True)
    user_id = fields.Many2one("res.users", string="Caller", readonly=True)
    task_id = fields.Many2one("followup.task", string="Follow-up", readonly=True)
    patient_id = fields.Many2one("followup.patient", readonly=True)
    patient_name_masked = fields.Char(
        related="patient_id.name_masked", string="Masked Patient Name"
    )
    at = fields.Datetime(string="When", readonly=True)
    amount = fields.Integer(string="Seconds or Count", readonly=True, aggregator=False)
    explanation = fields.Char(compute="_compute_explanation")

    @api.depends("kind", "amount")
    def _compute_explanation(self):
        for signal in self:
            signal.explanation = signal._explain()

    def _explain(self):
        texts = {
            "quick_call": self.env._(
                "The patient was reached, the call lasted %(amount)s seconds.",
                amount=self.amount,
            ),
            "quick_series": self.env._(
                "Completed %(amount)s seconds after the call before it.",
                amount=self.amount,
            ),
            "same_text": self.env._(
                "The same note stands at %(amount)s patients.", amount=self.amount
            ),
            "off_shift": self.env._(
                "Outside the working hours of the hospital and all times of calling."
            ),
            "dense": self.env._(
                "%(amount)s conversations within one hour.", amount=self.amount
            ),
            "overlap": self.env._(
                "Began %(amount)s seconds before the call to another patient ended.",
                amount=self.amount,
            ),
            "wrong_later": self.env._(
                "Somebody was reached by a number that was later found wrong."
            ),
        }
        return texts.get(self.kind)

    def action_open(self):
        """Open the call; who reads the signal reads it."""
        self.ensure_one()
        return self.task_id.action_open()

    # ------------------------------------------------------------
    # QUERY
    # ------------------------------------------------------------

    @property
    def _table_query(self):
        """Return all signals of the days that the hospital looks back on."""
        queries = (
            self._quick_call_query(),
            self._quick_series_query(),
            self._same_text_query(),
            self._off_shift_query(),
            self._dense_query(),
            self._overlap_query(),
            self._wrong_later_query(),
        )
        parts = SQL(" UNION ALL ").join(
            SQL(
                "(SELECT %s::varchar AS kind, found.id * 10 + %s AS id, found.task_id,"
                " found.user_id, found.at, found.amount FROM (%s) found)",
                kind,
                index,
                query,
            )
            for index, ((kind, _label), query) in enumerate(
                zip(KINDS, queries, strict=True)
            )
        )
        return SQL(
            """
            SELECT signal.id, signal.kind, signal.task_id, signal.user_id, signal.at,
                   signal.amount::int AS amount, task.company_id, task.patient_id,
                   COALESCE(task.department_id, stay.department_id) AS department_id
              FROM (%s) signal
              JOIN followup_task task ON task.id = signal.task_id
         LEFT JOIN followup_encounter stay ON stay.id = task.encounter_id
            """,
            parts,
        )

    def _calls(self, alias="try"):
        """Return the conversations by phone that are looked at, and their house."""
        return SQL(
            """
              FROM followup_attempt %(try)s
              JOIN res_company house ON house.id = %(try)s.company_id
             WHERE %(try)s.started_at > (now() AT TIME ZONE 'UTC')
                                        - house.followup_signal_days * interval '1 day'
               AND %(try)s.direction = 'out' AND %(try)s.method = 'phone'
               AND %(try)s.result IN ('reached', 'reached_relative')
            """,
            **{"try": SQL.identifier(alias)},
        )

    def _quick_call_query(self):
        return SQL(
            """
            SELECT try.id, try.task_id, try.user_id, try.started_at AS at,
                   try.duration AS amount
                   %s AND try.ended_at IS NOT NULL
                      AND try.duration < house.followup_signal_seconds
            """,
            self._calls(),
        )

    def _quick_series_query(self):
        """The time of closing is the server's own: nobody can enter it."""
        return SQL(
            """
            SELECT id, id AS task_id, closed_by_id AS user_id, closed_at AS at,
                   gap AS amount
              FROM (SELECT task.id, task.closed_by_id, task.closed_at,
                           house.followup_signal_seconds AS least,
                           EXTRACT(epoch FROM task.closed_at - lag(task.closed_at)
                               OVER (PARTITION BY task.closed_by_id
                                         ORDER BY task.closed_at, task.id)) AS gap
                      FROM followup_task task
                      JOIN res_company house ON house.id = task.company_id
                     WHERE task.state = 'done' AND task.method = 'phone'
                       -- what patients finish on their page is nobody's call
                       AND task.closed_by_id IS NOT NULL
                       AND task.closed_at > (now() AT TIME ZONE 'UTC')
                                  - house.followup_signal_days * interval '1 day'
                   ) closing
             WHERE gap < least
            """
        )

    def _same_text_query(self):
        return SQL(
            """
            SELECT id, id AS task_id, user_id, at, amount
              FROM (SELECT task.id, task.completed_by_id AS user_id,
                           task.completed_at AS at,
                           house.followup_signal_texts AS least,
                           count(*) OVER (PARTITION BY task.company_id,
                               task.completed_by_id, md5(task.outcome_note)) AS amount
                      FROM followup_task task
                      JOIN res_company house ON house.id = task.company_id
                     WHERE task.state = 'done'
                       AND length(task.outcome_note)
                           >= house.followup_signal_text_length
                       AND task.closed_at > (now() AT TIME ZONE 'UTC')
                                  - house.followup_signal_days * interval '1 day'
                   ) noted
             WHERE amount >= least
            """
        )

    def _off_shift_query(self):
        return SQL(
            """
            SELECT try.id, try.task_id, try.user_id, try.started_at AS at, 0 AS amount
                   %s AND try.band_id IS NULL AND NOT EXISTS (
                   SELECT
                     FROM resource_calendar_attendance shift
                     JOIN resource_calendar calendar ON calendar.id = shift.calendar_id
               CROSS JOIN LATERAL (SELECT try.started_at AT TIME ZONE 'UTC'
                              AT TIME ZONE COALESCE(calendar.tz, 'Asia/Shanghai') AS at
                          ) here
                    WHERE calendar.id = house.resource_calendar_id
                      AND shift.dayofweek::int = EXTRACT(isodow FROM here.at) - 1
                      AND EXTRACT(hour FROM here.at)
                          + EXTRACT(minute FROM here.at) / 60.0
                          BETWEEN shift.hour_from AND shift.hour_to)
            """,
            self._calls(),
        )

    def _dense_query(self):
        return SQL(
            """
            SELECT id, task_id, user_id, at, amount
              FROM (SELECT try.id, try.task_id, try.user_id, try.started_at AS at,
                           house.followup_signal_density AS most,
                           count(*) OVER (PARTITION BY try.user_id
                               ORDER BY try.started_at
                               RANGE interval '1 hour' PRECEDING) AS amount
                           %s) paced
             WHERE amount > most
            """,
            self._calls(),
        )

    def _overlap_query(self):
        return SQL(
            """
            SELECT id, task_id, user_id, at,
                   EXTRACT(epoch FROM busy_until - at) AS amount
              FROM (SELECT try.id, try.task_id, try.user_id, try.patient_id,
                           try.started_at AS at,
                           lag(try.ended_at) OVER caller AS busy_until,
                           lag(try.patient_id) OVER caller AS other_id
                           %s AND try.ended_at IS NOT NULL
                    WINDOW caller AS (PARTITION BY try.user_id
                                          ORDER BY try.started_at, try.id)) paired
             WHERE busy_until > at AND other_id <> patient_id
            """,
            self._calls(),
        )

    def _wrong_later_query(self):
        return SQL(
            """
            SELECT try.id, try.task_id, try.user_id, try.started_at AS at, 0 AS amount
                   %s AND try.contact_id IS NOT NULL AND (
                   EXISTS (SELECT FROM followup_attempt later
                            WHERE later.contact_id = try.contact_id
                              AND later.result = 'wrong_number'
                              AND later.started_at > try.started_at)
                   OR EXISTS (SELECT FROM followup_patient_contact contact
                               WHERE contact.id = try.contact_id
                                 AND contact.validity = 'wrong'))
            """,
            self._calls(),
        )


class FollowupAttempt(models.Model):
    _inherit = "followup.attempt"

    _started_idx = models.Index("(company_id, started_at)")


class FollowupTask(models.Model):
    _inherit = "followup.task"

    # the days looked back on, also by the doctors' lists of results
    _done_idx = models.Index("(company_id, closed_at) WHERE state = 'done'")
