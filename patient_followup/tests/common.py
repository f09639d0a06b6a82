# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""A small hospital for the tests: two wards, a centre and one user per role."""

from datetime import timedelta
from itertools import count
from unittest.mock import patch

from odoo import SUPERUSER_ID, api, fields
from odoo.modules.registry import DummyRLock, Registry
from odoo.tests import BaseCase, TransactionCase
from odoo.tests.common import get_db_name

GROUP = "patient_followup.followup_group_"
TZ = "Asia/Shanghai"


class RaceCase(BaseCase):
    """Threads with cursors of their own on committed rows; clean up after."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        # Odoo's runner keeps the lock of the registry in its main thread while
        # tests run: a thread that looks up the registry would wait for ever.
        cls.startClassPatcher(patch.object(Registry, "_lock", DummyRLock()))
        cls.registry = Registry(get_db_name())

    @classmethod
    def _env(cls, cr):
        """Return the environment of the engine on a cursor of its own."""
        return api.Environment(cr, SUPERUSER_ID, {"tracking_disable": True})


class PlanRaceCase(RaceCase):
    """Stays of one ward under one protocol, as if they had never been planned.

    `_fill` sets `patient_ids`, `stay_ids`, `protocol_id` and `department_id`.
    """

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.addClassCleanup(cls._clean_up)
        with cls.registry.cursor() as cr:
            cls._fill(cls._env(cr))

    def setUp(self):
        super().setUp()
        with self.registry.cursor() as cr:
            self._clear(cr)

    @classmethod
    def _clear(cls, cr):
        for table in ("followup_task", "followup_plan_gap", "followup_plan"):
            cr.execute(
                f"DELETE FROM {table} WHERE patient_id = ANY(%s)", [cls.patient_ids]
            )
        cr.execute(
            "UPDATE followup_encounter SET match_state = 'pending', planned_at = NULL"
            " WHERE id = ANY(%s)",
            [cls.stay_ids],
        )

    @classmethod
    def _clean_up(cls):
        with cls.registry.cursor() as cr:
            cls._clear(cr)
            env = cls._env(cr)
            env["followup.encounter"].browse(cls.stay_ids).unlink()
            env["followup.patient"].browse(cls.patient_ids).unlink()
            cr.execute("DELETE FROM followup_protocol WHERE id = %s", [cls.protocol_id])
            env["hr.department"].browse(cls.department_id).unlink()
            env.registry.clear_cache()


class FollowupCase(TransactionCase):
    """Company in Asia/Shanghai, wards A and B with teams, users by role.

    Departments: `department_a`, `department_b`; users: `ward_a`, `ward_b`,
    `head_a`, `centre`, `manager`, `inspector`, `leader`, `auditor`,
    `administrator`, `plain` (their logins are the same words).
    """

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls._numbers = count(1)
        cls.env = cls.env["base"].with_context(tracking_disable=True).env
        cls.company = cls._company("Test Hospital")
        cls.env = cls.env(
            context={**cls.env.context, "allowed_company_ids": cls.company.ids}
        )
        cls._make_users()
        cls.department_a = cls._department("Ward A", cls.head_a)
        cls.department_b = cls._department("Ward B")
        cls._join(cls.ward_a, cls.department_a, "nurse")
        cls._join(cls.head_a, cls.department_a, "head", title="chief")
        cls._join(cls.ward_b, cls.department_b, "nurse")

    # ------------------------------------------------------------
    # THE HOUSE
    # ------------------------------------------------------------

    @classmethod
    def _company(cls, name):
        company = cls.env["res.company"].create({"name": name})
        company.partner_id.tz = TZ
        company.resource_calendar_id.tz = TZ
        return company

    @classmethod
    def _make_users(cls):
        roles = {
            "ward_a": "ward_caller",
            "ward_b": "ward_caller",
            "head_a": "department_head",
            "centre": "centre_caller",
            "manager": "centre_manager",
            "inspector": "inspector",
            "leader": "leader",
            "auditor": "auditor",
            "administrator": "administrator",
        }
        roles["plain"] = None
        # all at once: these few lines run before each of several hundred classes
        users = cls._quiet_users().create(
            [cls._user_vals(login, role) for login, role in roles.items()]
        )
        for user in users.with_env(cls.env):
            setattr(cls, user.login, user)

    @classmethod
    def _quiet_users(cls):
        """Return the model of users that invites nobody by mail."""
        return cls.env["res.users"].with_context(no_reset_password=True)

    @classmethod
    def _user_vals(cls, login, role=None, company=None):
        """Return what a user needs who has one role only, or none at all."""
        company = company or cls.company
        group = cls.env.ref(GROUP + role if role else "base.group_user")
        return {
            "login": login,
            "password": login + "x" * (8 - len(login)),
            "name": f"User {login}",
            "email": f"{login}@example.com",
            "group_ids": [(6, 0, group.ids)],
            "company_id": company.id,
            "company_ids": [(6, 0, company.ids)],
            "tz": TZ,
        }

    @classmethod
    def _user(cls, login, role=None, company=None):
        """Create a user who has one role only, or none at all."""
        vals = cls._user_vals(login, role, company)
        return cls._quiet_users().create(vals).with_env(cls.env)

    @classmethod
    def _department(cls, name, head=None, company=None, **vals):
        """Create a department with its team; `head` becomes its manager."""
        company = company or cls.company
        if head:
            employee = cls.env["hr.employee"].create(
                {"name": head.name, "user_id": head.id, "company_id": company.id}
            )
            vals["manager_id"] = employee.id
        department = cls.env["hr.department"].create(
            {"name": name, "company_id": company.id, **vals}
        )
        cls.env["followup.team"].create(
            {"department_id": department.id, "company_id": company.id}
        )
        return department

    @classmethod
    def _join(cls, user, department, profession="nurse", **vals):
        """Make the user a member of the department's team."""
        cls.env["followup.team.member"].create(
            {
                "team_id": department.followup_team_ids[:1].id,
                "user_id": user.id,
                "profession": profession,
                **vals,
            }
        )

    # ------------------------------------------------------------
    # PATIENTS AND WORK
    # ------------------------------------------------------------

    @classmethod
    def _patient(cls, phone=None, **vals):
        """Create a patient with one own number, invented."""
        number = next(cls._numbers)
        vals = {
            "name": f"Patient {number}",
            "mrn": f"T{number:06}",
            "company_id": cls.company.id,
            **vals,
        }
        vals.setdefault(
            "contact_ids",
            [(0, 0, {"phone": phone or f"138{number:08}", "is_primary": True})],
        )
        return cls.env["followup.patient"].create(vals)

    @classmethod
    def _encounter(cls, patient=None, **vals):
        """Create a stay in ward A, discharged yesterday unless told otherwise."""
        patient = patient or cls._patient()
        number = next(cls._numbers)
        now = fields.Datetime.now()
        vals = {
            "patient_id": patient.id,
            "company_id": patient.company_id.id,
            "department_id": cls.department_a.id,
            "source": "test",
            "number": f"E{number:06}",
            "admission_date": now - timedelta(days=8),
            "discharge_date": now - timedelta(days=1),
            **vals,
        }
        if vals["discharge_date"]:
            vals.setdefault("state", "discharged")
        encounter = cls.env["followup.encounter"]._guarded().create(vals)._unguarded()
        if encounter.department_id not in patient.department_ids:
            patient._guarded().department_ids = [(4, encounter.department_id.id)]
        return encounter

    @classmethod
    def _protocol(cls, steps=None, **vals):
        """Create an active protocol; `steps` are dicts of step values."""
        number = next(cls._numbers)
        steps = [{}] if steps is None else steps
        vals = {
            "name": f"Protocol {number}",
            "code": f"test_{number}",
            "company_id": cls.company.id,
            "step_ids": [
                (0, 0, {"name": f"Step {index}", "sequence": index, **step})
                for index, step in enumerate(steps, start=1)
            ],
            **vals,
        }
        state = vals.pop("state", "active")
        protocol = cls.env["followup.protocol"]._guarded().create(vals)
        protocol.write({"state": state})
        if not protocol.family_id:
            protocol.write({"family_id": protocol.id})
        return protocol._unguarded()

    @classmethod
    def _task(cls, encounter=None, **vals):
        """Create an ad-hoc task of ward A, due in a day and claimable now."""
        return cls._tasks([vals], encounter)

    @classmethod
    def _tasks(cls, vals_list, encounter=None):
        """Create several tasks for one stay, as the protocols would."""
        now = fields.Datetime.now()
        rows = []
        for vals in vals_list:
            stay = encounter or cls._encounter(
                department_id=vals.get("department_id", cls.department_a.id)
            )
            row = {
                "company_id": stay.company_id.id,
                "kind": "adhoc",
                "origin_key": f"test:{next(cls._numbers)}",
                "name": "Follow-up call",
                "patient_id": stay.patient_id.id,
                "encounter_id": stay.id,
                "department_id": stay.department_id.id,
                "level": "1",
                "method": "phone",
                "date_earliest": now - timedelta(hours=12),
                "date_due": now + timedelta(days=1),
                "date_deadline": now + timedelta(days=2),
                **vals,
            }
            rows.append(row)
        return cls.env["followup.task"]._create_generated(rows)
