# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Whom an enrolment may name: who is named sees the patient (G-4, P-14)."""

from odoo import api, models
from odoo.exceptions import UserError

NAMED = ("department_id", "doctor_id", "nurse_id")
MANAGER = "patient_followup.followup_group_centre_manager"
HEAD = "patient_followup.followup_group_department_head"


class FollowupEnrolment(models.Model):
    """Callers name themselves and colleagues of the ward, heads whom they choose.

    As for single calls, only who hands out work gives it to another ward: naming
    a person or a department opens the patient to them.
    """

    _inherit = "followup.enrolment"

    @api.model_create_multi
    def create(self, vals_list):
        enrolments = super().create(vals_list)
        enrolments._check_named()
        return enrolments

    def write(self, vals):
        changed = any(
            name in vals and self._is_changed(name, vals[name]) for name in NAMED
        )
        result = super().write(vals)
        if changed:
            self._check_named()
        return result

    def _check_named(self):
        """Raise where somebody is named who would see more than he does today."""
        if self.env.su or self.env.user.has_group(MANAGER):
            return
        for enrolment in self:
            if refusal := enrolment._get_named_refusal():
                raise UserError(refusal)

    def _get_named_refusal(self):
        """Return in words why the user may not name these, or False."""
        self.ensure_one()
        own = self.env.user.followup_department_ids
        # sudo: names and roles of departments and colleagues
        department = self.sudo().department_id
        if (
            department
            and department not in (own | self.patient_id.department_ids).sudo()
        ):
            return self.env._(
                "%(department)s does not treat this patient: the manager of the"
                " centre may enrol him there.",
                department=department.name,
            )
        is_head = self.env.user.has_group(HEAD) and department in own.sudo()
        # sudo: as above
        for person in self.sudo().doctor_id | self.sudo().nurse_id:
            if is_head or person == self.env.user.sudo():
                continue
            if not self.env["followup.team"]._may_call(person, department):
                return self.env._(
                    "%(name)s may not call for %(department)s.",
                    name=person.name,
                    department=department.name,
                )
        return False
