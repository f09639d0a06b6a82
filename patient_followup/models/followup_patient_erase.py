# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Anonymising one patient, everywhere, in one transaction (Y-1, D-4)."""

import base64
from contextlib import suppress

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import SQL

from ..tools import masking
from ..tools.tabular import TableError, read_table

# tables that name a record by model and id
MESSAGES = ("mail_message", "model")
ATTACHMENTS = ("ir_attachment", "res_model")
ACTIVITIES = ("mail_activity", "res_model")


class FollowupPatient(models.Model):
    """What goes: names, numbers, addresses, every free text, messages, files, lists.

    What stays, because figures are counted from it: sex, the year of birth (as
    1 January), the month of death (as its first day), key groups, departments,
    the category of the diagnosis code, answers that are numbers or choices, and
    the exact dates of stays and calls: rates by day and punctuality need them,
    and without a name, a number and a birthday they point to nobody outside the
    hospital. Seals keep their digests; their check says "anonymised" (D-4).
    """

    _inherit = "followup.patient"

    _erase_fields = (
        "name",
        "name_masked",
        "mrn",
        "id_number_masked",
        "employer",
        "occupation",
        "address",
        "lang",
        "legal_hold_reason",
    )

    def _anonymise(self):
        """Anonymise these patients and whatever was merged into them.

        For `followup.retention.run`, whose approval is the right. Again it does
        nothing. Nothing is done by halves: one transaction, or a refusal.

        :return: the patients that were anonymised now
        :raises UserError: something stands against it
        """
        # sudo: rows of every ward, of closed stores and of core's own tables
        patients = (
            self.sudo()
            ._guarded()
            .with_context(active_test=False, tracking_disable=True)
        )
        patients = patients._with_merged().filtered(lambda p: not p.anonymised_at)
        if not patients:
            return self.browse()
        patients.lock_for_update()
        if obstacles := patients._get_erasure_obstacles():
            raise UserError("\n".join(sorted(set(obstacles.values()))))
        patients._stop_follow_up(self.env._("The patient was anonymised."))
        self.env.flush_all()
        patients._erase_everywhere()
        self.env.invalidate_all()
        self.env["followup.access.log"]._log("erase", patients)
        return self.browse(patients.ids)

    def _with_merged(self):
        found = self
        while merged := self.search([("merged_into_id", "in", found.ids)]) - found:
            found |= merged
        return found

    def _erase_everywhere(self):
        documents = self._get_erasable_rows()
        words = self._get_known_words(documents["followup.encounter"])
        for rows in documents.values():
            if hasattr(rows, "_seal_late"):
                rows._seal_late()
        self._erase_lists(words)
        self._erase_trails(documents, words["number"])
        for rows in documents.values():
            rows._erase_rows()

    def _get_erasable_rows(self):
        """Return {model: rows of these patients} of every model that holds any."""
        found = {}
        for name, model in self.env.registry.items():
            if model._abstract or model._transient or model._erase_fields is None:
                continue
            rows = self.env[name]
            found[name] = rows.search(rows._get_erase_domain(self))
        return found

    # ------------------------------------------------------------
    # WHAT THE PATIENT IS KNOWN BY
    # ------------------------------------------------------------

    def _get_known_words(self, stays):
        """Return {kind: words} that rows of lists and messages may hold."""
        numbers = set()
        for contact in self.contact_ids:
            numbers |= self._get_forms(contact, "phone")
        identities = set()
        for patient in self:
            identities |= self._get_forms(patient, "id_number")
        return {
            "number": numbers,
            "identity": identities,
            "name": self._get_own_names(),
            "key": {*filter(None, self.mapped("mrn")), *stays.mapped("number")},
        }

    def _get_own_names(self):
        """Return the names nobody else bears: a row by name alone may be another's.

        What is left of lists is deleted some days after they came in, in any case.
        """
        names = set(self.mapped("name"))
        domain = [
            ("id", "not in", self.ids),
            ("company_id", "in", self.company_id.ids),
            ("name", "in", list(names)),
        ]
        return names - set(self.search(domain).mapped("name"))

    def _get_forms(self, record, name):
        """Return the ways a protected number is written."""
        # sudo: nobody has access to the store; the number is compared, never shown
        store = self.env["followup.protected.value"].sudo()
        text = ""
        # a number whose key is gone can be read by nobody; the rest still goes
        with suppress(UserError):
            text = store._reveal(record._name, record.id, name) or ""
        if not text:
            return set()
        parsed = masking.parse(record._protected_fields[name], text)
        return {text, parsed.key, text.replace(" ", "")} if parsed else {text}

    # ------------------------------------------------------------
    # LISTS
    # ------------------------------------------------------------

    def _erase_lists(self, words):
        """Empty rejected rows about them and delete files that hold their row."""
        known = list(set().union(*words.values()))
        self.env["followup.import.line"].flush_model()
        self.env.cr.execute(
            SQL(
                "UPDATE followup_import_line SET number = NULL, patient_name = NULL,"
                " value = NULL, reason = NULL, correction = NULL, corrections = NULL"
                " WHERE company_id = ANY(%(companies)s) AND (number = ANY(%(words)s)"
                " OR patient_name = ANY(%(words)s) OR value = ANY(%(words)s)"
                " OR correction = ANY(%(words)s))",
                companies=self.company_id.ids,
                words=known,
            )
        )
        self.env["followup.import.line"].invalidate_model()
        self._erase_list_files(words)

    def _erase_list_files(self, words):
        # sudo: lists of the hospital, whoever brought them in
        lists = self.env["followup.import"].sudo().with_context(bin_size=False)
        for record in lists.search(
            [("company_id", "in", self.company_id.ids), ("file", "!=", False)]
        ):
            if not self._is_listed(base64.b64decode(record.file), words):
                continue
            if record.state != "done":
                raise UserError(
                    self.env._("A list with a row of this patient is not yet in.")
                )
            record._guarded().write({"file": False, "file_name": False})

    @api.model
    def _is_listed(self, content, words):
        """Tell whether a file names them; one that cannot be read counts as if."""
        try:
            rows = read_table(content)
        except TableError:
            return True
        known = set().union(*words.values())
        return any(
            not known.isdisjoint(cell.strip() for cell in row.cells) for row in rows
        )

    # ------------------------------------------------------------
    # MESSAGES, FILES, TRACES
    # ------------------------------------------------------------

    def _erase_trails(self, documents, numbers):
        """Delete what hangs on the rows: chatter, queues, to-dos, files, dialogs."""
        messages = self._find_named("mail.message", *MESSAGES, documents)
        # sudo: the message queue is closed to callers
        texts = self.env["sms.sms"].sudo()
        texts.search(
            ["|", ("mail_message_id", "in", messages.ids), ("number", "in", [*numbers])]
        ).unlink()
        messages.unlink()
        self._find_named("mail.activity", *ACTIVITIES, documents).unlink()
        self._find_named("ir.attachment", *ATTACHMENTS, documents).unlink()
        self._erase_logged_reasons(documents)
        self._erase_dialogs(documents)

    def _find_named(self, model, table, column, documents):
        self.env.cr.execute(
            SQL(
                "SELECT id FROM %(table)s WHERE (%(column)s, res_id) IN (%(pairs)s)",
                table=SQL.identifier(table),
                column=SQL.identifier(column),
                pairs=self._get_pairs(documents),
            )
        )
        # sudo: core's tables, whoever may read their rows
        return self.env[model].sudo().browse(row[0] for row in self.env.cr.fetchall())

    def _get_pairs(self, documents):
        pairs = [(name, id_) for name, rows in documents.items() for id_ in rows.ids]
        return SQL(
            "SELECT * FROM unnest(%s::text[], %s::int[])",
            [name for name, _id in pairs],
            [id_ for _name, id_ in pairs],
        )

    def _erase_logged_reasons(self, documents):
        """The log keeps who did what; only the words about the patient go."""
        self.env["followup.access.log"].flush_model()
        self.env.cr.execute(
            SQL(
                "UPDATE followup_access_log SET reason = NULL"
                " WHERE reason IS NOT NULL AND (res_model, res_id) IN (%s)",
                self._get_pairs(documents),
            )
        )

    def _erase_dialogs(self, documents):
        """Delete what dialogs about them still hold until the nightly clean-up."""
        prefixes = self._followup_prefixes()
        for name, model in self.env.registry.items():
            ours = name.startswith(prefixes)
            if not (model._transient and model._auto and ours):
                continue
            for field in model._fields.values():
                rows = documents.get(field.comodel_name)
                if field.type == "many2one" and field.store and rows:
                    # sudo: dialogs of whoever had one open
                    self.env[name].sudo().search(
                        [(field.name, "in", rows.ids)]
                    ).unlink()

    # ------------------------------------------------------------
    # THE RECORD ITSELF
    # ------------------------------------------------------------

    @api.model
    def _get_erase_paths(self):
        return ["id"]

    def _erase_rows(self):
        """Empty the record; what is left cannot be contacted, edited or found."""
        erased = super()._erase_rows()
        self.env.cr.execute(
            SQL(
                "UPDATE followup_patient SET name_masked = name, active = FALSE,"
                " birthdate = date_trunc('year', birthdate),"
                " deceased_date = date_trunc('month', deceased_date),"
                " do_not_contact = TRUE, do_not_contact_reason = %s,"
                " contact_blocked = TRUE, possible_duplicate = FALSE,"
                " anonymised_at = %s WHERE id = ANY(%s)",
                self.env._("Anonymised"),
                fields.Datetime.now(),
                list(self.ids),
            )
        )
        self.not_duplicate_ids = False
        return erased
