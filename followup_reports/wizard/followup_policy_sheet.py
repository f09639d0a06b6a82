# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import api, fields, models
from odoo.exceptions import AccessError


class FollowupPolicySheet(models.TransientModel):
    """The hospital's own rules, written from its configuration (section 4).

    Access: centre managers, complaint officers and administrators; it holds
    definitions only.
    """

    _name = "followup.policy.sheet"
    _description = "Policy Sheet"

    company_id = fields.Many2one(
        "res.company",
        string="Hospital",
        required=True,
        default=lambda self: self.env.company,
    )

    @api.constrains("company_id")
    def _check_own_company(self):
        if self.company_id - self.env.companies:
            raise AccessError(self.env._("Choose a hospital you work for."))

    def action_print(self):
        """Print the rules that hold today."""
        self.ensure_one()
        # sudo: the definition of the document; what it prints is checked there
        report = self.env.ref("followup_reports.followup_policy_sheet_report").sudo()
        return report.report_action(self)

    def action_make_version(self):
        """Take today's rules over into a draft that departments review (C-26)."""
        self.ensure_one()
        self.check_access("write")
        version = self.env["followup.policy.version"]._make(self.company_id)
        return {
            "type": "ir.actions.act_window",
            "res_model": version._name,
            "res_id": version.id,
            "views": [(False, "form")],
        }

    # ------------------------------------------------------------
    # RULES IN FORCE
    # ------------------------------------------------------------

    def _get_rules(self):
        """Return [[title, [[cell, ...], ...]], ...]: the rules of today in words."""
        return [
            [self.env._("Who is followed up, and when"), self._get_protocols()],
            [self.env._("Targets"), self._get_targets()],
            [self.env._("Complaints: how soon"), self._get_clocks()],
            [self.env._("Complaints: who approves"), self._get_approvals()],
            [self.env._("Reports: when"), self._get_calendar()],
            [self.env._("Rewards and deductions"), self._get_assessment()],
        ]

    def _get_own(self, model, domain=()):
        """Return definitions of the hospital and of all, as the reader may see."""
        own = [("company_id", "in", (False, self.company_id.id)), *domain]
        return self.env[model].search(own)

    @api.model
    def _label(self, record, name):
        field = record._fields[name]
        return dict(field._description_selection(self.env)).get(record[name]) or ""

    def _get_protocols(self):
        """Return [[protocol, clause, step, when and how]] of the active protocols."""
        return [
            [row.name, row.source_text or "", step.name or "", self._say_step(step)]
            for row in self._get_own("followup.protocol", [("state", "=", "active")])
            for step in row.step_ids or [row.step_ids]
        ]

    def _say_step(self, step):
        """Return when and how; nothing for a protocol without steps."""
        parts = (
            step.date_rule or "",
            self._label(step, "method"),
            self._label(step, "level"),
        )
        return " · ".join(part for part in parts if part)

    def _get_targets(self):
        """Return [[figure, holds for, value, clause]]."""
        return [
            [
                row.kpi_id.name,
                row.department_id.name
                or self._label(row, "unit_type")
                or self._label(row, "encounter_class")
                or self._label(row, "level")
                or self._label(row, "scope"),
                self._number(row.value) + ("%" if row.kpi_id.unit == "percent" else ""),
                row.source_text or "",
            ]
            for row in self._get_own("followup.target")
        ]

    def _get_clocks(self):
        """Return [[name, within, clause]] of the complaint clocks."""
        return [
            [
                row.name,
                f"{row.amount} {self._label(row, 'unit')}",
                row.source_text or "",
            ]
            for row in self._get_own("complaint.sla.policy")
        ]

    def _get_approvals(self):
        """Return [[name, when, who approves, within, clause]] of the approval tiers."""
        return [
            [
                row.name,
                row._say_why(),
                self.env._("Needs no approval") if row.passes else self._say_who(row),
                "" if row.passes else f"{row.amount} {self._label(row, 'unit')}",
                row.source_text or "",
            ]
            for row in self._get_own("complaint.approval.rule")
        ]

    def _say_who(self, rule):
        """Return who approves, and how many of them where one is not enough."""
        who = self._label(rule, "approver")
        if rule.minimum == 1:
            return who
        label = rule._fields["minimum"]._description_string(self.env)
        return f"{who} · {label}: {rule.minimum}"

    def _get_assessment(self):
        """Return [[for what, amount, who, clause]] of the rewards and penalty bands."""
        rewards = self.env["followup.reward.rule"]._find(self.company_id)
        found = self.env["followup.penalty.band"]._find(self.company_id)
        bands = [band.key for band in found]
        return [
            [
                self.env._("Each successful follow-up, level %(level)s", level=level),
                self._money(row),
                "",
                row.source_text or "",
            ]
            for level, row in sorted(rewards.items())
        ] + [
            [
                self.env._("Calls not made: %(share)s", share=row.display_name),
                self._money(row),
                self._label(row, "bearer"),
                row.source_text or "",
            ]
            for row in bands
        ]

    @api.model
    def _money(self, row):
        return f"{self._number(row.amount)} {row.currency_id.name}"

    @api.model
    def _number(self, value):
        """Return 95 as 95, 0.5 as 0.5 and a million with all its zeros."""
        return f"{value:.2f}".rstrip("0").rstrip(".")

    def _get_calendar(self):
        """Return [[name, due, clause]] of the report calendar."""
        return [
            [
                row.name,
                self._label(row, "due_kind")
                if row.due_kind == "end"
                else self.env._("Day %(day)s of the next month", day=row.due_day),
                row.source_text or "",
            ]
            for row in self._get_own("followup.report.schedule")
        ]


class FollowupPolicySheetDocument(models.AbstractModel):
    """The policy sheet on paper.

    Access: whoever chose it; it names no patient.
    """

    _name = "report.followup_reports.followup_policy_sheet"
    _description = "Printed Policy Sheet"
    _inherit = ["followup.document"]

    _document_model = "followup.policy.sheet"
    _document_page_numbers = True

    @api.model
    def _prepare_document(self, docs, words):
        docs.ensure_one()
        return {"sections": docs._get_rules()}
