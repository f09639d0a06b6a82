# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import api, fields, models
from odoo.exceptions import UserError

from ..tools import masking
from ..tools.checked import checked

VALIDITY_ORDER = {"valid": 0, "unknown": 1, "wrong": 2}


class FollowupPatientContact(models.Model):
    """A number to reach the patient or a relative by (FHIR RelatedPerson; A-20).

    A wrong number stands in the correction list of the ward that treated the
    patient last (E-9, E-10) until somebody enters another one.

    Access: like the patient. Numbers are read masked; `action_reveal` shows
    one, checks the right and logs it (I-3).
    """

    _name = "followup.patient.contact"
    _description = "Patient Contact"
    _erase_fields = ("name", "phone_masked", "note")
    _inherit = ["followup.protected.mixin"]
    _order = "patient_id, is_primary desc, sequence, id"
    _check_company_auto = True

    _protected_fields = {"phone": "phone"}

    patient_id = fields.Many2one(
        "followup.patient", required=True, index=True, ondelete="cascade"
    )
    # filled on creation: a related field costs as much as all others together
    company_id = fields.Many2one(
        "res.company", required=True, index=True, readonly=True
    )
    sequence = fields.Integer(default=10)
    name = fields.Char("Full Name")
    relation = fields.Selection(
        [
            ("self", "Patient"),
            ("spouse", "Spouse"),
            ("parent", "Parent"),
            ("child", "Child"),
            ("other", "Other"),
        ],
        default="self",
        required=True,
    )
    phone = fields.Char(
        compute="_compute_protected", readonly=False, search="_search_phone"
    )
    phone_masked = fields.Char(string="Phone (Masked)", readonly=True, copy=False)
    is_primary = fields.Boolean(string="Primary", copy=False)
    may_receive_medical_info = fields.Boolean(
        string="May Be Told",
        help="The patient agreed that this person is told about his health.",
    )
    validity = fields.Selection(
        [("unknown", "Not Tried"), ("valid", "Valid"), ("wrong", "Wrong Number")],
        default="unknown",
        required=True,
        copy=False,
    )
    wrong_since = fields.Datetime(readonly=True, copy=False)
    wrong_by_id = fields.Many2one(
        "res.users", string="Reported by", readonly=True, copy=False
    )
    correction_department_id = fields.Many2one(
        "hr.department",
        string="To Be Corrected by",
        readonly=True,
        copy=False,
        index="btree_not_null",
    )
    note = fields.Char(help="Best time, language ... Never health information.")

    _primary_uniq = models.UniqueIndex(
        "(patient_id) WHERE is_primary",
        "A patient has one primary number.",
    )
    _wrong_idx = models.Index(
        "(company_id, correction_department_id) WHERE validity = 'wrong'"
    )

    # ------------------------------------------------------------
    # COMPUTE / SEARCH
    # ------------------------------------------------------------

    @api.depends("name", "relation", "phone_masked")
    def _compute_display_name(self):
        relations = dict(self._fields["relation"]._description_selection(self.env))
        for contact in self:
            who = masking.mask_name(contact.name) or relations.get(contact.relation)
            contact.display_name = " ".join(filter(None, [who, contact.phone_masked]))

    def _search_phone(self, operator, value):
        return self._search_protected_domain("phone", operator, value)

    # ------------------------------------------------------------
    # CRUD
    # ------------------------------------------------------------

    @api.model_create_multi
    def create(self, vals_list):
        vals_list = [dict(vals) for vals in vals_list]
        self._choose_primaries(vals_list)
        self._copy_companies(vals_list)
        contacts = super().create(vals_list)
        contacts.filtered(lambda c: c.validity == "wrong")._put_on_correction_list()
        return contacts

    def write(self, vals):
        vals = {name: value for name, value in vals.items() if name != "company_id"}
        if vals.get("patient_id"):
            # the rule looks at the patient a number leaves, not at its new one
            self.env["followup.patient"].browse(vals["patient_id"]).check_access(
                "write"
            )
            self._copy_companies([vals])
        if vals.get("is_primary"):
            self._unset_primaries(self.patient_id.ids, self)
        newly_wrong = self.filtered(lambda contact: contact.validity != "wrong")
        result = super().write(vals)
        if vals.get("validity") == "wrong":
            newly_wrong._put_on_correction_list()
        elif "validity" in vals:
            self._take_off_correction_list()
        return result

    def unlink(self):
        patients = self.filtered("is_primary").patient_id
        result = super().unlink()
        for patient in patients.exists():
            patient.contact_ids._in_order()[:1].write({"is_primary": True})
        return result

    def _copy_companies(self, vals_list):
        """A contact belongs to the hospital of its patient, which never changes."""
        ids = {vals["patient_id"] for vals in vals_list if vals.get("patient_id")}
        # sudo: the right to the patient is checked when the row is written
        patients = self.env["followup.patient"].sudo().browse(ids)
        company_of = {patient.id: patient.company_id.id for patient in patients}
        for vals in vals_list:
            vals["company_id"] = company_of.get(vals.get("patient_id"))

    def _choose_primaries(self, vals_list):
        """Leave exactly one primary number to each patient of new contacts."""
        default = self.env.context.get("default_patient_id")
        for vals in vals_list:
            vals.setdefault("patient_id", default)
        patient_ids = {vals["patient_id"] for vals in vals_list if vals["patient_id"]}
        held = self._read_group(
            [("patient_id", "in", list(patient_ids)), ("is_primary", "=", True)],
            ["patient_id"],
        )
        taken = {patient.id for [patient] in held}
        wanted = {}
        for vals in vals_list:
            patient_id = vals["patient_id"]
            if vals.get("is_primary"):
                wanted.setdefault(patient_id, vals)
            vals["is_primary"] = False
        self._unset_primaries([pid for pid in wanted if pid in taken])
        for vals in vals_list:
            patient_id = vals["patient_id"]
            if vals.get("phone") and patient_id not in taken:
                wanted.setdefault(patient_id, vals)
        for vals in wanted.values():
            vals["is_primary"] = True

    def _unset_primaries(self, patient_ids, but=None):
        """Free the one place before the database is asked to fill it again."""
        if not patient_ids:
            return
        domain = [("patient_id", "in", patient_ids), ("is_primary", "=", True)]
        others = self.search(domain) - (but or self.browse())
        if others:
            others.write({"is_primary": False})
            others.flush_recordset(["is_primary"])

    # ------------------------------------------------------------
    # VALIDITY
    # ------------------------------------------------------------

    def _on_protected_changed(self, name, vals):
        result = super()._on_protected_changed(name, vals)
        if name == "phone" and "validity" not in vals:
            self.write({"validity": "unknown"})
        return result

    def _put_on_correction_list(self):
        """Tell the ward that treated the patient last (E-9)."""
        for contact in self:
            contact.write(
                {
                    "wrong_since": fields.Datetime.now(),
                    "wrong_by_id": self.env.uid,
                    "correction_department_id": contact._get_ward().id,
                }
            )

    def _take_off_correction_list(self):
        listed = self.filtered("wrong_since")
        listed.write(
            {
                "wrong_since": False,
                "wrong_by_id": False,
                "correction_department_id": False,
            }
        )

    def _get_ward(self):
        # sudo: the stay may be in a department the caller does not see
        stays = self.patient_id.sudo().encounter_ids
        return stays.sorted(lambda s: (s.admission_date or s.create_date, s.id))[
            -1:
        ].department_id

    def action_mark_wrong(self):
        self.write({"validity": "wrong"})
        return True

    def action_mark_valid(self):
        self.write({"validity": "valid"})
        return True

    # ------------------------------------------------------------
    # REACHING
    # ------------------------------------------------------------

    def _in_order(self):
        """Return the contacts as they are to be tried; wrong ones come last."""
        return self.sorted(
            lambda contact: (
                not contact.phone_masked,
                contact.validity == "wrong",
                not contact.is_primary,
                VALIDITY_ORDER.get(contact.validity, 1),
                contact.sequence,
                contact.id or 0,
            )
        )

    def _to_try(self):
        """Return the numbers worth dialling, best first."""
        return self.filtered(
            lambda contact: contact.phone_masked and contact.validity != "wrong"
        )._in_order()

    @checked
    def action_reveal(self, reason=None):
        """Return the number in full, with the link that dials it; logged."""
        self.ensure_one()
        self.check_access("read")
        # sudo: who may read the contact may know that he must not call
        blocked = self.patient_id.sudo()._get_blocked_reason()
        if blocked and not (isinstance(reason, str) and reason.strip()):
            raise UserError(
                self.env._(
                    "%(why)s Give a reason to see the number all the same.",
                    why=blocked,
                )
            )
        text = self._reveal_protected("phone", reason)
        if not text:
            raise UserError(self.env._("No number is recorded here."))
        return {"phone": text, "tel": masking.normalize_phone(text).tel}

    def action_show_number(self):
        """Show the number in a notice that leaves no trace but the log."""
        number = self.action_reveal()
        return {
            "type": "ir.actions.client",
            "tag": "display_notification",
            "params": {
                "type": "info",
                "title": self.display_name,
                "message": "%s",
                "links": [{"label": number["phone"], "url": number["tel"]}],
                "sticky": True,
            },
        }
