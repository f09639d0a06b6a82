# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Ask on the calls of level 2 whether there is time for more than the core.

The library is data that a hospital keeps as it edits it (`forcecreate="0"`), so an
upgrade alone does not bring the question. Where nobody has answered yet it is put
in; where somebody has, a new version asks it, and what was answered keeps its own.
A hospital that made a version itself keeps it.
"""

import logging

from odoo import SUPERUSER_ID, Command, api

_logger = logging.getLogger(__name__)

MODULE = "patient_followup"
SURVEY = "survey_level_two"
#: Asked only of who has time.
GATED = (
    "complaint measured orders diet sleep exercise smoking alcohol difficulty"
    " satisfaction_doctor satisfaction_nurse satisfaction_skill"
    " satisfaction_environment satisfaction_guidance overtreatment policy_known need"
    " recheck followup_helpful"
).split()
QUESTION = {
    "title": "Do you have some more minutes for questions on your health and your"
    " stay?",
    "sequence": 85,
    "question_type": "simple_choice",
    "constr_mandatory": True,
    "followup_allow_refused": False,
    "followup_allow_unknown": False,
}
ANSWERS = (("yes", "Yes"), ("no", "No"))


def migrate(cr, version):
    if not version:
        return
    env = api.Environment(cr, SUPERUSER_ID, {})
    survey = env.ref(f"{MODULE}.{SURVEY}", False)
    if not survey or env.ref(f"{MODULE}.{SURVEY}_more", False):
        return
    if survey.followup_version_ids != survey or survey.followup_state != "current":
        _logger.info("The questionnaire of level 2 is the hospital's own: left as is.")
        return
    gated = _find_gated(env)
    target = survey
    if survey.followup_is_answered:
        target = survey._create_version()
    _put_in(env, target, {question.sequence for question in gated})
    if target != survey:
        target.action_followup_use()


def _find_gated(env):
    """Return the questions of the library that are still there, and unconditional."""
    questions = env["survey.question"]
    for name in GATED:
        questions |= env.ref(f"{MODULE}.{SURVEY}_{name}", False) or questions.browse()
    return questions.filtered(lambda question: not question.triggering_answer_ids)


def _put_in(env, survey, sequences):
    """Add the question to a questionnaire, and ask the others only after a yes."""
    question = env["survey.question"].create({**QUESTION, "survey_id": survey.id})
    _name(env, question, "more")
    for sequence, (code, value) in enumerate(ANSWERS, start=1):
        answer = env["survey.question.answer"].create(
            {
                "question_id": question.id,
                "value": value,
                "sequence": sequence,
                "followup_code": code,
            }
        )
        _name(env, answer, f"more_is_{code}")
    yes = question.suggested_answer_ids[0]
    others = (survey.question_ids - question).filtered(
        lambda row: row.sequence in sequences and not row.triggering_answer_ids
    )
    others.write({"triggering_answer_ids": [Command.link(yes.id)]})


def _name(env, record, name):
    """Give it the id of the library: its translations come with the upgrade."""
    env["ir.model.data"].create(
        {
            "module": MODULE,
            "name": f"{SURVEY}_{name}",
            "model": record._name,
            "res_id": record.id,
            "noupdate": True,
        }
    )
