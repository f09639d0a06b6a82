# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import api, models


class FollowupAskedMixin(models.AbstractModel):
    """Part of a questionnaire: a question or one of its choices (D-1, D-17).

    Access: like its questionnaire. It is frozen once that was answered, and what
    every hospital asks is changed only by whoever answers for all of them.
    """

    _name = "followup.asked.mixin"
    _description = "Part of a Questionnaire"

    # the fields that name what the row is part of
    _asked_parents = frozenset()

    @api.model_create_multi
    def create(self, vals_list):
        records = super().create(vals_list)
        records._check_followup_editable()
        return records

    def write(self, vals):
        self.check_access("write")
        self._check_followup_editable()
        result = super().write(vals)
        if not self._asked_parents.isdisjoint(vals):
            # moved: rules look at the old place only
            self.check_access("write")
            self._check_followup_editable()
        return result

    def _update_field_translations(self, field_name, *args, **kwargs):
        """Words of another language are words that were asked, too (D-1)."""
        self.check_access("write")
        self._check_followup_editable()
        return super()._update_field_translations(field_name, *args, **kwargs)

    @api.ondelete(at_uninstall=False)
    def _unlink_except_followup_answered(self):
        self._check_followup_editable()

    def _get_followup_surveys(self):
        """Return the questionnaires of follow-up that these rows are part of."""
        return self.env["survey.survey"]

    def _check_followup_editable(self):
        """Refuse changes of what was answered; forget the remembered definition."""
        surveys = self._get_followup_surveys()
        if surveys:
            surveys._check_may_edit_shared()
            surveys._check_unanswered()
            self.env.registry.clear_cache()
