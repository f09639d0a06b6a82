# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""A questionnaire as plain values, remembered per language."""

from copy import deepcopy

from odoo import api, models, tools
from odoo.tools import html2plaintext

# what a patient's own page has no need to know
INTERNAL = (
    "alert_max",
    "alert_min",
    "concern_type",
    "metric",
    "satisfied_from",
    "scored",
)
INTERNAL_CHOICE = ("code", "red_flag", "score")


class SurveySurvey(models.Model):
    _inherit = "survey.survey"

    def _followup_definition(self, public=False):
        """Return the questionnaire as JSON-able values, in the user's language.

        Constant cost: built once per questionnaire and language.

        :param public: leave out what only staff needs (alerts, scores, metrics)
        :return dict: id, title, version, introduction, closing,
            pages: [{id, title}],
            questions: [{id, page_id, title, hint, placeholder, type, mandatory,
            choices: [{id, label, exclusive, red_flag, code, score}],
            trigger: None or {question_id, answer_ids}, min, max, date_min, date_max,
            length_min, length_max, scale_labels, unit, metric, alert_min, alert_max,
            allow_refused, allow_unknown, concern_type, scored}].
            `type` is that of `survey.question`; a question with a trigger is asked
            when one of its answers is chosen; None means no limit.
        """
        self.ensure_one()
        self.check_access("read")
        definition = deepcopy(self._followup_spec())
        if public:
            for question in definition["questions"]:
                for name in INTERNAL:
                    del question[name]
                for choice in question["choices"]:
                    for name in INTERNAL_CHOICE:
                        del choice[name]
        return definition

    def _followup_spec(self):
        """Return the remembered definition: to read, never to change or hand out."""
        return self._followup_build(self.id, self.env.lang)

    @api.model
    @tools.ormcache("survey_id", "lang")
    def _followup_build(self, survey_id, lang):
        # sudo: remembered for everybody; callers check who may read
        survey = self.sudo().with_context(lang=lang).browse(survey_id)
        rows = survey.question_and_page_ids.sorted()
        pages = rows.filtered("is_page")
        return {
            "id": survey.id,
            "title": survey.title,
            "version": survey.followup_version,
            "introduction": _plain(survey.description),
            "closing": _plain(survey.description_done),
            "pages": [{"id": page.id, "title": page.title} for page in pages],
            "questions": [row._followup_question() for row in rows - pages],
        }

    @api.model
    @tools.ormcache("survey_id")
    def _followup_current_id(self, survey_id):
        """Return the id of the version in use of the same family, or False."""
        # sudo: the version is a fact, whoever asks
        survey = self.sudo().browse(survey_id)
        current = self.sudo().search(
            [
                ("followup_family_id", "=", survey.followup_family_id.id),
                ("followup_state", "=", "current"),
            ],
            limit=1,
        )
        return current.id if survey.followup_family_id else False


def _plain(html):
    return html2plaintext(html or "").strip()
