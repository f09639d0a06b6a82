# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""The form of a case that is over shows what was said, and lets nobody type."""

from odoo import api, models

from .complaint_case import OVER_STATES


class ComplaintCase(models.Model):
    _inherit = "complaint.case"

    @api.model
    def _get_view(self, view_id=None, view_type="form", **options):
        """Close every field of the form once the case is over: reopen it first."""
        arch, view = super()._get_view(view_id, view_type, **options)
        if view_type == "form":
            for node in arch.xpath("//field[not(ancestor::field)]"):
                others = node.get("readonly")
                field = self._fields.get(node.get("name"))
                if others not in ("1", "True") and field and not field.readonly:
                    over = f"state in {OVER_STATES}"
                    node.set("readonly", f"({others}) or {over}" if others else over)
        return arch, view
