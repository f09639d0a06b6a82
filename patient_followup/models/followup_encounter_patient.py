# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import api, models
from odoo.tools import SQL


class FollowupEncounter(models.Model):
    """What a stay tells of its patient: who treats him, and that he died."""

    _inherit = "followup.encounter"

    def _link_departments(self):
        """Let the departments of these stays see their patients."""
        self.flush_recordset(["patient_id", "department_id"])
        field = self.env["followup.patient"]._fields["department_ids"]
        self.env.cr.execute(
            SQL(
                "INSERT INTO %(relation)s (%(patient)s, %(department)s)"
                " SELECT DISTINCT patient_id, department_id FROM followup_encounter"
                " WHERE id IN %(ids)s ON CONFLICT DO NOTHING",
                relation=SQL.identifier(field.relation),
                patient=SQL.identifier(field.column1),
                department=SQL.identifier(field.column2),
                ids=self._ids or (0,),
            )
        )
        self.patient_id.invalidate_recordset(["department_ids"])

    @api.model
    def _refresh_departments(self, patients):
        """Set the departments of patients to those of their valid stays."""
        self.env["followup.encounter"].flush_model(
            ["patient_id", "department_id", "is_cancelled"]
        )
        field = patients._fields["department_ids"]
        self.env.cr.execute(
            SQL(
                "DELETE FROM %(relation)s WHERE %(patient)s IN %(ids)s AND NOT EXISTS ("
                " SELECT 1 FROM followup_encounter stay"
                " WHERE stay.patient_id = %(relation)s.%(patient)s"
                " AND stay.department_id = %(relation)s.%(department)s"
                " AND stay.is_cancelled IS NOT TRUE)",
                relation=SQL.identifier(field.relation),
                patient=SQL.identifier(field.column1),
                department=SQL.identifier(field.column2),
                ids=patients._ids or (0,),
            )
        )
        # sudo: departments of stays the caller may not see count as well
        stays = self.sudo().search(
            [("patient_id", "in", patients.ids), ("is_cancelled", "=", False)]
        )
        stays._link_departments()
        patients.invalidate_recordset(["department_ids"])

    def _record_deaths(self):
        """A stay that ended in death stops follow-up of the patient (I-12).

        Taken back only where the list itself corrects what it said before.
        """
        for stay in self:
            died = stay.disposition == "deceased" and stay.state == "discharged"
            if died and not stay.told_death:
                stay._guarded().told_death = True
                stay.patient_id.filtered(lambda p: not p.deceased_date).write(
                    {"deceased_date": stay.discharge_day}
                )
            elif stay.told_death and not died:
                stay._guarded().told_death = False
                stay.patient_id._guarded().deceased_date = False
