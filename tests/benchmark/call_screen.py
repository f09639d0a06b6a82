# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Opening the call screen of a patient who was called fifty times before."""

import answers
import hospital
from common import Figure, best

EARLIER = 50
MAX_GROWTH = 1.5


def measure(env, base, _args):
    caller = base.callers[0]
    survey = answers._survey(env, base)
    fresh, known = (_task(env, base, caller, survey, mark) for mark in "NK")
    for _turn in range(EARLIER):
        _call(_again(env, known), survey)
    env.flush_all()
    quick, slow = _open(env, caller, fresh), _open(env, caller, known)
    form = _form(env, caller, known)
    growth = slow.seconds / quick.seconds
    return [
        Figure(
            f"opening the call screen, {EARLIER} earlier questionnaires",
            f"{slow.seconds * 1000:.1f} ms, {slow.queries} queries",
            f"reading the form's own fields {form.seconds * 1000:.1f} ms,"
            f" {form.queries} queries",
            f"without earlier calls {quick.seconds * 1000:.1f} ms,"
            f" {quick.queries} queries",
            f"growth at most {MAX_GROWTH}, no query more for each call",
            growth <= MAX_GROWTH and slow.queries <= quick.queries + 5,
        )
    ]


def _task(env, base, caller, survey, mark):
    stays = hospital.stays(env, base, 1, mark)
    stays.generate_plans()
    task = stays.plan_ids.task_ids[:1]
    ward = caller.followup_department_ids[:1]
    task._guarded().write({"department_id": ward.id, "user_id": caller.id})
    task._create_user_input(survey, False)
    return task.with_user(caller)


def _again(env, task):
    """Another call of the same patient."""
    copied = ("company_id", "patient_id", "encounter_id", "department_id", "user_id")
    tasks = env["followup.task"]
    number = tasks.search_count([("patient_id", "=", task.patient_id.id)])
    again = tasks._create_generated(
        [
            {
                **{name: task.sudo()[name].id for name in copied},
                "kind": "adhoc",
                "origin_key": f"bench:{task.id}:{number}",
                "name": "Call",
                "date_earliest": task.sudo().date_earliest,
                "date_due": task.sudo().date_due,
                "date_deadline": task.sudo().date_deadline,
            }
        ]
    )
    return again.with_user(task.env.user)


def _call(task, survey):
    """Make the call and answer every question."""
    task.sudo()._create_user_input(survey, False)
    task.log_attempt("reached", direction="in")
    choices = {
        question.id: question.suggested_answer_ids[:1].ids
        for question in survey.question_ids
    }
    task.user_input_id._followup_save(choices, "patient")
    task.action_complete("well")


def _open(env, caller, task):
    task = task.with_env(env(user=caller.id))
    return best(env, lambda: task.get_call_screen(prepare=True))


def _form(env, caller, task):
    """What the client reads for the plain fields around the screen."""
    task = task.with_env(env(user=caller.id))
    view = env.ref("patient_followup.followup_task_view_form")
    spec = {
        name: {}
        for name in task.get_view(view.id, "form")["models"]["followup.task"]
        if name in task._fields
    }
    return best(env, lambda: task.web_read(spec))
