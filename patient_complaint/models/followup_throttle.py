# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""How often the pages of complaints may be knocked at (design section 7).

The limits are not settings: they are far above what patients do, and far below what
fills a disk or a postbox. Who needs others changes `LIMITS` in an addon of his own.
"""

from odoo import api, fields, models
from odoo.tools import SQL

from odoo.addons.patient_followup.models.followup_throttle import LIMITS

LIMITS.setdefault("track", (20, 60))  # codes that open nothing, from one address
LIMITS.setdefault("track_all", (2000, 60))  # and from all: then few for each address
LIMITS.setdefault("mail", (20, 120))  # mails of one case
LIMITS.setdefault("receipt", (100, 60))  # receipts of one hospital
LIMITS.setdefault("form", (30, 60))  # forms sent from one address: a ward shares one
LIMITS.setdefault("form_all", (1000, 60))  # forms registered in one hospital
LIMITS.setdefault("form_one", (5, 60))  # and then still of one address
LIMITS.setdefault("form_once", (1, 0))  # one form sends one case, however late
LIMITS.setdefault("upload", (1024 * 1024, 60 * 24))  # KiB a day: one hospital
LIMITS.setdefault("upload_new", (768 * 1024, 60 * 24))  # all that is not assessed yet
LIMITS.setdefault("upload_mail", (512 * 1024, 60 * 24))  # all its mails
LIMITS.setdefault("upload_one", (256 * 1024, 60 * 24))  # one address or sender

# wrong codes of one address while guessers come from everywhere
FEW = 3


class FollowupThrottle(models.Model):
    _inherit = "followup.throttle"

    @api.model
    def _take(self, kind, subject, amount, most=None):
        """Count `amount` at once; what does not fit is not counted.

        :param most: a limit below that of the kind
        :return bool: whether it fits
        """
        window, limit = self._window(kind), LIMITS[kind][0]
        limit = limit if most is None else min(limit, most)
        if self._add(kind, subject, window, amount) <= limit:
            return True
        self._add(kind, subject, window, -amount)
        return False

    @api.model
    def _is_first(self, kind, subject):
        """Note that something happened; return whether it never did before.

        In the transaction of the caller: what is rolled back never happened, and a
        kill loses nothing. Of two at once the later one is repeated by the server.
        """
        key, cr = self._key(kind, subject), self.env.cr
        cr.execute(
            SQL(
                "SELECT 1 FROM followup_throttle WHERE key = %s AND kind = %s LIMIT 1",
                key,
                kind,
            )
        )
        if cr.fetchone():
            return False
        query = SQL(
            "INSERT INTO followup_throttle (kind, key, opened_at, count)"
            " VALUES (%s, %s, %s, 1) ON CONFLICT DO NOTHING RETURNING id",
            kind,
            key,
            fields.Datetime.now().replace(hour=0, minute=0, second=0),
        )
        cr.execute(query, log_exceptions=False)
        return bool(cr.fetchone())

    @api.model
    def _may_register(self, company, visitor):
        """Count a form that is registered; return whether it may be.

        While forms come from everywhere, few are left to each address: who has sent
        none comes in nevertheless.
        """
        few = self._hit("form_one", visitor)
        return self._hit("form_all", f"company {company.id}") or few

    @api.model
    def _may_guess(self, visitor):
        """Whether an address may try another code.

        While wrong ones come from everywhere, few are left to each address; who has
        not failed yet comes in nevertheless.
        """
        left = self._left("track", visitor)
        if not left or self._left("track_all", "all"):
            return bool(left)
        return LIMITS["track"][0] - left < FEW

    @api.model
    def _guessed(self, visitor):
        """Count a code that opened nothing."""
        self._hit("track", visitor)
        self._hit("track_all", "all")
