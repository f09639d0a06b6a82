# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Sheets of a suggestion box become cases of its round (C-4)."""

from odoo import api, fields, models
from odoo.exceptions import UserError


class ComplaintCase(models.Model):
    _inherit = "complaint.case"

    box_round_id = fields.Many2one(
        "complaint.box.round",
        string="From the Box",
        index="btree_not_null",
        copy=False,
        ondelete="restrict",
        check_company=True,
    )

    @api.model_create_multi
    def create(self, vals_list):
        """Count the sheets before they are registered: none too many."""
        vals_list = [self._with_box(vals) for vals in vals_list]
        wanted = [vals.get("box_round_id") for vals in vals_list]
        for row in self.env["complaint.box.round"].browse(set(filter(None, wanted))):
            row.check_access("write")
            # two colleagues at once: the second waits and counts anew
            # sudo: the lock only; the right to write was asked for above
            row.sudo().lock_for_update()
            if row.registered_count + wanted.count(row.id) > row.sheet_count:
                raise UserError(
                    self.env._("All sheets of this round are registered already.")
                )
            if row.state == "closed":
                raise UserError(self.env._("A closed round stays as it is."))
        return super().create(vals_list)

    @api.model
    def _with_box(self, vals):
        """Return values with what the context or the box itself says of a sheet."""
        row_id = vals.get("box_round_id") or self.env.context.get(
            "default_box_round_id"
        )
        if not row_id:
            return vals
        channel = self.env.ref("patient_complaint.complaint_channel_box")
        person = any(
            vals.get(name)
            for name in ("complainant_name", "complainant_phone", "complainant_email")
        )
        return {
            "anonymous": not person,
            **vals,
            "channel_id": channel.id,
            "box_round_id": row_id,
        }

    def write(self, vals):
        if "box_round_id" in vals and any(
            case.box_round_id.id != vals["box_round_id"] for case in self
        ):
            raise UserError(self.env._("A sheet stays with the box it was found in."))
        return super().write(vals)
