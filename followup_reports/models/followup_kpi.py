# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import api, fields, models
from odoo.tools import ormcache

UNITS = [
    ("count", "Number"),
    ("percent", "Percent"),
    ("days", "Days"),
]


class FollowupKpi(models.Model):
    """What a figure means: the text that stands beside every number (I-11).

    `code` is what the statements of the reports and the targets name; the words may
    be adapted to the hospital, the reckoning is the one described.

    Access: every role reads; administrators word it.
    """

    _name = "followup.kpi"
    _description = "Key Figure"
    _order = "sequence, id"

    code = fields.Char(required=True, readonly=True)
    name = fields.Char(required=True, translate=True)
    definition = fields.Text(
        required=True, translate=True, help="What is counted, of what, without whom."
    )
    unit = fields.Selection(UNITS, required=True, default="count", readonly=True)
    days = fields.Integer(
        string="Within Days", help="For figures that look so many days around."
    )
    lower_is_better = fields.Boolean(readonly=True)
    source_text = fields.Char(string="Clause", help="Where the hospital says so.")
    sequence = fields.Integer(default=10)

    _code_uniq = models.UniqueIndex("(code)", "This figure is defined already.")

    @api.model
    @ormcache("self.env.lang")
    def _get_words(self):
        """Return {code: (name, definition, unit, lower is better)} for the user."""
        # sudo: definitions are open to every role; nothing else leaves here
        return {
            row.code: (row.name, row.definition, row.unit, row.lower_is_better)
            for row in self.sudo().search([])
        }

    @api.model
    def _get_days(self, code):
        """Return the days within which a figure looks."""
        # sudo: as for the words
        return self.sudo().search([("code", "=", code)], limit=1).days

    def write(self, vals):
        result = super().write(vals)
        self.env.registry.clear_cache()
        return result

    @api.model_create_multi
    def create(self, vals_list):
        rows = super().create(vals_list)
        self.env.registry.clear_cache()
        return rows

    def unlink(self):
        result = super().unlink()
        self.env.registry.clear_cache()
        return result
