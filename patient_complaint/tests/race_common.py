# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Committed cases that wait for two approvers, for tests with cursors of their own."""

from odoo import SUPERUSER_ID, api
from odoo.tests import new_test_user

from odoo.addons.patient_followup.tests.common import RaceCase

TABLES = (
    "complaint_approval",
    "complaint_remedy",
    "complaint_resolution",
    "complaint_clock",
    "complaint_issue",
)
GROUP = "patient_complaint.complaint_group_"


class ApprovalRaceCase(RaceCase):
    """One tier that two users may decide; every committed row is removed."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.case_ids = []
        cls.addClassCleanup(cls._clean_up)
        with cls.registry.cursor() as cr:
            cls._fill(api.Environment(cr, SUPERUSER_ID, {"tracking_disable": True}))

    @classmethod
    def _fill(cls, env):
        cls.company_id = env.ref("base.main_company").id
        users = [
            new_test_user(
                env,
                f"racing_{name}",
                groups=GROUP + role,
                company_id=cls.company_id,
                company_ids=[(6, 0, [cls.company_id])],
            ).id
            for name, role in (
                *(("office", "officer"), ("one", "approver"), ("two", "approver")),
            )
        ]
        cls.user_ids = users
        rules = env["complaint.approval.rule"]
        cls.preset_ids = rules.search([]).ids
        rules.browse(cls.preset_ids).active = False
        cls.rule_id = rules.create(
            {
                "name": "Race",
                "approver": "user",
                "user_ids": [(6, 0, users[1:])],
                "company_id": cls.company_id,
            }
        ).id

    @classmethod
    def _clean_up(cls):
        """Remove every committed row of the class."""
        with cls.registry.cursor() as cr:
            for table in TABLES:
                cr.execute(
                    f"DELETE FROM {table} WHERE case_id = ANY(%s)", [cls.case_ids]
                )
            for table, name in (
                ("mail_activity", "res_model"),
                ("mail_followers", "res_model"),
                ("mail_message", "model"),
            ):
                cr.execute(
                    f"DELETE FROM {table} WHERE {name} = 'complaint.case'"
                    " AND res_id = ANY(%s)",
                    [cls.case_ids],
                )
            cr.execute("DELETE FROM complaint_case WHERE id = ANY(%s)", [cls.case_ids])
            env = api.Environment(cr, SUPERUSER_ID, {"tracking_disable": True})
            env["complaint.approval.rule"].browse(cls.rule_id).unlink()
            env["complaint.approval.rule"].browse(cls.preset_ids).active = True
            users = env["res.users"].browse(cls.user_ids)
            partners = users.partner_id
            users.unlink()
            partners.unlink()
            cr.execute(
                "DELETE FROM followup_access_log"
                " WHERE res_model = 'res.users' AND res_id = ANY(%s)",
                [cls.user_ids],
            )

    def _env(self, cr, uid):
        context = {"allowed_company_ids": [self.company_id], "tracking_disable": True}
        return api.Environment(cr, uid, context)

    def _submitted(self, minimum, submit=True):
        """Return the ids of a new case and of its approvals."""
        with self.registry.cursor() as cr:
            env = self._env(cr, SUPERUSER_ID)
            env["complaint.approval.rule"].browse(self.rule_id).minimum = minimum
            env = self._env(cr, self.user_ids[0])
            category = env.ref("patient_complaint.complaint_category_process_waiting")
            issue = {"category_id": category.id, "finding": "not_upheld"}
            case = env["complaint.case"].create(
                {
                    "description": "x",
                    "track": "full",
                    "owner_id": env.uid,
                    "issue_ids": [(0, 0, issue)],
                }
            )
            self.case_ids.append(case.id)
            case.action_triage()
            case.action_start_investigation()
            case.action_propose()
            remedy = {"kind": "refund", "amount": 1}
            env["complaint.resolution"].create(
                {
                    "case_id": case.id,
                    "explanation": "x",
                    "remedy_ids": [(0, 0, remedy)],
                }
            )
            if submit:
                case.action_submit()
            return case.id, case.sudo().approval_ids.ids
