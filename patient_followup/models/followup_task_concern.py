# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""What a caller raises from a call, before its form is finished (X-1, X-2, O-1)."""

from odoo import fields, models
from odoo.exceptions import UserError

from ..tools.checked import checked
from .followup_concern import CONCERN_TYPES, FEEDBACK_KINDS


class FollowupTask(models.Model):
    _inherit = "followup.task"

    concern_ids = fields.One2many("followup.concern", "task_id")

    # ------------------------------------------------------------
    # ACTIONS
    # ------------------------------------------------------------

    @checked
    def action_red_flag(self, text=None, concern_type="condition"):
        """Bring a suspicious condition to doctor and head, in this transaction.

        Works in every state of the task and needs nothing else filled in.

        :param text: what the patient reports; may follow later
        :param concern_type: one of `CONCERN_TYPES`
        :return: the `followup.concern`
        """
        self.ensure_one()
        self.check_access("write")
        if concern_type not in dict(CONCERN_TYPES):
            raise UserError(self.env._("Choose what the red flag is about."))
        # sudo: a closed task is read only for its caller, the mark is not
        self.sudo()._guarded().write({"red_flag": True})
        return self._raise_concern("red_flag", text, concern_type=concern_type)

    @checked
    def action_ask(
        self, text, promised_at=None, department_id=None, specialist_id=None
    ):
        """Put a question of the patient to a specialist (X-1, P-7).

        :param text: the question
        :param promised_at: reply time told to the patient, in UTC; without it the
            deadline of the answer
        :param department_id: department asked; without it the patient's own
        :param specialist_id: user asked; without him the department
        :return: the `followup.concern`
        :raises UserError: no text, a time that has passed, or a specialist who
            cannot open it
        """
        self.ensure_one()
        self.check_access("write")
        self._check_contactable()
        moment = self.env["followup.concern"]._parse_promise(promised_at)
        concern = self._raise_concern(
            "question",
            self._check_words(text),
            promised_at=moment,
            department_id=self._get_id(department_id),
            specialist_id=self._get_id(specialist_id),
            wants_reply=True,
        )
        return concern

    @checked
    def action_opinion(self, kind, text, department_id=None, wants_reply=True):
        """Write down an opinion, a suggestion or praise and hand it on (O-1, O-2).

        :param kind: opinion, suggestion or praise
        :param department_id: department it is about; without it the task's
        :param wants_reply: whether the patient is to hear what came of it
        :return: the `followup.concern`
        """
        self.ensure_one()
        self.check_access("write")
        if kind not in FEEDBACK_KINDS:
            raise UserError(self.env._("Choose opinion, suggestion or praise."))
        return self._raise_concern(
            kind,
            self._check_words(text),
            department_id=self._get_id(department_id),
            wants_reply=bool(wants_reply),
        )

    # ------------------------------------------------------------
    # BUSINESS
    # ------------------------------------------------------------

    def _raise_concern(self, kind, text, **vals):
        """Create a concern about the patient of this call and tell who must act.

        Rights were checked by the caller; a client's context changes nothing.
        """
        # sudo: whoever may write the call may raise what he hears in it, an
        # inspector too, who otherwise only reads concerns
        concern = (
            self.env["followup.concern"]
            .sudo()
            ._plain()
            ._guarded()
            .create(
                {
                    "kind": kind,
                    "text": self._clean(text),
                    "task_id": self.id,
                    "patient_id": self.patient_id.id,
                    "company_id": self.company_id.id,
                    **vals,
                }
            )
            ._unguarded()
        )
        concern._check_asked()
        concern._apply_route()
        concern._alert()
        return concern.sudo(False)

    def _check_words(self, text):
        text = self._clean(text)
        if not text:
            raise UserError(self.env._("Write down what the patient said."))
        return text

    def _get_id(self, record):
        return self.env["followup.concern"]._get_id(record)
