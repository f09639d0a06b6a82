# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""A questionnaire as it is asked, on one sheet."""

from odoo import fields, models

from .survey_survey import TYPE


class SurveySurvey(models.Model):
    _inherit = "survey.survey"

    followup_preview = fields.Html(
        compute="_compute_followup_preview", string="Preview", sanitize=False
    )

    def _compute_followup_preview(self):
        for survey in self:
            saved = survey._origin
            survey.followup_preview = (
                saved.survey_type == TYPE and saved._followup_render()
            )

    def _followup_render(self):
        """Return the questions with their choices and conditions as HTML."""
        definition = self._followup_definition()
        labels = {
            choice["id"]: choice["label"]
            for question in definition["questions"]
            for choice in question["choices"]
        }
        pages = [{"id": False, "title": ""}, *definition["pages"]]
        return self.env["ir.qweb"]._render(
            "patient_followup.survey_preview",
            {
                "survey": definition,
                "labels": labels,
                "pages": [
                    {
                        **page,
                        "questions": [
                            question
                            for question in definition["questions"]
                            if question["page_id"] == page["id"]
                        ],
                    }
                    for page in pages
                ],
            },
        )
