# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import api, models
from odoo.tools import ormcache

from ..tools import matching


class FollowupProtocol(models.Model):
    """Matching: which protocols a stay calls for (E-4)."""

    _inherit = "followup.protocol"

    @api.model
    def _match(self, encounters):
        """Return {encounter: protocols that apply, most specific first}."""
        return {
            encounter: protocols
            for encounter, (protocols, _too_old) in self._explain_match(
                encounters
            ).items()
        }

    @api.model
    def _explain_match(self, encounters):
        """Return {encounter: (protocols, one was left out as not yet in force)}."""
        rules = self._get_rules(encounters.company_id)
        result = {}
        for encounter, facts in self._get_facts(encounters).items():
            keys, too_old = matching.select(rules, facts)
            result[encounter] = (self.browse(keys), too_old)
        return result

    @api.model
    def _get_match_domain(self, companies):
        return [
            ("state", "=", "active"),
            ("event_id", "=", False),
            ("company_id", "in", [*companies.ids, False]),
        ]

    @api.model
    def _get_rules(self, companies):
        """Return the rules in force, sorted by rank."""
        return self._get_cached_rules(tuple(sorted(companies.ids)))

    @ormcache("company_ids")
    def _get_cached_rules(self, company_ids):
        # sudo: the rules hold for everybody alike; only keys leave this method
        protocols = self.sudo()
        companies = self.env["res.company"].browse(company_ids)
        rules = [
            protocol._get_rule()
            for protocol in protocols.search(self._get_match_domain(companies))
        ]
        return sorted(rules, key=lambda rule: rule.rank)

    def _get_rule(self):
        self.ensure_one()
        return matching.Rule(
            key=self.id,
            sequence=self.sequence,
            company_id=self.company_id.id or 0,
            is_default=self.is_default,
            date_from=self.date_from or None,
            encounter_class=self.encounter_class or "",
            department_ids=frozenset(self.department_ids.ids),
            diagnosis_prefixes=matching.split_prefixes(self.diagnosis_prefixes),
            procedure_prefixes=matching.split_prefixes(self.procedure_prefixes),
            category_ids=frozenset(self.category_ids.ids),
            min_age=self.min_age,
            max_age=self.max_age,
            min_length_of_stay=self.min_length_of_stay,
            disposition=self.disposition or "",
        )

    @api.model
    def _get_facts(self, encounters):
        """Return {encounter: Facts}, read for all at once."""
        paths = self._get_department_paths(encounters.department_id)
        return {
            encounter: matching.Facts(
                company_id=encounter.company_id.id,
                encounter_class=encounter.encounter_class,
                department_path=paths.get(encounter.department_id.id, frozenset()),
                diagnosis_code=encounter.diagnosis_code or "",
                procedure_code=encounter.procedure_code or "",
                category_ids=frozenset(encounter.patient_id.category_ids._ids),
                age=matching.age_at(
                    encounter.patient_id.birthdate, encounter._get_end_day()
                ),
                length_of_stay=encounter.length_of_stay,
                disposition=encounter.disposition or "",
                day=encounter._get_end_day(),
            )
            for encounter in encounters
        }

    @api.model
    def _get_department_paths(self, departments):
        """Return {department id: ids of itself and the departments above it}."""
        return {
            department.id: frozenset(
                int(part) for part in (department.parent_path or "").split("/") if part
            )
            | {department.id}
            for department in departments
        }
