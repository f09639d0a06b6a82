from . import controllers, models, report, wizard
from .tools import sql_log

sql_log.install()


def uninstall_hook(env):
    """Take the number sequences along, which each hospital got when it was made."""
    codes = list(env["res.company"]._followup_number_series())
    env["ir.sequence"].search([("code", "in", codes)]).unlink()
