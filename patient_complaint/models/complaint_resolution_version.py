# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Versions of a resolution: what was submitted stays as it was (I-9)."""

from odoo import fields, models
from odoo.exceptions import UserError

from .complaint_resolution import CONTENT


class ComplaintResolution(models.Model):
    _inherit = "complaint.resolution"

    def _take_over(self):
        """Become the current version of the case."""
        self.ensure_one()
        # sudo: engine write, the caller was checked in create
        case = self.sudo()._guarded().case_id
        others = case.resolution_ids - self
        others._replace(self.env._("Another version was written."))
        self.with_env(case.env).write(
            {
                "version": max(others.mapped("version"), default=0) + 1,
                "proposer_ids": [(4, self.env.uid)],
            }
        )

    def _replace(self, reason):
        """Void what is current; for the engine only."""
        for row in self.filtered(lambda row: row.state != "superseded"):
            row._void(reason)
            row.write({"state": "superseded"})

    def _before_change(self):
        """Let the content change: keep what was submitted, void its approvals."""
        self.ensure_one()
        self.check_access("write")
        self._check_open_case()
        # sudo: engine write after the checks above
        row = self.sudo()._guarded()
        if row.state == "superseded":
            row._raise_replaced()
        # a draft, too: it may be submitted just now
        row._lock()
        if row.content_hash:
            row._keep()

    def _keep(self):
        """Store the submitted content as a version of its own; become a draft."""
        self._void(self.env._("The resolution was changed."))
        vals = {name: self[name] for name in self._get_kept_names()}
        number = self.version
        self.write(
            {
                "version": max(self.case_id.resolution_ids.mapped("version")) + 1,
                "state": "draft",
                "content_hash": False,
                "submitted_at": False,
                "submitted_by_id": False,
                "approved_at": False,
                "passed_by": False,
                "round": 0,
            }
        )
        self.flush_recordset()
        kept = self.create(
            {
                **vals,
                "case_id": self.case_id.id,
                "version": number,
                "state": "superseded",
                "submitted_by_id": vals["submitted_by_id"].id,
                "proposer_ids": [(6, 0, self.proposer_ids.ids)],
            }
        )
        for remedy in self.remedy_ids:
            remedy.copy({"resolution_id": kept.id})
        self.approval_ids.write({"resolution_id": kept.id})

    def _get_kept_names(self):
        return (
            *CONTENT,
            *("submitted_at", "submitted_by_id", "approved_at", "passed_by"),
            *("content_hash", "round", "decision_count"),
        )

    def _void(self, reason):
        """Its approvals count no more; the case goes back to its resolution."""
        self.approval_ids._void(reason)
        case = self.case_id
        if case.state == "approval" and self.state == "submitted":
            case.write({"state": "resolution"})
        case._refresh_approvers()

    def _raise_replaced(self):
        raise UserError(
            self.env._("%(name)s was replaced by a later one.", name=self.display_name)
        )

    def _lock(self):
        """Let decisions and changes of one resolution follow one another.

        Whoever comes second fails to serialize, is run again, and sees the first.
        """
        self.env.cr.execute(
            "UPDATE complaint_resolution SET decision_count ="
            " COALESCE(decision_count, 0) + 1 WHERE id = ANY(%s)",
            (list(self.ids),),
        )
        self.invalidate_recordset(["decision_count"])

    def _submit(self):
        """Freeze the tiers, or pass where a rule says so; for the engine only."""
        self.ensure_one()
        case = self.case_id
        rules = case._get_rules(self)
        waiver = rules.filtered("passes")[:1]
        now = fields.Datetime.now()
        vals = {
            "submitted_at": now,
            "submitted_by_id": self.env.uid,
            "proposer_ids": [(4, self.env.uid)],
            "content_hash": self._hash(),
            "decision_count": self.decision_count + 1,
        }
        if waiver:
            vals |= {"state": "approved", "approved_at": now, "passed_by": waiver.name}
            self.write(vals)
            return
        tiers = case._get_tiers(self, rules)
        case._check_tiers(tiers)
        number = max(case.approval_ids.mapped("round"), default=0) + 1
        self.write({**vals, "state": "submitted", "round": number})
        # ahead of its approvals: whoever comes second fails here, as in `_lock`
        self.flush_recordset()
        case.write({"state": "approval"})
        self.env["complaint.approval"]._freeze_round(self, tiers)
