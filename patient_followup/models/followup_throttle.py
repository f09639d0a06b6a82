# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from datetime import datetime, timedelta

from psycopg2.errors import LockNotAvailable, SerializationFailure

from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import SQL
from odoo.tools.misc import hmac

RETRIES = 20
GC_BATCH = 10000
KEPT_DAYS = 400  # longer than any link lives
EPOCH = datetime(2000, 1, 1)
# kind: (how many, within how many minutes); 0 minutes: as long as the link lives
LIMITS = {
    "visit": (600, 5),  # one address: a ward's patients share one
    "open": (60, 60),  # links that do not exist, from one address
    "page": (300, 10),  # one link
    "write": (20, 60 * 24),  # questions and requests of one link
    "birthdate": (5, 0),  # wrong dates of birth of one link
}


class FollowupThrottle(models.Model):
    """How often somebody knocked: counted in the database, for all workers.

    One row for each visitor or link, kind and window; keys are keyed hashes, so
    no address and no token is kept. Counted in a transaction of its own: it holds
    whatever becomes of the request.

    Access: nobody.
    """

    _name = "followup.throttle"
    _description = "Throttle of Public Pages"
    _rec_name = "kind"

    kind = fields.Char(required=True)
    key = fields.Char(required=True)
    opened_at = fields.Datetime(required=True, index=True)
    count = fields.Integer(required=True, default=0)

    _key_uniq = models.UniqueIndex("(key, kind, opened_at)")

    # ------------------------------------------------------------
    # BUSINESS
    # ------------------------------------------------------------

    @api.model
    def _hit(self, kind, subject, since=None):
        """Count one more; return whether it is still allowed.

        :param kind: one of `LIMITS`
        :param subject: text that names a visitor or a link
        :param since: beginning of the window, for kinds without a length
        """
        window = self._window(kind, since)
        return self._add(kind, subject, window, 1) <= LIMITS[kind][0]

    @api.model
    def _forgive(self, kind, subject, since=None):
        """Take one back: it was right after all."""
        self._add(kind, subject, self._window(kind, since), -1)

    @api.model
    def _left(self, kind, subject, since=None):
        """Return how many tries are left in this window, at least 0.

        Read in a transaction of its own: what this request counted is not to be
        seen in the one that began before.
        """
        query = SQL(
            "SELECT count FROM followup_throttle"
            " WHERE key = %s AND kind = %s AND opened_at = %s",
            self._key(kind, subject),
            kind,
            self._window(kind, since),
        )
        with self.env.registry.cursor() as cr:
            cr.execute(query)
            row = cr.fetchone()
        return max(LIMITS[kind][0] - (row[0] if row else 0), 0)

    @api.model
    def _key(self, kind, subject):
        # sudo: the secret of the database; a hash leaves here
        return hmac(self.env(su=True), f"followup-{kind}", str(subject))[:40]

    @api.model
    def _window(self, kind, since=None):
        """Return the beginning of the window that is open now."""
        minutes = LIMITS[kind][1]
        if not minutes:
            return since.replace(microsecond=0)
        span = timedelta(minutes=minutes)
        return EPOCH + (fields.Datetime.now() - EPOCH) // span * span

    @api.model
    def _add(self, kind, subject, opened_at, step):
        """Return the count after adding to it, in a transaction of its own.

        Two at once: the later one is repeated. Who still fails after many tries
        knocks far too often, and is counted as such.
        """
        query = SQL(
            "INSERT INTO followup_throttle AS known (kind, key, opened_at, count)"
            " VALUES (%(kind)s, %(key)s, %(opened_at)s, GREATEST(%(step)s, 0))"
            " ON CONFLICT (key, kind, opened_at) DO UPDATE"
            " SET count = GREATEST(known.count + %(step)s, 0) RETURNING count",
            kind=kind,
            key=self._key(kind, subject),
            opened_at=opened_at,
            step=step,
        )
        for _try in range(RETRIES):
            try:
                with self.env.registry.cursor() as cr:
                    cr.execute(query, log_exceptions=False)
                    return cr.fetchone()[0]
            except (SerializationFailure, LockNotAvailable):
                continue
        return LIMITS[kind][0] + 1

    # ------------------------------------------------------------
    # CLEANING
    # ------------------------------------------------------------

    @api.autovacuum
    def _gc_throttle(self):
        """Forget closed windows after two days, lifelong counts after their links."""
        now = fields.Datetime.now()
        lifelong = [kind for kind, (_limit, minutes) in LIMITS.items() if not minutes]
        old = Domain("opened_at", "<", now - timedelta(days=KEPT_DAYS))
        closed = Domain("kind", "not in", lifelong) & Domain(
            "opened_at", "<", now - timedelta(days=2)
        )
        rows = self.search(old | closed, limit=GC_BATCH)
        rows.unlink()
        return len(rows), int(len(rows) == GC_BATCH)
