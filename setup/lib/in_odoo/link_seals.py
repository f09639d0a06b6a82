# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Link what is sealed into the chain, as a hospital's cron does by night."""
# ruff: noqa: F821  (env is given by Odoo's shell)

if env.ref("patient_followup.followup_seal_cron_link", False):
    env["followup.seal"]._cron_link()
env.cr.commit()  # the shell rolls back at its end
