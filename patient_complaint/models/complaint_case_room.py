# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""How much strangers may store in a day: no account, no end of files (section 7).

Forms, messages of the page and mails share the room of their hospital; see `LIMITS`.
No mail, and no address, fills all of it. Strangers from many networks leave a part of
it: to whoever writes, with his code, to a case that the office has assessed.
"""

from contextlib import contextmanager

from odoo import SUPERUSER_ID, api, models
from odoo.exceptions import UserError

from odoo.addons.patient_followup.models.followup_throttle import LIMITS

KIB = 1024
# KiB a day that are left to one sender while half of the room is gone
SCARCE = 32 * 1024


class NoRoom(UserError):
    """More files came in this day than are kept."""


class ComplaintCase(models.Model):
    _inherit = "complaint.case"

    @contextmanager
    def _room(self, company, files, sender, by_mail=False):
        """Keep files of strangers in here, as far as they fit into this day.

        Only what is really kept counts: what fails or is rolled back gives it back.
        Called on the case they belong to; on none, where one is registered just now.

        :param files: [(name, media type, bytes)]
        :param sender: network or e-mail address they come from
        :param by_mail: anybody writes any sender there: mails share a part
        :raises NoRoom: they do not fit; says what to do instead
        """
        amount = sum(-(-len(content) // KIB) for _name, _media, content in files)
        taken = self._take_room(company, amount, sender, by_mail) if amount else []
        if taken is None:
            raise NoRoom(self._say_no_room())
        self.env.cr.postrollback.add(lambda: self._give_room(taken))
        try:
            yield
            self.env.flush_all()
        except BaseException:
            self._give_room(taken)
            raise

    def _take_room(self, company, amount, sender, by_mail):
        """Return what was counted for `_give_room`, None if it does not fit."""
        throttle, whole = self.env["followup.throttle"], f"company {company.id}"
        is_scarce = throttle._left("upload", whole) * 2 < LIMITS["upload"][0]
        shares = [("upload_one", sender, SCARCE if is_scarce else None)]
        shares += [("upload_mail", whole, None)] if by_mail else []
        if by_mail or not self or "received" in self.mapped("state"):
            shares += [("upload_new", whole, None)]
        shares += [("upload", whole, None)]
        taken = []
        for kind, subject, most in shares:
            if not throttle._take(kind, subject, amount, most):
                self._give_room(taken)
                return None
            taken.append((kind, subject, throttle._window(kind), -amount))
        return taken

    def _give_room(self, taken):
        """Give back what was counted, once; also when the transaction is over."""
        if not taken:
            return
        with self.env.registry.cursor() as cr:
            throttle = api.Environment(cr, SUPERUSER_ID, {})["followup.throttle"]
            while taken:
                kind, subject, window, amount = taken.pop()
                throttle._add(kind, subject, window, amount)

    @api.model
    def _say_no_room(self):
        return self.env._(
            "So many files came in today that no more can be kept. Send it without"
            " files, and bring them to the complaint office."
        )
