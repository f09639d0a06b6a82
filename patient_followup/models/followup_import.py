# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
import base64
from collections import Counter
from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import UserError

from ..tools.guard import is_open

OUTCOMES = ("created", "updated", "unchanged", "rejected")
COUNTS = ("created_count", "updated_count", "unchanged_count", "rejected_count")


class FollowupImport(models.Model):
    """One discharge list brought in, with its result (A-14, K-1, I-7).

    Access: centre managers of the hospital only; the file holds patient data. It
    and all personal data of its rows are deleted some days after the import.
    """

    _name = "followup.import"
    _description = "Discharge List Import"
    _inherit = ["followup.guarded.mixin"]
    _order = "id desc"

    company_id = fields.Many2one(
        "res.company",
        required=True,
        index=True,
        default=lambda self: self.env.company,
    )
    profile_id = fields.Many2one(
        "followup.import.profile",
        string="Kind of List",
        required=True,
        default=lambda self: self._default_profile_id(),
    )
    file = fields.Binary(attachment=True, copy=False)
    file_name = fields.Char(copy=False)
    list_date = fields.Date(
        string="List of", help="Day whose discharges the list holds.", copy=False
    )
    state = fields.Selection(
        [
            ("draft", "New"),
            ("checked", "Checked"),
            ("running", "Importing"),
            ("done", "Imported"),
        ],
        default="draft",
        required=True,
        copy=False,
        index=True,
    )
    user_id = fields.Many2one(
        "res.users", string="Imported by", copy=False, index="btree_not_null"
    )
    row_count = fields.Integer(string="Rows", copy=False)
    next_row = fields.Integer(copy=False, help="Rows done so far.")
    progress = fields.Float(compute="_compute_progress")
    created_count = fields.Integer(string="New", copy=False)
    updated_count = fields.Integer(string="Updated", copy=False)
    unchanged_count = fields.Integer(string="Unchanged", copy=False)
    rejected_count = fields.Integer(string="Rejected", copy=False)
    warning_count = fields.Integer(string="Warnings", copy=False)
    task_count = fields.Integer(
        string="Tasks", copy=False, help="Tasks that new stays would give."
    )
    late_task_count = fields.Integer(
        string="Already Late",
        copy=False,
        help="Of these tasks, how many would be late at once.",
    )
    unknown_columns = fields.Char(string="Columns Not Used", copy=False)
    message = fields.Char(copy=False, help="Why the import stopped.")
    finished_at = fields.Datetime(string="Imported on", copy=False)
    is_late = fields.Boolean(
        string="Late", copy=False, help="Came in after the hour of the hospital."
    )
    line_ids = fields.One2many("followup.import.line", "import_id")
    rejected_file = fields.Binary(compute="_compute_rejected_file")
    rejected_name = fields.Char(compute="_compute_rejected_file")

    _guarded_fields = frozenset(
        {
            "state",
            "user_id",
            "row_count",
            "next_row",
            "warning_count",
            "task_count",
            "late_task_count",
            "unknown_columns",
            "message",
            "finished_at",
            "is_late",
            *COUNTS,
        }
    )

    # ------------------------------------------------------------
    # DEFAULTS / COMPUTE
    # ------------------------------------------------------------

    @api.model
    def _default_profile_id(self):
        return self.env["followup.import.profile"].search(
            [("company_id", "in", [self.env.company.id, False])], limit=1
        )

    @api.depends("profile_id", "list_date")
    def _compute_display_name(self):
        for record in self:
            day = fields.Date.to_string(record.list_date)
            record.display_name = " ".join(filter(None, [record.profile_id.name, day]))

    @api.depends("row_count", "next_row")
    def _compute_progress(self):
        for record in self:
            share = record.next_row / record.row_count if record.row_count else 0.0
            record.progress = min(share, 1.0) * 100

    @api.depends("line_ids")
    def _compute_rejected_file(self):
        for record in self:
            name = self.env._("rejected rows")
            record.rejected_name = f"{record.display_name} {name}.xlsx"
            content = record.rejected_count and record._write_rejected_rows()
            record.rejected_file = content and base64.b64encode(content)

    # ------------------------------------------------------------
    # CRUD
    # ------------------------------------------------------------

    def write(self, vals):
        if {"file", "profile_id", "company_id"} & set(vals) and not is_open(self.env):
            if any(record.state in ("running", "done") for record in self):
                raise UserError(
                    self.env._("This list is in already: start a new import.")
                )
            self.line_ids.unlink()
            self._guarded().write({"state": "draft"})
        return super().write(vals)

    def _read_format(self, fnames, load="_classic_read"):
        """Log who reads the file itself; its name and size are free (Y-2)."""
        self.env["followup.access.log"]._log_file(self, fnames)
        return super()._read_format(fnames, load)

    @api.ondelete(at_uninstall=False)
    def _unlink_except_running(self):
        if any(record.state == "running" for record in self):
            raise UserError(self.env._("Wait until the list is in."))

    # ------------------------------------------------------------
    # ACTIONS
    # ------------------------------------------------------------

    def action_check(self):
        """Dry run: say what the list would change, and what is wrong with it."""
        self.ensure_one()
        self.check_access("write")
        if self.state not in ("draft", "checked"):
            raise UserError(self.env._("This list is in already: start a new import."))
        table = self._read_table()
        door = self._get_door()
        run = door._upsert_check([entry.row for entry in table.entries])
        self._guarded().write(
            {
                **self._count_outcomes(run),
                **self._preview_tasks(run),
                "state": "checked",
                "row_count": len(table.entries),
                "next_row": 0,
                "unknown_columns": ", ".join(table.unknown)[:500] or False,
                "list_date": self.list_date or self._guess_list_date(run),
            }
        )
        self.line_ids.unlink()
        warnings = self._keep_lines(table, table.entries, run, door)
        self._guarded().write({"warning_count": warnings})

    def action_import(self):
        """Bring the list in; what does not fit into one go a job finishes."""
        self.ensure_one()
        self.check_access("write")
        if self.state == "draft":
            self.action_check()
        if self.state != "checked":
            raise UserError(self.env._("This list is in already: start a new import."))
        self.line_ids.unlink()
        self._guarded().write(
            {
                **dict.fromkeys(COUNTS, 0),
                "state": "running",
                "user_id": self.env.uid,
                "message": False,
                "warning_count": 0,
                "next_row": 0,
            }
        )
        table = self._read_table()
        self._import_batch(table)
        if self.state == "running":
            self._get_cron()._trigger()

    def action_retry(self):
        """Bring in the rejected rows again, with their corrections."""
        self.ensure_one()
        self.check_access("write")
        if self.state != "done":
            raise UserError(self.env._("Import the list first."))
        lines = self.line_ids.filtered(lambda line: line.state == "rejected")
        table = self._read_table()
        by_row = {entry.number: entry for entry in table.entries}
        entries = [by_row[line.row] for line in lines if line.row in by_row]
        for line in lines:
            if line.row in by_row:
                line._apply_correction(by_row[line.row])
        self._retry_entries(table, entries, lines)

    def _retry_entries(self, table, entries, lines):
        door = self._get_door()
        run = door._upsert_all([entry.row for entry in entries])
        counts = Counter(stay.outcome for stay in run.stays)
        done = {
            e.number for e, s in zip(entries, run.stays, strict=True) if not s.errors
        }
        lines.filtered(lambda line: line.row in done)._guarded().write(
            {"state": "solved"}
        )
        lines.filtered(lambda line: line.state == "rejected")._relabel(
            table, entries, run, door
        )
        self._guarded().write(
            {
                "created_count": self.created_count + counts["created"],
                "updated_count": self.updated_count + counts["updated"],
                "unchanged_count": self.unchanged_count + counts["unchanged"],
                "rejected_count": self.rejected_count - len(done),
            }
        )

    def action_download_rejected(self):
        """Give the rejected rows out as a file, with their reasons."""
        self.ensure_one()
        self.check_access("read")
        self.env["followup.access.log"]._log(
            "export", self, "file", self.env._("Rejected rows of a list")
        )
        return {
            "type": "ir.actions.act_url",
            "target": "download",
            "url": f"/web/content/followup.import/{self.id}/rejected_file"
            "?download=true&filename_field=rejected_name",
        }

    def action_open_stays(self):
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "patient_followup.followup_encounter_action"
        )
        action["domain"] = [
            ("discharge_day", "=", fields.Date.to_string(self.list_date))
        ]
        action["context"] = {}
        return action

    # ------------------------------------------------------------
    # PARTS
    # ------------------------------------------------------------

    def _get_door(self):
        """Return the stays with the rights of who imports, in his hospital."""
        user = self.user_id or self.env.user
        return (
            self.env["followup.encounter"]
            .with_user(user)
            ._unguarded()
            .with_context(
                allowed_company_ids=self.company_id.ids, tracking_disable=True
            )
        )

    def _count_outcomes(self, run):
        counts = Counter(stay.outcome for stay in run.stays)
        return {f"{key}_count": counts[key] for key in OUTCOMES}

    def _preview_tasks(self, run):
        """Count the tasks the new stays would give, and the late ones."""
        company_id = self.company_id.id
        found = (
            self.env["followup.protocol"]
            .with_context(allowed_company_ids=self.company_id.ids)
            ._preview(
                [
                    {
                        "encounter_class": "inpatient",
                        **stay.vals,
                        "birthdate": stay.patient.get("birthdate"),
                        "source": stay.source,
                        "number": stay.number,
                        "company_id": company_id,
                    }
                    for stay in run.stays
                    if stay.outcome == "created"
                ]
            )
        )
        return {"task_count": found["tasks"], "late_task_count": found["late"]}

    def _guess_list_date(self, run):
        """Return the day most rows are discharged on, else yesterday."""
        days = Counter(
            day
            for stay in run.stays
            if (day := stay.calendar and stay.day("discharge_date"))
        )
        if days:
            return days.most_common(1)[0][0]
        return self.env["followup.clock"]._today(self.company_id) - timedelta(days=1)
