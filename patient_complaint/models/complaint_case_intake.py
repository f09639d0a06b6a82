# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Ways into a case: a number typed on the form, another system, a call (C-4, C-5)."""

from datetime import datetime, time, timezone

from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError

from odoo.addons.patient_followup.models.followup_encounter_lookup import fold
from odoo.addons.patient_followup.tools import masking
from odoo.addons.patient_followup.tools.values import (
    BadValue,
    read_day,
    read_moment,
    read_number,
    read_text,
)
from odoo.addons.patient_followup.tools.working_time import load_zone

# key of `register`: (field, longest text)
TEXTS = {
    "description": ("description", 20000),
    "remedy_sought": ("remedy_sought", 1000),
    "complainant_name": ("complainant_name", 100),
    "complainant_phone": ("complainant_phone", 40),
    "complainant_email": ("complainant_email", 320),
    "external_number": ("external_number", 100),
}
CHOICES = ("kind", "complainant_relation")
MOMENTS = ("received_at", "external_deadline")
KEYS = frozenset(TEXTS).union(
    CHOICES,
    MOMENTS,
    ("channel", "anonymous", "mrn", "stay", "department", "category", "incident_date"),
)


class ComplaintCase(models.Model):
    _inherit = "complaint.case"

    # typed, looked up, never kept
    patient_lookup = fields.Char(
        string="Find the Patient",
        store=False,
        help="Phone number, record number or number of the stay, in full.",
    )

    # ------------------------------------------------------------
    # FORM
    # ------------------------------------------------------------

    @api.onchange("patient_lookup")
    def _onchange_patient_lookup(self):
        """Fill in patient, latest stay and department of a number (C-5)."""
        number = (self.patient_lookup or "").strip()
        if not number:
            return None
        patients = self._find_patients(number)
        if len(patients) != 1:
            return {"warning": self._say_found(patients)}
        self.patient_id = patients
        self.encounter_id = patients.encounter_ids.sorted(
            lambda stay: (stay.admission_date or stay.create_date, stay.id)
        )[-1:]
        self.department_id = self.encounter_id.department_id or self.department_id
        self._take_phone(number)
        self.patient_lookup = False
        return None

    def _take_phone(self, number):
        """Keep the number the patient was found by: whoever rings has it."""
        records = [self.patient_id.mrn, *self.patient_id.encounter_ids.mapped("number")]
        if self.anonymous or self.complainant_phone or number in records:
            return
        if self._parse_protected("phone", number):
            self.complainant_phone = number

    def action_show_phone(self):
        """Show the complainant's number in a notice that leaves only a log (D-9)."""
        self.ensure_one()
        phone = self._reveal_protected("complainant_phone")
        if not phone:
            raise UserError(self.env._("No number is recorded here."))
        return {
            "type": "ir.actions.client",
            "tag": "display_notification",
            "params": {
                "type": "info",
                "title": self.name,
                "message": "%s",
                "links": [{"label": phone, "url": masking.normalize_phone(phone).tel}],
                "sticky": True,
            },
        }

    def _say_found(self, patients):
        title = self.env._("Which patient?")
        if not patients:
            text = self.env._("Nobody has this number. Enter it in full.")
        else:
            text = self.env._("Several patients have this number: choose by name.")
        return {"title": title, "message": text}

    @api.model
    def _find_patients(self, number):
        """Return the patients with a full number: phone, record or stay; logged."""
        patients = self.env["followup.patient"]
        patients.check_access("read")
        logs = self.env["followup.access.log"]
        logs._log_search("followup.patient.contact", "phone", [number])
        # sudo: numbers of patients are closed to the complaint office; only who has
        # exactly this one is found, the search is logged and limited
        contacts = self.env["followup.patient.contact"].sudo()
        ids = contacts._match_protected("phone", [number]).get(number, [])
        found = contacts.browse(ids).patient_id.ids
        stays = self.env["followup.encounter"].search([("number", "=", number)])
        return patients.search(
            ["|", ("id", "in", found + stays.patient_id.ids), ("mrn", "=", number)]
        )

    # ------------------------------------------------------------
    # OTHER SYSTEMS
    # ------------------------------------------------------------

    @api.model
    def register(self, vals):
        """Register a case that another system received (design section 5, D-5).

        :param dict vals: `description` (required), and of these what is known:
            `kind` (complaint, suggestion, praise, inquiry), `channel` (code),
            `anonymous`, `complainant_name`, `complainant_relation` (self,
            spouse, parent, child, other), `complainant_phone`,
            `complainant_email`, `mrn` or `stay` (number), `department` (code,
            alias or name), `category` (code), `incident_date`,
            `remedy_sought`, `received_at`, `external_number`,
            `external_deadline`. Moments without zone are those of the hospital.
        :return: {'id': id of the case, 'tracking_code': shown this once}
        :raises AccessError: the user may not register cases
        :raises ValidationError: a key or value cannot be taken; says which
        """
        self.check_access("create")
        case = self.create(self._read_registration(vals))
        return {"id": case.id, "tracking_code": case._issue_code()}

    @api.model
    def _read_registration(self, vals):
        """Return field values of what another system sent."""
        if not isinstance(vals, dict):
            raise ValidationError(self.env._("A case is sent as names and values."))
        unknown = [str(key)[:40] for key in vals if key not in KEYS]
        if unknown:
            raise ValidationError(
                self.env._("Unknown names: %(names)s", names=", ".join(unknown[:5]))
            )
        found = {}
        for key, value in vals.items():
            try:
                found.update(self._read_key(key, value))
            except BadValue as error:
                raise ValidationError(
                    self.env._("%(key)s: this value cannot be taken.", key=key)
                ) from error
        if not found.get("description"):
            raise ValidationError(self.env._("description: say what it is about."))
        return found

    def _read_key(self, key, value):
        """Return {field: value} of one key."""
        if key in TEXTS:
            name, limit = TEXTS[key]
            return {name: read_text(value, limit) or False}
        if key in CHOICES:
            text = read_text(value, 40)
            if text and text not in self._fields[key].get_values(self.env):
                raise BadValue("unknown")
            return {key: text} if text else {}
        if key in MOMENTS:
            return {key: self._read_local(value)} if value else {}
        return getattr(self, f"_read_{key}")(value)

    def _read_local(self, value):
        """Return a moment in UTC; a bare day is its noon (D-11)."""
        moment = read_moment(value)
        if moment is None:
            raise BadValue("bad_date")
        if not isinstance(moment, datetime):
            moment = datetime.combine(moment, time(12))
        zone = self.env["followup.clock"]._for_company(self.env.company).tz
        if moment.tzinfo is None:
            moment = moment.replace(tzinfo=load_zone(zone))
        return moment.astimezone(timezone.utc).replace(tzinfo=None, microsecond=0)

    def _read_anonymous(self, value):
        if value not in (True, False, 0, 1, None):
            raise BadValue("bad_boolean")
        return {"anonymous": bool(value)}

    def _read_incident_date(self, value):
        return {"incident_date": read_day(value) or False}

    def _read_channel(self, value):
        channel = self._read_code("complaint.channel", value)
        return {"channel_id": channel.id} if channel else {}

    def _read_category(self, value):
        category = self._read_code("complaint.category", value)
        lines = [(0, 0, {"category_id": category.id})] if category else []
        return {"issue_ids": lines}

    def _read_code(self, model, value):
        code = read_text(value, 100)
        rows = self.env[model]
        found = rows.search([("code", "=", code)], limit=1) if code else rows
        if code and not found:
            raise BadValue("unknown")
        return found

    def _read_department(self, value):
        text = read_text(value, 200)
        if not text:
            return {}
        return {"department_id": self._find_department(text).id}

    def _find_department(self, text):
        """Return the department of this hospital by code, alias or name.

        Found as for discharge lists: names count in every language.
        """
        index = self.env["followup.encounter"]._get_department_index()
        ids = next((found[fold(text)] for found in index if fold(text) in found), ())
        if len(ids) != 1:
            raise BadValue("unknown")
        return self.env["hr.department"].browse(ids)

    def _read_mrn(self, value):
        number = read_number(value)
        patient = self.env["followup.patient"].search(
            [("mrn", "=", number), ("company_id", "=", self.env.company.id)], limit=1
        )
        if number and not patient:
            raise BadValue("unknown")
        return {"patient_id": patient.id}

    def _read_stay(self, value):
        number = read_number(value)
        stay = self.env["followup.encounter"].search(
            [("number", "=", number), ("company_id", "=", self.env.company.id)], limit=1
        )
        if not number:
            return {}
        if not stay:
            raise BadValue("unknown")
        return {"encounter_id": stay.id, "patient_id": stay.patient_id.id}

    # ------------------------------------------------------------
    # FROM FOLLOW-UP
    # ------------------------------------------------------------

    @api.model
    def _register_from(self, source, vals):
        """Register what a caller heard, linked with the call or concern.

        :param source: one `followup.task` or `followup.concern` the caller may
            write; he need not have any right on cases, and gains none
        """
        source.ensure_one()
        source.check_access("write")
        is_concern = source._name == "followup.concern"
        task = source.task_id if is_concern else source
        # sudo: whoever hears a complaint may register it, whatever he sees later
        cases = self.sudo()
        if is_concern and cases.search_count([("concern_id", "=", source.id)], limit=1):
            raise UserError(self.env._("This was registered as a complaint already."))
        source = source.sudo()
        channel = self.env.ref("patient_complaint.complaint_channel_followup")
        case = cases._guarded().create(
            {
                **vals,
                "channel_id": channel.id,
                "company_id": source.company_id.id,
                "receiver_id": self.env.uid,
                "patient_id": source.patient_id.id,
                "encounter_id": source.encounter_id.id,
                "task_id": task.id,
                "concern_id": source.id if is_concern else False,
            }
        )
        return case._unguarded()
