# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Who is on the phone, and what he may hear."""

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError

from ..tools.checked import checked

# ways in which somebody is spoken to, so that it could be somebody else
SPOKEN = ("phone", "home", "clinic", "in_person")
NO_IDENTITY = {
    "identity_checked_at": False,
    "identity_checked_by_id": False,
    "identity_items": False,
    "identity_speaker": False,
    "identity_contact_id": False,
}


class FollowupTask(models.Model):
    _inherit = "followup.task"

    identity_checked_at = fields.Datetime(string="Identity Checked", readonly=True)
    identity_checked_by_id = fields.Many2one("res.users", readonly=True)
    identity_items = fields.Char(
        readonly=True, help="What the person on the phone stated rightly."
    )
    identity_speaker = fields.Selection(
        [("patient", "Patient"), ("relative", "Relative")],
        string="Spoken To",
        readonly=True,
    )
    identity_contact_id = fields.Many2one(
        "followup.patient.contact",
        string="Relative on the Phone",
        readonly=True,
        index="btree_not_null",
    )

    # ------------------------------------------------------------
    # CHECK
    # ------------------------------------------------------------

    @checked
    def confirm_identity(self, items, speaker="patient", contact_id=None):
        """Note who is on the phone and what he stated rightly.

        :param list items: codes of `_get_identity_facts`
        :param speaker: `patient` or `relative`
        :param contact_id: the relative; a relative who is not listed is told
            nothing about the patient's health
        :return: the call screen, with the medical part where it may be told
        :raises UserError: too few items, or a person of another patient
        """
        self.ensure_one()
        self._check_caller()
        self._check_identity(items, speaker)
        contact = self._find_relative(speaker, contact_id)
        if self._get_holder() != self.env.user:
            self.action_claim()
        # sudo: rights were checked above; what was checked is guarded
        self.sudo()._guarded().write(
            {
                "identity_checked_at": fields.Datetime.now(),
                "identity_checked_by_id": self.env.uid,
                "identity_items": ",".join(sorted(set(items))),
                "identity_speaker": speaker,
                "identity_contact_id": contact.id,
            }
        )
        return self.get_call_screen()

    def _check_identity(self, items, speaker):
        labels = dict(self._fields["identity_speaker"].selection)
        known = {fact["code"] for fact in self._get_identity_facts()}
        if speaker not in labels or not isinstance(items, list | tuple):
            raise UserError(self.env._("Say whom you speak to: patient or relative."))
        given = known.intersection(str(item) for item in items)
        needed = min(self._get_identity_needed(), len(known))
        if len(given) < needed or len(given) < len(items):
            raise UserError(
                self.env._(
                    "Ask for %(count)s details first: they must be right.",
                    count=needed,
                )
            )

    def _find_relative(self, speaker, contact_id):
        contacts = self.env["followup.patient.contact"]
        if speaker == "patient" or not contact_id:
            return contacts
        found = contacts.search(
            [("id", "=", contact_id), ("patient_id", "=", self.patient_id.id)]
        )
        if not found:
            raise UserError(self.env._("This person belongs to another patient."))
        return found

    def _get_identity_needed(self):
        """Return how many details are asked for; 0 where nobody is spoken to."""
        if self.method not in SPOKEN:
            return 0
        return self.company_id._followup_identity_items(self.company_id.id)

    def _get_identity_facts(self):
        """Return [{code, label, value}] of what the hospital knows for sure."""
        # sudo: the stay may be of a ward whose stays the caller does not read; he
        # asks for its ward and day only
        stay = self.sudo().encounter_id
        patient = self.patient_id
        values = (
            ("name", self.env._("Full Name"), patient.name),
            ("birthdate", self.env._("Date of birth"), patient.birthdate),
            ("department", self.env._("Ward"), stay.department_id.name),
            ("discharge", self.env._("Discharge day"), stay.discharge_day),
            ("mrn", self.env._("Record no."), patient.mrn),
            ("doctor", self.env._("Doctor"), stay.attending_name),
        )
        return [
            {"code": code, "label": label, "value": str(value)}
            for code, label, value in values
            if value
        ]

    # ------------------------------------------------------------
    # WHAT FOLLOWS
    # ------------------------------------------------------------

    def _is_identified(self):
        """Whether this user knows, in this call, whom he speaks to."""
        self.ensure_one()
        if not self._get_identity_needed():
            return True
        return bool(self.identity_checked_at) and (
            self.identity_checked_by_id == self.env.user
        )

    def _may_tell(self):
        """Whether the person on the phone may hear about the patient's health."""
        self.ensure_one()
        if not self._is_identified():
            return False
        if self.identity_speaker != "relative":
            return True
        return self._is_entitled(self.identity_contact_id)

    @api.model
    def _is_entitled(self, contact):
        """Whether a relative with this number hears of the patient's health."""
        return contact.relation == "self" or contact.may_receive_medical_info

    def _check_may_tell(self):
        """Raise unless medical content may be spoken of in this call."""
        if not self._is_identified():
            raise UserError(self.env._("Check first whom you are speaking to."))
        self._check_entitled(self._may_tell())

    @api.model
    def _check_entitled(self, entitled):
        if not entitled:
            raise AccessError(
                self.env._(
                    "This person may not be told about the patient's health."
                    " Ask when the patient can be reached."
                )
            )
