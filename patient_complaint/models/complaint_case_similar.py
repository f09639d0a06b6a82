# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Earlier cases of the same person: duplicates and repeat complainants."""

from datetime import timedelta

from odoo import api, fields, models
from odoo.fields import Domain


class ComplaintCase(models.Model):
    _inherit = "complaint.case"

    similar_ids = fields.Many2many(
        "complaint.case",
        string="Other Cases of This Person",
        compute="_compute_similar_ids",
        compute_sudo=False,
        help="Same number, address or patient; perhaps the same matter again.",
    )
    similar_count = fields.Integer(
        string="Other Cases", compute="_compute_similar_ids", compute_sudo=False
    )

    @api.depends("complainant_phone_masked", "complainant_email_masked", "patient_id")
    def _compute_similar_ids(self):
        for case in self:
            domain = case._get_similar_domain()
            case.similar_ids = self.search(domain, limit=80) if domain else False
            case.similar_count = len(case.similar_ids)

    def _get_similar_domain(self):
        """Return the domain of the cases this may be a repetition of, or None."""
        own = self._origin
        if not own:
            return None
        domains = [Domain("id", "in", list(own._get_same_person()))]
        if own.patient_id:
            domains.append(Domain("patient_id", "=", own.patient_id.id))
        span = timedelta(days=own.company_id.complaint_repeat_days)
        return (
            Domain.OR(domains)
            & Domain("id", "!=", own.id)
            & Domain("company_id", "=", own.company_id.id)
            & Domain("received_at", ">=", own.received_at - span)
        )

    def _get_same_person(self):
        """Return the ids of cases with the same number or address."""
        # sudo: nobody has access to the store; the ids pass the rules of a search
        store = self.env["followup.protected.value"].sudo()
        found = set()
        for name in self._protected_fields:
            digests = list(self._protected_keys(name).values())
            for ids in store._owners_by_key(self._name, name, digests).values():
                found.update(ids)
        return found

    def action_open_similar(self):
        """Open the other cases of this person."""
        self.ensure_one()
        self.check_access("read")
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "patient_complaint.complaint_case_action_all"
        )
        action["domain"] = [("id", "in", self.similar_ids.ids)]
        return action
