# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""New versions of a questionnaire that is in use (D-1)."""

from odoo import api, fields, models
from odoo.exceptions import UserError


class SurveySurvey(models.Model):
    _inherit = "survey.survey"

    followup_version_ids = fields.One2many(
        "survey.survey",
        compute="_compute_followup_version_ids",
        string="Versions",
        export_string_translation=False,
    )

    @api.depends("followup_family_id")
    def _compute_followup_version_ids(self):
        for survey in self:
            family = survey.followup_family_id
            survey.followup_version_ids = family and self.with_context(
                active_test=False
            ).search(
                [("followup_family_id", "=", family.id)],
                order="followup_version desc",
            )

    def action_new_version(self):
        """Open a draft of the next version, to be edited and then put in use.

        Answers and calls under way keep the version they were asked with.
        """
        self.ensure_one()
        self.check_access("write")
        family = self.followup_family_id
        if not family:
            raise UserError(self.env._("Only follow-up questionnaires have versions."))
        family._check_may_edit_shared()
        draft = family._followup_draft() or self._create_version()
        return draft._action_edit()

    def action_copy_for_hospital(self):
        """Open a copy that belongs to the user's hospital, to be changed freely.

        :raises UserError: no questionnaire of follow-up
        """
        self.ensure_one()
        self.check_access("read")
        if not self.followup_family_id:
            raise UserError(self.env._("Only follow-up questionnaires have versions."))
        copy = self.copy({"followup_company_id": self.env.company.id})
        self._copy_title(copy)
        return copy._action_edit()

    def _action_edit(self):
        view = self.env.ref("patient_followup.survey_survey_view_form")
        return {
            "type": "ir.actions.act_window",
            "res_model": "survey.survey",
            "res_id": self.id,
            "views": [(view.id, "form")],
        }

    def _followup_draft(self):
        """Return the version that is being prepared, if any."""
        return self.search(
            [("followup_family_id", "=", self.id), ("followup_state", "=", "draft")],
            limit=1,
        )

    def _create_version(self):
        last = max(self.followup_version_ids.mapped("followup_version"), default=0)
        draft = self.copy()
        draft._guarded().write(
            {
                "followup_family_id": self.followup_family_id.id,
                "followup_version": last + 1,
                "followup_state": "draft",
            }
        )
        self._copy_title(draft)
        return draft

    def _copy_title(self, draft):
        """The copy's title says "(copy)" in one language; a version keeps all."""
        titles, _context = self.get_field_translations("title")
        draft.title = self.title
        draft.update_field_translations(
            "title", {row["lang"]: row["value"] for row in titles if row["value"]}
        )

    def action_followup_use(self):
        """Put this version in use; the one that was gives way."""
        for survey in self:
            survey.check_access("write")
            if not survey.question_ids:
                raise UserError(
                    self.env._("“%(title)s” asks nothing yet.", title=survey.title)
                )
            others = survey.followup_version_ids - survey
            others = others.filtered(lambda other: other.followup_state == "current")
            others._guarded().write({"followup_state": "retired"})
            others.flush_recordset(["followup_state"])
            survey._guarded().write({"followup_state": "current", "active": True})

    def action_followup_retire(self):
        """Ask it no more; what was answered stays."""
        self.check_access("write")
        self._guarded().write({"followup_state": "retired"})
