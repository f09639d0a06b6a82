# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""What may be written to whom, by which way and when (I-12, M-2, M-9)."""

import hashlib
import json
import secrets
from collections import Counter
from datetime import timedelta

from odoo import api, fields, models
from odoo.tools import SQL

from ..tools import attempts as policy
from .followup_message import PAST

# the way a patient wishes, and what stands in for it
WAYS = {
    "mail": ("letter", "sms", "email"),
    "web": ("sms", "email"),
    "wechat": ("sms", "email"),
}
USUAL_WAYS = ("sms", "email")
CONSENT_OF_WAY = {"sms": "sms", "email": "email"}
# the way a step asks for
WAY_OF_METHOD = {"mail": "letter"}
SOON = timedelta(minutes=10)


class Known:
    """What messages of one occasion ask for, read once for all their records."""

    def __init__(self, messages, records, code=None):
        self.messages, self.records, self.code = messages, records, code
        self.templates, self.counts = {}, {}

    def get_template(self, company):
        """Return the text of a hospital."""
        if company not in self.templates:
            texts = self.messages.env["followup.message.template"]
            self.templates[company] = texts._find(self.code, company)
        return self.templates[company]

    def count_contacts(self, record, calendar, moment):
        """Return how often the patient of a record was contacted that day."""
        key = record.company_id, calendar.local_date(moment)
        if key not in self.counts:
            rows = self.records.filtered(lambda row: row.company_id == key[0])
            count = self.messages._count_contacts
            self.counts[key] = count(rows.patient_id, calendar, moment)
        return self.counts[key][record.patient_id.id]


class FollowupMessage(models.Model):
    _inherit = "followup.message"

    @api.model
    def _queue(
        self,
        record,
        code,
        params=None,
        link=False,
        method=None,
        version=None,
        keep_refused=False,
    ):
        """Queue one message about each record; return those that were queued.

        Never raises for what may not be sent: dead, banned, no consent, switched
        off, no number, no text, or queued before (the key says so).

        :param record: tasks, appointments, concerns: whatever has `patient_id`
        :param code: code of the text; `params`: values of its parameters
        :param link: whether the link to the patient's page is issued on sending
        :param method: `sms`, `email` or `letter`; without it the patient's wish
        :param version: tells apart messages of one record and code
        :param keep_refused: keep a failed row with its reason (I-7)
        """
        record.check_access("read")
        # sudo: rows are written by this method only; the record was checked above
        engine = self.sudo()
        known = Known(engine, record.sudo(), code)
        vals_list = [
            engine._prepare_message(one, known, params, link, method, version)
            for one in record.sudo()
        ]
        kept = [vals for vals in vals_list if keep_refused or not vals.get("failure")]
        messages = engine._insert_new(kept)
        engine._wake(messages)
        return messages.filtered(lambda row: row.state == "queued").sudo(self.env.su)

    # ------------------------------------------------------------
    # VALUES
    # ------------------------------------------------------------

    def _prepare_message(self, record, known, params, link, method, version):
        code, template = known.code, known.get_template(record.company_id)
        way, contact, failure = self._choose_way(record.patient_id, method)
        failure = failure if template else "text"
        now = fields.Datetime.now()
        return {
            **self._prepare_origin(record),
            "code": code,
            "template_id": template.id,
            "params": params or None,
            "has_link": bool(link),
            "method": way,
            "contact_id": contact.id,
            "is_neutral": self._is_sensitive(record),
            "state": "failed" if failure else "queued",
            "failure": failure,
            # what does not go needs no moment: each step of a booking asks here
            "next_at": now if failure else self._get_opening(record, way, now, known),
            "sent_by_id": self.env.uid,
            "key": self._make_key(record, code, params, version),
            "reference": self._make_reference(),
        }

    def _prepare_origin(self, record):
        """Return what a message keeps of its record, for rules and lists."""
        task = self._get_task_of(record)
        ward = self._get_ward_of(record)
        level = record["level"] if "level" in record._fields else task.level
        return {
            "company_id": record.company_id.id,
            "department_id": ward.id,
            "level": level or "1",
            "patient_id": record.patient_id.id,
            "task_id": task.id,
            "concern_id": record.id if record._name == "followup.concern" else False,
            "appointment_id": record.id
            if record._name == "followup.appointment"
            else False,
            "res_model": record._name,
            "res_id": record.id,
        }

    @api.model
    def _get_task_of(self, record):
        if record._name == "followup.task":
            return record
        linked = "task_id" in record._fields
        return record.task_id if linked else self.env["followup.task"]

    @api.model
    def _get_ward_of(self, record):
        """Return the department that writes: of the call, where it has one."""
        for name in ("origin_department_id", "department_id"):
            if name in record._fields and record[name]:
                return record[name]
        stay = "encounter_id" in record._fields and record.encounter_id
        return stay.department_id if stay else self.env["hr.department"]

    def _is_sensitive(self, record):
        """Whether any department it has to do with must not be named."""
        wards = self._get_ward_of(record)
        if "department_id" in record._fields:
            wards |= record.department_id
        if "encounter_id" in record._fields:
            wards |= record.encounter_id.department_id
        return any(ward._followup_is_sensitive() for ward in wards)

    @api.model
    def _make_reference(self):
        """Return the number by which delivery reports name one sending."""
        return secrets.token_hex(16)

    @api.model
    def _make_key(self, record, code, params=None, version=None):
        """Return what makes a message one and the same: never sent twice."""
        if version is None and hasattr(record, "_get_message_version"):
            version = record._get_message_version(code)
        parts = [code, record._name, str(record.id), str(version or "")]
        if params:
            text = json.dumps(params, sort_keys=True, default=str)
            parts.append(hashlib.sha256(text.encode()).hexdigest()[:16])
        return ":".join(parts)

    # ------------------------------------------------------------
    # WHICH WAY
    # ------------------------------------------------------------

    @api.model
    def _choose_way(self, patient, method=None):
        """Return (way, contact, why not): the patient's wish, as far as it works."""
        wanted = patient.preferred_method
        ways = (method,) if method else WAYS.get(wanted, USUAL_WAYS)
        none = self.env["followup.patient.contact"]
        if not patient._is_contactable():
            return ways[0], none, "blocked"
        refusals = []
        for way in ways:
            contact, failure = self._try_way(patient, way, asked=bool(method))
            if not failure:
                return way, contact, False
            refusals.append(failure)
        return ways[0], none, refusals[0]

    def _try_way(self, patient, way, asked=False):
        """Return (contact, why not) of one way."""
        contacts = self.env["followup.patient.contact"]
        if not patient.company_id._followup_can_send(way):
            return contacts, "off"
        if not self._has_agreed(patient, way):
            return contacts, "consent"
        if way == "letter":
            # handed over, or posted to an address on record
            return contacts, False if asked or patient.address else "no_contact"
        contact = patient.contact_ids._to_write(way)[:1]
        return contact, False if contact else "no_contact"

    def _has_agreed(self, patient, way):
        """Tell whether the consent on record, or its absence, allows this way."""
        scope = CONSENT_OF_WAY.get(way)
        if not scope:
            return True
        if not patient._get_consent(scope):
            return not patient.company_id.followup_message_consent
        return patient._has_consent(scope)

    def _why_not(self, record, method=None):
        """Return in words why nothing can be sent about a record, or False."""
        # sudo: only the reason leaves this method
        failure = self.sudo()._choose_way(record.sudo().patient_id, method)[2]
        labels = dict(self._fields["failure"]._description_selection(self.env))
        return labels.get(failure, False)

    # ------------------------------------------------------------
    # WHEN
    # ------------------------------------------------------------

    def _get_rules_of(self, record):
        """Return the attempt rules and the calendar that hold for a record."""
        policy_id = self._get_task_of(record).attempt_policy_id.id
        rules = self.env["followup.attempt.policy"]._rules_for(
            record.company_id, policy_id
        )
        return rules, self.env["followup.clock"]._for_company(record.company_id)

    def _get_opening(self, record, way, moment, known=None):
        """Return the first moment from `moment` on at which it may arrive.

        Quiet hours, the patient's best hours and his daily limit count as for
        calls; a letter waits for nobody.

        :param known: what was read for several records together
        """
        if way == "letter":
            return moment
        rules, calendar = self._get_rules_of(record)
        preferred = frozenset(record.patient_id.preferred_band_ids.ids)
        known = known or Known(self, record)
        count = rules.daily_limit and known.count_contacts(record, calendar, moment)
        if rules.daily_limit and count >= rules.daily_limit:
            tomorrow = calendar.local_date(moment) + timedelta(days=1)
            moment = calendar.day_bounds(tomorrow)[0]
        return policy.next_opening(rules, calendar, moment, preferred=preferred)[0]

    @api.model
    def _count_contacts(self, patients, calendar, moment):
        """Return {patient id: calls and messages of the local day}, of all plans."""
        start, end = calendar.day_bounds(calendar.local_date(moment))
        calls = self.env["followup.task"]._search_calls(patients, start, end)
        # sudo: the limit counts the messages of every department
        messages = self.sudo().search_fetch(
            [
                ("patient_id", "in", patients.ids),
                ("sent_at", ">=", start),
                ("sent_at", "<=", end),
                ("state", "in", PAST),
                ("method", "!=", "letter"),
            ],
            ["patient_id"],
        )
        rows = (*calls, *messages)
        return Counter(row.patient_id.id for row in rows)

    # ------------------------------------------------------------
    # ROWS
    # ------------------------------------------------------------

    def _insert_new(self, vals_list):
        """Insert rows whose key is new; two workers at once make one row."""
        if not vals_list:
            return self.browse()
        self.env.flush_all()
        now = self.env.cr.now()
        log = {
            "create_uid": self.env.uid,
            "write_uid": self.env.uid,
            "create_date": now,
            "write_date": now,
        }
        names = sorted(vals_list[0])
        rows = [
            tuple(
                self._fields[name].convert_to_column_insert(vals[name], self)
                for name in names
            )
            + tuple(log.values())
            for vals in vals_list
        ]
        columns = SQL(", ").join(map(SQL.identifier, [*names, *log]))
        found = self.env.execute_query(
            SQL(
                "INSERT INTO followup_message (%s) VALUES %s"
                " ON CONFLICT (key) DO NOTHING RETURNING id",
                columns,
                SQL(", ").join(rows),
            )
        )
        self.invalidate_model()
        self.env["followup.task"].invalidate_model(["written_message_ids"], flush=False)
        return self.browse([id_ for [id_] in found])

    def _wake(self, messages):
        """Let the queue run at once for what is due soon."""
        soon = fields.Datetime.now() + SOON
        if messages.filtered(lambda row: row.state == "queued" and row.next_at <= soon):
            # sudo: the job of the server, not of whoever asked for a message
            self.env.ref(
                "patient_followup.followup_message_cron_send"
            ).sudo()._trigger()
