# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import api, fields, models
from odoo.exceptions import AccessError, ValidationError

from odoo.addons.patient_followup.tools.guard import is_open

VALUES = ("kind", "amount", "responsible_id", "date", "note")


class ComplaintRemedy(models.Model):
    """One thing the hospital does for the complainant (C-14).

    Changing it after submission makes a new version of its resolution (I-9).
    Access: as the resolution it belongs to.
    """

    _name = "complaint.remedy"
    _description = "Remedy"
    _order = "resolution_id, sequence, id"
    _rec_name = "kind"

    resolution_id = fields.Many2one(
        "complaint.resolution", required=True, index=True, ondelete="cascade"
    )
    case_id = fields.Many2one(
        related="resolution_id.case_id", store=True, index=True, precompute=True
    )
    company_id = fields.Many2one(
        related="resolution_id.company_id", store=True, index=True, precompute=True
    )
    currency_id = fields.Many2one(related="company_id.currency_id")
    sequence = fields.Integer(default=10)
    kind = fields.Selection(
        [
            ("refund", "Money Back"),
            ("waiver", "Fee Waived"),
            ("compensation", "Compensation"),
            ("treatment", "Treatment or Examination"),
            ("service", "Help and Attendance"),
            ("meeting", "Talk with Those Concerned"),
            ("other", "Other"),
        ],
        required=True,
        default="service",
    )
    amount = fields.Monetary()
    responsible_id = fields.Many2one("res.users", index="btree_not_null")
    date = fields.Date(string="To Be Done by")
    note = fields.Char(string="What Exactly")

    _erase_fields = ("note",)
    _erase_link = "case_id"

    _amount_positive = models.Constraint(
        "CHECK (amount IS NULL OR amount >= 0)", "Amounts are not negative."
    )

    @api.constrains("resolution_id", "responsible_id")
    def _check_responsible(self):
        for remedy in self.filtered("responsible_id"):
            # sudo: other users' hospitals are hidden from most
            user = remedy.responsible_id.sudo()
            if remedy.company_id not in user.company_ids:
                raise ValidationError(
                    self.env._("%(user)s works in another hospital.", user=user.name)
                )

    @api.model_create_multi
    def create(self, vals_list):
        if not is_open(self.env):
            # what the context or a preset names counts as well
            preset = self.default_get(["resolution_id"])
            vals_list = [{**preset, **vals} for vals in vals_list]
            for vals in vals_list:
                self._check_place({*vals} - {"resolution_id"})
            ids = {vals.get("resolution_id") for vals in vals_list} - {None, False}
            self._let_change(self.env["complaint.resolution"].browse(ids))
        remedies = super().create(vals_list)
        if not is_open(self.env):
            remedies.resolution_id._note_author()
        return remedies

    def write(self, vals):
        if is_open(self.env):
            return super().write(vals)
        self._check_place(vals)
        if not {*VALUES, "sequence"}.isdisjoint(vals):
            self._let_change(self.resolution_id)
        result = super().write(vals)
        self.resolution_id._note_author()
        return result

    def unlink(self):
        if not is_open(self.env):
            self._let_change(self.resolution_id)
        return super().unlink()

    def _check_place(self, names):
        """A remedy belongs where its resolution does; nobody says otherwise."""
        if not {"resolution_id", "case_id", "company_id"}.isdisjoint(names):
            raise AccessError(self.env._("A remedy stays with its resolution."))

    def _let_change(self, resolutions):
        """Make a new version of what was submitted before it changes."""
        for resolution in resolutions.exists():
            resolution._before_change()

    def _get_content(self):
        """Return what is promised as plain data."""
        return [
            self.kind,
            f"{self.amount:.2f}",
            self.responsible_id.id,
            fields.Date.to_string(self.date),
            self.note or False,
        ]
