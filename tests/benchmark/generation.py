# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Tasks generated per second, beside the activity plan and project.task."""

import hospital
from common import Figure, lap, rate

STAYS = 1000
PEER_RECORDS = 100


def measure(env, base, _args):
    stays = hospital.stays(env, base, STAYS, "G")
    env.invalidate_all()
    with lap(env) as ours:
        stays.generate_plans()
    tasks = env["followup.task"].search_count([("encounter_id", "in", stays.ids)])
    per_thousand = ours.queries * 1000 / tasks
    user = env(context={})  # peers work as in the web client: tracking is on
    plan = _activity_plan(user, base)
    project = _project_tasks(user, base)
    bare = _bare(env, base, stays, tasks)
    speed = tasks / ours.seconds
    return [
        Figure(
            f"tasks generated, {tasks:,} of {STAYS:,} stays",
            rate(tasks, ours.seconds),
            f"activity plan {plan:,.0f}/s, project.task {project:,.0f}/s",
            f"{bare:,.0f}/s",
            "100 x activity plan",
            speed >= 100 * plan,
        ),
        Figure(
            "queries per 1,000 tasks",
            f"{per_thousand:.1f}",
            "",
            "",
            "20",
            per_thousand <= 20,
        ),
    ]


def _activity_plan(env, base):
    """Return activities per second made by core's schedule wizard.

    They are for a caller, as ours are, not for whoever runs the wizard.
    """
    partners = env["res.partner"].create(
        [{"name": f"Peer {index}"} for index in range(PEER_RECORDS)]
    )
    todo = env.ref("mail.mail_activity_data_todo")
    plan = env["mail.activity.plan"].create(
        {
            "name": "Peer",
            "res_model": "res.partner",
            "template_ids": [
                (
                    0,
                    0,
                    {
                        "activity_type_id": todo.id,
                        "summary": f"Step {index}",
                        "responsible_type": "other",
                        "responsible_id": base.callers[0].id,
                    },
                )
                for index in range(2)
            ],
        }
    )
    wizard = (
        env["mail.activity.schedule"]
        .with_context(active_model="res.partner", active_ids=partners.ids)
        .create(
            {
                "res_model": "res.partner",
                "res_ids": str(partners.ids),
                "plan_id": plan.id,
            }
        )
    )
    with lap(env) as peer:
        wizard.action_schedule_plan()
    return PEER_RECORDS * 2 / peer.seconds


def _project_tasks(env, base):
    """Return project.task records created per second in one batch."""
    project = env["project.project"].create({"name": "Peer"})
    values = [
        {
            "name": f"Task {index}",
            "project_id": project.id,
            "user_ids": base.callers[0].ids,
        }
        for index in range(PEER_RECORDS)
    ]
    with lap(env) as peer:
        env["project.task"].create(values)
    return PEER_RECORDS / peer.seconds


def _bare(env, base, stays, count):
    """Return rows per second of a plain INSERT into the same table."""
    from odoo.tools import SQL

    rows = [
        SQL(
            "(%s, %s, 'event', %s, '1', 'phone', 'cancelled', '0', 0)",
            base.company.id,
            stays[index % len(stays)].patient_id.id,
            f"bare:{index}",
        )
        for index in range(count)
    ]
    with lap(env) as peer:
        for start in range(0, count, 1000):
            env.cr.execute(
                SQL(
                    "INSERT INTO followup_task (company_id, patient_id, kind,"
                    " origin_key, level, method, state, priority, occurrence)"
                    " VALUES %s",
                    SQL(", ").join(rows[start : start + 1000]),
                )
            )
    env.cr.execute("DELETE FROM followup_task WHERE origin_key LIKE 'bare:%'")
    return count / peer.seconds
