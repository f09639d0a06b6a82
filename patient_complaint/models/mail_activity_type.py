# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import api, models
from odoo.tools import ormcache


class MailActivityType(models.Model):
    """Every step of a complaint plans to-dos: their words are read once."""

    _inherit = "mail.activity.type"

    @api.model
    @ormcache("kind_id", "self.env.lang")
    def _complaint_summary(self, kind_id):
        """Return the words of a kind of to-do in the language of the user."""
        return self.sudo().browse(kind_id).summary  # sudo: no secret, a setting

    def write(self, vals):
        self.env.registry.clear_cache()
        return super().write(vals)

    def _update_field_translations(self, *args, **kwargs):
        self.env.registry.clear_cache()
        return super()._update_field_translations(*args, **kwargs)
