# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Where planning and stopping the follow-up of a patient meet (I-12).

Both may happen at the same moment in two transactions that do not see each other.
Who plans locks the patients: a stop recorded since his transaction began makes him
start over, and one that comes later waits for him, then looks for what he made.
"""

from odoo import models
from odoo.exceptions import ConcurrencyError
from odoo.tools import SQL


class FollowupPatient(models.Model):
    _inherit = "followup.patient"

    def _filter_followed(self):
        """Return the patients who may get new plans: alive and willing (I-12)."""
        return self.filtered(lambda patient: not patient.contact_blocked)

    def _lock_for_planning(self):
        """Hold up whoever stops these patients until the new work is committed.

        In the order of ids, so that two workers never wait for each other.
        """
        if not self:
            return
        self.flush_recordset()
        self.env.cr.execute(
            SQL(
                "SELECT id FROM followup_patient WHERE id IN %s"
                " ORDER BY id FOR NO KEY UPDATE",
                self._ids,
            ),
            log_exceptions=False,
        )

    def _check_all_stopped(self):
        """Start over where work was planned that this transaction cannot see.

        The rows of the patients are written, hence locked: whoever planned has
        committed, and a new transaction sees it. Odoo repeats the request.
        """
        self.flush_recordset()
        self._lock_withdrawn()
        with self.env.registry.cursor() as cursor:
            now = self.with_env(self.env(cr=cursor, su=True))
            work = [
                now.env["followup.plan"].search(now._get_stopped_plan_domain()),
                now.env["followup.task"].search(now._get_stopped_task_domain()),
            ]
            seen = [(records._name, records.ids) for records in work]
        for model, ids in seen:
            # sudo: work of every department is compared
            if len(self.env[model].sudo().browse(ids).exists()) != len(ids):
                raise ConcurrencyError("work was planned at the same moment")

    def _lock_withdrawn(self):
        """Lock what a correction of a stay brings back; it fails if it has."""
        for model in ("followup.plan", "followup.task"):
            # sudo: work of every department is locked; nothing of it is shown
            rows = self.env[model].sudo()
            rows.flush_model(["patient_id", "withdrawn"])
            self.env.cr.execute(
                SQL(
                    "SELECT id FROM %s WHERE patient_id IN %s AND withdrawn"
                    " ORDER BY id FOR NO KEY UPDATE",
                    SQL.identifier(rows._table),
                    self._ids,
                ),
                log_exceptions=False,
            )
