# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import api, fields, models

from ..tools.choices import choices_of


class FollowupConcernGuide(models.Model):
    """What to tell the patient at once, by the type of red flag (X-2, X-3).

    Access: every role reads, centre managers and administrators edit.
    """

    _name = "followup.concern.guide"
    _description = "What to Say at a Red Flag"
    _inherit = ["followup.shared.mixin"]
    _order = "concern_type, id"
    _rec_name = "concern_type"

    company_id = fields.Many2one(
        "res.company", index=True, help="Empty: every hospital."
    )
    active = fields.Boolean(default=True)
    concern_type = fields.Selection(
        selection=choices_of("followup.concern", "concern_type"),
        default="condition",
        required=True,
    )
    say_now = fields.Text(required=True, translate=True)

    _type_uniq = models.UniqueIndex(
        "(concern_type, COALESCE(company_id, 0)) WHERE active",
        "There is a text for this type already.",
    )

    @api.model
    def _say_now(self, company, concern_type):
        """Return the text of the hospital, else the shared one, or False."""
        # sudo: the text of the concern's hospital, whichever is chosen just now
        found = self.sudo().search(
            [
                ("concern_type", "=", concern_type or "other"),
                ("company_id", "in", (company.id, False)),
            ]
        )
        return found.sorted(lambda row: not row.company_id)[:1].say_now
