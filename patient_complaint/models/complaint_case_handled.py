# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Who looked into a case stays known: handing it on makes nobody impartial (I-8)."""

from odoo import api, fields, models

INVESTIGATED = ("investigation", "resolution", "approval")


class ComplaintCase(models.Model):
    _inherit = "complaint.case"

    handled_user_ids = fields.Many2many(
        "res.users",
        "complaint_case_handled_rel",
        "case_id",
        "user_id",
        string="Looked into by",
        readonly=True,
        copy=False,
        help="Handled it since the investigation began, took evidence or asked; none"
        " of them decides.",
    )

    _guarded_fields = frozenset({"handled_user_ids"})

    @api.model_create_multi
    def create(self, vals_list):
        cases = super().create(vals_list)
        cases._note_owners()
        return cases

    def write(self, vals):
        result = super().write(vals)
        if not {"owner_id", "state"}.isdisjoint(vals):
            self._note_owners()
        return result

    def _note_owners(self):
        for case in self.filtered(lambda case: case.state in INVESTIGATED):
            case._note_handler(case.owner_id)

    def _note_handler(self, users):
        """Remember that these users had a hand in the investigation."""
        self.ensure_one()
        # sudo: engine write; what they did was checked before
        case = self.sudo()
        if new := users.sudo() - case.handled_user_ids:
            links = [(4, user.id) for user in new]
            case._guarded().write({"handled_user_ids": links})
