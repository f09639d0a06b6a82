# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""A patient nobody can be recognised in any more, and the hold that prevents it."""

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError

from ..tools.checked import checked
from ..tools.guard import is_open
from .followup_patient_archive import SETTLED_CONCERNS
from .followup_plan import OPEN_PLAN_STATES
from .followup_task import OPEN_STATES

MANAGER = "patient_followup.followup_group_centre_manager"
HOLD_FIELDS = {"legal_hold", "legal_hold_reason"}


class FollowupPatient(models.Model):
    """Retention and erasure (Y-1): `followup.retention.run` decides, this refuses.

    Access: centre managers set and lift the hold.
    """

    _inherit = "followup.patient"

    anonymised_at = fields.Datetime(
        string="Anonymised on", readonly=True, copy=False, index="btree_not_null"
    )
    legal_hold = fields.Boolean(
        string="Keep for Legal Reasons",
        copy=False,
        help="A dispute or an inquiry: the record is never anonymised meanwhile.",
    )
    legal_hold_reason = fields.Char(string="Why Kept", copy=False)

    _hold_reason_required = models.Constraint(
        "CHECK (legal_hold IS NOT TRUE OR legal_hold_reason IS NOT NULL)",
        "Say why this record has to be kept.",
    )

    # ------------------------------------------------------------
    # COMPUTE
    # ------------------------------------------------------------

    @api.depends("anonymised_at")
    @api.depends_context("lang")
    def _compute_display_name(self):
        nameless = self.filtered("anonymised_at")
        for patient in nameless:
            patient.display_name = self.env._("Anonymised #%(id)s", id=patient.id)
        return super(FollowupPatient, self - nameless)._compute_display_name()

    # ------------------------------------------------------------
    # CRUD
    # ------------------------------------------------------------

    @api.model_create_multi
    def create(self, vals_list):
        if any(vals.get(name) for vals in vals_list for name in HOLD_FIELDS):
            self._check_may_hold()
        return super().create(vals_list)

    def write(self, vals):
        if not is_open(self.env):
            self._check_not_anonymised()
        if not HOLD_FIELDS.isdisjoint(vals):
            self._check_may_hold()
            vals = {**vals, **self._tidy_hold(vals)}
        return super().write(vals)

    def _tidy_hold(self, vals):
        if vals.get("legal_hold") is False:
            return {"legal_hold_reason": False}
        reason = vals.get("legal_hold_reason")
        return {"legal_hold_reason": reason.strip() or False} if reason else {}

    @api.model
    def _check_may_hold(self):
        if not (self.env.su or self.env.user.has_group(MANAGER)):
            raise AccessError(
                self.env._("Only the manager of the follow-up centre can do this.")
            )

    def _check_not_anonymised(self):
        """Refuse to write about somebody who is no longer known."""
        # sudo: whether a record was anonymised is no secret
        if any(self.sudo().mapped("anonymised_at")):
            raise UserError(
                self.env._("This patient was anonymised: nothing can be added.")
            )

    def _check_mergeable(self, others):
        (self | others)._check_not_anonymised()
        return super()._check_mergeable(others)

    @checked
    def action_resume(self, reason):
        self._check_not_anonymised()
        return super().action_resume(reason)

    # ------------------------------------------------------------
    # MAY IT BE DONE
    # ------------------------------------------------------------

    def _get_erasure_obstacles(self):
        """Return {patient id: why it cannot be anonymised now}; addons add theirs."""
        # sudo: what any ward still has to do counts; only a sentence leaves
        patients = self.sudo().with_context(active_test=False)
        obstacles = {
            patient.id: self.env._("Kept for legal reasons.")
            for patient in patients.filtered("legal_hold")
        }
        texts = {
            "followup.concern": self.env._("A question or red flag is open."),
            "followup.encounter": self.env._("The patient is in hospital."),
        }
        open_rows = {
            "followup.concern": [("state", "not in", SETTLED_CONCERNS)],
            "followup.encounter": [("state", "=", "open")],
        }
        for model, domain in open_rows.items():
            for patient_id in patients._get_holders(model, domain):
                obstacles.setdefault(patient_id, texts[model])
        return obstacles

    def _get_retention_obstacles(self):
        """Return {patient id: why}, where time alone is the reason to anonymise."""
        obstacles = self._get_erasure_obstacles()
        busy = {
            "followup.task": OPEN_STATES,
            "followup.plan": OPEN_PLAN_STATES,
        }
        for model, states in busy.items():
            # sudo: what any ward still has to do counts; only a sentence leaves
            holders = self.sudo()._get_holders(model, [("state", "in", states)])
            for patient_id in holders:
                obstacles.setdefault(
                    patient_id, self.env._("Contacts are still planned.")
                )
        return obstacles

    def _get_holders(self, model, domain):
        """Return the ids of those of these patients with such rows."""
        rows = self.env[model]._read_group(
            [("patient_id", "in", self.ids), *domain], ["patient_id"]
        )
        return [patient.id for [patient] in rows]
