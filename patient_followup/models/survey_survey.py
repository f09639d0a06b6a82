# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import api, fields, models
from odoo.exceptions import UserError

TYPE = "followup"
# what may change on a questionnaire that was answered: nothing that is asked
FREE_FIELDS = {"active", "user_id", "color", "followup_state"}
FREE_PREFIXES = ("message_", "activity_", "website_message_")


class SurveySurvey(models.Model):
    """Questionnaire of follow-up calls (FHIR Questionnaire, Q-1 to Q-16).

    A survey of the type `followup` belongs to the follow-up roles alone: survey
    officers do not even see that it exists. Once somebody has answered it, it
    changes only as a new version, so that every answer keeps its question.

    Access: every follow-up role reads; centre managers and administrators edit,
    what serves every hospital only whoever works for all of them (D-17).
    """

    _name = "survey.survey"
    _inherit = ["survey.survey", "followup.guarded.mixin", "followup.shared.mixin"]

    _shared_owner = "followup_company_id"

    survey_type = fields.Selection(
        selection_add=[(TYPE, "Follow-up")], ondelete={TYPE: "cascade"}
    )
    followup_company_id = fields.Many2one(
        "res.company",
        string="Hospital",
        index="btree_not_null",
        help="Empty: for every hospital of the group.",
    )
    followup_family_id = fields.Many2one(
        "survey.survey",
        string="First Version",
        readonly=True,
        copy=False,
        index="btree_not_null",
        ondelete="restrict",
    )
    followup_version = fields.Integer(
        string="Version", default=1, readonly=True, copy=False
    )
    followup_state = fields.Selection(
        [("draft", "Draft"), ("current", "In Use"), ("retired", "Retired")],
        string="Stage",
        default="current",
        readonly=True,
        copy=False,
        help="Calls ask the version in use; what was asked before keeps its version.",
    )
    followup_is_answered = fields.Boolean(compute="_compute_followup_is_answered")
    followup_is_foreign = fields.Boolean(
        compute="_compute_followup_is_foreign",
        help="It serves every hospital: this user copies it for his own.",
    )

    _guarded_fields = frozenset(
        {"followup_family_id", "followup_version", "followup_state"}
    )
    _followup_current_uniq = models.UniqueIndex(
        "(followup_family_id)"
        " WHERE followup_state = 'current' AND followup_family_id IS NOT NULL",
        "Another version of this questionnaire is in use.",
    )

    # ------------------------------------------------------------
    # COMPUTE
    # ------------------------------------------------------------

    @api.depends_context("uid")
    def _compute_allowed_survey_types(self):
        result = super()._compute_allowed_survey_types()
        if self.env.user.has_groups(
            "patient_followup.followup_group_centre_manager,"
            "patient_followup.followup_group_administrator"
        ):
            for survey in self:
                survey.allowed_survey_types = [
                    *(survey.allowed_survey_types or []),
                    TYPE,
                ]
        return result

    @api.depends("access_token")
    def _compute_session_code(self):
        """No code of a live session leads to a questionnaire."""
        ours = self._filter_followup()
        ours.session_code = False
        return super(SurveySurvey, self - ours)._compute_session_code()

    def _compute_followup_is_answered(self):
        answered = self._filter_answered()
        for survey in self:
            survey.followup_is_answered = survey in answered

    @api.depends("followup_company_id")
    @api.depends_context("uid")
    def _compute_followup_is_foreign(self):
        may = self._may_edit_shared()
        for survey in self:
            saved = survey._origin
            shared = bool(saved) and not saved.followup_company_id
            survey.followup_is_foreign = shared and not may

    def _filter_followup(self):
        return self.filtered(lambda survey: survey.survey_type == TYPE)

    def _filter_answered(self):
        """Return the questionnaires with at least one real answer."""
        ours = self._filter_followup()
        if not ours.ids:
            return self.browse()
        # sudo: an answer the user may not read freezes its questionnaire as well
        inputs = self.env["survey.user_input"].sudo()
        groups = inputs._read_group(
            [("survey_id", "in", ours.ids), ("test_entry", "=", False)], ["survey_id"]
        )
        answered = {survey.id for [survey] in groups}
        return self.filtered(lambda survey: survey.id in answered)

    def get_formview_id(self, access_uid=None):
        """Open our own form: survey's speaks of sharing and certificates."""
        view = self.env.ref("patient_followup.survey_survey_view_form", False)
        if self.survey_type == TYPE and view:
            return view.id
        return super().get_formview_id(access_uid=access_uid)

    # ------------------------------------------------------------
    # CRUD
    # ------------------------------------------------------------

    @api.model_create_multi
    def create(self, vals_list):
        surveys = super().create(vals_list)
        ours = surveys._filter_followup()
        for survey in ours.filtered(lambda survey: not survey.followup_family_id):
            survey._guarded().followup_family_id = survey
        # invited people only, even if the public pages did not refuse the type
        ours.filtered(
            lambda survey: survey.access_mode != "token"
        ).access_mode = "token"
        if ours:
            self.env.registry.clear_cache()
        return surveys

    def write(self, vals):
        self.check_access("write")
        self._check_type(vals)
        ours = self._filter_followup()
        if ours and not self._is_free(vals):
            ours._check_unanswered()
        result = super().write(vals)
        if ours:
            self.env.registry.clear_cache()
        return result

    def _update_field_translations(self, field_name, *args, **kwargs):
        """Words of another language are words that were asked, too (D-1)."""
        self.check_access("write")
        ours = self._filter_followup()
        ours._check_unanswered()
        result = super()._update_field_translations(field_name, *args, **kwargs)
        if ours:
            self.env.registry.clear_cache()
        return result

    @api.ondelete(at_uninstall=False)
    def _unlink_except_answered(self):
        ours = self._filter_followup()
        ours._check_unanswered()
        ours._check_unused()
        if ours:
            self.env.registry.clear_cache()

    @api.model
    def _prepare_own(self, vals):
        kind = vals.get("survey_type") or self.env.context.get("default_survey_type")
        return super()._prepare_own(vals) if kind == TYPE else vals

    def _check_may_edit_shared(self):
        return super(SurveySurvey, self._filter_followup())._check_may_edit_shared()

    def _check_type(self, vals):
        """`survey_type` never changes to or from `followup` (D-1)."""
        new = vals.get("survey_type", False)
        if "survey_type" in vals and any(
            (survey.survey_type == TYPE) != (new == TYPE) for survey in self
        ):
            raise UserError(
                self.env._(
                    "A follow-up questionnaire stays one, and no other survey becomes"
                    " one: its answers belong to follow-up alone."
                )
            )

    @api.model
    def _is_free(self, vals):
        return all(
            name in FREE_FIELDS or name.startswith(FREE_PREFIXES) for name in vals
        )

    def _check_unanswered(self):
        """Refuse a change of what somebody has answered already (D-1)."""
        answered = self._filter_answered()
        if answered:
            raise UserError(
                self.env._(
                    "“%(title)s” has been answered: make a new version to change it.",
                    title=answered[:1].title,
                )
            )

    def _check_unused(self):
        # sudo: a step of another hospital uses it as well
        steps = self.env["followup.protocol.step"].sudo()
        step = steps.search([("survey_id", "in", self.ids)], limit=1)
        if step:
            raise UserError(
                self.env._(
                    "“%(title)s” belongs to a protocol: archive it instead.",
                    title=step.survey_id.title,
                )
            )
