# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""One caller per patient: the phone rings once, whoever has his other call (I-4)."""

import psycopg2.errors

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import SQL, format_datetime

from .followup_task import PENDING_SQL

LONGEST_WAIT = "2s"  # for a colleague who is taking a call of the same patient


class FollowupTask(models.Model):
    _inherit = "followup.task"

    # ------------------------------------------------------------
    # WHO IS ON A CALL WITH HIM
    # ------------------------------------------------------------

    @api.model
    def _other_claim_sql(self, now):
        """Nobody else is on a call with the same patient (read once, by `NOT IN`)."""
        return SQL(
            "followup_task.patient_id NOT IN ("
            "SELECT other.patient_id FROM followup_task other"
            " WHERE other.state = 'in_progress' AND other.claimed_until > %s"
            " AND other.claimed_by_id != %s)",
            now,
            self.env.uid,
        )

    def _find_other_claims(self):
        """Return {patient id: task another caller has in hand}, in one query."""
        if not self.patient_id:
            return {}
        # sudo: the patient's call may be of a ward the user does not see; only
        # who makes it, and until when, is told
        rows = self.sudo().search_fetch(
            [
                ("patient_id", "in", self.patient_id.ids),
                ("state", "=", "in_progress"),
                ("claimed_until", ">", fields.Datetime.now()),
                ("claimed_by_id", "not in", [self.env.uid, False]),
            ],
            ["patient_id", "claimed_by_id", "claimed_until"],
        )
        return {row.patient_id.id: row for row in rows}

    def _get_patient_holder(self):
        """Return the colleague who is on a call with the patient, if any."""
        self.ensure_one()
        claim = self._find_other_claims().get(self.patient_id.id, self.browse())
        return claim.claimed_by_id.sudo(False)

    def _check_patient_free(self):
        """Refuse a second call at the same time, naming the colleague."""
        claim = self._find_other_claims().get(self.patient_id.id)
        if claim:
            raise UserError(
                self.env._(
                    "%(name)s is on a call with this patient until %(time)s.",
                    name=claim.claimed_by_id.name,
                    time=format_datetime(
                        self.env, claim.claimed_until, dt_format="HH:mm"
                    ),
                )
            )

    # ------------------------------------------------------------
    # LOCKS
    # ------------------------------------------------------------

    def _lock_patient(self):
        """Lock the pending calls of the patient, or say that somebody is faster.

        A claim that came after this transaction began raises a serialization
        failure: Odoo repeats the request, which then names the colleague.
        """
        self.env.cr.execute(self._lock_patient_sql(), log_exceptions=False)
        if not self.env.cr.fetchone()[0]:
            self._wait_for_patient()

    def _wait_for_patient(self):
        """Wait until the colleague's claim is written: then it has a name (I-4).

        :raises UserError: it lasts longer than people like to wait
        """
        lock = SQL(
            "SELECT id FROM followup_task WHERE %s ORDER BY id FOR UPDATE",
            self._mine_sql(),
        )
        try:
            with self.env.cr.savepoint(flush=False):
                self.env.cr.execute(SQL("SET LOCAL lock_timeout = %s", LONGEST_WAIT))
                self.env.cr.execute(lock, log_exceptions=False)
                self.env.cr.execute("SET LOCAL lock_timeout = DEFAULT")
        except psycopg2.errors.LockNotAvailable:
            raise UserError(
                self.env._("Somebody else is taking this call at this moment.")
            ) from None

    def _lock_first(self):
        """Lock and return the first task whose patient nobody else has in hand.

        All his pending tasks are locked: two of them never ring at once. A row
        changed since the transaction began raises instead of being skipped
        (REPEATABLE READ); a savepoint turns that into the next one.
        """
        for task in self:
            try:
                with self.env.cr.savepoint(flush=False):
                    self.env.cr.execute(task._lock_patient_sql(), log_exceptions=False)
                    if self.env.cr.fetchone()[0]:
                        return task
            except psycopg2.errors.SerializationFailure:
                continue
        return self.browse()

    def _lock_patient_sql(self):
        """Lock this and his pending tasks; tell whether all of them were free."""
        mine = self._mine_sql()
        return SQL(
            "WITH free AS (SELECT id FROM followup_task WHERE %s"
            " FOR UPDATE SKIP LOCKED)"
            " SELECT bool_or(id = %s) AND count(*) ="
            " (SELECT count(*) FROM followup_task WHERE %s) FROM free",
            mine,
            self.id,
            mine,
        )

    def _mine_sql(self):
        return SQL(
            "patient_id = %s AND (id = %s OR %s)",
            self.patient_id.id,
            self.id,
            SQL(PENDING_SQL),
        )
