# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import api, models
from odoo.exceptions import AccessError

PREFIX = "complaint."
OF_CASE = "case_id.company_id"


class Base(models.AbstractModel):
    _inherit = "base"

    @api.model
    def _followup_prefixes(self):
        """Cases are named and taken out as patients are (I-3, I-8, Y-2)."""
        return (*super()._followup_prefixes(), PREFIX)

    @api.model
    def _followup_is_logged(self, fields_to_export):
        of_case = self._name.startswith(PREFIX) and "case_id" in self._fields
        return of_case or super()._followup_is_logged(fields_to_export)

    def _validate_fields(self, field_names, excluded_names=()):
        """What belongs to a case is of its hospital, whatever a client says."""
        field_names = set(field_names)
        result = super()._validate_fields(field_names, excluded_names)
        if self._name.startswith(PREFIX) and "company_id" in field_names:
            if self._fields["company_id"].related == OF_CASE:
                self._check_company_of_case()
        return result

    def _check_company_of_case(self):
        # sudo: which hospital a case is of, for whoever adds to it
        if any(row.company_id != row.case_id.company_id for row in self.sudo()):
            raise AccessError(self.env._("This belongs to the hospital of its case."))
