# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""What each model empties when the patient of its rows is anonymised (Y-1)."""

from odoo import api, models
from odoo.tools import SQL

PATIENT = "followup.patient"


class Base(models.AbstractModel):
    """A model names its columns that tell who the patient is, or what he said.

    `_erase_fields`: columns to empty; an empty tuple where there is nothing.
    `_erase_link`: where a model has no link to the patient itself, its link to a
    model that has one. A required text keeps the number of its row.
    """

    _inherit = "base"

    _erase_fields = None
    _erase_link = None

    @api.model
    def _get_erase_path(self):
        """Return the path from a row to its patient, such as `task_id.patient_id`."""
        if self._erase_link:
            parent = self.env[self._fields[self._erase_link].comodel_name]
            return f"{self._erase_link}.{parent._get_erase_path()}"
        return next(
            name
            for name, field in self._fields.items()
            if field.type == "many2one"
            and field.store
            and field.comodel_name == PATIENT
        )

    def _erase_rows(self):
        """Empty these rows by one statement: no rule, tracking or seal in between.

        For anonymisation only, whose caller checked the right.

        :return: the rows
        """
        changes = [
            SQL("%s = %s", SQL.identifier(name), self._erased_value(name))
            for name in self._erase_fields
        ]
        if not self or not changes:
            return self
        self.flush_model()
        self.env.cr.execute(
            SQL(
                "UPDATE %s SET %s WHERE id = ANY(%s)",
                SQL.identifier(self._table),
                SQL(", ").join(changes),
                list(self.ids),
            )
        )
        self.invalidate_recordset()
        return self

    @api.model
    def _erased_value(self, name):
        return SQL("'#' || id") if self._fields[name].required else SQL("NULL")
