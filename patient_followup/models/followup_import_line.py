# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import fields, models


class FollowupImportLine(models.Model):
    """A row of a list that was rejected, or needs a look (I-7).

    Access: centre managers of the hospital; they correct, nobody writes the rest.
    """

    _name = "followup.import.line"
    _description = "Discharge List Row"
    _inherit = ["followup.guarded.mixin"]
    _order = "state, row, id"
    _rec_name = "row"

    import_id = fields.Many2one(
        "followup.import", required=True, index=True, ondelete="cascade"
    )
    company_id = fields.Many2one("res.company", required=True, index=True)
    row = fields.Integer(required=True)
    state = fields.Selection(
        [
            ("rejected", "Rejected"),
            ("solved", "Corrected"),
            ("warning", "Please Look"),
        ],
        required=True,
        default="rejected",
    )
    number = fields.Char(string="Stay Number")
    patient_name = fields.Char(string="Full Name")
    field_name = fields.Char()
    title = fields.Char(string="Column")
    code = fields.Char()
    reason = fields.Char()
    value = fields.Char()
    correction = fields.Char(help="The right value of this column; then try again.")
    corrections = fields.Json(help="Earlier corrections of this row.")

    _guarded_fields = frozenset(
        {
            "import_id",
            "company_id",
            "row",
            "state",
            "number",
            "patient_name",
            "field_name",
            "title",
            "code",
            "reason",
            "value",
            "corrections",
        }
    )

    def _apply_correction(self, entry):
        """Put the corrections of this row into the row for `upsert`."""
        corrections = dict(self.corrections or {})
        if self.correction and self.field_name not in (False, "row", "contacts"):
            corrections[self.field_name] = self.correction.strip()
        entry.row.update(corrections)
        if corrections != (self.corrections or {}):
            self._guarded().write({"corrections": corrections, "correction": False})

    def _relabel(self, table, entries, run, door):
        """Show what is wrong with these rows now."""
        stays = {e.number: s for e, s in zip(entries, run.stays, strict=True)}
        for line in self:
            if stay := stays.get(line.row):
                line._guarded().write(
                    line.import_id._prepare_problem(table, stay, door)
                )
