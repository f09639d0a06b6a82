from . import controllers, models, report, wizard
from odoo.addons.patient_followup.tools.leftovers import forget_names, untie


def uninstall_hook(env):
    """Take along names follow-up has for what it gave to us; free users and data."""
    forget_names(env, "followup_reports")
    untie(env, "followup_reports")
