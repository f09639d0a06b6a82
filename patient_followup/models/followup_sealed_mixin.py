# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain
from odoo.tools import SQL

from ..tools import seal

# Held by anonymisation alone; compared by identity, as the guard is (D-4).
ERASER = object()
ERASER_KEY = "followup_eraser"


class FollowupSealedMixin(models.AbstractModel):
    """Rows that never change once they are sealed, for the superuser neither (I-5).

    A model names the plain stored columns that are frozen: `_seal_fields` for
    ever, `_seal_texts` until anonymisation. It calls `_prepare_seal` when a row is
    complete and writes the result in the same statement; `followup.seal` links
    the digests into a chain afterwards. Who the patient is stays outside: merging
    moves rows without touching them.
    """

    _name = "followup.sealed.mixin"
    _description = "Sealed Record"

    _seal_fields = ()
    _seal_texts = ()

    followup_seal_digest = fields.Char(
        string="Seal", groups=fields.NO_ACCESS, copy=False, readonly=True
    )
    followup_seal_text = fields.Char(groups=fields.NO_ACCESS, copy=False, readonly=True)
    followup_seal_salt = fields.Char(groups=fields.NO_ACCESS, copy=False, readonly=True)
    followup_seal_linked = fields.Boolean(
        groups=fields.NO_ACCESS, copy=False, readonly=True
    )

    _followup_seal_idx = models.Index(
        "(id) WHERE followup_seal_digest IS NOT NULL"
        " AND followup_seal_linked IS NOT TRUE"
    )

    # what the cron still has to seal, found without reading every row
    _followup_unsealed_idx = models.Index("(id) WHERE followup_seal_digest IS NULL")

    def write(self, vals):
        self._check_sealed(vals)
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_except_sealed(self):
        # sudo: the seal is closed to everybody
        if any(self.sudo().mapped("followup_seal_digest")):
            raise UserError(self.env._("A sealed record is never deleted."))

    def _check_sealed(self, vals):
        frozen = {*self._seal_fields, *self._seal_texts, *SEAL_FIELDS}
        if not frozen.intersection(vals):
            return
        if self.env.context.get(ERASER_KEY) is ERASER:
            return
        # sudo: the seal is closed to everybody
        if any(self.sudo().mapped("followup_seal_digest")):
            raise UserError(
                self.env._("This record is sealed and never changes. Add an amendment.")
            )

    # ------------------------------------------------------------
    # SEALING
    # ------------------------------------------------------------

    def _prepare_seal(self, vals=None):
        """Return the columns of the seal of one row.

        :param dict vals: values the row gets in the same statement
        """
        made = seal.seal(self._name, *self._read_seal(vals or {}))
        return {
            "followup_seal_digest": made.digest,
            "followup_seal_text": made.text_digest,
            "followup_seal_salt": made.salt,
        }

    def _read_seal(self, vals=None):
        """Return (values that stay, texts) of one row, as they are hashed."""
        return (
            {name: self._seal_value(name, vals) for name in self._seal_fields},
            {name: self._seal_value(name, vals) for name in self._seal_texts},
        )

    def _seal_value(self, name, vals):
        """Return a column as plain value: ids for links, None for nothing."""
        field = self._fields[name]
        value = vals[name] if vals and name in vals else self[name]
        value = field.convert_to_cache(value, self)
        return value if value or field.type in ("integer", "boolean") else None

    def _check_seal(self):
        """Return `intact`, `anonymised` or `altered` for one row."""
        known = seal.Sealed(
            self.followup_seal_salt or "",
            self.followup_seal_text or "",
            self.followup_seal_digest or "",
        )
        return seal.check(self._name, *self._read_seal(), known)

    @api.model
    def _get_seal_company_field(self):
        return "company_id"

    @api.model
    def _get_link_condition(self):
        """Return which sealed rows may enter the chain: never to be deleted again."""
        return SQL("TRUE")

    @api.model
    def _get_complete_domain(self):
        """Return which rows are complete and must have a seal."""
        raise NotImplementedError

    @api.model
    def _seal_complete(self, limit):
        """Seal rows that became complete without it; return how many.

        What a bulk statement closed, or an earlier version.
        """
        # sudo: every row of every hospital is sealed
        rows = self.sudo().search(
            self._get_complete_domain() & Domain("followup_seal_digest", "=", False),
            limit=limit,
        )
        rows._write_seals()
        return len(rows)

    def _write_seals(self):
        """Seal rows in one statement; the models' own `write` refuses it."""
        if not self:
            return
        seals = [row._prepare_seal() for row in self]
        columns = list(seals[0])
        self.flush_recordset()
        self.env.cr.execute(
            SQL(
                "UPDATE %(table)s AS row SET %(changes)s FROM (VALUES %(rows)s)"
                " AS made (id, %(columns)s) WHERE row.id = made.id",
                table=SQL.identifier(self._table),
                changes=SQL(", ").join(
                    SQL("%s = %s", SQL.identifier(name), SQL.identifier("made", name))
                    for name in columns
                ),
                rows=SQL(", ").join(
                    SQL("%s", (row.id, *values.values()))
                    for row, values in zip(self, seals, strict=True)
                ),
                columns=SQL(", ").join(map(SQL.identifier, columns)),
            )
        )
        self.invalidate_recordset(columns)

    def _seal_late(self):
        """Seal the complete rows among these that wait for the cron."""
        missing = Domain("followup_seal_digest", "=", False)
        self.filtered_domain(self._get_complete_domain() & missing)._write_seals()

    def _erase_rows(self):
        self._erase_texts()
        return super()._erase_rows()

    def _erase_texts(self):
        """Delete texts and salt; the digests stay and say what there was (D-4).

        By one statement, which the models' own `write` would refuse. For
        anonymisation only, whose caller checked the right.
        """
        if not self:
            return
        self.flush_recordset()
        columns = [*self._seal_texts, "followup_seal_salt"]
        self.env.cr.execute(
            SQL(
                "UPDATE %s SET %s WHERE id = ANY(%s)",
                SQL.identifier(self._table),
                SQL(", ").join(SQL("%s = NULL", SQL.identifier(n)) for n in columns),
                list(self.ids),
            )
        )
        self.invalidate_recordset(columns)


SEAL_FIELDS = (
    "followup_seal_digest",
    "followup_seal_text",
    "followup_seal_salt",
    "followup_seal_linked",
)
