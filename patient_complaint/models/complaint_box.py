# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import fields, models


class ComplaintBox(models.Model):
    """One suggestion box on a wall of the hospital (C-4, FHIR Location).

    Access: the complaint office reads, officers and administrators edit.
    """

    _name = "complaint.box"
    _description = "Suggestion Box"
    _order = "name, id"
    _check_company_auto = True

    name = fields.Char(string="Box", required=True, help="Where it hangs.")
    company_id = fields.Many2one(
        "res.company", required=True, index=True, default=lambda self: self.env.company
    )
    department_id = fields.Many2one("hr.department", check_company=True)
    active = fields.Boolean(default=True)
    round_ids = fields.One2many("complaint.box.round", "box_id", string="Openings")
    # sudo: administrators see when a box was opened last, not what was found in it
    last_opened_at = fields.Datetime(
        string="Last Opened", compute="_compute_last_opened_at", compute_sudo=True
    )

    def _compute_last_opened_at(self):
        groups = self.env["complaint.box.round"]._read_group(
            [("box_id", "in", self.ids)], ["box_id"], ["opened_at:max"]
        )
        found = {box.id: moment for box, moment in groups}
        for box in self:
            box.last_opened_at = found.get(box._origin.id)
