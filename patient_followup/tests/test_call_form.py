# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo.tests import BaseCase, tagged

from ..tools.call_form import merge, spread


def question(id_, metric=None, codes=(), **vals):
    return {
        "id": id_,
        "title": f"Q{id_}",
        "page_id": False,
        "type": "simple_choice" if codes else "numerical_box",
        "metric": metric,
        "unit": "",
        "min": None,
        "max": None,
        "trigger": None,
        "choices": [
            {"id": id_ * 10 + number, "label": code, "code": code}
            for number, code in enumerate(codes)
        ],
        **vals,
    }


def form(*questions):
    return {"title": "T", "pages": [], "questions": list(questions)}


@tagged("post_install", "-at_install")
class TestCallForm(BaseCase):
    """Several questionnaires as one: what is the same is asked once."""

    def _merge(self, *forms):
        questions, aliases = merge(list(enumerate(forms, start=1)))
        return [row["id"] for row in questions], aliases, questions

    def test_the_same_measure_is_asked_once(self):
        ids, aliases, rows = self._merge(
            form(question(1, "pain"), question(2, "mood", ("low", "good"))),
            form(question(3, "mood", ("good", "low")), question(4, "pain")),
        )
        # the order of the choices makes another question
        self.assertEqual(ids, [1, 2, 3])
        self.assertEqual(aliases, {1: [{"task_id": 2, "id": 4, "choices": {}}]})
        self.assertEqual(spread({1: 5}, rows, aliases), {1: {1: 5}, 2: {4: 5}})

    def test_choices_are_translated(self):
        _ids, aliases, rows = self._merge(
            form(question(2, "mood", ("low", "good"))),
            form(question(3, "mood", ("low", "good"))),
        )
        self.assertEqual(spread({2: [21]}, rows, aliases), {1: {2: [21]}, 2: {3: [31]}})
        missing = {"refused": True}
        self.assertEqual(
            spread({2: missing}, rows, aliases), {1: {2: missing}, 2: {3: missing}}
        )

    def test_the_same_questionnaire_twice_is_asked_once(self):
        one = form(question(1, "other"), question(2, "pain"))
        ids, aliases, rows = self._merge(one, one)
        self.assertEqual(ids, [1, 2])
        self.assertEqual(spread({1: 7}, rows, aliases), {1: {1: 7}, 2: {1: 7}})

    def test_general_twice_asked_and_conditional_questions_stay(self):
        trigger = {"question_id": 9, "answer_ids": [90]}
        ids, _aliases, _rows = self._merge(
            form(question(1, "other"), question(2, "wound"), question(3, "diet")),
            form(
                question(4, "other"),
                question(5, "wound"),
                question(6, "wound"),
                question(7, "diet", trigger=trigger),
            ),
        )
        self.assertEqual(ids, [1, 2, 3, 4, 5, 6, 7])

    def test_an_unknown_question_goes_to_the_leading_task(self):
        _ids, aliases, rows = self._merge(form(question(1)), form(question(2)))
        self.assertEqual(spread({99: 1}, rows, aliases), {1: {99: 1}})
        self.assertEqual(spread({99: 1}, [], {}), {None: {99: 1}})
