# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Satisfaction per department over a million answers, and saving one answer."""

import time

import hospital
from common import Figure, best, lap

ANSWERS = 1_000_000
SAVES = 200
RAW = """
SELECT followup_department_id, count(*), avg(followup_score),
       avg(CASE WHEN followup_is_satisfied THEN 100 ELSE 0 END)
  FROM survey_user_input_line
 WHERE followup_company_id = %s AND followup_metric = 'satisfaction_doctor'
   AND followup_is_scored IS TRUE AND followup_day IS NOT NULL
 GROUP BY followup_department_id
"""


def measure(env, base, _args):
    survey = _survey(env, base)
    _fill(env, base, survey)
    return [*_satisfaction(env, base), *_saving(env, base, survey)]


# ------------------------------------------------------------
# A MILLION ANSWERS
# ------------------------------------------------------------


def _satisfaction(env, base):
    manager = _manager(env, base)
    report = env(user=manager.id)["followup.answer.report"]
    domain = [("metric", "=", "satisfaction_doctor"), ("is_scored", "=", True)]
    aggregates = ["__count", "score:avg", "satisfied_rate:avg"]

    def ours():
        groups = report._read_group(domain, ["department_id"], aggregates)
        assert len(groups) == len(base.departments)

    def bare():
        env.cr.execute(RAW, [base.company.id])
        assert len(env.cr.fetchall()) == len(base.departments)

    def peer():
        """The lines of survey, grouped through question and task."""
        lines = env["survey.user_input.line"]
        lines._read_group(
            [
                ("question_id.followup_metric", "=", "satisfaction_doctor"),
                ("survey_id.survey_type", "=", "followup"),
                ("skipped", "=", False),
            ],
            ["user_input_id.followup_department_id", "suggested_answer_id"],
            ["__count"],
        )

    quick, slow, raw = best(env, ours), _try(env, peer), best(env, bare)
    return [
        Figure(
            f"satisfaction per department, {ANSWERS:,} answers",
            f"{quick.seconds * 1000:.0f} ms",
            f"{slow} (grouping survey's own lines)" if slow else "",
            f"{raw.seconds * 1000:.0f} ms",
            "at most 1.5 times bare SQL",
            quick.seconds <= 1.5 * raw.seconds + 0.005,
        )
    ]


def _try(env, action):
    try:
        return f"{best(env, action, times=2).seconds * 1000:.0f} ms"
    except (ValueError, NotImplementedError):
        return ""


def _manager(env, base):
    user = env["res.users"].search([("login", "=", "manager@bench")])
    return user or env["res.users"].with_context(no_reset_password=True).create(
        {
            "name": "Manager",
            "login": "manager@bench",
            "company_id": base.company.id,
            "company_ids": [(6, 0, base.company.ids)],
            "group_ids": [
                (4, env.ref("patient_followup.followup_group_centre_manager").id)
            ],
        }
    )


def _survey(env, base):
    """A questionnaire of ten scored questions, made once."""
    known = env["survey.survey"].search(
        [("title", "=", "Benchmark"), ("survey_type", "=", "followup")], limit=1
    )
    if known:
        return known
    metrics = ("doctor", "nurse", "skill", "treatment", "environment")
    metrics += ("facility", "management", "food", "guidance", "overall")
    choices = [(str(score), score) for score in (100, 75, 50, 25, 0)]
    return env["survey.survey"].create(
        {
            "title": "Benchmark",
            "survey_type": "followup",
            "followup_company_id": base.company.id,
            "question_and_page_ids": [
                (
                    0,
                    0,
                    {
                        "title": metric,
                        "question_type": "simple_choice",
                        "sequence": index,
                        "followup_metric": f"satisfaction_{metric}",
                        "suggested_answer_ids": [
                            (0, 0, {"value": word, "followup_score": score})
                            for word, score in choices
                        ],
                    },
                )
                for index, metric in enumerate(metrics)
            ],
        }
    )


def _fill(env, base, survey):
    """Insert a million answers over 100 wards and two years."""
    env.flush_all()
    env.cr.execute(
        "SELECT count(*) FROM survey_user_input_line WHERE survey_id = %s", [survey.id]
    )
    if env.cr.fetchone()[0] >= ANSWERS:
        return
    patient = hospital.patients(env, base, 1, "Q")
    env.flush_all()
    env.cr.execute(
        """
        INSERT INTO survey_user_input (survey_id, state, access_token,
               followup_company_id, followup_department_id, followup_patient_id,
               followup_level, followup_day)
        SELECT %s, 'done', gen_random_uuid()::text, %s,
               (%s::int[])[1 + n %% %s], %s, '1', current_date - n %% 730
          FROM generate_series(1, %s) n
        """,
        [
            survey.id,
            base.company.id,
            base.departments.ids,
            len(base.departments),
            patient.id,
            ANSWERS // 10,
        ],
    )
    env.cr.execute(
        """
        INSERT INTO survey_user_input_line (user_input_id, survey_id, question_id,
               question_sequence, skipped, answer_type, suggested_answer_id,
               followup_company_id, followup_department_id, followup_patient_id,
               followup_level, followup_day, followup_metric, followup_is_scored,
               followup_score, followup_is_satisfied)
        SELECT i.id, i.survey_id, q.id, q.sequence, FALSE, 'suggestion', a.id,
               i.followup_company_id, i.followup_department_id, i.followup_patient_id,
               '1', i.followup_day, q.followup_metric, TRUE, a.followup_score,
               a.followup_score >= 75
          FROM survey_user_input i
          JOIN survey_question q ON q.survey_id = i.survey_id
          JOIN LATERAL (SELECT id, followup_score FROM survey_question_answer
                         WHERE question_id = q.id
                      ORDER BY sequence, id OFFSET (i.id * 7 + q.sequence) %% 5
                         LIMIT 1) a ON TRUE
         WHERE i.survey_id = %s
        """,
        [survey.id],
    )
    env.cr.commit()  # commit: the vacuum below works on committed rows only
    cr = env.registry.cursor()
    try:
        cr._cnx.set_session(autocommit=True)
        cr.execute("VACUUM ANALYZE survey_user_input_line, survey_user_input")
    finally:
        cr._cnx.set_session(autocommit=False)
        cr.close()


# ------------------------------------------------------------
# ONE ANSWER
# ------------------------------------------------------------


def _saving(env, base, survey):
    caller = base.callers[0]
    ward = caller.followup_department_ids[:1]
    stays = hospital.stays(env, base, 1, "S")
    stays.generate_plans()
    task = stays.plan_ids.task_ids[:1]
    task._guarded().write({"department_id": ward.id, "user_id": caller.id})
    task._create_user_input(survey, False)
    questions = survey.question_ids
    choices = {question.id: question.suggested_answer_ids.ids for question in questions}
    ours = _ours(env(user=caller.id), task.user_input_id, choices)
    peer = _peer(env, survey)
    p95, peer_p95 = _p95(ours), _p95(peer)
    return [
        Figure(
            "saving one answer, p95 (with rights, scores, alerts)",
            f"{p95 * 1000:.1f} ms",
            f"survey's _save_lines {peer_p95 * 1000:.1f} ms",
            f"{_bare(env, task.user_input_id) * 1000:.2f} ms",
            "quicker than the peer",
            p95 < peer_p95,
        )
    ]


def _ours(env, inputs, choices):
    """Return seconds per save, each on its own as a request would do it."""
    inputs, times = inputs.with_env(env), []
    ids = list(choices)
    for turn in range(SAVES):
        question = ids[turn % len(ids)]
        answer = choices[question][turn // len(ids) % 5]
        env.flush_all()
        env.invalidate_all()
        started = time.perf_counter()
        result = inputs._followup_save({question: [answer]}, "patient")
        env.flush_all()
        times.append(time.perf_counter() - started)
        assert result["saved"] == 1
    return times


def _peer(env, survey):
    """The same questions on a plain survey, by an answer of core's pages."""
    plain = env["survey.survey"].create(
        {
            "title": "Peer",
            "question_and_page_ids": [
                (
                    0,
                    0,
                    {
                        "title": question.title,
                        "question_type": "simple_choice",
                        "suggested_answer_ids": [
                            (0, 0, {"value": answer.value})
                            for answer in question.suggested_answer_ids
                        ],
                    },
                )
                for question in survey.question_ids
            ],
        }
    )
    answers = plain._create_answer()
    times = []
    questions = list(plain.question_ids)
    for turn in range(SAVES):
        question = questions[turn % len(questions)]
        choice = question.suggested_answer_ids.ids[turn // len(questions) % 5]
        env.flush_all()
        env.invalidate_all()
        started = time.perf_counter()
        answers._save_lines(question, choice)
        env.flush_all()
        times.append(time.perf_counter() - started)
    return times


def _bare(env, inputs):
    line = inputs.user_input_line_ids[:1]
    with lap(env) as bare:
        for _turn in range(SAVES):
            env.cr.execute(
                "UPDATE survey_user_input_line SET suggested_answer_id ="
                " suggested_answer_id WHERE id = %s",
                [line.id],
            )
    return bare.seconds / SAVES


def _p95(times):
    return sorted(times)[int(len(times) * 0.95)]
