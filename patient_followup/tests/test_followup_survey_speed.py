# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Saving costs the same for one answer and for thirty, on any day."""

from odoo.tests import tagged

from .survey_common import FollowupSurveyCase


@tagged("post_install", "-at_install")
class TestFollowupSurveySpeed(FollowupSurveyCase):
    def _cost(self, **values):
        self.env.flush_all()
        self.env.invalidate_all()
        before = self.env.cr.sql_log_count
        self._save(**values)
        self.env.flush_all()
        return self.env.cr.sql_log_count - before

    def test_an_answer_costs_as_many_queries_as_seven(self):
        self._save(condition="good")
        self.task.with_user(self.ward_a).action_claim()
        self._save(condition="worse")
        one = self._cost(temperature=36.5)
        many = self._cost(
            condition="good",
            symptom=["cough", "fever"],
            temperature=37.5,
            doctor="yes",
            pain=3,
            day="2026-03-01",
            words="Thanks",
        )
        self.assertLessEqual(many, one + 1)  # rows of before go with one statement
        self.assertLessEqual(one, 14)
