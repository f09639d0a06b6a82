# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import api, fields, models
from odoo.exceptions import LockError, UserError

STATES = [("listed", "To Anonymise"), ("kept", "Kept Back"), ("done", "Anonymised")]


class ComplaintRetentionLine(models.Model):
    """One case without a patient in a list of whose time is over (Y-1, I-7).

    Access: centre managers read the lists of their hospitals; nobody writes.
    """

    _name = "complaint.retention.line"
    _description = "Case to Anonymise"
    _inherit = ["followup.guarded.mixin"]
    _order = "run_id desc, state, last_day, id"
    _erase_fields = ("obstacle",)
    _erase_link = "case_id"

    run_id = fields.Many2one(
        "followup.retention.run", required=True, index=True, ondelete="cascade"
    )
    company_id = fields.Many2one("res.company", required=True, index=True)
    case_id = fields.Many2one(
        "complaint.case", required=True, index=True, ondelete="cascade"
    )
    last_day = fields.Date(string="Closed on")
    state = fields.Selection(STATES, default="listed", required=True)
    obstacle = fields.Char(string="Why Kept")
    done_at = fields.Datetime(string="Anonymised on")

    _guarded_fields = frozenset(
        {"run_id", "company_id", "case_id", "last_day", "state", "obstacle", "done_at"}
    )

    _case_uniq = models.UniqueIndex(
        "(run_id, case_id)", "A case stands once in a list."
    )
    _listed_idx = models.Index("(run_id, id) WHERE state = 'listed'")

    @api.depends("case_id")
    def _compute_display_name(self):
        # sudo: the number of a case is neutral (D-7); the centre reads no case
        for line in self.sudo():
            line.display_name = line.case_id.name

    @api.model
    def _find_due(self, policy, company, cut_off):
        """Return the cases without a patient that ended before `cut_off`.

        A policy for one class of stays is about patients only.
        """
        cases = self.env["complaint.case"]
        if policy.encounter_class:
            return cases
        # sudo: centre managers list cases they may not read
        return cases.sudo().search(
            [
                ("company_id", "=", company.id),
                ("patient_id", "=", False),
                ("anonymised_at", "=", False),
                ("closed_at", "<", fields.Datetime.to_datetime(cut_off)),
            ]
        )

    def _check_due(self):
        """A case taken up again meanwhile, and closed anew, begins its time anew."""
        closed_at = self.case_id.sudo().closed_at  # sudo: only compared
        if closed_at and closed_at >= fields.Datetime.to_datetime(self.run_id.cut_off):
            raise UserError(self.env._("It was closed not long enough ago."))

    def _carry_out(self):
        """Anonymise one listed case, or say why it is kept. Engine only."""
        for line in self._guarded():
            # weeks may lie between the list and its day: obstacles are asked again
            try:
                with self.env.cr.savepoint():
                    line._check_due()
                    line.case_id._anonymise()
            except LockError:
                raise  # somebody works on it: tried again, not kept
            except UserError as error:
                line.write({"state": "kept", "obstacle": str(error)})
            else:
                line.write({"state": "done", "done_at": fields.Datetime.now()})
