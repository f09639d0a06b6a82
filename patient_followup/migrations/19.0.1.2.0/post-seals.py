# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Let advice, concerns, verdicts and scores that are complete already be sealed.

Their columns are new. The cron seals what is complete and has no seal, batch by
batch with a commit each, so a large hospital's upgrade does not wait for it.
"""

from odoo import SUPERUSER_ID, api

CRON = "patient_followup.followup_seal_cron_link"


def migrate(cr, version):
    if not version:
        return
    env = api.Environment(cr, SUPERUSER_ID, {})
    if cron := env.ref(CRON, raise_if_not_found=False):
        cron._trigger()
