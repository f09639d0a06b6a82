# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import api, fields, models
from odoo.exceptions import ValidationError
from odoo.fields import Domain


class FollowupOncall(models.Model):
    """Who answers red flags outside working hours (X-2): from, to, reached how.

    His own number is protected and shown on request; the duty phone or the
    hotline of the team is open. Access: every role reads; heads plan their
    departments, centre managers and administrators all.
    """

    _name = "followup.oncall"
    _description = "On-Call Duty"
    _inherit = ["followup.protected.mixin"]
    _order = "date_from desc, id desc"
    _rec_name = "user_id"

    company_id = fields.Many2one(
        "res.company",
        required=True,
        index=True,
        default=lambda self: self.env.company,
    )
    department_id = fields.Many2one(
        "hr.department", index="btree_not_null", help="Empty: the whole hospital."
    )
    user_id = fields.Many2one(
        "res.users",
        string="Person on Call",
        required=True,
        index=True,
        ondelete="cascade",
    )
    date_from = fields.Datetime(
        string="From", required=True, default=fields.Datetime.now
    )
    date_to = fields.Datetime(string="On Call Until", required=True)
    duty_phone = fields.Char(help="Number of the duty phone, open to colleagues.")
    phone = fields.Char(
        string="Own Number",
        compute="_compute_protected",
        readonly=False,
        search="_search_phone",
    )
    phone_masked = fields.Char(string="Own Number (Masked)", readonly=True, copy=False)
    hotline = fields.Char(compute="_compute_hotline", string="Hotline of the Team")
    note = fields.Char()

    _protected_fields = {"phone": "phone"}

    _dates_ordered = models.Constraint(
        "CHECK (date_to > date_from)", "A duty ends after it began."
    )
    _now_idx = models.Index("(company_id, date_to)")

    # ------------------------------------------------------------
    # COMPUTE / CHECKS
    # ------------------------------------------------------------

    @api.depends("department_id")
    def _compute_hotline(self):
        for duty in self:
            duty.hotline = duty.department_id.followup_team_ids[:1].hotline

    def _search_phone(self, operator, value):
        return self._search_protected_domain("phone", operator, value)

    @api.constrains("user_id", "company_id")
    def _check_user(self):
        """Whoever cannot open a concern cannot be on call for it."""
        callers = self.env["res.users"]._followup_callers()
        for duty in self:
            # sudo: hospitals of other users are not readable for heads
            user = duty.user_id.sudo()
            if user not in callers or duty.company_id not in user.company_ids:
                raise ValidationError(
                    self.env._(
                        "%(name)s has no calling role in this hospital"
                        " and cannot be on call.",
                        name=user.name,
                    )
                )

    # ------------------------------------------------------------
    # BUSINESS
    # ------------------------------------------------------------

    @api.model
    def _on_duty(self, company, department, moment=None):
        """Return the duties at a moment: the department's, else the hospital's."""
        moment = moment or fields.Datetime.now()
        # sudo: whoever raises a red flag reaches the duty of any department
        duties = self.sudo().search(
            Domain("company_id", "=", company.id)
            & Domain("department_id", "in", (department.id, False))
            & Domain("date_from", "<=", moment)
            & Domain("date_to", ">", moment)
            & Domain("user_id.active", "=", True)
        )
        own = duties.filtered("department_id")
        return (own or duties).with_env(self.env)

    # ------------------------------------------------------------
    # ACTIONS
    # ------------------------------------------------------------

    def action_show_number(self):
        """Show the number to ring and log who asked for it (D-9).

        :return: a notice on the screen; the duty phone where there is one
        """
        self.ensure_one()
        self.check_access("read")
        number = self.duty_phone
        if not number and self.phone_masked:
            number = self._reveal_protected("phone", self.env._("Red flag"))
        number = number or self.hotline
        return {
            "type": "ir.actions.client",
            "tag": "display_notification",
            "params": {
                "type": "info",
                "sticky": True,
                # sudo: a colleague's name, beside his number
                "title": self.user_id.sudo().name,
                "message": number or self.env._("No number is recorded."),
            },
        }
