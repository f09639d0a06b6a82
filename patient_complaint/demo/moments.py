# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Playing the past: what is done inside was done at another moment.

The demo shows cases of weeks ago. Their clocks, seals and approvals stamp the moment
themselves and let nobody write it, so the demo moves the moment instead. For demo
data only: nothing else imports this.
"""

from contextlib import contextmanager
from threading import RLock, get_ident

from odoo import fields

# one demo at a time: each puts back what it found
TURN = RLock()


@contextmanager
def at(moment):
    """Let fields.Datetime.now() answer `moment` (UTC) in this thread.

    Requests and jobs in other threads of the server keep the time of the clock.
    """
    moment = moment.replace(microsecond=0)
    here = get_ident()
    with TURN:
        clock = fields.Datetime.now

        def now(*_args):
            return moment if get_ident() == here else clock()

        fields.Datetime.now = staticmethod(now)
        try:
            yield
        finally:
            fields.Datetime.now = staticmethod(clock)
