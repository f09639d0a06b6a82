# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Stays of a list, a thousand in one statement (D-14, speed goals)."""

from odoo import api, models

from ..tools import lace, matching

ROLES = ("attending", "resident", "surgeon")


class FollowupEncounter(models.Model):
    _name = "followup.encounter"
    _inherit = ["followup.encounter", "followup.bulk.mixin"]

    @api.model
    def _create_listed(self, vals_list):
        """Create stays of this company, as `create` does, at once."""
        self.check_access("create")
        calendar = self.env["followup.clock"]._for_company(self.env.company)
        doctors = self._get_doctors(vals_list)
        rows = [self._foresee(vals, calendar, doctors) for vals in vals_list]
        self._foresee_matches(rows)
        stays = self._guarded()._insert(rows)
        stays._check_company()
        stays.check_access("create")
        stays = stays._unguarded()
        stays._after_create()
        return stays

    @api.model
    def _foresee_matches(self, vals_list):
        """Note at once the stays that fit no protocol, whoever the patient is."""
        protocols = self.env["followup.protocol"]
        rules = matching.without_patients(protocols._get_rules(self.env.company))
        department_ids = {vals.get("department_id") for vals in vals_list}
        paths = protocols._get_department_paths(
            self.env["hr.department"].browse(filter(None, department_ids))
        )
        patients = self.env["followup.patient"].browse(
            {vals["patient_id"] for vals in vals_list}
        )
        # sudo: nobody is called against his will, whoever may see him
        followed = set(patients.sudo()._filter_followed()._ids)
        for vals in vals_list:
            if _is_ended(vals) and vals["patient_id"] in followed:
                facts = _read_facts(vals, paths)
                if not any(rule.accepts(facts) for rule in rules):
                    vals["match_state"] = "unmatched"

    @api.model
    def _get_doctors(self, vals_list):
        """Return {employee id: (name, user id)} of the doctors of these stays."""
        ids = {vals.get(f"{role}_id") for vals in vals_list for role in ROLES}
        # sudo: as the computes, callers cannot read employees
        employees = self.env["hr.employee"].sudo().browse(filter(None, ids))
        return {e.id: (e.name, e.user_id.id) for e in employees}

    @api.model
    def _foresee(self, vals, calendar, doctors):
        """Insert what the computes would find: it saves them a second write."""
        vals = {"encounter_class": "inpatient", **self._strip_keys(vals)}
        for name in ("admission", "discharge", "procedure"):
            moment = vals.get(f"{name}_date")
            vals[f"{name}_day"] = moment and calendar.local_date(moment)
        ended = "discharged" if vals.get("discharge_date") else "open"
        vals["state"] = "cancelled" if vals.get("is_cancelled") else ended
        self._foresee_risk(vals)
        for role in ROLES:
            name, user_id = doctors.get(vals.get(f"{role}_id"), (False, False))
            vals[f"{role}_user_id"] = user_id
            vals[f"{role}_name"] = name or vals.get(f"{role}_name")
        return vals

    def _foresee_risk(self, vals):
        first, last = vals["admission_day"], vals["discharge_day"]
        days = max((last - first).days, 1) if first and last else 0
        is_stay = vals["encounter_class"] == "inpatient" and days
        vals["length_of_stay"] = days
        vals["risk_score"] = is_stay and lace.known_points(
            days, vals.get("diagnosis_code")
        )


def _is_ended(vals):
    """Tell whether the stay is over, so that protocols are searched for it."""
    is_visit = vals["encounter_class"] != "inpatient"
    ended = vals.get("discharge_date") or (is_visit and vals.get("admission_date"))
    return bool(
        ended and vals["state"] != "cancelled" and vals.get("disposition") != "deceased"
    )


def _read_facts(vals, paths):
    """Return what protocols look at, without what belongs to the patient."""
    return matching.Facts(
        company_id=vals["company_id"],
        encounter_class=vals["encounter_class"],
        department_path=paths.get(vals.get("department_id"), frozenset()),
        diagnosis_code=vals.get("diagnosis_code") or "",
        procedure_code=vals.get("procedure_code") or "",
        length_of_stay=vals["length_of_stay"],
        disposition=vals.get("disposition") or "",
    )
