# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""The tracking code: shown once, kept as a hash (C-2)."""

import base64
import hashlib
import secrets

from odoo import api, fields, models
from odoo.fields import Domain

# no letter that is mistaken for another when it is read aloud (Crockford)
ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
LENGTH = 26  # of 5 bits each
GROUP = 5
ALIKE = str.maketrans({"O": "0", "I": "1", "L": "1"})


class ComplaintCase(models.Model):
    _inherit = "complaint.case"

    code_digest = fields.Char(
        readonly=True, copy=False, export_string_translation=False
    )
    code_issued_at = fields.Datetime(string="Slip Issued", readonly=True, copy=False)
    tracking_code = fields.Char(
        compute="_compute_tracking_code",
        search="_search_tracking_code",
        help="Find a case by the code on the slip; nobody can read it again.",
    )

    _code_uniq = models.UniqueIndex("(code_digest) WHERE code_digest IS NOT NULL")

    def _compute_tracking_code(self):
        self.tracking_code = False

    def _search_tracking_code(self, operator, value):
        if operator not in ("in", "ilike", "like", "=ilike"):
            return NotImplemented
        texts = [value] if isinstance(value, str) else list(value)
        digests = [
            self._hash_code(text) for text in texts if text and isinstance(text, str)
        ]
        return Domain("code_digest", "in", digests)

    @api.model
    def _hash_code(self, code):
        """Return the hash of a code however it was written down."""
        plain = "".join(char for char in code.upper()[:100] if char.isalnum())
        return hashlib.sha256(plain.translate(ALIKE).encode()).hexdigest()

    def _issue_code(self):
        """Give the case a new code; an earlier one is worth nothing any more.

        :return: the code in clear, which exists nowhere else
        """
        self.ensure_one()
        code = "".join(secrets.choice(ALPHABET) for _index in range(LENGTH))
        # sudo: engine write, callers checked the right to write the case
        self.sudo()._guarded().write(
            {
                "code_digest": self._hash_code(code),
                "code_issued_at": fields.Datetime.now(),
            }
        )
        return "-".join(code[i : i + GROUP] for i in range(0, LENGTH, GROUP))

    def action_issue_slip(self):
        """Show the registration slip with a new tracking code, this once."""
        self.ensure_one()
        self.check_access("write")
        self._check_is_open()
        code = self._issue_code()
        self._note_reason(self.env._("A registration slip was issued."))
        # behind '#' no server ever sees the code
        link = f"{self.get_base_url()}/complaint/track"
        barcode = self.env["ir.actions.report"].barcode(
            "QR", f"{link}#{code}", width=400, height=400
        )
        kinds = dict(self._fields["kind"]._description_selection(self.env))
        return {
            "type": "ir.actions.client",
            "tag": "patient_complaint.slip",
            "target": "new",
            "name": self.env._("Registration Slip"),
            "params": {
                "id": self.id,
                "hospital": self.company_id.name,
                "number": self.name,
                "kind": kinds[self.kind],
                "received": self._local_received(),
                "code": code,
                "link": link,
                "image": base64.b64encode(barcode).decode(),
            },
        }
