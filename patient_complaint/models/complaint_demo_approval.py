# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Teams, findings and resolutions of the demo, and who has approved them."""

from odoo import fields, models

from ..demo import cases as told


class ComplaintDemo(models.AbstractModel):
    _inherit = "complaint.demo"

    def _fill_offices(self):
        """Heads approve for their departments, then quality office and presidents."""
        result = super()._fill_offices()
        if self.env.lang != "en_US":
            # an approval keeps the name of its tier, which is read from the po
            # files only after the demo otherwise
            modules = self.env["ir.module.module"]
            modules._load_module_terms(["patient_complaint"], [self.env.lang])
        group = self.env.ref("patient_complaint.complaint_group_approver")
        heads = [self._user(name) for name in told.HEADS]
        leader, quality = self._user("leader"), self._user("inspector")
        for user in (*heads, leader, quality):
            user.group_ids = [(4, group.id)]
        vice = self.env.ref("patient_complaint.demo_user_vice_president")
        self._company().write(
            {
                "complaint_president_id": leader.id,
                "complaint_vice_president_ids": [(6, 0, vice.ids)],
                "complaint_quality_user_ids": [(6, 0, quality.ids)],
            }
        )
        return result

    def _do_investigate(self, case):
        result = super()._do_investigate(case)
        for name, discipline in told.TEAM:
            user = self._user(name)
            member = case.env["complaint.member"].create(
                {"case_id": case.id, "user_id": user.id, "discipline": discipline}
            )
            self._as(user, member).action_clear()
        return result

    def _do_resolve(self, case):
        """Say what was found, then what the hospital proposes."""
        remedy = {"kind": "meeting", "note": told.REMEDY}
        self._resolve(case, remedy, settled_through="direct")

    def _do_resolve_paid(self, case):
        """So much money climbs to the president."""
        amount, note = told.PAID
        remedy = {"kind": "compensation", "amount": amount, "note": note}
        self._resolve(case, remedy, settled_through="mediation")

    def _resolve(self, case, remedy, **vals):
        cause = self.env.ref("patient_complaint.complaint_cause_communication")
        finding = {"finding": "partly", "lesson": told.REMEDY}
        case.issue_ids.write({**finding, "cause_ids": [(6, 0, cause.ids)]})
        case.env["complaint.evidence"].create(
            {
                "case_id": case.id,
                "name": told.EVIDENCE,
                "taken_at": fields.Datetime.now(),
            }
        )
        case.action_propose()
        case.env["complaint.resolution"].create(
            {
                "case_id": case.id,
                "explanation": told.WORDS["answer"],
                "apology": told.REMEDY,
                "rectification_needed": True,
                "remedy_ids": [(0, 0, remedy)],
                **vals,
            }
        )

    def _do_submit(self, case):
        case.action_submit()

    def _do_approve(self, case):
        """Everybody whose turn it is approves, tier after tier."""
        # sudo: whose turn it is, read for the demo only
        rows = case.sudo().approval_ids
        while pending := rows.filtered(lambda row: row.decision == "pending"):
            row = pending[:1]
            self._as(row.turn_user_ids[:1], row.sudo(False)).action_approve()
            rows.invalidate_recordset()
