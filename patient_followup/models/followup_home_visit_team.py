# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Who goes on a home visit, with what, and where to (M-5)."""

from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError

CARING = ("doctor", "nurse", "head_nurse", "head")


class FollowupHomeVisit(models.Model):
    _inherit = "followup.home.visit"

    user_ids = fields.Many2many(
        "res.users",
        "followup_home_visit_user_rel",
        "visit_id",
        "user_id",
        string="Team",
        domain=lambda self: self._get_team_domain(),
    )
    lead_id = fields.Many2one(
        "res.users",
        string="Led by",
        index="btree_not_null",
        help="Whose route of the day the visit belongs to.",
        domain="[('id', 'in', user_ids)]",
    )
    team_names = fields.Char(
        readonly=True, copy=False, help="Who went, as sealed with the visit."
    )
    item_ids = fields.One2many(
        "followup.home.visit.item", "visit_id", string="Checklist"
    )
    packed_count = fields.Integer(string="Packed", compute="_compute_packed")
    item_count = fields.Integer(string="To Pack", compute="_compute_packed")
    is_in_team = fields.Boolean(compute="_compute_where")
    patient_name = fields.Char(compute="_compute_where")
    address = fields.Char(
        compute="_compute_where", help="For the team and the ward only."
    )
    phone_masked = fields.Char(string="Phone", compute="_compute_where")
    has_consent = fields.Boolean(
        string="Consent on Record", compute="_compute_has_consent"
    )

    def _get_team_domain(self):
        callers = self.env["res.users"]._followup_callers()
        return [("id", "in", callers.ids)]

    @api.depends("item_ids.packed")
    def _compute_packed(self):
        for visit in self:
            visit.item_count = len(visit.item_ids)
            visit.packed_count = len(visit.item_ids.filtered("packed"))

    @api.depends("user_ids", "department_id", "patient_id")
    @api.depends_context("uid")
    def _compute_where(self):
        """Name and address for those who go there or know him from the ward."""
        user = self.env.user
        # sudo: as below; all numbers in one query, whose rule is that of visits
        self.sudo().patient_id.contact_ids.mapped("is_primary")
        for visit in self:
            visit.is_in_team = user in visit.user_ids
            # sudo: the team may be of another ward than the patient
            patient = visit.patient_id.sudo()
            near = visit._is_near(user)
            visit.patient_name = patient.name if near else patient.name_masked
            visit.address = patient.address if near else False
            visit.phone_masked = patient.phone_masked if near else False

    def _is_near(self, user):
        if self.env.su or user in self.user_ids:
            return True
        return self.department_id.id in user.followup_department_ids.ids

    @api.depends("patient_id")
    def _compute_has_consent(self):
        for visit in self:
            # sudo: consent is asked for by whoever goes
            visit.has_consent = visit.patient_id.sudo()._has_consent("home_visit")

    # ------------------------------------------------------------
    # CHECKS
    # ------------------------------------------------------------

    def _check_may_visit(self):
        """No visit without the agreement on record, today (M-4)."""
        # sudo: consent is asked for whoever plans or goes
        for patient in self.sudo().patient_id:
            if not patient._is_contactable():
                raise UserError(self.env._("This patient must not be contacted."))
            if not patient._has_consent("home_visit"):
                raise UserError(
                    self.env._(
                        "The patient has not agreed to home visits: ask him and"
                        " record his consent first."
                    )
                )

    def _check_team(self):
        """Enough people, one of them a doctor or a nurse (M-5)."""
        # sudo: team sizes and professions of colleagues
        members = self.env["followup.team.member"].sudo()
        for visit in self.sudo().filtered(lambda visit: visit.state == "planned"):
            needed = visit.company_id.followup_visit_team_size
            if len(visit.user_ids) < needed:
                raise ValidationError(
                    self.env._(
                        "A home visit needs a team of %(count)s at least.", count=needed
                    )
                )
            found = members.search_count(
                [
                    ("user_id", "in", visit.user_ids.ids),
                    ("profession", "in", CARING),
                ],
                limit=1,
            )
            if not found:
                raise ValidationError(
                    self.env._("A doctor or a nurse has to be in the team.")
                )

    # ------------------------------------------------------------
    # LISTS
    # ------------------------------------------------------------

    def _prepare_lists(self):
        """Lay out checklist and measurements as the definitions have them."""
        equipment = self.env["followup.equipment"]
        things = equipment._for_visit(self.company_id, self.department_id)
        if not self.item_ids:
            self.item_ids = [
                (0, 0, {"name": thing.name, "sequence": thing.sequence})
                for thing in things
            ]
        signs = self.env["followup.vital.sign"].search(
            [("company_id", "in", [self.company_id.id, False])]
        )
        missing = signs - self.vital_ids.sign_id
        self.vital_ids = [(0, 0, {"sign_id": sign.id}) for sign in missing]

    def action_pack_all(self):
        """Everything on the checklist is in the bag."""
        self.check_access("write")
        self.item_ids.write({"packed": True})
        return True

    def _get_route(self):
        """Return these visits as routes: [(day, leader, visits in order)]."""
        visits = self.sorted(lambda visit: (visit.sequence, visit.area or "", visit.id))
        groups = visits.grouped(lambda visit: (visit.day, visit.lead_id))
        return [
            (day, lead, rows)
            for (day, lead), rows in sorted(
                groups.items(), key=lambda item: (item[0][0], item[0][1].id)
            )
        ]
