# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import api, fields, models

from ..tools import matching, sampling


class FollowupProtocol(models.Model):
    """Dry run of a list of stays: how much work it would make (A-14)."""

    _inherit = "followup.protocol"

    @api.model
    def _preview(self, encounter_vals_list):
        """Return {tasks, late} a list of stays would give, without writing.

        :param encounter_vals_list: values of `followup.encounter`; of the patient
            `birthdate` and `category_ids` (a list of ids) may stand beside them
        :return: how many tasks would arise, and how many of them already late
        """
        stays = [self._read_vals(vals) for vals in encounter_vals_list]
        companies = self.env["res.company"].browse({row["company_id"] for row in stays})
        planners = {
            company.id: self.env["followup.plan"]._get_planner(company, backfill=0)
            for company in companies
        }
        rules = self._get_rules(companies)
        paths = self._get_department_paths(
            self.env["hr.department"].browse(
                {row["department_id"] for row in stays if row["department_id"]}
            )
        )
        tasks = late = 0
        for row in stays:
            planner = planners[row["company_id"]]
            for draft in self._preview_drafts(row, rules, planner, paths):
                overdue = sum(gap.reason == "overdue" for gap in draft.gaps)
                tasks += len(draft.slots) + overdue
                late += overdue
        return {"tasks": tasks, "late": late}

    @api.model
    def _read_vals(self, vals):
        """Return the values as the stay would hold them."""
        row = {
            "company_id": vals.get("company_id") or self.env.company.id,
            "department_id": vals.get("department_id") or False,
            "encounter_class": vals.get("encounter_class") or "inpatient",
        }
        for name in ("admission_date", "discharge_date", "procedure_date"):
            row[name] = fields.Datetime.to_datetime(vals.get(name)) or False
        row["end"] = row["discharge_date"]
        if not row["end"] and row["encounter_class"] != "inpatient":
            row["end"] = row["admission_date"]
        return {**vals, **row}

    @api.model
    def _preview_drafts(self, row, rules, planner, paths):
        """Yield what each protocol that fits would make of one stay."""
        if not row["end"] or row.get("disposition") == "deceased":
            return
        facts = self._get_vals_facts(row, planner.calendar, paths)
        anchors = {
            "discharge": row["discharge_date"],
            "admission": row["admission_date"],
            "procedure": row["procedure_date"],
            "encounter": row["end"],
        }
        subject = f"{row.get('source')}:{row.get('number')}"
        key = self.env["followup.plan"]._get_sampling_key()
        keys, _too_old = matching.select(rules, facts)
        for protocol_id, specs in self.browse(keys)._get_specs().items():
            yield planner.draft(
                specs,
                anchors,
                {},
                # the stay has no id yet, so another draw of the same size stands in
                lambda spec, protocol_id=protocol_id: sampling.is_drawn(
                    key, f"{protocol_id}:{spec.id}:{subject}", spec.sample_percent
                ),
            )

    @api.model
    def _get_vals_facts(self, row, calendar, paths):
        day = calendar.local_date(row["end"])
        admission = row["admission_date"] and calendar.local_date(row["admission_date"])
        days = max((day - admission).days, 1) if admission else 0
        return matching.Facts(
            company_id=row["company_id"],
            encounter_class=row["encounter_class"],
            department_path=paths.get(row["department_id"], frozenset()),
            diagnosis_code=row.get("diagnosis_code") or "",
            procedure_code=row.get("procedure_code") or "",
            category_ids=frozenset(row.get("category_ids") or ()),
            age=matching.age_at(fields.Date.to_date(row.get("birthdate")), day),
            length_of_stay=days,
            disposition=row.get("disposition") or "",
            day=day,
        )
