# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""The registration slip as a file, while its code is on the screen (C-5)."""

import base64

from odoo import models
from odoo.exceptions import UserError

from odoo.addons.patient_followup.tools.checked import checked, is_text

from ..report.complaint_slip_report import CODE_KEY

MAX_CODE = 100


class ComplaintCase(models.Model):
    _inherit = "complaint.case"

    @checked
    def print_slip(self, code):
        """Return the slip as a PDF for the dialog that shows its code.

        :param str code: the code as shown; it is compared, never kept
        :return str: the file in base 64
        :raises UserError: this is not the code of the case
        """
        self.ensure_one()
        self.check_access("write")
        if not is_text(code) or not 0 < len(code) <= MAX_CODE:
            raise UserError(self.env._("This is not the code of the case."))
        reports = self.env["ir.actions.report"].with_context(**{CODE_KEY: code})
        content, _kind = reports._render_qweb_pdf(
            "patient_complaint.complaint_slip", self.ids
        )
        return base64.b64encode(content).decode()
