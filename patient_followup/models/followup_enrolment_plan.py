# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""The plans of enrolments: started, paused, resumed (D-3)."""

from contextlib import suppress

from odoo import fields, models
from odoo.exceptions import MissingError, UserError

from .followup_plan import FollowupPlan as Plan

PREFIX = "enrolment:"
MAX_DIGITS = 9  # as long as an id gets
NOON = 12  # a bare day is the middle of it (D-11)


class FollowupEnrolment(models.Model):
    _inherit = "followup.enrolment"

    def _get_origin_key(self):
        self.ensure_one()
        return f"{PREFIX}{self.id}"

    def _start_plans(self):
        """Make the plans these enrolments lack; a second time nothing happens."""
        plans = self.env["followup.plan"]
        nobody = self.env["followup.encounter"]
        for (programme, day, company), rows in self.grouped(_start_key).items():
            calendar = self.env["followup.clock"]._for_company(company)
            subjects = [(row.patient_id, nobody, row._get_origin_key()) for row in rows]
            plans |= programme._get_protocols()._start(
                subjects, anchor_at=calendar.to_utc(day, NOON), origin=programme.name
            )
        return plans

    def _hold_tasks(self):
        # sudo: who may pause an enrolment lets all of its contacts wait
        tasks = self.sudo().plan_ids._get_open_tasks()
        tasks._hold_engine(self.env._("The programme is paused."))

    def _release_tasks(self):
        # sudo: who may resume an enrolment resumes all of its contacts
        tasks = self.sudo().plan_ids._get_open_tasks()
        # those of a patient who lies in hospital wait for that stay
        tasks.filtered(lambda task: not task.hold_encounter_id)._resume_engine()


class FollowupPlan(models.Model):
    _inherit = "followup.plan"

    _guarded_fields = Plan._guarded_fields | {"enrolment_id"}

    enrolment_id = fields.Many2one(
        "followup.enrolment",
        readonly=True,
        copy=False,
        index="btree_not_null",
        ondelete="restrict",
    )

    def _prepare_task_base(self):
        vals = super()._prepare_task_base()
        if self.enrolment_id:
            vals["kind"] = "programme"
        return vals

    def _prepare_tasks(self, drafts):
        """Give the calls of the team to the nurse who knows the patient (G-4)."""
        vals_list = super()._prepare_tasks(drafts)
        nurses = {
            plan.id: plan.enrolment_id.nurse_id
            for plan in drafts
            if plan.enrolment_id.nurse_id
        }
        if nurses:
            # the pool keeps what the one who was named could not see (I-7)
            callers = self.env["res.users"]._followup_callers()
            nurses = {id_: user.id for id_, user in nurses.items() if user in callers}
        for vals in vals_list:
            nurse = nurses.get(vals["plan_id"])
            if nurse and vals.get("responsible") == "department_team":
                vals["user_id"] = nurse
        return vals_list

    def _generate_tasks(self, backfill=None, is_new=False):
        """Let contacts that recur within a pause wait with the others."""
        tasks = super()._generate_tasks(backfill=backfill, is_new=is_new)
        # sudo: states of tasks are the engine's, whoever started this
        held = tasks.sudo().filtered(
            lambda task: task.plan_id.enrolment_id.state == "paused"
        )
        if held:
            held._hold_engine(self.env._("The programme is paused."))
        return tasks


class FollowupTask(models.Model):
    _inherit = "followup.task"

    def _resume_engine(self):
        """The end of a stay does not resume a programme that is paused."""
        # sudo: the engine resumes contacts of every department
        tasks = self.sudo().filtered(
            lambda task: task.plan_id.enrolment_id.state != "paused"
        )
        return super(FollowupTask, tasks.sudo(self.env.su))._resume_engine()


class FollowupProtocol(models.Model):
    _inherit = "followup.protocol"

    def _prepare_plan(self, patient, encounter, origin_key, anchor_at, origin=None):
        vals = super()._prepare_plan(patient, encounter, origin_key, anchor_at, origin)
        if origin_key.startswith(PREFIX):
            enrolment = self._read_enrolment(origin_key, patient)
            vals["enrolment_id"] = enrolment.id
            vals["department_id"] = enrolment.department_id.id
            vals["responsible_id"] = (enrolment.doctor_id or enrolment.nurse_id).id
        return vals

    def _read_enrolment(self, origin_key, patient):
        """Return the enrolment of a key, whoever made the key up.

        :raises UserError: it names none of this patient's
        """
        number = origin_key.removeprefix(PREFIX)
        known = number.isascii() and number.isdigit() and len(number) <= MAX_DIGITS
        enrolments = self.env["followup.enrolment"]
        enrolment = enrolments.browse(int(number) if known else ())
        with suppress(MissingError):
            # sudo: whose it is, so that a stranger's is refused in the same words
            if patient and enrolment.sudo().patient_id == patient.sudo():
                return enrolment
        raise UserError(
            self.env._(
                "%(key)s names no enrolment of this patient: choose another key.",
                key=origin_key,
            )
        )


def _start_key(enrolment):
    return enrolment.programme_id, enrolment.enrolled_on, enrolment.company_id
