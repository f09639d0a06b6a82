# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""A hospital whose offices approve: a head, a vice president, a president."""

from .common import ComplaintCommon

APPROVER = "patient_complaint.complaint_group_approver"


class ApprovalCase(ComplaintCommon):
    """Users `head_a` (heads ward A), `vice`, `president`, `quality`, `deputy`."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        for login in ("vice", "president", "quality", "deputy"):
            setattr(cls, login, cls._office_user("approver", login))
        cls.company.write(
            {
                "complaint_president_id": cls.president.id,
                "complaint_vice_president_ids": [(6, 0, cls.vice.ids)],
                "complaint_quality_user_ids": [(6, 0, cls.quality.ids)],
            }
        )

    @classmethod
    def _rule(cls, approver, sequence, **vals):
        """Create a tier of the test hospital."""
        return cls.env["complaint.approval.rule"].create(
            {
                "name": f"Tier {approver}",
                "approver": approver,
                "sequence": sequence,
                "company_id": cls.company.id,
                **vals,
            }
        )

    @classmethod
    def _only_rules(cls, *rules):
        """Archive the presets; keep what is named as (approver, values)."""
        cls.env["complaint.approval.rule"].search([]).active = False
        made = cls.env["complaint.approval.rule"]
        for number, (approver, vals) in enumerate(rules, start=1):
            made |= cls._rule(approver, number * 10, **vals)
        return made

    def _three_tiers(self):
        return self._only_rules(
            ("department_head", {}), ("vice_president", {}), ("president", {})
        )

    def _proposed(self, **vals):
        """Return a case of ward A with a resolution that is still a draft."""
        case = self._ready(self._case(), department_id=self.department_a.id, **vals)
        case.action_triage()
        case.action_start_investigation()
        case.action_propose()
        self._resolve(case)
        return case

    def _resolve(self, case, **vals):
        rows = self.env["complaint.resolution"].with_user(self.specialist)
        return rows.create(
            {"case_id": case.id, "explanation": "The queue was too long", **vals}
        )

    def _submitted(self, **vals):
        case = self._proposed(**vals)
        case.action_submit()
        return case

    def _turn(self, case, user):
        """Return the approval that waits for a user, as that user."""
        rows = case.sudo().approval_ids.filtered(
            lambda row: row.decision == "pending" and user in row.turn_user_ids
        )
        return rows.with_user(user)

    def _decisions(self, case):
        rows = case.sudo().approval_ids.sorted(lambda row: (row.round, row.sequence))
        return [(row.round, row.sequence, row.decision) for row in rows]
