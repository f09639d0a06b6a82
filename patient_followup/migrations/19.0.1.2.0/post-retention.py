# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Bring the preset retention policies to hospitals installed without them."""

from odoo import SUPERUSER_ID, api
from odoo.tools import convert_file

MODULE = "patient_followup"


def migrate(cr, version):
    if version:
        env = api.Environment(cr, SUPERUSER_ID, {})
        path = "data/followup_retention_data.xml"
        convert_file(env, MODULE, path, {}, mode="init", noupdate=True)
