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
            "sheets": [self._form_words(task, words) for task in docs],
            "printed_by": False,
        }

    @api.model
    def _form_words(self, task, words):
        survey = task._get_survey()
        if not survey or task.state in CLOSED_STATES:
            raise UserError(
                self.env._("“%(name)s” has nothing to answer.", name=task.display_name)
            )
        # sudo: the ward of a follow-up the user may record
        ward = task.sudo()._get_spoken_department()
        sheet = self._handout_words(task, task.browse(), ward, words)
        survey = survey.with_context(lang=sheet["lang"])
        definition = survey._followup_definition(public=True)
        return {
            **sheet,
            "code": task._get_paper_code(),
            "title": "" if sheet["neutral"] else definition["title"],
            "introduction": "" if sheet["neutral"] else definition["introduction"],
            "until": self._get_last_day(task),
            "address": self._get_return_address(task.company_id),
            "questions": self._question_lines(definition),
        }

    @api.model
    def _get_last_day(self, task):
        """Return until when the answers count; nothing where it is too late."""
        clock = self.env["followup.clock"]
        last = task.date_deadline and clock._local_date(
            task.company_id, task.date_deadline
        )
        late = not last or last <= clock._today(task.company_id)
        return "" if late else str(last)

    @api.model
    def _get_return_address(self, company):
        # sudo: the address of the hospital, on every letter it writes
        partner = company.sudo().partner_id
        if not partner.street:
            return ""
        lines = partner._display_address(without_company=True).splitlines()
        return ", ".join(line.strip() for line in lines if line.strip())

    @api.model
    def _question_lines(self, definition):
        """Return the questions with their numbers, and when each is to be answered."""
        questions = definition["questions"]
        offered = {
            choice["id"]: (number, choice["label"])
            for number, row in enumerate(questions, start=1)
            for choice in row["choices"]
        }
        return [
            {
                **row,
                "number": number,
                "is_choice": row["type"] in CHOICES,
                "several": row["type"] == "multiple_choice",
                "only_if": self._only_if(row["trigger"], offered),
            }
            for number, row in enumerate(questions, start=1)
        ]

    @api.model
    def _only_if(self, trigger, offered):
        """Return which questions and which of their answers lead to this one."""
        found = [
            offered[key]
            for key in (trigger or {}).get("answer_ids", ())
            if key in offered
        ]
        if not found:
            return None
        numbers = sorted({number for number, _label in found})
        return {
            "numbers": ", ".join(map(str, numbers)),
            "answers": "; ".join(dict.fromkeys(label for _number, label in found)),
        }
