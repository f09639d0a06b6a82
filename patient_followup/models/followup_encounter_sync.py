# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import models

from .followup_plan import OPEN_PLAN_STATES
from .followup_task import OPEN_STATES

DATES = frozenset(
    {"admission_date", "discharge_date", "procedure_date", "encounter_class"}
)
DOCTORS = {
    "attending_id": "attending",
    "resident_id": "resident",
    "surgeon_id": "surgeon",
}


class FollowupEncounter(models.Model):
    """Life happens: dates are corrected, discharges taken back, patients return."""

    _inherit = "followup.encounter"

    def _sync_plans(self, changed):
        super()._sync_plans(changed)
        # sudo: who may change the stay moves its tasks, whoever is to call
        stays = self.sudo()
        if "created" in changed:
            stays._filter_inside()._hold_earlier_tasks()
            return
        if changed & {"discharge_date", "is_cancelled", "encounter_class"}:
            stays._sync_readmission()
        stays = stays.filtered("plan_ids")
        if changed & (DATES | {"is_cancelled", "excluded", "disposition"}):
            stays._sync_withdrawal()
        if changed & {"patient_id", "department_id"}:
            stays._sync_place()
        if changed & DATES:
            stays.plan_ids._realign()
        if changed & DOCTORS.keys():
            stays.plan_ids._sync_doctors(
                {DOCTORS[name] for name in changed & DOCTORS.keys()}
            )

    # ------------------------------------------------------------
    # DISCHARGE TAKEN BACK
    # ------------------------------------------------------------

    def _sync_withdrawal(self):
        """Withdraw the plans of stays that are not over; bring back the others."""
        for stay in self:
            reason = stay._get_withdrawal_reason()
            if reason:
                stay.plan_ids.filtered(_counts_from_stay)._close_engine(
                    reason, withdrawn=True
                )
            else:
                # nothing comes back to a patient who was stopped meanwhile (I-12)
                followed = stay.patient_id._filter_followed()
                plans = stay.plan_ids.filtered("withdrawn")
                plans = plans.filtered(lambda p, f=followed: p.patient_id in f)
                plans.patient_id._lock_for_planning()
                plans._revive()

    def _get_withdrawal_reason(self):
        """Return why nobody of this stay is to be called now, or False."""
        self.ensure_one()
        if self.state == "cancelled":
            return self.env._("The stay was cancelled.")
        if self.excluded:
            return self.env._("The stay was excluded from follow-up.")
        if not self._get_end():
            return self.env._("The discharge was taken back.")
        return False

    def _sync_place(self):
        """Let plans and open tasks follow a corrected patient or department."""
        for stay in self:
            vals = {
                "patient_id": stay.patient_id.id,
                "department_id": stay.department_id.id,
            }
            plans = stay.plan_ids.filtered(lambda p: p.state in OPEN_PLAN_STATES)
            plans._guarded().write(vals)
            plans._get_open_tasks()._guarded().write(vals)
            plans.gap_ids.write(vals)
            if plans and not stay.patient_id._is_contactable():
                stay.patient_id._stop_follow_up()

    # ------------------------------------------------------------
    # BACK IN HOSPITAL
    # ------------------------------------------------------------

    def _sync_readmission(self):
        """Hold earlier calls while the patient is in hospital, then decide."""
        inside = self._filter_inside()
        inside._hold_earlier_tasks()
        (self - inside)._release_earlier_tasks()

    def _filter_inside(self):
        return self.filtered(
            lambda stay: stay.encounter_class == "inpatient" and stay.state == "open"
        )

    def _hold_earlier_tasks(self):
        """Let the open tasks of earlier stays wait: he lies here, nobody calls."""
        if not self:
            return
        tasks = self.env["followup.task"].search(
            [
                ("patient_id", "in", self.patient_id.ids),
                ("encounter_id", "not in", self.ids),
                ("state", "in", OPEN_STATES),
                ("hold_encounter_id", "=", False),
            ]
        )
        self._hold(tasks)

    def _hold_if_inside(self, tasks):
        """Let new tasks wait whose patient is in hospital again by now."""
        inside = self.search(
            [
                ("patient_id", "in", self.patient_id.ids),
                ("encounter_class", "=", "inpatient"),
                ("state", "=", "open"),
            ]
        )
        if inside:
            inside._hold(tasks.filtered(lambda task: task.encounter_id not in inside))

    def _hold(self, tasks):
        """Let tasks wait for the end of these stays, of the same patients."""
        reason = self.env._("The patient is in hospital again.")
        by_patient = {stay.patient_id: stay for stay in self}
        for patient, held in tasks.grouped("patient_id").items():
            if stay := by_patient.get(patient):
                held._guarded().write({"hold_encounter_id": stay.id})
                held._hold_engine(reason)

    def _release_earlier_tasks(self):
        """After the new stay, do with the held tasks what the hospital chose."""
        if not self:
            return
        tasks = self.env["followup.task"].search(
            [("hold_encounter_id", "in", self.ids), ("state", "in", OPEN_STATES)]
        )
        for stay, held in tasks.grouped("hold_encounter_id").items():
            choice = stay.company_id.followup_readmission or "keep"
            if stay.state == "cancelled":
                choice = "keep"
            if choice != "decide":
                held._settle_hold(choice)


def _counts_from_stay(plan):
    """Plans started by an event do not end with the discharge."""
    return plan.origin_key == f"encounter:{plan.encounter_id.id}"
