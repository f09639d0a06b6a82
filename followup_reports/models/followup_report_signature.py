# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError


class FollowupReportSignature(models.Model):
    """The committee signs a report: who, when, which figures (A-1).

    Access: whoever reads the report. Rows come from `action_sign` only.
    """

    _name = "followup.report.signature"
    _description = "Signature of a Report"
    _inherit = ["followup.guarded.mixin"]
    _order = "signed_at, id"
    _rec_name = "signed_by_id"

    run_id = fields.Many2one(
        "followup.report.run", required=True, index=True, ondelete="restrict"
    )
    company_id = fields.Many2one("res.company", required=True)
    code = fields.Char(required=True)
    signed_by_id = fields.Many2one("res.users", required=True, ondelete="restrict")
    signed_at = fields.Datetime(required=True)
    figures_digest = fields.Char(string="Digest", required=True)

    _guarded_fields = frozenset(
        {"run_id", "company_id", "code", "signed_by_id", "signed_at"}
        | {"figures_digest"}
    )
    _signed_uniq = models.UniqueIndex(
        "(run_id, signed_by_id)", "You signed this report already."
    )

    @api.ondelete(at_uninstall=False)
    def _unlink_except_never(self):
        raise AccessError(self.env._("A signature is never deleted."))


class FollowupReportRun(models.Model):
    _inherit = "followup.report.run"

    signature_ids = fields.One2many(
        "followup.report.signature", "run_id", string="Signed by"
    )
    can_sign = fields.Boolean(compute="_compute_can_sign")

    @api.depends("signature_ids")
    @api.depends_context("uid")
    def _compute_can_sign(self):
        for run in self:
            run.can_sign = not run._get_sign_refusal()

    def _get_sign_refusal(self):
        """Return why the user may not sign, or False."""
        if not self.env.user.has_group("patient_followup.followup_group_leader"):
            return self.env._("Reports are signed by the committee.")
        if self.computed_by_id == self.env.user:
            return self.env._("Somebody else than its maker signs a report.")
        if not self.is_latest:
            return self.env._("There is a newer version of this report.")
        if self.env.user in self.signature_ids.signed_by_id:
            return self.env._("You signed this report already.")
        return False

    def action_sign(self):
        """Sign the report for the committee (A-1)."""
        self.ensure_one()
        self.check_access("read")
        if refusal := self._get_sign_refusal():
            raise UserError(refusal)
        # sudo: the role was checked; signatures are written by this method only
        self.env["followup.report.signature"].sudo()._guarded().create(
            {
                "run_id": self.id,
                "company_id": self.company_id.id,
                "code": self.code,
                "signed_by_id": self.env.uid,
                "signed_at": fields.Datetime.now(),
                "figures_digest": self.figures_digest,
            }
        )
        return True
