# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""A doctor, a specialist elsewhere and a patient, for the tests of concerns."""

from odoo.tests import freeze_time

from .common import FollowupCase

# Thursday 10:00 in Shanghai
MORNING = "2026-03-05 02:00:00"


class ConcernCase(FollowupCase):
    """`doctor` treats in ward A, `expert` works in ward B; headed by `head_b`."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.doctor = cls._user("doctor", "ward_caller")
        cls.expert = cls._user("expert", "ward_caller")
        cls.head_b = cls._user("head_b", "department_head")
        cls._join(cls.doctor, cls.department_a, "doctor")
        cls._join(cls.expert, cls.department_b, "doctor")
        cls.department_b.manager_id = cls._employee(cls.head_b)
        with freeze_time(MORNING):
            cls.stay = cls._encounter(
                cls._patient(name="Zhang Sichuan"),
                attending_id=cls._employee(cls.doctor).id,
                discharge_diagnosis="Secret diagnosis",
            )
            cls.task = cls._task(cls.stay)

    @classmethod
    def _employee(cls, user):
        return cls.env["hr.employee"].create(
            {"name": user.name, "user_id": user.id, "company_id": cls.company.id}
        )

    def _flag(self, user=None, text="Fever", **vals):
        return self.task.with_user(user or self.ward_a).action_red_flag(text, **vals)

    def _ask(self, user=None, text="May I bathe?", **vals):
        return self.task.with_user(user or self.ward_a).action_ask(text, **vals)

    def _opinion(self, kind="opinion", text="Long waiting", **vals):
        return self.task.with_user(self.ward_a).action_opinion(kind, text, **vals)

    def _at(self, moment):
        """Freeze the clock of Python and of the transaction."""
        return freeze_time(moment)
