# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
import logging
import secrets

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import SQL, config, ormcache, split_every

from ..tools import crypto

_logger = logging.getLogger(__name__)

ENCRYPTION_PARAMETER = "patient_followup.encryption"
BATCH = 1000
# what a new value of the same owner leaves as it is
KEPT = ("res_model", "res_id", "field_name", "create_uid", "create_date")
# the row that keeps the random secret of a database without a key
SECRET_MODEL = "followup.protected.value"


class FollowupProtectedValue(models.Model):
    """The clear value behind a masked field (I-3, D-9).

    Access: nobody. Only `followup.protected.mixin` reaches it, through sudo.
    """

    _name = "followup.protected.value"
    _description = "Protected Value"
    _inherit = "followup.bulk.mixin"

    res_model = fields.Char(required=True)
    res_id = fields.Many2oneReference(model_field="res_model", required=True)
    field_name = fields.Char(required=True)
    company_id = fields.Many2one("res.company", index=True)
    cipher = fields.Char(required=True)
    digest = fields.Char(required=True)
    last_four = fields.Char()
    key_id = fields.Char(help="Key the value is kept under; empty = not encrypted.")

    _owner_uniq = models.UniqueIndex("(res_model, res_id, field_name)")
    _digest_idx = models.Index("(digest)")
    _last_four_idx = models.Index(
        "(res_model, field_name, last_four) WHERE last_four IS NOT NULL"
    )
    _encrypted_idx = models.Index("(key_id) WHERE key_id <> ''")

    def init(self):
        """Keep one random secret, so that hashes without a key are keyed too."""
        self.env.cr.execute(
            SQL(
                "INSERT INTO followup_protected_value"
                " (res_model, res_id, field_name, cipher, digest)"
                " VALUES (%s, 0, 'secret', %s, 'secret') ON CONFLICT DO NOTHING",
                SECRET_MODEL,
                secrets.token_hex(32),
            )
        )

    def _register_hook(self):
        super()._register_hook()
        if config.get("patient_followup_key"):
            _logger.warning(
                "A follow-up key stands in the configuration file, where it is not"
                " read: put it into the environment variable %s.",
                crypto.KEY_VARIABLE,
            )

    # ------------------------------------------------------------
    # KEYS
    # ------------------------------------------------------------

    def _keyring(self):
        """Return the keys of this server, or refuse in words."""
        try:
            return crypto.Keyring(crypto.read_secrets(), self._fallback_secret())
        except crypto.KeyProblem as problem:
            raise UserError(self._key_problem_text(problem.code)) from problem

    @ormcache()
    def _fallback_secret(self):
        self.env.cr.execute(
            SQL(
                "SELECT cipher FROM followup_protected_value"
                " WHERE res_model = %s AND field_name = 'secret'",
                SECRET_MODEL,
            )
        )
        return self.env.cr.fetchone()[0]

    def _key_problem_text(self, code):
        return {
            "short": self.env._(
                "The encryption key of the server is too short:"
                " it needs at least %(count)s characters.",
                count=crypto.MIN_KEY_LENGTH,
            ),
            "unreadable": self.env._(
                "The key file of the server cannot be read or is empty."
            ),
            "missing": self.env._(
                "This value was encrypted with a key that the server does not have now."
            ),
            "damaged": self.env._("This value is damaged and cannot be decrypted."),
            "none": self.env._(
                "Encryption is switched on, but the server has no key:"
                " nothing was saved. Ask the administrator of the server."
            ),
        }[code]

    @api.model
    def _check_can_keep(self):
        """Refuse to store in clear what is meant to be encrypted."""
        if self._keyring().current:
            return
        parameters = self.env["ir.config_parameter"].sudo()  # sudo: one own switch
        switch = (parameters.get_param(ENCRYPTION_PARAMETER) or "").lower()
        if switch in ("1", "true", "yes") or self._has_encrypted():
            raise UserError(self._key_problem_text("none"))

    @api.model
    def _check_has_key(self):
        """Refuse to promise encryption on a server without a key."""
        if not self._keyring().current:
            raise UserError(
                self.env._(
                    "The server has no key yet: set %(variable)s in its environment.",
                    variable=crypto.KEY_VARIABLE,
                )
            )

    def _has_encrypted(self):
        """Tell whether a key was used before: then its absence is a mistake."""
        self.env.cr.execute(
            SQL("SELECT 1 FROM followup_protected_value WHERE key_id <> '' LIMIT 1")
        )
        return bool(self.env.cr.fetchone())

    # ------------------------------------------------------------
    # STORE AND READ
    # ------------------------------------------------------------

    @api.model
    def _keep(self, owners):
        """Store `[(record, field, kind, Parsed)]`, whatever they held before."""
        keyring = self._keyring()
        for some in split_every(BATCH, owners, list):
            self._upsert([self._prepare_row(keyring, *owner) for owner in some])

    @api.model
    def _keep_new(self, owners):
        """Store `[(record, field, kind, Parsed)]` of records just created."""
        keyring = self._keyring()
        self._insert([self._prepare_row(keyring, *owner) for owner in owners])

    def _remember_inserted(self, columns):
        """What is clear never enters the cache (I-3)."""

    def _prepare_row(self, keyring, record, field_name, kind, parsed):
        return {
            "res_model": record._name,
            "res_id": record.id,
            "field_name": field_name,
            "company_id": record.company_id.id,
            "cipher": keyring.encrypt(parsed.text),
            "digest": keyring.digest(kind, parsed.key),
            "last_four": parsed.last_four or None,
            "key_id": keyring.current_id or None,
        }

    def _upsert(self, rows):
        log = {name: values[0] for name, values in self._prepare_insert_log(1).items()}
        names = [*rows[0], *log]
        changed = [name for name in names if name not in KEPT]
        self.env.cr.execute(
            SQL(
                "INSERT INTO followup_protected_value (%s) VALUES %s"
                " ON CONFLICT (res_model, res_id, field_name) DO UPDATE SET %s",
                SQL(", ").join(map(SQL.identifier, names)),
                SQL(", ").join((*row.values(), *log.values()) for row in rows),
                SQL(", ").join(
                    SQL("%(name)s = EXCLUDED.%(name)s", name=SQL.identifier(name))
                    for name in changed
                ),
            ),
            # a failing statement would be logged with its values
            log_exceptions=False,
        )
        self.invalidate_model()

    @api.model
    def _discard(self, model, ids, field_names):
        if ids and field_names:
            self.env.cr.execute(
                SQL(
                    "DELETE FROM followup_protected_value WHERE res_model = %s"
                    " AND res_id IN %s AND field_name IN %s",
                    model,
                    tuple(ids),
                    tuple(field_names),
                )
            )
            self.invalidate_model()

    @api.model
    def _rows(self, model, ids, field_name):
        """Return `{res_id: (cipher, digest, key_id)}`."""
        if not ids:
            return {}
        self.env.cr.execute(
            SQL(
                "SELECT res_id, cipher, digest, COALESCE(key_id, '')"
                " FROM followup_protected_value"
                " WHERE res_model = %s AND res_id IN %s AND field_name = %s",
                model,
                tuple(ids),
                field_name,
            )
        )
        return {row[0]: row[1:] for row in self.env.cr.fetchall()}

    @api.model
    def _reveal(self, model, res_id, field_name):
        """Return the clear value or ''; the caller has checked the right."""
        row = self._rows(model, [res_id], field_name).get(res_id)
        if not row:
            return ""
        cipher, _digest, key_id = row
        try:
            return self._keyring().decrypt(key_id, cipher)
        except crypto.KeyProblem as problem:
            raise UserError(self._key_problem_text(problem.code)) from problem

    # ------------------------------------------------------------
    # FIND
    # ------------------------------------------------------------

    @api.model
    def _owners_by_digest(self, model, field_name, kind, keys):
        """Return `{key: [res_id, ...]}` of the normalised values given."""
        if not keys:
            return {}
        keyring = self._keyring()
        key_of = {
            digest: key for key in set(keys) for digest in keyring.digests(kind, key)
        }
        self.env.cr.execute(
            SQL(
                "SELECT digest, res_id FROM followup_protected_value"
                " WHERE digest IN %s AND res_model = %s AND field_name = %s"
                " ORDER BY res_id",
                tuple(key_of),
                model,
                field_name,
            )
        )
        found = {}
        for digest, res_id in self.env.cr.fetchall():
            found.setdefault(key_of[digest], []).append(res_id)
        return found

    @api.model
    def _owners_by_key(self, model, field_name, digests):
        """Return `{digest: [res_id, ...]}`."""
        found = {}
        rows = digests and self.env.execute_query(
            SQL(
                "SELECT digest, res_id FROM followup_protected_value"
                " WHERE digest IN %s AND res_model = %s AND field_name = %s",
                tuple(digests),
                model,
                field_name,
            )
        )
        for digest, res_id in rows:
            found.setdefault(digest, []).append(res_id)
        return found

    @api.model
    def _owners_by_last_four(self, model, field_name, last_four):
        self.env.cr.execute(
            SQL(
                "SELECT res_id FROM followup_protected_value"
                " WHERE res_model = %s AND field_name = %s AND last_four = %s",
                model,
                field_name,
                last_four,
            )
        )
        return [row[0] for row in self.env.cr.fetchall()]

    # ------------------------------------------------------------
    # KEEPING HOUSE
    # ------------------------------------------------------------

    @api.autovacuum
    def _gc_rekey(self):
        """Bring values under the current key, some every night (D-9)."""
        done, remaining = self._rekey()
        return done, bool(done and remaining)

    @api.model
    def _rekey(self, batch=BATCH):
        """Encrypt and hash one batch anew; return `(done, remaining)`.

        Rows whose key is gone stay as they are and are counted in the log.
        """
        keyring = self._keyring()
        if not keyring.current:
            return 0, 0
        rows = self._rows_of_other_keys(keyring, batch)
        updates = [
            update for row in rows if (update := self._prepare_rekey(keyring, *row))
        ]
        if updates:
            self._apply_rekey(updates)
        remaining = self._count_other_keys(keyring)
        if rows or remaining:
            _logger.info("Rekeyed %s values, %s left.", len(updates), remaining)
        return len(updates), remaining

    def _other_keys(self, keyring):
        readable = ["", *(key.id for key in keyring.keys[1:])]
        return SQL(
            "res_model <> %s AND COALESCE(key_id, '') IN %s",
            SECRET_MODEL,
            tuple(readable),
        )

    def _rows_of_other_keys(self, keyring, batch):
        self.env.cr.execute(
            SQL(
                "SELECT id, res_model, field_name, cipher, COALESCE(key_id, '')"
                " FROM followup_protected_value WHERE %s"
                " ORDER BY id LIMIT %s FOR UPDATE SKIP LOCKED",
                self._other_keys(keyring),
                batch,
            )
        )
        return self.env.cr.fetchall()

    def _count_other_keys(self, keyring):
        self.env.cr.execute(
            SQL(
                "SELECT count(*) FROM followup_protected_value WHERE %s",
                self._other_keys(keyring),
            )
        )
        return self.env.cr.fetchone()[0]

    def _prepare_rekey(self, keyring, row_id, res_model, field_name, cipher, key_id):
        model = self.env.get(res_model)
        if model is None or field_name not in getattr(model, "_protected_fields", {}):
            return None
        try:
            text = keyring.decrypt(key_id, cipher)
        except crypto.KeyProblem as problem:
            _logger.warning("Protected value %s: %s.", row_id, problem.code)
            return None
        kind = model._protected_fields[field_name]
        parsed = model._parse_protected(kind, text)
        return SQL(
            "(%s, %s, %s)",
            row_id,
            keyring.encrypt(text),
            keyring.digest(kind, parsed.key if parsed else text),
        )

    def _apply_rekey(self, updates):
        self.env.cr.execute(
            SQL(
                "UPDATE followup_protected_value AS value"
                " SET cipher = new.cipher, digest = new.digest, key_id = %s"
                " FROM (VALUES %s) AS new (id, cipher, digest)"
                " WHERE value.id = new.id",
                self._keyring().current_id,
                SQL(", ").join(updates),
            ),
            log_exceptions=False,
        )
        self.invalidate_model()
