# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import api, fields, models
from odoo.exceptions import AccessError
from odoo.tools import SQL

from ..tools import seal

BATCH = 1000
LOCK_NAME = "followup.seal"


class FollowupSeal(models.Model):
    """One link of the chain over all sealed records (FHIR Provenance, I-5).

    Link n holds the digest of one record and the hash of link n-1: who changes,
    removes or inserts a row in the database breaks the chain from there on. The
    last hash, printed with every check, fixes everything before it.

    Access: auditors read. Nobody writes; the chain grows by itself.
    """

    _name = "followup.seal"
    _description = "Seal"
    _order = "number desc"
    _rec_name = "number"
    _log_access = False

    number = fields.Integer(
        string="Seal No.", required=True, readonly=True, aggregator=None
    )
    sealed_at = fields.Datetime(required=True, readonly=True)
    company_id = fields.Many2one("res.company", readonly=True, index=True)
    res_model = fields.Char(required=True, readonly=True, string="Model")
    res_id = fields.Many2oneReference(
        model_field="res_model", required=True, readonly=True, string="Record"
    )
    digest = fields.Char(required=True, readonly=True)
    chain_hash = fields.Char(required=True, readonly=True)

    _number_uniq = models.UniqueIndex("(number)", "The chain has one link per number.")
    _record_uniq = models.UniqueIndex(
        "(res_model, res_id)", "A record is sealed only once."
    )

    # ------------------------------------------------------------
    # CRUD
    # ------------------------------------------------------------

    @api.model_create_multi
    def create(self, vals_list):  # pylint: disable=method-required-super
        # links are inserted by the engine's own statement, never from outside
        raise AccessError(self.env._("The chain of seals grows by itself."))

    def write(self, vals):  # pylint: disable=method-required-super
        # nothing is ever written, hence no call of super
        raise AccessError(self.env._("A seal never changes."))

    @api.ondelete(at_uninstall=False)
    def _unlink_except_never(self):
        raise AccessError(self.env._("A seal is never deleted."))

    # ------------------------------------------------------------
    # LINKING
    # ------------------------------------------------------------

    @api.model
    def _sealed_models(self):
        """Return the models whose rows are sealed, in a fixed order."""
        return sorted(
            name
            for name, model in self.env.registry.items()
            if issubclass(model, self.env.registry["followup.sealed.mixin"])
            and not model._abstract
        )

    @api.model
    def _cron_link(self):
        """Seal what was closed in bulk, then link every new digest.

        One worker at a time; a killed one loses the batch it had not committed.
        """
        cron = self.env["ir.cron"]
        for name in self._sealed_models():
            records = self.env[name]
            while count := records._seal_complete(BATCH):
                if not cron._commit_progress(count):
                    return
            while count := self._link_batch(records, BATCH):
                if not cron._commit_progress(count):
                    return

    @api.model
    def _link_batch(self, records, limit):
        """Append up to `limit` new digests of one model; return how many."""
        if not self._lock_chain():
            return 0
        rows = self._read_unlinked(records, limit)
        if not rows:
            return 0
        number, previous = self._get_head()
        now = fields.Datetime.now()
        values = []
        for record_id, company_id, digest in rows:
            number += 1
            previous = seal.link(previous, number, records._name, record_id, digest)
            link = (now, company_id, records._name, record_id, digest, previous)
            values.append(SQL("%s", (number, *link)))
        self.env.cr.execute(
            SQL(
                "INSERT INTO followup_seal (number, sealed_at, company_id, res_model,"
                " res_id, digest, chain_hash) VALUES %s",
                SQL(", ").join(values),
            )
        )
        self._mark_linked(records, [row[0] for row in rows])
        return len(rows)

    @api.model
    def _lock_chain(self):
        """Take the one pen there is until the commit, or tell that it is in use."""
        self.env.cr.execute(
            SQL("SELECT pg_try_advisory_xact_lock(hashtext(%s))", LOCK_NAME)
        )
        return self.env.cr.fetchone()[0]

    @api.model
    def _read_unlinked(self, records, limit):
        records.flush_model()
        company = records._get_seal_company_field()
        self.env.cr.execute(
            SQL(
                "SELECT id, %s, followup_seal_digest FROM %s"
                " WHERE followup_seal_digest IS NOT NULL"
                " AND followup_seal_linked IS NOT TRUE AND %s ORDER BY id LIMIT %s",
                SQL.identifier(company),
                SQL.identifier(records._table),
                records._get_link_condition(),
                limit,
            )
        )
        return self.env.cr.fetchall()

    @api.model
    def _mark_linked(self, records, ids):
        self.env.cr.execute(
            SQL(
                "UPDATE %s SET followup_seal_linked = TRUE WHERE id = ANY(%s)",
                SQL.identifier(records._table),
                ids,
            )
        )
        records.browse(ids).invalidate_recordset(["followup_seal_linked"])
        self.invalidate_model()

    @api.model
    def _get_head(self):
        """Return (number, hash) of the last link."""
        # sudo: the head is no secret; it is printed with every check
        last = self.sudo().search_fetch([], ["number", "chain_hash"], limit=1)
        return (last.number, last.chain_hash) if last else (0, seal.START)
