# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Core's survey pages do not know our questionnaires (D-2).

They have no throttle, tell tokens from each other by their errors, and their print
link shows answers for ever. Staff use the call screen, patients our own page.
"""

from werkzeug.exceptions import NotFound

from odoo.http import request, route

from odoo.addons.survey.controllers.main import Survey
from odoo.addons.survey.controllers.survey_session_manage import UserInputSession

from ..models.survey_survey import TYPE


class FollowupSurvey(Survey):
    def _fetch_from_access_token(self, survey_token, answer_token):
        """Find no questionnaire of ours, whatever the tokens."""
        survey, answer = super()._fetch_from_access_token(survey_token, answer_token)
        if survey.survey_type == TYPE:
            return survey.browse(), answer.browse()
        return survey, answer

    def _check_validity(self, survey_sudo, answer_sudo, answer_token, **kwargs):
        if survey_sudo.survey_type == TYPE:
            return "survey_wrong"
        return super()._check_validity(survey_sudo, answer_sudo, answer_token, **kwargs)

    @route()
    def survey_test(self, survey_token, **kwargs):
        if not self._fetch_from_access_token(survey_token, False)[0]:
            return request.redirect("/")
        return super().survey_test(survey_token, **kwargs)

    @route()
    def show_certification_pdf(self, survey, **kwargs):
        _refuse(survey)
        return super().show_certification_pdf(survey, **kwargs)

    @route()
    def survey_get_certification_preview(self, survey, **kwargs):
        _refuse(survey)
        return super().survey_get_certification_preview(survey, **kwargs)

    @route()
    def survey_report(self, survey, answer_token=None, **post):
        _refuse(survey)
        return super().survey_report(survey, answer_token=answer_token, **post)


class FollowupSurveySession(UserInputSession):
    def _fetch_from_token(self, survey_token):
        survey = super()._fetch_from_token(survey_token)
        return survey.filtered(lambda row: row.survey_type != TYPE)

    def _fetch_from_session_code(self, session_code):
        survey, error = super()._fetch_from_session_code(session_code)
        if survey and survey.survey_type == TYPE:
            return None, {"error": "survey_wrong"}
        return survey, error


def _refuse(survey):
    # sudo: the type only; whoever may read it gets the same answer
    if survey.sudo().survey_type == TYPE:
        raise NotFound()
