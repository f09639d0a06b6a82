# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import SUPERUSER_ID, api, models
from odoo.exceptions import AccessError

CONTENT = {"raw", "datas", "db_datas", "url", "type", "name", "mimetype"}
PLACE = {"res_model", "res_id", "res_field", "public", "access_token"}


class IrAttachment(models.Model):
    _inherit = "ir.attachment"

    def write(self, vals):
        """What a complainant sent stays as it came."""
        if not (CONTENT | PLACE).isdisjoint(vals):
            self._check_complainant_files()
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_except_of_complainant(self):
        self._check_complainant_files()

    def _check_complainant_files(self):
        if self.env.su:
            return
        # sudo: whose file it is decides, before any of it is changed
        for file in self.sudo():
            of_case = file.res_model == "complaint.case" and not file.res_field
            if of_case and file.create_uid.id == SUPERUSER_ID:
                raise AccessError(
                    self.env._("What the complainant sent stays on record.")
                )
