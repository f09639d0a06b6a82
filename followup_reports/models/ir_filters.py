# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import api, fields, models


class IrFilters(models.Model):
    """Favourites that come with the reports: for roles, in each reader's language.

    Odoo shares a favourite with persons or with everybody, and its name is not
    translated. One with `followup_group_ids` is offered to these roles only, under
    its translated label. It is a search, and gives no right to any row.

    Access: as Odoo's favourites.
    """

    _inherit = "ir.filters"

    followup_group_ids = fields.Many2many(
        "res.groups", string="Roles", help="Offered to these roles; empty: to all."
    )
    followup_label = fields.Char(
        string="Label", translate=True, help="Its name in the language of the reader."
    )

    @api.model
    def get_filters(self, model, action_id=None, *args, **kwargs):
        rows = super().get_filters(model, action_id, *args, **kwargs)
        filters = self.browse([row["id"] for row in rows])
        # sudo: which roles a favourite is for; the user's own groups are compared
        others = filters.sudo().filtered("followup_group_ids")
        others = others.filtered(
            lambda one: not one.followup_group_ids & self.env.user.all_group_ids
        )
        lang = self.env.user.lang
        labels = {one.id: one.followup_label for one in filters.with_context(lang=lang)}
        return [
            {**row, "name": labels[row["id"]] or row["name"]}
            for row in rows
            if row["id"] not in others._ids
        ]
