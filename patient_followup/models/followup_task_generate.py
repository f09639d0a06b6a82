# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Making thousands of tasks at once (I-2, speed goals)."""

from odoo import api, models
from odoo.exceptions import ValidationError
from odoo.tools import SQL, split_every

BATCH = 1000
SUBJECTS = ("patient_id", "encounter_id", "plan_id")


class FollowupTask(models.Model):
    _inherit = "followup.task"

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

    def _insert(self, vals_list):
        """Insert rows in one statement, at several times the speed of `create`.

        Other than `create`, it fills no cache; whatever it cannot write as plain
        columns goes the usual way.
        """
        names = {name for vals in vals_list for name in vals}
        columns = [
            name
            for name, field in self._fields.items()
            if field.column_type and field.store and not field.compute
        ]
        if not names <= set(columns):
            return self.create(vals_list)
        defaults = self.default_get([name for name in columns if name != "id"])
        names = sorted(names | set(defaults))
        rows = self._prepare_rows(names, defaults, vals_list)
        log = self._prepare_log_values()
        query = SQL(
            "INSERT INTO %s (%s) VALUES %s RETURNING id",
            SQL.identifier(self._table),
            SQL(", ").join(map(SQL.identifier, [*log, *names])),
            SQL(", ").join((*log.values(), *row) for row in rows),
        )
        tasks = self.browse(id_ for [id_] in self.env.execute_query(query))
        tasks._announce(names)
        return tasks

    def _prepare_rows(self, names, defaults, vals_list):
        """Return the values of each row, converted column by column."""
        columns = []
        for name in names:
            convert = self._fields[name].convert_to_column_insert
            default = convert(defaults.get(name, False), self)
            columns.append(
                [
                    convert(vals[name], self) if name in vals else default
                    for vals in vals_list
                ]
            )
        return zip(*columns, strict=True)

    def _prepare_log_values(self):
        now, uid = self.env.cr.now(), self.env.uid
        return {
            "create_uid": uid,
            "create_date": now,
            "write_uid": uid,
            "write_date": now,
        }

    def _announce(self, names):
        """Do what `create` does for others: inverses, dependents, constraints."""
        for name in names:
            for inverse in self.pool.field_inverses[self._fields[name]]:
                model = self.env[inverse.model_name]
                model.invalidate_model([inverse.name], flush=False)
        self.modified(names, create=True)
        self._validate_fields(names)

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
