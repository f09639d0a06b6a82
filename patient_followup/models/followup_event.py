# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import api, fields, models
from odoo.exceptions import UserError


class FollowupEvent(models.Model):
    """Something that can start a plan besides a stay (D-13).

    Access: every follow-up role reads; administrators edit, as it serves all
    hospitals.
    """

    _name = "followup.event"
    _description = "Plan Start Event"
    _inherit = ["followup.shared.mixin"]
    _order = "name, id"

    name = fields.Char(required=True, translate=True)
    code = fields.Char(required=True)
    active = fields.Boolean(default=True)
    ignores_block = fields.Boolean(
        string="Calls Somebody Else",
        help="The contact is with another person than the patient, as the return"
        " visit of a complaint: it goes on when the patient has died or must not"
        " be contacted.",
    )
    protocol_ids = fields.One2many("followup.protocol", "event_id")

    _code_uniq = models.UniqueIndex("(code)", "This event code exists already.")

    @api.private  # for addons: a client never starts plans by naming an event
    @api.model
    def start_from_event(self, code, patient, at, origin_key, encounter=None):
        """Start the plans of the active protocols an event is set for.

        :param patient: `followup.patient`; without one nothing starts, and the
            list of what was not planned says so (D-3)
        :param datetime at: moment of the event, in UTC
        :param str origin_key: what started it, as in "case:12"; started twice
            with the same key, the same plans are returned
        :param encounter: the stay it is about, if there is one
        :return: the plans
        """
        plans = self.env["followup.plan"]
        plans.check_access("write")
        encounter = encounter or self.env["followup.encounter"]
        event = self.search([("code", "=", code)], limit=1)
        if not event:
            raise UserError(self.env._("There is no event %(code)s.", code=code))
        if not patient:
            self.env["followup.plan.gap"]._note("no_patient", origin_key, at)
            return plans
        protocols = event._get_protocols(patient, encounter)
        return protocols._start(
            [(patient, encounter, origin_key)],
            anchor_at=at,
            origin=event.name,
            ignores_block=event.ignores_block,
        )

    def _get_protocols(self, patient, encounter):
        """Return the active protocols of the event that fit the stay, if any."""
        # sudo: definitions only, so that every caller starts the same plans
        protocols = (
            self.env["followup.protocol"]
            .sudo()
            .search(
                [
                    ("event_id", "in", self.ids),
                    ("state", "=", "active"),
                    ("company_id", "in", [patient.company_id.id, False]),
                ]
            )
        )
        if encounter:
            facts = protocols._get_facts(encounter.sudo())[encounter.sudo()]
            protocols = protocols.filtered(
                lambda protocol: protocol._get_rule().accepts(facts)
            )
        return protocols.sudo(False)
