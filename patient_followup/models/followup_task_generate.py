# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Making thousands of tasks at once (I-2, speed goals)."""

from odoo import api, models
from odoo.exceptions import ValidationError
from odoo.tools import SQL, split_every

BATCH = 1000
SUBJECTS = ("patient_id", "encounter_id", "plan_id")


class FollowupTask(models.Model):
    _name = "followup.task"
    _inherit = ["followup.task", "followup.bulk.mixin"]

    @api.model
    def _create_generated(self, vals_list):
        """Create the tasks of plans, thousands at once (I-2).

        The caller has checked what he may do; duplicates are refused by the
        unique indexes. Nobody is notified and no row costs a query of its own.
        """
        tasks = self.browse()
        # sudo: who may start a plan need not see the departments it reaches
        tasks_sudo = self.sudo()._guarded()
        for batch in split_every(BATCH, vals_list, list):
            self._schedule_vals(batch)
            tasks_sudo._check_subjects(batch)
            patient_ids = {vals["patient_id"] for vals in batch}
            self.env["followup.patient"].browse(patient_ids)._lock_for_planning()
            tasks += tasks_sudo._insert(batch).with_env(self.env)
        tasks._unguarded()._show_to_centre(vals_list)
        return tasks._unguarded()

    def _check_subjects(self, vals_list):
        """Refuse rows that mix hospitals, as `check_company` would (I-13)."""
        for name in SUBJECTS:
            owners = {}
            for vals in vals_list:
                if subject := vals.get(name):
                    owners.setdefault(subject, vals["company_id"])
            records = self.env[self._fields[name].comodel_name].browse(owners)
            if any(record.company_id.id != owners[record.id] for record in records):
                raise ValidationError(
                    self.env._("A task and its patient belong to one hospital.")
                )

    # ------------------------------------------------------------
    # LEVEL 2
    # ------------------------------------------------------------

    def _show_to_centre(self, vals_list):
        """Open the records of level 2 work to the centre, for its record rules."""
        centre = [vals for vals in vals_list if vals.get("level") == "2"]
        for name in SUBJECTS:
            ids = {vals.get(name) for vals in centre} - {None, False}
            if ids:
                self._mark_centre_visible(self._fields[name].comodel_name, sorted(ids))

    def _mark_centre_visible(self, model_name, ids):
        model = self.env[model_name]
        model.flush_model(["centre_visible"])
        self.env.cr.execute(
            SQL(
                "UPDATE %s SET centre_visible = TRUE"
                " WHERE id = ANY(%s) AND centre_visible IS NOT TRUE",
                SQL.identifier(model._table),
                ids,
            )
        )
        model.browse(ids).invalidate_recordset(["centre_visible"], flush=False)
