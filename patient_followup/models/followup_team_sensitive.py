# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import api, fields, models
from odoo.tools import ormcache


class FollowupTeam(models.Model):
    _inherit = "followup.team"

    is_sensitive = fields.Boolean(
        string="Sensitive",
        tracking=True,
        help="Scripts, letters and messages do not name this department: who reads"
        " or hears them must not learn what the patient is treated for.",
    )
    neutral_name = fields.Char(
        translate=True,
        help="What it is called instead. Empty: the hospital alone is named.",
    )

    @api.model_create_multi
    def create(self, vals_list):
        teams = super().create(vals_list)
        self.env.registry.clear_cache()
        return teams

    def write(self, vals):
        result = super().write(vals)
        if not {"is_sensitive", "neutral_name", "department_id"}.isdisjoint(vals):
            self.env.registry.clear_cache()
        return result


class HrDepartment(models.Model):
    _inherit = "hr.department"

    def _followup_is_sensitive(self):
        """Whether the name of the department must not be heard or read."""
        return bool(self) and self._followup_neutral(self.id, self.env.lang)[0]

    def _followup_public_name(self):
        """Return the name for scripts, letters and messages; False: the hospital's."""
        if not self:
            return False
        sensitive, neutral_name = self._followup_neutral(self.id, self.env.lang)
        # sudo: the name of a department of the hospital that calls
        return neutral_name if sensitive else self.sudo().name

    @api.model
    @ormcache("department_id", "lang")
    def _followup_neutral(self, department_id, lang):
        """Return (sensitive, neutral name), the nearest team above counts too."""
        # sudo: a mark of the team, asked for whoever calls or writes
        department = self.sudo().with_context(lang=lang).browse(department_id)
        while department:
            team = department.followup_team_ids[:1]
            if team.is_sensitive:
                return True, team.neutral_name or False
            department = department.parent_id
        return False, False
