# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import api, fields, models
from odoo.exceptions import UserError

from ..tools.choices import choices_of

# {state: states reachable from it}
NEXT_STATES = {
    "draft": {"active", "retired"},
    "active": {"retired"},
    "retired": {"active"},
}


class FollowupProtocol(models.Model):
    """When, how and by whom a kind of patient is followed up (FHIR PlanDefinition).

    Special diseases, chronic patients, new techniques have protocols of their own,
    found by diagnosis, operation or group (E-3, E-5).

    Access: every follow-up role reads; centre managers and administrators edit.
    Only drafts that no plan uses are edited: running plans keep the steps they
    were made from, a change is a new version.
    """

    _name = "followup.protocol"
    _description = "Follow-up Protocol"
    _inherit = ["followup.shared.mixin", "followup.guarded.mixin", "mail.thread"]
    _order = "sequence, code, version desc, id"
    _rec_names_search = ["name", "code"]

    _guarded_fields = frozenset({"version", "family_id"})

    name = fields.Char(required=True, translate=True, tracking=True)
    code = fields.Char(required=True)
    sequence = fields.Integer(default=10)
    version = fields.Integer(default=1, required=True, readonly=True, copy=False)
    family_id = fields.Many2one(
        "followup.protocol",
        readonly=True,
        copy=False,
        index=True,
        ondelete="restrict",
        help="First version; plans are unique per family.",
    )
    version_ids = fields.One2many(
        "followup.protocol",
        compute="_compute_version_ids",
        string="Versions",
        export_string_translation=False,
    )
    company_id = fields.Many2one(
        "res.company", index=True, help="Empty: for every hospital of the group."
    )
    state = fields.Selection(
        [("draft", "Draft"), ("active", "Active"), ("retired", "Retired")],
        default="draft",
        required=True,
        copy=False,
        index=True,
        tracking=True,
        group_expand=True,
    )
    step_ids = fields.One2many("followup.protocol.step", "protocol_id", copy=True)
    source_text = fields.Text(
        string="Policy Clause",
        translate=True,
        help="Where in the policies this stands.",
    )
    description = fields.Text(translate=True)
    # what starts it
    event_id = fields.Many2one(
        "followup.event",
        string="Started by",
        index="btree_not_null",
        ondelete="restrict",
        help="Set: an event starts the plans, not a stay.",
    )
    is_default = fields.Boolean(
        string="Default",
        help="Applies only to stays of its class that no other protocol fits.",
    )
    date_from = fields.Date(
        string="In Force From",
        help="Stays that ended before this day get no plan from this protocol.",
    )
    # which stays it fits
    encounter_class = fields.Selection(
        selection=choices_of("followup.encounter", "encounter_class"),
        string="Class of Stay",
        help="Empty: every class.",
    )
    department_ids = fields.Many2many(
        "hr.department",
        string="Departments",
        help="With the departments below them. Empty: every one.",
    )
    diagnosis_prefixes = fields.Char(
        string="Diagnosis Codes",
        help="ICD-10 codes begin with one of these, as in: I10, E11",
    )
    procedure_prefixes = fields.Char(
        string="Operation Codes",
        help="Operation codes begin with one of these, as in: 81.5, 00.6",
    )
    category_ids = fields.Many2many(
        "followup.patient.category",
        string="Key Groups",
        help="Patients of one of these groups.",
    )
    min_age = fields.Integer(help="Years at discharge. Empty: no limit.")
    max_age = fields.Integer(help="Years at discharge, included. Empty: no limit.")
    min_length_of_stay = fields.Integer(
        string="Shortest Stay", help="Days in hospital. Empty: no limit."
    )
    disposition = fields.Selection(
        selection=choices_of("followup.encounter", "disposition"),
        string="Way of Discharge",
        help="Empty: every way.",
    )
    # figures
    step_count = fields.Integer(compute="_compute_step_count")
    plan_count = fields.Integer(compute="_compute_plan_count")
    is_frozen = fields.Boolean(compute="_compute_is_frozen")

    _version_uniq = models.UniqueIndex(
        "(COALESCE(company_id, 0), code, version)",
        "This version of the protocol exists already.",
    )
    _active_uniq = models.UniqueIndex(
        "(family_id) WHERE state = 'active'",
        "Another version of this protocol is active.",
    )
    _ages = models.Constraint(
        "CHECK (min_age >= 0 AND max_age >= 0 AND (max_age = 0 OR min_age <= max_age))",
        "The lowest age may not exceed the highest.",
    )
    _stay = models.Constraint(
        "CHECK (min_length_of_stay >= 0)", "The length of stay cannot be negative."
    )

    # ------------------------------------------------------------
    # COMPUTE
    # ------------------------------------------------------------

    @api.depends("name", "version")
    def _compute_display_name(self):
        for protocol in self:
            name = protocol.name or ""
            if protocol.version > 1:
                name = self.env._(
                    "%(name)s (version %(version)s)",
                    name=name,
                    version=protocol.version,
                )
            protocol.display_name = name

    @api.depends("family_id")
    def _compute_version_ids(self):
        for protocol in self:
            protocol.version_ids = self.search(
                [("family_id", "=", protocol.family_id.id)], order="version desc"
            )

    @api.depends("step_ids")
    def _compute_step_count(self):
        for protocol in self:
            protocol.step_count = len(protocol.step_ids)

    def _compute_plan_count(self):
        counts = self._count_plans(self.env["followup.plan"])
        for protocol in self:
            protocol.plan_count = counts.get(protocol.id, 0)

    def _count_plans(self, plans):
        if not plans.has_access("read"):
            return {}
        groups = plans._read_group(
            [("protocol_id", "in", self.ids)], ["protocol_id"], ["__count"]
        )
        return {protocol.id: count for protocol, count in groups}

    @api.depends("state")
    def _compute_is_frozen(self):
        frozen = self._filter_frozen()
        for protocol in self:
            protocol.is_frozen = protocol in frozen

    def _filter_frozen(self):
        """Return the protocols whose steps may not change any more."""
        # sudo: a plan the user may not read freezes the steps as well
        counts = self._count_plans(self.env["followup.plan"].sudo())
        return self.filtered(
            lambda protocol: protocol.state != "draft" or protocol.id in counts
        )

    # ------------------------------------------------------------
    # CRUD
    # ------------------------------------------------------------

    @api.model_create_multi
    def create(self, vals_list):
        # steps come with the protocol, so it is born a draft and then activated
        states = [vals.get("state", "draft") for vals in vals_list]
        protocols = super().create([{**vals, "state": "draft"} for vals in vals_list])
        for protocol in protocols:
            if not protocol.family_id:
                protocol._guarded().family_id = protocol
        for protocol, state in zip(protocols, states, strict=True):
            if state != "draft":
                protocol.write({"state": state})
        self.env.registry.clear_cache()  # protocols are remembered as plain values
        return protocols

    def write(self, vals):
        new_state = vals.get("state")
        if new_state:
            self.filtered(lambda protocol: protocol.state != new_state)._check_next(
                new_state
            )
        self.env.registry.clear_cache()
        return super().write(vals)

    def unlink(self):
        self.env.registry.clear_cache()
        return super().unlink()

    def copy_data(self, default=None):
        vals_list = super().copy_data(default)
        if "code" not in (default or {}):
            for protocol, vals in zip(self, vals_list, strict=True):
                vals["code"] = protocol._get_free_code()
        return vals_list

    @api.ondelete(at_uninstall=False)
    def _unlink_except_used(self):
        if self._filter_frozen():
            raise UserError(
                self.env._("A protocol that is or was in use stays: retire it instead.")
            )

    # ------------------------------------------------------------
    # BUSINESS
    # ------------------------------------------------------------

    def _check_next(self, state):
        """Refuse impossible ways; the version that gives way is retired first."""
        for protocol in self:
            if state not in NEXT_STATES[protocol.state]:
                raise UserError(
                    self.env._(
                        "%(name)s: not possible from its present state.",
                        name=protocol.display_name,
                    )
                )
        if state == "active":
            self._check_ready()
            self._retire_other_versions()

    def _check_ready(self):
        empty = self.filtered(lambda protocol: not protocol.step_ids)
        if empty:
            raise UserError(
                self.env._(
                    "%(name)s has no steps yet: add at least one.",
                    name=empty[:1].display_name,
                )
            )

    def _check_editable(self):
        """Steps of a protocol in use never change (T-20, E-13)."""
        frozen = self._filter_frozen()
        if frozen:
            raise UserError(
                self.env._(
                    "%(name)s is in use and keeps its steps: make a new version.",
                    name=frozen[:1].display_name,
                )
            )

    def _get_free_code(self):
        """Return a code for a copy that no other protocol has."""
        # sudo: a protocol of another hospital holds its code as well
        codes = set(
            self.sudo().search([("code", "=like", f"{self.code}%")]).mapped("code")
        )
        number = 2
        while f"{self.code}_{number}" in codes:
            number += 1
        return f"{self.code}_{number}"

    def _get_company(self):
        self.ensure_one()
        return self.company_id or self.env.company
