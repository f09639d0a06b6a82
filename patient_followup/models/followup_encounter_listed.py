# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Stays of a list, a thousand in one statement (D-14, speed goals)."""

from odoo import api, models

from ..tools import lace

ROLES = ("attending", "resident", "surgeon")


class FollowupEncounter(models.Model):
    _name = "followup.encounter"
    _inherit = ["followup.encounter", "followup.bulk.mixin"]

    @api.model
    def _create_listed(self, vals_list):
        """Create stays of this company, as `create` does, at once."""
        self.check_access("create")
        calendar = self.env["followup.clock"]._for_company(self.env.company)
        guarded = self._guarded()
        stays = guarded._insert([self._foresee(vals, calendar) for vals in vals_list])
        stays._check_company()
        stays.check_access("create")
        stays = stays._unguarded()
        stays._after_create()
        return stays

    @api.model
    def _foresee(self, vals, calendar):
        """Insert what the computes would find: it saves them a second write."""
        vals = {"encounter_class": "inpatient", **self._strip_keys(vals)}
        for name in ("admission", "discharge", "procedure"):
            moment = vals.get(f"{name}_date")
            vals[f"{name}_day"] = moment and calendar.local_date(moment)
        ended = "discharged" if vals.get("discharge_date") else "open"
        vals["state"] = "cancelled" if vals.get("is_cancelled") else ended
        self._foresee_risk(vals)
        for role in ROLES:
            # sudo: as the compute, callers cannot read employees
            doctor = self.env["hr.employee"].sudo().browse(vals.get(f"{role}_id"))
            vals[f"{role}_user_id"] = doctor.user_id.id
            vals[f"{role}_name"] = doctor.name or vals.get(f"{role}_name")
        return vals

    def _foresee_risk(self, vals):
        first, last = vals["admission_day"], vals["discharge_day"]
        days = max((last - first).days, 1) if first and last else 0
        is_stay = vals["encounter_class"] == "inpatient" and days
        vals["length_of_stay"] = days
        vals["risk_score"] = is_stay and lace.known_points(
            days, vals.get("diagnosis_code")
        )
