# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""E-mail addresses of patients and relatives, and who may be written to."""

from odoo import api, fields, models

from ..tools import mail_address

MOBILE_MASK_LENGTH = 11


class FollowupPatientContact(models.Model):
    _inherit = "followup.patient.contact"

    _erase_fields = ("name", "phone_masked", "email_masked", "note")
    _protected_fields = {"phone": "phone", "email": "email"}

    email = fields.Char(
        string="E-mail",
        compute="_compute_protected",
        readonly=False,
        search="_search_email",
    )
    email_masked = fields.Char(string="E-mail (Masked)", readonly=True, copy=False)

    def _search_email(self, operator, value):
        return self._search_protected_domain("email", operator, value)

    @api.model
    def _parse_protected(self, kind, text):
        if kind == "email":
            return mail_address.parse(text)
        return super()._parse_protected(kind, text)

    def _to_write(self, way):
        """Return the contacts a message may go to, the best one first.

        The patient himself, then those who may be told about his health: who reads
        a message learns at least that he was in this hospital.
        """
        if way == "email":
            known = self.filtered("email_masked")._in_order()
        else:
            known = self._to_try().filtered(lambda row: row._is_mobile())
        own = known.filtered(lambda row: row.relation == "self")
        return own | (known - own).filtered("may_receive_medical_info")

    def _is_mobile(self):
        """Whether the number takes messages; its mask tells, without a look at it."""
        mask = self.phone_masked or ""
        return mask.startswith("1") and len(mask) == MOBILE_MASK_LENGTH
