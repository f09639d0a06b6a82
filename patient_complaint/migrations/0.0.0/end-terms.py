# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Renew the translations of labels, menus and views; own words stay.

Runs at every change of the version.
"""

from odoo.addons.patient_followup.tools import terms


def migrate(cr, version):
    if version:
        terms.renew(cr, "patient_complaint")
