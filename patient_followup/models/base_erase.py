# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""What each model empties when the patient of its rows is anonymised (Y-1)."""

from odoo import api, models
from odoo.fields import Domain
from odoo.tools import SQL

PATIENT = "followup.patient"


class Base(models.AbstractModel):
    """A model names its columns that tell who the patient is, or what he said.

    `_erase_fields`: columns to empty; an empty tuple where there is nothing.
    `_erase_link`: where a model has no link to the patient itself, its link to a
    model that has one, or its links, if it comes from one or the other. A required
    text keeps the number of its row.
    """

    _inherit = "base"

    _erase_fields = None
    _erase_link = None

    @api.model
    def _get_erase_paths(self):
        """Return the paths from a row to its patients, such as `task_id.patient_id`."""
        if not self._erase_link:
            return [
                next(
                    name
                    for name, field in self._fields.items()
                    if field.type == "many2one"
                    and field.store
                    and field.comodel_name == PATIENT
                )
            ]
        links = self._erase_link
        return [
            f"{link}.{path}"
            for link in ([links] if isinstance(links, str) else links)
            for path in self.env[self._fields[link].comodel_name]._get_erase_paths()
        ]

    @api.model
    def _get_erase_domain(self, patients):
        """Return the domain of the rows that tell of these patients."""
        return Domain.OR(
            Domain(path, "in", patients.ids) for path in self._get_erase_paths()
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
