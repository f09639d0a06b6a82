# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""What patients suggest, in neutral words, to the leaders by the 5th (K-6, O-4)."""

from odoo import api, fields, models
from odoo.exceptions import ValidationError
from odoo.tools import SQL

from ..tools.matrix import Cell, Column, Row, Table
from .followup_report_figures import SECTIONS
from .followup_report_matrix import LAYOUTS

KINDS = ("opinion", "suggestion")
SECTIONS["suggestions"] = ("suggestions", "opinions")
LAYOUTS["suggestions"] = ("_table_suggestions", "_table_opinions")


class FollowupReportSuggestion(models.Model):
    """A reasonable suggestion, worded anew so that it tells of no patient (K-6).

    Leaders read the wording in their list; the words of the patient stay with the
    concern and whoever may read it.

    Access: centre managers word them, inspectors read; others read the report.
    """

    _name = "followup.report.suggestion"
    _description = "Suggestion for the Leaders"
    _order = "raised_day desc, id desc"
    _rec_name = "wording"
    _check_company_auto = True
    _erase_fields = ("wording", "proposal")
    _erase_link = "concern_id"

    company_id = fields.Many2one(
        "res.company",
        string="Hospital",
        required=True,
        default=lambda self: self.env.company,
    )
    concern_id = fields.Many2one(
        "followup.concern",
        string="Opinion",
        index="btree_not_null",
        ondelete="set null",
        check_company=True,
        domain=[("kind", "in", KINDS)],
    )
    department_id = fields.Many2one(
        "hr.department",
        compute="_compute_from_concern",
        store=True,
        readonly=False,
        precompute=True,
        index="btree_not_null",
        check_company=True,
    )
    raised_day = fields.Date(
        string="Raised",
        required=True,
        compute="_compute_from_concern",
        store=True,
        readonly=False,
        precompute=True,
    )
    wording = fields.Text(
        string="Suggestion",
        required=True,
        help="In neutral words: no name, no bed, no day, no illness.",
    )
    proposal = fields.Text(help="What the hospital could do.")

    _concern_uniq = models.UniqueIndex(
        "(concern_id) WHERE concern_id IS NOT NULL", "This is in the list already."
    )

    @api.depends("concern_id")
    def _compute_from_concern(self):
        clock = self.env["followup.clock"]
        for row in self:
            concern = row.concern_id
            if concern:
                row.department_id = concern.department_id
                row.raised_day = clock._local_date(
                    concern.company_id, concern.raised_at
                )
            else:
                row.department_id = row.department_id
                row.raised_day = row.raised_day or clock._today(row.company_id)

    @api.constrains("concern_id")
    def _check_concern(self):
        for concern in self.concern_id:
            concern.check_access("read")
            if concern.kind not in KINDS:
                raise ValidationError(
                    self.env._("Only opinions and suggestions go into this list.")
                )


class FollowupReportRun(models.Model):
    _inherit = "followup.report.run"

    def _sql_suggestions(self):
        """Suggestions raised in the period: the wording is frozen with the run."""
        return SQL(
            """
            SELECT 'suggestions', department_id, NULL, id::text,
                   jsonb_build_object('en_US', wording, 'proposal', proposal),
                   'suggestions', 1, NULL::bigint
              FROM followup_report_suggestion
             WHERE company_id = %(company)s
               AND raised_day BETWEEN %(first)s AND %(last)s AND %(department)s
            """,
            company=self.company_id.id,
            first=self.date_from,
            last=self.date_to,
            department=self._of_department(SQL("department_id")),
        )

    def _protect_lines(self):
        """A wording is no figure: it tells of no patient."""
        result = super()._protect_lines()
        self._update_lines(
            SQL(
                "UPDATE followup_report_line SET is_small = FALSE"
                " WHERE run_id = %s AND section = 'suggestions'",
                self.id,
            )
        )
        return result

    def _table_suggestions(self, page):
        columns = [
            Column("suggestions", self.env._("Suggestion"), "text"),
            Column(":proposal", self.env._("Proposal"), "text"),
        ]
        title, subject = self.env._("Suggestions of patients"), self.env._("Department")
        table = Table("suggestions", title, subject, columns)
        for place, line in page.lines.items():
            if place[0] == "suggestions":
                names = line.key_names
                words = [names.get("en_US"), names.get("proposal")]
                label = page._in_lang(line.department_names)
                cells = [Cell("text", word or "") for word in words]
                table.rows.append(Row(label, cells, department=place[2]))
        table.rows.sort(key=lambda row: row.label)
        yield table
