# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Presets of calls and concerns that serve every hospital (D-17)."""

from odoo import models


class FollowupAdviceTemplate(models.Model):
    _name = "followup.advice.template"
    _inherit = ["followup.advice.template", "followup.shared.mixin"]


class FollowupConcernPolicy(models.Model):
    _name = "followup.concern.policy"
    _inherit = ["followup.concern.policy", "followup.shared.mixin"]


class FollowupConcernPolicyStep(models.Model):
    _name = "followup.concern.policy.step"
    _inherit = ["followup.concern.policy.step", "followup.shared.mixin"]


class FollowupConcernGuide(models.Model):
    _name = "followup.concern.guide"
    _inherit = ["followup.concern.guide", "followup.shared.mixin"]


class FollowupCallCriterion(models.Model):
    _name = "followup.call.criterion"
    _inherit = ["followup.call.criterion", "followup.shared.mixin"]


class FollowupSampleCampaign(models.Model):
    _name = "followup.sample.campaign"
    _inherit = ["followup.sample.campaign", "followup.shared.mixin"]
