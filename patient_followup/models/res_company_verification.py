# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import fields, models


class ResCompany(models.Model):
    """What a hospital lets pass when records are compared with what people say."""

    _inherit = "res.company"

    followup_verify_days = fields.Integer(
        string="Days Memory May Differ",
        default=3,
        help="A patient who remembers the level 1 call within so many days of the"
        " recorded one confirms it.",
    )
    followup_check_days = fields.Integer(
        string="Days for Monthly Checks",
        default=10,
        help="After the end of the month; then a check that was not made is late.",
    )
    followup_review_days = fields.Integer(
        string="Days to Review Results",
        default=92,
        help="A result that no doctor reviewed leaves his list after so many days.",
    )
    # signals to verify: what deserves a look, never a verdict
    followup_signal_days = fields.Integer(
        string="Days Searched for Signals", default=92
    )
    followup_signal_seconds = fields.Integer(
        string="Shortest Plausible Call (Seconds)", default=20
    )
    followup_signal_texts = fields.Integer(
        string="Patients with the Same Note",
        default=5,
        help="So many patients with word for word the same note of one caller.",
    )
    followup_signal_text_length = fields.Integer(
        string="Shortest Note Compared",
        default=8,
        help="Shorter notes are alike by nature.",
    )
    followup_signal_density = fields.Integer(
        string="Calls within an Hour",
        default=30,
        help="More conversations of one caller within an hour are hardly possible.",
    )
