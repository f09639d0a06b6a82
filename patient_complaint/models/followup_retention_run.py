# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""The lists of whose time is over hold cases without a patient as well (Y-1)."""

from odoo import api, fields, models


class FollowupRetentionRun(models.Model):
    _inherit = "followup.retention.run"

    case_line_ids = fields.One2many(
        "complaint.retention.line",
        "run_id",
        string="Cases to Anonymise",
        readonly=True,
    )
    case_count = fields.Integer("Number of Cases", compute="_compute_case_count")

    @api.depends("case_line_ids")
    def _compute_case_count(self):
        # sudo: approvers without detail see the figures
        for run in self.sudo():
            run.case_count = len(run.case_line_ids)

    @api.depends("case_line_ids.state")
    def _compute_counts(self):
        result = super()._compute_counts()
        # sudo: approvers without detail see the figures
        for run in self.sudo():
            states = run.case_line_ids.mapped("state")
            run.listed_count += states.count("listed")
            run.kept_count += states.count("kept")
            run.done_count += states.count("done")
        return result

    # ------------------------------------------------------------
    # PROPOSE
    # ------------------------------------------------------------

    @api.model
    def _is_any_due(self, policy, company, cut_off):
        lines = self.env["complaint.retention.line"]
        return super()._is_any_due(policy, company, cut_off) or bool(
            lines._find_due(policy, company, cut_off)
        )

    def _list_due(self):
        result = super()._list_due()
        self.case_line_ids.unlink()
        lines = self.env["complaint.retention.line"]
        cases = lines._find_due(self.policy_id, self.company_id, self.cut_off)
        obstacles = cases._get_retention_obstacles()
        lines.create(
            [
                {
                    "run_id": self.id,
                    "company_id": self.company_id.id,
                    "case_id": case.id,
                    "last_day": case.closed_at,
                    "state": "kept" if case.id in obstacles else "listed",
                    "obstacle": obstacles.get(case.id),
                }
                for case in cases
            ]
        )
        return result

    # ------------------------------------------------------------
    # CARRY OUT
    # ------------------------------------------------------------

    @api.model
    def _get_line_models(self):
        return [*super()._get_line_models(), "complaint.retention.line"]

    def _is_carried_out(self):
        waiting = self.case_line_ids.filtered(lambda line: line.state == "listed")
        return not waiting and super()._is_carried_out()

    def action_open_case_lines(self):
        """Open the cases of the list."""
        self.ensure_one()
        self.check_access("read")
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "patient_complaint.complaint_retention_line_action"
        )
        action["domain"] = [("run_id", "=", self.id)]
        return action
