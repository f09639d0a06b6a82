# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from datetime import timedelta

from odoo import models

from ..tools.answers import CHOICES

# how often the first, second, ... answer is given
SCORED = (52, 32, 11, 4, 1)
PLAIN = (74, 18, 6, 2)
# answers that most give although they do not stand first
USUAL = {"adherence": "always", "wound": "healing", "symptom": "none"}
# {metric: (mean, deviation)}
MEASURED = {
    "temperature": (36.6, 0.3),
    "systolic": (132, 15),
    "diastolic": (80, 9),
    "heart_rate": (74, 9),
    "respiration": (18, 2),
    "glucose_fasting": (6.8, 1.3),
    "glucose_meal": (9.4, 2),
    "weight": (62, 10),
}
BABY = (3.7, 0.4)
# {metric: days before (or after) the call}
DAYS = {"recheck": (10, 30), "revisit_when": (-9, -1), "verification_when": (-7, -2)}
WORDS = {
    "opinion": ("希望病房晚上更安静一些。", "护士很耐心，谢谢。", "停车不方便。"),
    "question": ("药要吃多久？", "什么时候可以上班？"),
    "complaint": ("夜里睡不好。", "走路久了腿酸。", "伤口偶尔发痒。"),
    "revisit_why": ("复查", "发热、咳嗽"),
    "revisit_where": ("区中医院", "社区卫生服务中心"),
    "revisit_treatment": ("开药回家", "输液两天后好转"),
}
SAID = {"opinion": 12, "question": 8, "complaint": 25}


class FollowupDemo(models.AbstractModel):
    _inherit = "followup.demo"

    def _close(self, random, task, outcome, caller, at, tries):
        """Let the patient answer before the call is closed."""
        month = self._month(task.date_due)
        if outcome == "done" and self._is_one(random, task, month, month.asked):
            self._answer_questionnaire(random, task, at)
        return super()._close(random, task, outcome, caller, at, tries)

    def _answer_questionnaire(self, random, task, at):
        survey = task._get_survey()
        if not survey:
            return
        task._create_user_input(survey, False)
        answers = task.user_input_id._guarded()
        questions = answers._followup_questions().values()
        who = "relative" if random.random() < 0.2 else "patient"
        answers._followup_store(self._choose_answers(random, questions, at), who)
        answers._followup_end(force=True, at=at)

    def _choose_answers(self, random, questions, at):
        """Return {question id: value} of one patient, conditions obeyed."""
        values, chosen = {}, set()
        for question in questions:
            trigger = question["trigger"]
            if trigger and chosen.isdisjoint(trigger["answer_ids"]):
                continue
            value = self._choose_answer(random, question, at)
            if value is None:
                continue
            values[question["id"]] = value
            if question["type"] in CHOICES:
                chosen.update(value)
        return values

    def _choose_answer(self, random, question, at):
        kind, metric = question["type"], question["metric"]
        if kind in CHOICES:
            return [self._choose(random, question)["id"]]
        if kind == "scale":
            low, high = (0, 3) if metric == "pain" else (7, 10)
            return random.randint(low, high)
        if kind == "numerical_box":
            return self._measure(random, question)
        if kind == "date":
            first, last = DAYS.get(metric, (-7, -1))
            return str((at + timedelta(days=random.randint(first, last))).date())
        if random.random() * 100 >= SAID.get(metric, 100) or metric not in WORDS:
            return None
        return random.choice(WORDS[metric])

    def _choose(self, random, question):
        """Return one of the choices: mostly the good ones, rarely a red flag."""
        choices = question["choices"]
        usual = [c for c in choices if c["code"] == USUAL.get(question["metric"])]
        if usual and random.random() < 0.75:
            return usual[0]
        if random.random() > 0.01:
            choices = [c for c in choices if not c["red_flag"]]
        weights = SCORED if question["scored"] else PLAIN
        weights = [*weights, *[1] * len(choices)][: len(choices)]
        return random.choices(choices, weights)[0]

    def _measure(self, random, question):
        mean, deviation = MEASURED.get(question["metric"], (50, 5))
        if question["max"] <= 10:
            mean, deviation = BABY
        value = random.gauss(mean, deviation)
        value = min(max(value, question["min"]), question["max"])
        return round(value, 1 if mean < 50 else 0)
