# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import fields, models
from odoo.exceptions import UserError
from odoo.tools import ormcache

from ..tools.attempts import parse_moment
from ..tools.checked import checked


class FollowupProtocol(models.Model):
    """Starting plans, by hand, by matching or by an event (D-5, D-13)."""

    _inherit = "followup.protocol"

    @checked
    def start_plan(self, encounters, origin_key=None, anchor_at=None):
        """Make the plans of these protocols for stays, with all their tasks.

        Idempotent: the same stay and origin give the same plan again. Overdue
        contacts are made too, since somebody asked for this plan.

        :param encounters: stays, or their ids
        :param str origin_key: what started it, the stay itself by default
        :param datetime anchor_at: moment that steps anchored on an event count
            from, in UTC, now by default
        :return: the plans
        """
        self.check_access("read")
        if not isinstance(encounters, models.BaseModel):
            encounters = self.env["followup.encounter"].browse(encounters)
        encounters.check_access("write")
        if origin_key and len(encounters) > 1:
            raise UserError(self.env._("One origin starts the plan of one stay."))
        subjects = [
            (encounter.patient_id, encounter, origin_key or encounter._get_origin_key())
            for encounter in encounters
        ]
        anchor_at = parse_moment(anchor_at) or fields.Datetime.now()
        return self._start(subjects, anchor_at=anchor_at)

    def _start(self, subjects, anchor_at=None, origin=None, ignores_block=False):
        """Make the plans of each protocol for each (patient, encounter, key).

        Patients who must not be contacted get none, and stand in the list.
        """
        self._check_startable(subjects)
        patients = self.env["followup.patient"].union(*(row[0] for row in subjects))
        blocked = patients.browse()
        if not ignores_block:
            # sudo: consent counts for whoever starts the plan
            blocked = patients - patients.sudo()._filter_followed().sudo(False)
        for patient, encounter, origin_key in subjects:
            if patient in blocked:
                self.env["followup.plan.gap"]._note(
                    "blocked", origin_key, anchor_at, patient, encounter
                )
        vals_list = [
            protocol._prepare_plan(*subject, anchor_at=anchor_at, origin=origin)
            for protocol in self.sudo()
            for subject in subjects
            if subject[0] not in blocked
        ]
        plans, _created = self.env["followup.plan"]._ensure(vals_list)
        plans._generate_tasks(backfill=None)
        return plans.with_env(self.env)

    def _check_startable(self, subjects):
        for protocol in self:
            if protocol.state == "retired":
                raise UserError(
                    self.env._(
                        "%(name)s is retired: start its newer version.",
                        name=protocol.display_name,
                    )
                )
            owner = protocol.company_id
            if owner and any(row[0].company_id != owner for row in subjects):
                raise UserError(
                    self.env._(
                        "%(name)s belongs to another hospital.",
                        name=protocol.display_name,
                    )
                )

    def _prepare_plan(self, patient, encounter, origin_key, anchor_at, origin=None):
        self.ensure_one()
        company = encounter.company_id or patient.company_id
        departments = encounter.department_id or patient.department_ids[:1]
        specs = self._get_specs()[self.id]
        return {
            "company_id": company.id,
            "patient_id": patient.id,
            "encounter_id": encounter.id,
            "department_id": departments.id,
            "protocol_id": self.id,
            "protocol_family_id": self.family_id.id or self.id,
            "origin_key": origin_key,
            "origin": origin,
            "anchor_at": anchor_at,
            "centre_visible": any(spec.level == "2" for spec in specs),
        }

    def _get_specs(self):
        """Return {protocol id: its steps as plain values, in order}."""
        return {
            protocol_id: self._get_cached_specs(protocol_id)
            for protocol_id in self._ids
        }

    @ormcache("protocol_id", "self.env.lang")
    def _get_cached_specs(self, protocol_id):
        # sudo: a plan follows its steps whoever makes it; tasks get copies
        steps = self.sudo().browse(protocol_id).step_ids.sorted()
        return tuple(step._get_spec() for step in steps)
