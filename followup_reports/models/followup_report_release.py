# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError

from .followup_report_page import Page

LEADER = "patient_followup.followup_group_leader"


class FollowupReportRelease(models.Model):
    """A report for the intranet or for patients: no figure under five (K-8, K-13).

    Its words are fixed when it is proposed; somebody else releases them (I-11).
    Employees and visitors read the pages, never this model.

    Access: whoever makes reports proposes, leaders release. Nobody writes.
    """

    _name = "followup.report.release"
    _description = "Published Report"
    _inherit = ["followup.guarded.mixin"]
    _order = "id desc"
    _rec_name = "title"

    run_id = fields.Many2one(
        "followup.report.run",
        string="Report",
        required=True,
        index=True,
        ondelete="restrict",
    )
    company_id = fields.Many2one("res.company", string="Hospital", required=True)
    code = fields.Char(required=True)
    title = fields.Char(required=True)
    audience = fields.Selection(
        [("internal", "Employees"), ("public", "Everybody")],
        required=True,
        default="internal",
    )
    state = fields.Selection(
        [
            ("proposed", "Waits for Release"),
            ("released", "Released"),
            ("withdrawn", "Withdrawn"),
        ],
        required=True,
        default="proposed",
    )
    content = fields.Html(sanitize=False, required=True)
    proposed_by_id = fields.Many2one("res.users", required=True, ondelete="restrict")
    released_by_id = fields.Many2one("res.users", ondelete="restrict")
    released_at = fields.Datetime()

    _guarded_fields = frozenset(
        {"run_id", "company_id", "code", "title", "audience", "state", "content"}
        | {"proposed_by_id", "released_by_id", "released_at"}
    )
    _released_idx = models.Index("(company_id, audience) WHERE state = 'released'")

    @api.ondelete(at_uninstall=False)
    def _unlink_except_never(self):
        raise AccessError(self.env._("What was published stays on record."))

    def action_release(self):
        """Publish it, as somebody else than the proposer."""
        self._check_leader()
        if any(row.state != "proposed" for row in self):
            raise UserError(self.env._("There is nothing to release."))
        if self.env.user in self.proposed_by_id:
            raise AccessError(self.env._("Somebody else releases it."))
        self._set(
            state="released",
            released_by_id=self.env.uid,
            released_at=fields.Datetime.now(),
        )

    def action_withdraw(self):
        """Take it off the pages again."""
        self._check_leader()
        self._set(state="withdrawn")

    def _check_leader(self):
        self.check_access("read")
        if not self.env.user.has_group(LEADER):
            raise AccessError(self.env._("A leader releases reports."))

    def _set(self, **vals):
        # sudo: the role was checked; states are written by these methods only
        self.sudo()._guarded().write(vals)

    @api.model
    def _get_published(self, audiences, companies=None, limit=24):
        """Return what pages show, the newest first.

        :param audiences: which audiences
        :param companies: only of these hospitals; None: of all
        """
        domain = [("state", "=", "released"), ("audience", "in", audiences)]
        if companies is not None:
            domain.append(("company_id", "in", companies.ids))
        # sudo: released words are meant for readers without any right here
        rows = self.sudo().search(
            domain, limit=limit, order="released_at desc, id desc"
        )
        return [
            {"hospital": row.company_id.name, "title": row.title, "text": row.content}
            for row in rows
        ]


class FollowupReportRun(models.Model):
    _inherit = "followup.report.run"

    def action_publish_internal(self):
        """Propose the report for the intranet (K-8)."""
        return self._publish("internal")

    def action_publish_public(self):
        """Propose the report for everybody (K-13)."""
        return self._publish("public")

    def _publish(self, audience):
        self.ensure_one()
        self.check_access("read")
        self._check_may_produce(self.code)
        if audience == "public":
            self._check_may_be_public()
        page = Page(self, published=True)
        # sudo: the role was checked; rows are written by this method only
        row = (
            self.env["followup.report.release"]
            .sudo()
            ._guarded()
            .create(
                {
                    "run_id": self.id,
                    "company_id": self.company_id.id,
                    "code": self.code,
                    "title": f"{self._get_title()} {self.period}",
                    "audience": audience,
                    "content": self._render_published(page),
                    "told": page.told,
                    "left_out_count": page.left_out_count,
                    "proposed_by_id": self.env.uid,
                }
            )
        )
        return {
            "type": "ir.actions.act_window",
            "res_model": row._name,
            "res_id": row.id,
            "views": [(False, "form")],
        }

    def _check_may_be_public(self):
        """Refuse what changes or is told again by a longer report (K-13)."""
        if self.period_kind == "half_month":
            raise UserError(
                self.env._("Half months are for employees: publish the month.")
            )
        if self.date_to >= self.env["followup.clock"]._today(self.company_id):
            raise UserError(self.env._("This period is not over: publish it then."))

    def _render_published(self, page):
        """Return the report without small figures and without its maker."""
        matrix = self._get_matrix(published=True, page=page)
        matrix.facts = []
        return self.env["ir.qweb"]._render(
            "followup_reports.matrix_body", {"matrix": matrix, "on_screen": True}
        )
