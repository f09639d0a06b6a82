# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Sentinel behind guarded states (D-18).

A guarded field changes only in code that holds `GUARD`. It travels in the
context and is compared by identity, so no RPC client can send it.
"""

GUARD = object()
GUARD_KEY = "followup_guard"


def is_open(env):
    """Tell whether the code that built `env` holds the sentinel."""
    return env.context.get(GUARD_KEY) is GUARD
