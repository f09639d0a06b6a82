# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""The invented hospital that the benchmarks run in."""

import time
from contextlib import contextmanager
from types import SimpleNamespace

DEPARTMENTS = 100
CALLERS = 50
PASSWORD = "benchmark-caller"
RUN = f"{int(time.time()):x}"  # numbers of this run, apart from earlier ones


@contextmanager
def environment(config_file, database):
    """Yield a superuser environment of `database` and commit at the end."""
    from odoo import SUPERUSER_ID, api
    from odoo.modules.registry import Registry
    from odoo.tools import config

    config.parse_config(["-c", config_file, "-d", database, "--no-http"])
    registry = Registry(database)
    _install_peers(registry)
    with registry.cursor() as cr:
        yield api.Environment(cr, SUPERUSER_ID, {"tracking_disable": True})


def _install_peers(registry):
    """Install what the addon is compared with; nothing of ours depends on it."""
    from odoo import SUPERUSER_ID, api

    with registry.cursor() as cr:
        modules = api.Environment(cr, SUPERUSER_ID, {})["ir.module.module"]
        peer = modules.search([("name", "=", "project"), ("state", "!=", "installed")])
        peer.button_immediate_install()


def prepare(env):
    """Return company, departments, callers and a protocol, made once."""
    company = env["res.company"].search([("name", "=", "Benchmark Hospital")])
    company = company or _make(env)
    env = env(context=dict(env.context, allowed_company_ids=company.ids))
    departments = env["hr.department"].search([("company_id", "=", company.id)])
    callers = env["res.users"].search([("login", "=like", "caller%@bench")], order="id")
    protocol = env["followup.protocol"].search([("code", "=", "bench")])
    return SimpleNamespace(
        company=company, departments=departments, callers=callers, protocol=protocol
    )


def _make(env):
    partner = env["res.partner"].create(
        {"name": "Benchmark Hospital", "tz": "Asia/Shanghai"}
    )
    company = env["res.company"].create(
        {"name": "Benchmark Hospital", "partner_id": partner.id}
    )
    env.user.company_ids += company
    env = env(context=dict(env.context, allowed_company_ids=company.ids))
    departments = env["hr.department"].create(
        [
            {"name": f"Ward {index:03d}", "company_id": company.id}
            for index in range(DEPARTMENTS)
        ]
    )
    groups = env.ref("base.group_user") + env.ref(
        "patient_followup.followup_group_ward_caller"
    )
    callers = (
        env["res.users"]
        .with_context(no_reset_password=True)
        .create(
            [
                {
                    "name": f"Caller {index}",
                    "login": f"caller{index}@bench",
                    "company_id": company.id,
                    "company_ids": [(6, 0, company.ids)],
                    "group_ids": [(6, 0, groups.ids)],
                }
                for index in range(CALLERS)
            ]
        )
    )
    # one password for all is made slow to guess once, not fifty times
    hashed = callers._crypt_context().hash(PASSWORD)
    for caller in callers:
        callers._set_encrypted_password(caller.id, hashed)
    teams = env["followup.team"].create(
        [
            {"department_id": department.id, "company_id": company.id}
            for department in departments
        ]
    )
    # every caller serves two wards; the first twenty share ward 0 for the queue
    env["followup.team.member"].create(
        [
            {"team_id": teams[turn % DEPARTMENTS].id, "user_id": caller.id}
            for index, caller in enumerate(callers)
            for turn in {0 if index < 20 else index, index + 50}
        ]
    )
    _make_protocol(env, company)
    _call_at_any_hour(env, company)
    env.cr.commit()  # the claiming server is another process
    return company


def _make_protocol(env, company):
    """Five years of a chronic patient: ten single steps and a recurring one."""
    steps = [
        {"name": f"Month {month}", "offset_target": month, "offset_unit": "month"}
        for month in range(1, 11)
    ]
    protocol = env["followup.protocol"].create(
        {
            "name": "Benchmark",
            "code": "bench",
            "company_id": company.id,
            "encounter_class": "inpatient",
            "step_ids": [(0, 0, step) for step in steps],
        }
    )
    protocol.action_activate()


def _call_at_any_hour(env, company):
    """Let the benchmark run at night: one band, no quiet hours, no limit."""
    band = env["followup.time.band"].create(
        {"name": "Always", "hour_from": 0, "hour_to": 24, "company_id": company.id}
    )
    company.followup_default_policy_id = env["followup.attempt.policy"].create(
        {
            "name": "Always",
            "company_id": company.id,
            "band_ids": [(6, 0, band.ids)],
            "distinct_bands": False,
            "quiet_from": 0,
            "quiet_to": 0,
        }
    )


def patients(env, base, count, prefix):
    """Return `count` new patients."""
    return env["followup.patient"].create(
        [
            {
                "name": f"Patient {index}",
                "mrn": f"{prefix}{RUN}-{index}",
                "company_id": base.company.id,
            }
            for index in range(count)
        ]
    )


def stays(env, base, count, prefix):
    """Return `count` discharged stays of new patients, spread over the wards."""
    from odoo import fields

    people = patients(env, base, count, prefix)
    wards = base.departments
    return env["followup.encounter"].create(
        [
            {
                "patient_id": patient.id,
                "company_id": base.company.id,
                "department_id": wards[index % len(wards)].id,
                "source": "bench",
                "number": f"{prefix}{RUN}-{index}",
                "discharge_date": fields.Datetime.now(),
            }
            for index, patient in enumerate(people)
        ]
    )
