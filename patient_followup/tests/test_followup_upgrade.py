# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Upgrades bring what they promise, to a database put into its old shape."""

from odoo.tests import tagged

from .common import FollowupCase
from .upgrade_common import UpgradeMixin


@tagged("post_install", "-at_install")
class TestFollowupUpgrade(UpgradeMixin, FollowupCase):
    module = "patient_followup"

    # ------------------------------------------------------------
    # TRANSLATIONS
    # ------------------------------------------------------------

    def test_labels_are_renewed_and_own_words_stay(self):
        self._check_renewed(
            "followup_menu_root",
            "followup_task_view_search",
            "followup_time_band_morning",
            "Today",
        )

    # ------------------------------------------------------------
    # 19.0.1.2.0
    # ------------------------------------------------------------

    def _take_core_away(self):
        """Return the questionnaire of level 2 as it was before."""
        survey = self._named("survey_level_two")
        survey.question_ids.triggering_answer_ids = False
        more = self._named("survey_level_two_more")
        more.suggested_answer_ids.unlink()
        more.unlink()
        self.assertFalse(self._named("survey_level_two_more"))
        return survey

    def test_level_two_gets_its_short_core(self):
        survey = self._take_core_away()
        self._migrate("19.0.1.2.0/post-level-two")
        more = self._named("survey_level_two_more")
        self.assertEqual(more.survey_id, survey)
        yes = self._named("survey_level_two_more_is_yes")
        diet = self._named("survey_level_two_diet")
        self.assertEqual(diet.triggering_answer_ids, yes)
        again = survey.question_ids
        self._migrate("19.0.1.2.0/post-level-two")
        self.assertEqual(survey.question_ids, again)

    def test_an_answered_level_two_becomes_a_new_version(self):
        survey = self._take_core_away()
        protocol = self._protocol([{"survey_id": survey.id}])
        task = self._task(step_id=protocol.step_ids.id)
        asked = survey.question_ids.filtered("suggested_answer_ids")[0]
        answer = asked.suggested_answer_ids[:1].ids
        task._start_user_input()._followup_save({asked.id: answer}, "patient")
        self._migrate("19.0.1.2.0/post-level-two")
        more = self._named("survey_level_two_more")
        self.assertNotEqual(more.survey_id, survey)
        self.assertEqual(more.survey_id.followup_state, "current")
        self.assertFalse(survey.question_ids.triggering_answer_ids)

    def test_retention_policies_come_to_those_without(self):
        names = (
            "followup_retention_policy_outpatient",
            "followup_retention_policy_all",
        )
        for name in names:
            self._named(name).unlink()
        self._migrate("19.0.1.2.0/post-retention")
        for name in names:
            self.assertTrue(self._named(name), name)

    def test_what_is_complete_is_sealed_soon(self):
        cron = self._named("followup_seal_cron_link")
        triggers = self.env["ir.cron.trigger"]
        before = triggers.search([("cron_id", "=", cron.id)])
        self._migrate("19.0.1.2.0/post-seals")
        self.assertTrue(triggers.search([("cron_id", "=", cron.id)]) - before)
