# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import api, fields, models


class ComplaintMilestone(models.Model):
    """What a campaign has reached by a day (FHIR Goal; S-7).

    Access: like its campaign.
    """

    _name = "complaint.milestone"
    _description = "Milestone of a Campaign"
    _order = "campaign_id, date, id"

    campaign_id = fields.Many2one(
        "complaint.campaign", required=True, index=True, ondelete="cascade"
    )
    company_id = fields.Many2one(
        related="campaign_id.company_id", store=True, index=True, precompute=True
    )
    name = fields.Char(string="What Is Reached", required=True)
    date = fields.Date(string="Deadline", required=True)
    state = fields.Selection(
        [("open", "Open"), ("reached", "Reached"), ("missed", "Given Up")],
        default="open",
        required=True,
    )
    note = fields.Char(string="How It Went")

    @api.model_create_multi
    def create(self, vals_list):
        rows = super().create(vals_list)
        rows.campaign_id._check_open()
        return rows

    def write(self, vals):
        self.campaign_id._check_open()
        return super().write(vals)

    def unlink(self):
        self.campaign_id._check_open()
        return super().unlink()
