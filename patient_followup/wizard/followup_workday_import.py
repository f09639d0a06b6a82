# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
import base64
import binascii

from odoo import api, fields, models
from odoo.exceptions import UserError

from ..tools.workday_file import read_workday_file

MAX_SHOWN_PROBLEMS = 20


class FollowupWorkdayImport(models.TransientModel):
    """Takes over the published holidays and make-up workdays of a year (I-6).

    A file with one bad line imports nothing; the same file imports once (I-2).

    Access: centre managers and administrators, as the days themselves.
    """

    _name = "followup.workday.import"
    _description = "Import of Public Holidays"

    file = fields.Binary(attachment=False)
    filename = fields.Char()
    company_id = fields.Many2one(
        "res.company",
        string="Hospital",
        default=lambda self: self._default_company_id(),
        help="Empty for all hospitals.",
    )
    calendar_id = fields.Many2one(
        "resource.calendar", string="Working Time", help="Empty for all."
    )
    missing_warning = fields.Char(compute="_compute_missing_warning")

    @api.model
    def _default_company_id(self):
        shared = self.env["followup.workday.exception"]._may_edit_shared()
        return False if shared else self.env.company

    @api.depends("company_id")
    def _compute_missing_warning(self):
        days = self.env["followup.workday.exception"]
        for wizard in self:
            company = wizard.company_id or self.env.company
            today = self.env["followup.clock"]._today(company)
            next_year = today.replace(year=today.year + 1, month=1, day=1)
            wizard.missing_warning = days._missing_years_warning(
                company, today, next_year
            )

    def action_import(self):
        """Import the file and show what it changed."""
        self.ensure_one()
        counts = self._import_lines(self._read_lines())
        return {
            "type": "ir.actions.client",
            "tag": "display_notification",
            "params": {
                "type": "success",
                "message": self.env._(
                    "%(created)s days added, %(updated)s changed,"
                    " %(unchanged)s already known.",
                    **counts,
                ),
                "next": {"type": "ir.actions.act_window_close"},
            },
        }

    def _read_lines(self):
        if not self.file:
            raise UserError(self.env._("Choose the file of the year first."))
        try:
            content = base64.b64decode(self.file)
        except binascii.Error as error:
            raise UserError(self.env._("This file cannot be read.")) from error
        lines, problems = read_workday_file(content)
        if problems:
            raise UserError(self._say_problems(problems))
        return lines

    def _import_lines(self, lines):
        """Create or correct a day per line.

        :return: {"created", "updated", "unchanged": number of days}
        """
        known = self._get_known_days(lines)
        counts = {"created": 0, "updated": 0, "unchanged": 0}
        new_vals = []
        for line in lines:
            day = known.get(line.date)
            vals = {"is_workday": line.is_workday, "name": line.name, "active": True}
            if not day:
                new_vals.append(self._prepare_day(line.date) | vals)
                counts["created"] += 1
            elif any(day[name] != value for name, value in vals.items()):
                day.write(vals)
                counts["updated"] += 1
            else:
                counts["unchanged"] += 1
        self.env["followup.workday.exception"].create(new_vals)
        return counts

    def _get_known_days(self, lines):
        """Return {date: day}, archived days too: they are the same days."""
        days = self.env["followup.workday.exception"].with_context(active_test=False)
        found = days.search(
            [
                ("date", "in", [line.date for line in lines]),
                ("company_id", "=", self.company_id.id),
                ("calendar_id", "=", self.calendar_id.id),
            ]
        )
        return {day.date: day for day in found}

    def _prepare_day(self, date):
        return {
            "date": date,
            "company_id": self.company_id.id,
            "calendar_id": self.calendar_id.id,
        }

    # ------------------------------------------------------------
    # PROBLEMS IN WORDS
    # ------------------------------------------------------------

    def _say_problems(self, problems):
        texts = [self._say_problem(one) for one in problems[:MAX_SHOWN_PROBLEMS]]
        if len(problems) > MAX_SHOWN_PROBLEMS:
            left = len(problems) - MAX_SHOWN_PROBLEMS
            texts.append(self.env._("and %(count)s more lines", count=left))
        heading = self.env._("Nothing was imported. Correct the file first:")
        return "\n".join([heading, *texts])

    def _say_problem(self, problem):
        reason = self._get_reasons(problem.value)[problem.code]
        if not problem.line:
            return reason
        return self.env._("Line %(line)s: %(reason)s", line=problem.line, reason=reason)

    def _get_reasons(self, value):
        return {
            "too_big": self.env._("The file is larger than %(size)s kB.", size=value),
            "too_long": self.env._("It has more than %(count)s lines.", count=value),
            "encoding": self.env._("It is no CSV text in UTF-8 or GB18030."),
            "empty": self.env._("It holds no day."),
            "columns": self.env._(
                "three columns are needed: date, workday (1 or 0), name; found"
                " %(count)s",
                count=value,
            ),
            "date": self.env._(
                "“%(value)s” is no date such as 2026-10-01", value=value
            ),
            "workday": self.env._(
                "“%(value)s” is neither 1 (workday) nor 0 (holiday)", value=value
            ),
            "name": self.env._(
                "a name of at most %(count)s characters is needed", count=value
            ),
            "duplicate": self.env._(
                "the same day already stands in line %(line)s", line=value
            ),
        }
