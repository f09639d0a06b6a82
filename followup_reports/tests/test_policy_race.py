# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""The last two departments answer at once: the leaders are told (C-26)."""

from threading import Barrier, Thread

from odoo import SUPERUSER_ID, api
from odoo.tests import tagged
from odoo.tools import mute_logger

from odoo.addons.patient_followup.tests.common import RaceCase

GROUPS = {
    "head_1": "patient_followup.followup_group_department_head",
    "head_2": "patient_followup.followup_group_department_head",
    "leader": "patient_followup.followup_group_leader",
}


@tagged("post_install", "-at_install")
class TestPolicyRace(RaceCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        with cls.registry.cursor() as cr:
            env = api.Environment(cr, SUPERUSER_ID, {"no_reset_password": True})
            # named anew: what a run before committed stays, archived
            name = f"Policy Race {env.cr.now()}"
            company = env["res.company"].create({"name": name})
            cls.company_id = company.id
            cls.user_ids = {
                role: cls._user(env, company, f"{role} {name}", group).id
                for role, group in GROUPS.items()
            }
            units = env["hr.department"]
            for role in ("head_1", "head_2"):
                head = env["hr.employee"].create(
                    {
                        "name": role,
                        "user_id": cls.user_ids[role],
                        "company_id": company.id,
                    }
                )
                units += units.create(
                    {"name": role, "company_id": company.id, "manager_id": head.id}
                )
            version = env["followup.policy.version"]._make(company)
            version.write({"summary": "x", "department_ids": units.ids})
            version.action_submit()
            cls.version_id = version.id
        cls.addClassCleanup(cls._forget)

    @classmethod
    def _user(cls, env, company, login, group):
        return env["res.users"].create(
            {
                "name": login,
                "login": login,
                "company_id": company.id,
                "company_ids": [(6, 0, company.ids)],
                "group_ids": [
                    (6, 0, [env.ref("base.group_user").id]),
                    (4, env.ref(group).id),
                ],
            }
        )

    @classmethod
    def _forget(cls):
        with cls.registry.cursor() as cr:
            env = api.Environment(cr, SUPERUSER_ID, {})
            version = env["followup.policy.version"].browse(cls.version_id)
            version.activity_ids.unlink()
            cr.execute(
                "DELETE FROM followup_policy_version WHERE id = %s", (cls.version_id,)
            )
            env["res.users"].browse(cls.user_ids.values()).active = False
            env["hr.department"].search(
                [("company_id", "=", cls.company_id)]
            ).active = False
            env["res.company"].browse(cls.company_id).active = False

    def _agree(self, role, start, answers):
        with self.registry.cursor() as cr:
            env = api.Environment(cr, self.user_ids[role], {})
            version = env["followup.policy.version"].browse(self.version_id)
            version.mapped(
                "state"
            )  # the snapshot of both is taken before either writes
            start.wait()
            try:
                version.action_agree()
                env.flush_all()
                env.cr.commit()  # commit: what a request does at its end
                answers[role] = "answered"
            except Exception as error:  # noqa: BLE001  the loser starts over
                cr.rollback()
                answers[role] = type(error).__name__

    @mute_logger("odoo.sql_db")
    def test_of_two_last_answers_the_later_one_starts_over_and_tells_leaders(self):
        start, answers = Barrier(2), {}
        threads = [
            Thread(target=self._agree, args=(role, start, answers))
            for role in ("head_1", "head_2")
        ]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join(60)
        losers = [role for role in answers if answers[role] != "answered"]
        self.assertEqual(len(losers), 1)
        self.assertIn(answers[losers[0]], ("SerializationFailure", "LockError"))
        self._agree(losers[0], Barrier(1), answers)  # as Odoo or the user tries again
        with self.registry.cursor() as cr:
            env = api.Environment(cr, SUPERUSER_ID, {})
            version = env["followup.policy.version"].browse(self.version_id)
            self.assertEqual(version.answer_count, 2)
            told = version.activity_ids.user_id.ids
        self.assertEqual(told, [self.user_ids["leader"]])
