# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""The questionnaires of one call as one form: shared questions are asked once.

Questions are the plain dicts of `survey.survey._followup_definition()`.
"""

from collections import Counter

# so general that two questions of this kind rarely ask the same
GENERAL = {None, False, "", "other", "question", "opinion", "symptom", "need"}


def merge(forms):
    """Return the questions of all forms, those that repeat an earlier one left out.

    :param list forms: [(task id, definition)], the leading task first
    :return: (questions with `task_id` and `page`, aliases); aliases are {question
        id: [{task_id, id, choices: {own answer id: its answer id}}]}
    """
    questions, aliases, known = [], {}, {}
    for task_id, definition in forms:
        pages = {page["id"]: page["title"] for page in definition["pages"]}
        keys = _keys(definition["questions"])
        for question in definition["questions"]:
            first = known.get(question["id"]) or known.get(keys[question["id"]])
            if first and first["task_id"] != task_id:
                aliases.setdefault(first["id"], []).append(
                    _alias(task_id, first, question)
                )
                continue
            row = {
                **question,
                "task_id": task_id,
                "survey": definition["title"],
                "page": pages.get(question.get("page_id")) or "",
            }
            questions.append(row)
            known[question["id"]] = row
            if keys[question["id"]]:
                known.setdefault(keys[question["id"]], row)
    return questions, aliases


def _keys(questions):
    """Return {id: what makes it the same as another}, None where nothing does."""
    counts = Counter(question["metric"] for question in questions)
    return {
        question["id"]: _key(question)
        if question["metric"] not in GENERAL
        and counts[question["metric"]] == 1
        and not question["trigger"]
        else None
        for question in questions
    }


def _key(question):
    return (
        question["metric"],
        question["type"],
        question["unit"],
        question["min"],
        question["max"],
        tuple(map(_choice_key, question["choices"])),
    )


def _choice_key(choice):
    return choice.get("code") or choice["label"]


def _alias(task_id, first, question):
    theirs = {_choice_key(choice): choice["id"] for choice in question["choices"]}
    return {
        "task_id": task_id,
        "id": question["id"],
        "choices": {
            choice["id"]: theirs[_choice_key(choice)]
            for choice in first["choices"]
            if _choice_key(choice) in theirs
        },
    }


def spread(answers, questions, aliases):
    """Return {task id: {question id: value}}: each answer where it belongs.

    Unknown questions go to the leading task, which refuses them in words.
    """
    owner = {question["id"]: question["task_id"] for question in questions}
    leader = questions[0]["task_id"] if questions else None
    spread_ = {}
    for key, value in answers.items():
        spread_.setdefault(owner.get(key, leader), {})[key] = value
        for alias in aliases.get(key, ()):
            theirs = spread_.setdefault(alias["task_id"], {})
            theirs[alias["id"]] = _translate(value, alias["choices"])
    return spread_


def _translate(value, choices):
    if not isinstance(value, list):
        return value
    return [choices[item] for item in value if item in choices]
