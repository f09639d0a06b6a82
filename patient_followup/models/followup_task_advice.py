# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Advice given in a call (Q-4, Q-5, Q-15)."""

from odoo import fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain

from ..tools.checked import checked
from .followup_advice_template import ADVICE_KINDS


class FollowupTask(models.Model):
    _inherit = "followup.task"

    advice_ids = fields.One2many("followup.advice", "task_id", readonly=True)

    @checked
    def give_advice(self, template_id=None, text=None, kind="lifestyle"):
        """Record advice as given; the same text twice stays one row.

        :param template_id: the text of the library; else `text` and `kind`
        :return: the call screen
        """
        self.ensure_one()
        self._check_caller()
        self._check_may_tell()
        vals = self._prepare_advice(template_id, text, kind)
        known = self.advice_ids.filtered(lambda row: row.text == vals["text"])
        if not known:
            # sudo: nobody may create advice by hand; rights were checked before
            self.env["followup.advice"].sudo()._guarded().create(vals)
            self.invalidate_recordset(["advice_ids"])
        return self.get_call_screen()

    def _prepare_advice(self, template_id, text, kind):
        template = self.env["followup.advice.template"]
        if template_id:
            template = template.search([("id", "=", template_id)])
            text, kind = template.text, template.kind
        text = self._clean(text if isinstance(text, str) else None)
        if not text or kind not in dict(ADVICE_KINDS):
            raise UserError(self.env._("Write down what was advised."))
        return {
            "task_id": self.id,
            "company_id": self.company_id.id,
            "department_id": self.department_id.id,
            "patient_id": self.patient_id.id,
            "level": self.level,
            "template_id": template.id,
            "kind": kind,
            "text": text,
            "given_by_id": self.env.uid,
        }

    @checked
    def take_back_advice(self, advice_id):
        """Remove advice recorded by mistake, while the call is open.

        :return: the call screen
        """
        self.ensure_one()
        self._check_caller()
        rows = self.advice_ids.filtered(lambda row: row.id == advice_id)
        # sudo: rights were checked before; nobody deletes advice by hand
        rows.sudo()._guarded().unlink()
        return self.get_call_screen()

    def _get_advice_templates(self):
        """Return the texts that fit this stay."""
        templates = self.env["followup.advice.template"].search(Domain.TRUE)
        # sudo: the code of the stay only chooses among texts
        code = self.sudo().encounter_id.diagnosis_code
        return templates.filtered(lambda row: row._fits(self.department_id, code))
