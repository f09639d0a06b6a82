# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""The small hospital of follow-up with a complaint office."""

from odoo import fields

from odoo.addons.patient_followup.tests.common import FollowupCase

OFFICE = "patient_complaint.complaint_group_"


class ComplaintCommon(FollowupCase):
    """Users `specialist`, `officer`, `investigator`, `approver` beside the rest."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        roles = ("specialist", "officer", "investigator", "approver")
        users = cls._quiet_users().create([cls._office_vals(role) for role in roles])
        for user in users.with_env(cls.env):
            setattr(cls, user.login, user)

    @classmethod
    def _office_vals(cls, role, login=None, company=None):
        vals = cls._user_vals(login or role, company=company)
        return {**vals, "group_ids": [(6, 0, cls.env.ref(OFFICE + role).ids)]}

    @classmethod
    def _office_user(cls, role, login=None, company=None):
        """Create a user who has one role of the complaint office only."""
        vals = cls._office_vals(role, login, company)
        return cls._quiet_users().create(vals).with_env(cls.env)

    def _case(self, user=None, **vals):
        """Register a case as the specialist does, received now by phone."""
        vals = {
            "description": "Waited three hours",
            "channel_id": self.env.ref("patient_complaint.complaint_channel_onsite").id,
            **vals,
        }
        cases = self.env["complaint.case"].with_user(user or self.specialist)
        return cases.with_company(self.company).create(vals)

    def _ready(self, case, **vals):
        """Fill in what the assessment needs."""
        case.write(
            {
                "track": "full",
                "owner_id": self.specialist.id,
                "issue_ids": [
                    (
                        0,
                        0,
                        {
                            "category_id": self.env.ref(
                                "patient_complaint.complaint_category_process_waiting"
                            ).id,
                            "finding": "not_upheld",
                        },
                    )
                ],
                **vals,
            }
        )
        return case

    def _tell(self, case, kind="answer", **vals):
        """Record that the complainant was told something, as the specialist."""
        vals = {
            "case_id": case.id,
            "kind": kind,
            "content": "We are sorry",
            "at": fields.Datetime.now(),
            **vals,
        }
        return self.env["complaint.feedback"].with_user(self.specialist).create(vals)

    def _approve(self, case):
        """Finish the investigation with a resolution that is approved already."""
        case.action_propose()
        rows = self.env["complaint.resolution"].with_user(self.specialist)
        row = rows.create({"case_id": case.id, "explanation": "We looked into it"})
        row = row.sudo()._guarded()
        row.write({"state": "approved", "content_hash": row._hash()})

    def _clock(self, case, kind, legal=False):
        return case.clock_ids.filtered(
            lambda clock: clock.kind == kind and clock.is_legal == legal
        )
