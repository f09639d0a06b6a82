# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import api, models
from odoo.exceptions import UserError

from ..models.followup_task import CLOSED_STATES
from ..tools.answers import CHOICES


class FollowupPaperForm(models.AbstractModel):
    """The questionnaire on paper, to be sent back (M-1).

    It carries a return code instead of a name: who finds it learns nothing of whom
    it is about. Access: whoever may record the answers.
    """

    _name = "report.patient_followup.followup_paper_form"
    _description = "Questionnaire on Paper"
    _inherit = ["followup.document"]

    _document_model = "followup.task"
    _document_page_numbers = True

    @api.model
    def _prepare_document(self, docs, words):
        docs.check_access("write")
        return {
            "sheets": [self._form_words(task) for task in docs],
            "printed_by": False,
        }

    @api.model
    def _form_words(self, task):
        survey = task._get_survey()
        if not survey or task.state in CLOSED_STATES:
            raise UserError(
                self.env._("“%(name)s” has nothing to answer.", name=task.display_name)
            )
        # sudo: the ward of a follow-up the user may record
        ward = task.sudo()._get_spoken_department()
        sheet = self._handout_words(task, task.browse(), ward)
        survey = survey.with_context(lang=sheet["lang"])
        definition = survey._followup_definition(public=True)
        return {
            **sheet,
            "code": task._get_paper_code(),
            "title": "" if sheet["neutral"] else definition["title"],
            "introduction": "" if sheet["neutral"] else definition["introduction"],
            "until": str(task.date_deadline.date()) if task.date_deadline else "",
            "address": task.company_id.partner_id._display_address(
                without_company=True
            ).strip(),
            "questions": self._question_lines(definition),
        }

    @api.model
    def _question_lines(self, definition):
        """Return the questions with their numbers, and when each is to be answered."""
        questions = definition["questions"]
        number_of = {row["id"]: at for at, row in enumerate(questions, start=1)}
        labels = {
            choice["id"]: choice["label"]
            for row in questions
            for choice in row["choices"]
        }
        return [
            {
                **row,
                "number": number_of[row["id"]],
                "is_choice": row["type"] in CHOICES,
                "several": row["type"] == "multiple_choice",
                "only_if": self._only_if(row["trigger"], number_of, labels),
            }
            for row in questions
        ]

    @api.model
    def _only_if(self, trigger, number_of, labels):
        if not trigger or trigger["question_id"] not in number_of:
            return None
        return {
            "number": number_of[trigger["question_id"]],
            "answers": "; ".join(labels.get(key, "") for key in trigger["answer_ids"]),
        }
