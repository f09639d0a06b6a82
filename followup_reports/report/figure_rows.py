# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Rows of follow-up that figures of reports lead to."""

from odoo import models


class FollowupEncounter(models.Model):
    _name = "followup.encounter"
    _inherit = ["followup.encounter", "followup.figure.rows.mixin"]


class FollowupSampleLine(models.Model):
    _name = "followup.sample.line"
    _inherit = ["followup.sample.line", "followup.figure.rows.mixin"]
