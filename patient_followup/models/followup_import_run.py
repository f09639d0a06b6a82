# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
import base64
from datetime import timedelta
from typing import NamedTuple

from odoo import api, fields, models
from odoo.exceptions import UserError

from ..tools import listing, tabular
from ..tools.spreadsheet import write_xlsx
from ..tools.tabular import TableError

BATCH = 500
# one unknown doctor stands in many rows: one line says it
TELL_ONCE = ("unknown_doctor", "ambiguous_doctor", "unknown_disposition")
RETENTION_DAYS = "patient_followup.import_retention_days"


class Entry(NamedTuple):
    """A row of the file: its number there, its cells and the row for `upsert`."""

    number: int
    cells: list
    row: dict


class Table(NamedTuple):
    header: listing.Header
    entries: list
    unknown: list


class FollowupImport(models.Model):
    """Reading the file and bringing it in, batch by batch."""

    _inherit = "followup.import"

    # ------------------------------------------------------------
    # READ
    # ------------------------------------------------------------

    def _read_table(self):
        """Return the `Table` of the file, or say what is wrong with it."""
        self.ensure_one()
        content = self.with_context(bin_size=False).file
        if not content:
            raise UserError(
                self.env._("Drop a file first, or its data were deleted meanwhile.")
            )
        index = listing.alias_index(self.profile_id._get_aliases())
        aliases = self.profile_id._get_aliases().values()
        hints = [name for names in aliases for name in names]
        try:
            rows = tabular.read_table(base64.b64decode(content), hints)
        except TableError as error:
            raise UserError(self._explain_table_error(error)) from error
        header = listing.find_header(rows, index)
        if not header:
            raise UserError(
                self.env._(
                    "No header was recognised. The first rows need columns such as"
                    " name, department and discharge date; add their titles to the"
                    " profile."
                )
            )
        entries = [self._read_entry(header, row) for row in rows[header.index + 1 :]]
        return Table(header, entries, header.unknown)

    def _read_entry(self, header, row):
        profile = self.profile_id
        values = listing.read_cells(header, row.cells)
        return Entry(
            row.number,
            row.cells,
            listing.to_row(
                values, profile.source, profile.encounter_class, profile.date_order
            ),
        )

    def _explain_table_error(self, error):
        _ = self.env._
        row, detail = error.row, error.detail
        texts = {
            "empty": _("The file holds no rows."),
            "too_big": _("The file is larger than %(mb)s MB.", mb=detail),
            "bomb": _("The file unpacks to far more than a list of patients: refused."),
            "broken": _("The spreadsheet is damaged: save it again as .xlsx."),
            "encoding": _(
                "The characters of the file cannot be read: save it as UTF-8."
            ),
            "quotes": _(
                "Row %(row)s: a quotation mark is opened and not closed.", row=row
            ),
            "too_many_rows": _(
                "More than %(count)s rows: split the list.", count=detail
            ),
            "too_many_columns": _(
                "Row %(row)s has more than %(count)s columns.", row=row, count=detail
            ),
            "cell_too_long": _(
                "Row %(row)s holds a text that is far too long.", row=row
            ),
            "format_xls": _("This is an old .xls file: save it as .xlsx or .csv."),
            "format_html": _("This is a web page, no list: save it as .xlsx or .csv."),
            "format_unknown": _("This is no list: use .xlsx or .csv."),
        }
        return texts.get(error.code) or texts["broken"]

    # ------------------------------------------------------------
    # WRITE
    # ------------------------------------------------------------

    def _import_batch(self, table, size=BATCH):
        """Bring the next rows in: stays, list of rejected rows and counts together."""
        start = self.next_row
        entries = table.entries[start : start + size]
        door = self._get_door()
        run = door._upsert_all([entry.row for entry in entries])
        counts = self._count_outcomes(run)
        counts["warning_count"] = self._keep_lines(table, entries, run, door)
        vals = {name: self[name] + count for name, count in counts.items()}
        vals["next_row"] = start + len(entries)
        self._guarded().write(vals)
        if self.next_row >= len(table.entries):
            self._finish()

    def _finish(self):
        clock = self.env["followup.clock"]
        now = fields.Datetime.now()
        due = clock._for_company(self.company_id).to_utc(
            self.list_date + timedelta(days=1), self.company_id.followup_list_hour
        )
        self._guarded().write(
            {"state": "done", "finished_at": now, "is_late": now > due}
        )
        self._close_alarms()

    def _keep_lines(self, table, entries, run, door):
        """List the rows that were rejected or need a look; count the latter (I-7)."""
        told = {
            (line.code, line.value) for line in self.line_ids if line.code in TELL_ONCE
        }
        for stay in run.stays:
            stay.warnings = [
                problem for problem in stay.warnings if not _is_told(problem, told)
            ]
        lines = (
            self.env["followup.import.line"]
            ._guarded()
            .create(
                [
                    self._prepare_line(table, entry, stay, door)
                    for entry, stay in zip(entries, run.stays, strict=True)
                    if stay.errors or stay.warnings
                ]
            )
        )
        return sum(line.state == "warning" for line in lines)

    def _prepare_line(self, table, entry, stay, door):
        state = "rejected" if stay.errors else "warning"
        return {
            "import_id": self.id,
            "company_id": self.company_id.id,
            "row": entry.number,
            "state": state,
            "number": str(entry.row.get("number") or "")[:100],
            "patient_name": str(entry.row.get("patient_name") or "")[:100],
            **self._prepare_problem(table, stay, door),
        }

    def _prepare_problem(self, table, stay, door):
        problems = stay.errors or stay.warnings
        field, code, _value = problems[0]
        value = stay.row.get(field)
        hidden = field in listing.PROTECTED_FIELDS or not isinstance(value, str)
        reasons = [door._upsert_reason(*problem) for problem in problems[:5]]
        return {
            "field_name": field,
            "title": listing.title_of(table.header, _COLUMNS.get(field, field)),
            "code": code,
            "reason": " ".join(reasons),
            "value": False if hidden else value[:200],
        }

    def _write_rejected_rows(self):
        """Return the rejected rows as XLSX, as they came, with their reasons."""
        lines = self.line_ids.filtered(lambda line: line.state == "rejected")
        table = self._read_table()
        by_row = {entry.number: entry for entry in table.entries}
        _ = self.env._
        rows = [[_("Row"), _("Reason"), *table.header.titles]]
        rows += [
            [line.row, line.reason, *by_row[line.row].cells]
            for line in lines
            if line.row in by_row
        ]
        return write_xlsx(rows, _("Rejected"))

    # ------------------------------------------------------------
    # JOBS
    # ------------------------------------------------------------

    @api.model
    def _get_cron(self):
        # sudo: a job is woken, nothing of it is shown or changed
        return self.env.ref("patient_followup.followup_import_cron").sudo()

    @api.model
    def _cron_import(self):
        """Finish the lists that are on their way, one commit a batch.

        Killed at any moment it goes on behind the last commit: rows, list of
        rejected rows and position are written together, and coming in twice
        changes nothing.
        """
        cron = self.env["ir.cron"]
        for record in self.search([("state", "=", "running")], order="id"):
            cron._commit_progress(remaining=record.row_count - record.next_row)
            try:
                if not record._import_on(cron):
                    return
            except UserError as error:
                # the file or the rights of the importer are gone: tell him
                self.env.cr.rollback()
                record._guarded().write({"state": "checked", "message": str(error)})
                cron._commit_progress()

    def _import_on(self, cron):
        """Import batches until done; return False where the time is over."""
        if not self.try_lock_for_update():
            return True  # another worker has it
        table = self._read_table()
        while self.state == "running":
            before = self.next_row
            self._import_batch(table)
            if not cron._commit_progress(self.next_row - before):
                return False
            if not self.try_lock_for_update():
                return True
        return True

    @api.autovacuum
    def _gc_personal_data(self):
        """Delete files and what rows show of patients some days later (Y-3)."""
        days = int(
            self.env["ir.config_parameter"].sudo().get_param(RETENTION_DAYS, 7)
        )  # sudo: one own setting
        limit = fields.Datetime.now() - timedelta(days=days)
        old = self.search(
            [
                ("state", "!=", "running"),
                ("write_date", "<", limit),
                ("file", "!=", False),
            ],
            limit=100,
        )
        old._purge()
        return len(old), len(old) == 100

    def _purge(self):
        self.line_ids._guarded().write(
            dict.fromkeys(("patient_name", "value", "correction", "corrections"), False)
        )
        self._guarded().write({"file": False, "file_name": False})

    # ------------------------------------------------------------
    # ALARM
    # ------------------------------------------------------------

    @api.model
    def _cron_alarm(self):
        """Tell the centre managers once that yesterday's list is not in (K-1)."""
        profiles = self.env["followup.import.profile"].search(
            [("is_expected_daily", "=", True)]
        )
        # every hospital, of which there are few
        companies = self.env["res.company"].search([])  # pylint: disable=no-search-all
        for company in companies:
            mine = profiles.filtered(
                lambda p, c=company: p.company_id in (c, c.browse())
            )
            self.with_company(company)._alarm_company(company, mine)

    def _alarm_company(self, company, profiles):
        clock = self.env["followup.clock"]
        today = clock._today(company)
        due = clock._for_company(company).to_utc(today, company.followup_list_hour)
        if fields.Datetime.now() < due or company.followup_list_alarm_day == today:
            return
        if not self._is_in_use(company):
            return
        day = today - timedelta(days=1)
        if all(self._is_list_in(company, profile, day) for profile in profiles):
            return
        company.followup_list_alarm_day = today
        self._create_alarms(company, today)

    @api.model
    def _is_in_use(self, company):
        """A hospital that never had a stay is not waiting for lists."""
        return bool(
            self.env["followup.encounter"].search_count(
                [("company_id", "=", company.id)], limit=1
            )
        )

    @api.model
    def _is_list_in(self, company, profile, day):
        """Tell whether the list, or stays by an interface, of the day came in."""
        if self.search_count(
            [
                ("company_id", "=", company.id),
                ("profile_id", "=", profile.id),
                ("list_date", "=", day),
                ("state", "=", "done"),
            ],
            limit=1,
        ):
            return True
        return bool(
            self.env["followup.encounter"].search_count(
                [
                    ("company_id", "=", company.id),
                    ("encounter_class", "=", profile.encounter_class),
                    ("discharge_day", "=", day),
                    ("source", "!=", "manual"),
                ],
                limit=1,
            )
        )

    @api.model
    def _create_alarms(self, company, today):
        """Give each manager of the hospital a personal to-do, in neutral words."""
        alarm_type = self.env.ref("patient_followup.mail_activity_type_list_missing")
        managers = self.env.ref("patient_followup.followup_group_centre_manager")
        users = managers.all_user_ids.filtered(
            lambda user: company in user.company_ids and not user.share
        )
        self.env["mail.activity"].create(
            [
                {
                    "activity_type_id": alarm_type.id,
                    "user_id": user.id,
                    "date_deadline": today,
                    "summary": self.with_context(lang=user.lang).env._(
                        "The discharge list of yesterday is missing"
                    ),
                }
                for user in users
            ]
        )

    def _close_alarms(self):
        """A list that came in late ends the to-do about it."""
        alarm_type = self.env.ref(
            "patient_followup.mail_activity_type_list_missing", raise_if_not_found=False
        )
        if not alarm_type:
            return
        # sudo: the to-dos of the other managers; only ours, by their own type
        self.env["mail.activity"].sudo().search(
            [
                ("activity_type_id", "=", alarm_type.id),
                ("res_model", "=", False),
                ("user_id.company_ids", "in", self.company_id.ids),
            ]
        ).unlink()


# what `upsert` calls a field and the column people see differ where it is composed
_COLUMNS = {"number": "inpatient_number", "contacts": "phone"}


def _is_told(problem, told):
    """Tell whether a warning stands in the list already, and remember it."""
    _field, code, value = problem
    if code not in TELL_ONCE:
        return False
    known = (code, value) in told
    told.add((code, value))
    return known
