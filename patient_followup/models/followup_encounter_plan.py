# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import split_every

from .followup_encounter import FollowupEncounter as Encounter
from .followup_plan_generate import CONCURRENCY

BATCH = 500


class FollowupEncounter(models.Model):
    """From a stay to its plans: matching, generation, and what did not match."""

    _inherit = "followup.encounter"

    _guarded_fields = Encounter._guarded_fields | {"match_state", "planned_at"}

    # null counts as pending: rows written before the first generation
    match_state = fields.Selection(
        [
            ("pending", "To Be Matched"),
            ("matched", "Matched"),
            ("unmatched", "No Protocol Fits"),
            ("too_old", "Too Old"),
            ("excluded", "Not Followed Up"),
        ],
        string="Protocols",
        default="pending",
        readonly=True,
        copy=False,
        help="What the last search for protocols found.",
    )
    planned_at = fields.Datetime(
        readonly=True, copy=False, help="When plans were last made from this stay."
    )
    gap_ids = fields.One2many("followup.plan.gap", "encounter_id")

    _match_idx = models.Index(
        "(company_id, match_state, id)"
        " WHERE match_state IS NULL OR match_state <> 'matched'"
    )

    # ------------------------------------------------------------
    # DATES
    # ------------------------------------------------------------

    def _get_origin_key(self):
        self.ensure_one()
        return f"encounter:{self.id}"

    def _get_anchors(self):
        """Return {kind of anchor: moment or False} of the stay."""
        self.ensure_one()
        return {
            "discharge": self.discharge_date,
            "admission": self.admission_date,
            "procedure": self.procedure_date,
            "encounter": self._get_end(),
        }

    def _get_end(self):
        """Return when the stay, or the visit on one day, ended."""
        self.ensure_one()
        if self.discharge_date or self.encounter_class == "inpatient":
            return self.discharge_date
        return self.admission_date

    def _get_end_day(self):
        self.ensure_one()
        if self.discharge_date or self.encounter_class == "inpatient":
            return self.discharge_day or None
        return self.admission_day or None

    # ------------------------------------------------------------
    # GENERATION
    # ------------------------------------------------------------

    def generate_plans(self):
        """Match protocols, make plans and tasks; idempotent (D-5, I-2).

        What is overdue by more than the setting of the hospital is listed, not
        made (I-7). Stays another worker holds are left to it.

        :return: the plans of these stays, new and old
        """
        self.check_access("write")
        plans = self.env["followup.plan"]
        for stays in split_every(BATCH, self.ids, self.browse):
            plans |= stays._generate_batch()
        return plans

    def _generate_batch(self):
        # sudo: plans and tasks are made by the engine only, access was checked
        stays = self.sudo().try_lock_for_update(allow_referencing=True)
        states, matches = stays._find_matches()
        plans, created = self.env["followup.plan"]._ensure(
            [
                protocol._prepare_plan(
                    stay.patient_id, stay, stay._get_origin_key(), anchor_at=False
                )
                for stay, protocols in matches.items()
                for protocol in protocols
            ]
        )
        tasks = self.env["followup.task"]
        for company, some in plans.grouped("company_id").items():
            days = company.followup_backfill_days
            tasks += (some & created)._generate_tasks(days, is_new=True)
            tasks += (some - created)._generate_tasks(days)
        if tasks:
            stays._hold_if_inside(tasks.sudo())
        stays._note_matches(states, made=bool(created or tasks))
        return plans.with_env(self.env)

    def _find_matches(self):
        """Return ({stay: state}, {stay: protocols}) of what may be planned now."""
        states = {}
        followed = self.patient_id._filter_followed()
        for stay in self:
            if stay._is_left_out(followed):
                states[stay] = "excluded"
            elif not stay._get_end():
                states[stay] = "pending"
        ready = self.filtered(lambda stay: stay not in states)
        matches = {}
        # sudo: definitions of every hospital; the stays fit their own only
        found = self.env["followup.protocol"].sudo()._explain_match(ready)
        for stay, (protocols, too_old) in found.items():
            matches[stay] = protocols
            none = "too_old" if too_old else "unmatched"
            states[stay] = "matched" if protocols else none
        return states, matches

    def _is_left_out(self, followed):
        """Tell whether nobody of this stay is to be called (E-6, I-12)."""
        self.ensure_one()
        return (
            self.state == "cancelled"
            or self.excluded
            or self.disposition == "deceased"
            or self.patient_id not in followed
        )

    def _note_matches(self, states, made):
        """Write what was found; the written row also tells other workers.

        A worker whose view of the data is older than this fails on the row and
        starts over instead of planning the same stays again.
        """
        silent = self._guarded().with_context(tracking_disable=True)
        for state, stays in _group(states).items():
            vals = {"match_state": state}
            if made and state == "matched":
                vals["planned_at"] = fields.Datetime.now()
            records = silent.browse(stay.id for stay in stays)
            if not made:
                records = records.filtered(lambda r, s=state: r.match_state != s)
            records.write(vals)

    # ------------------------------------------------------------
    # CRON
    # ------------------------------------------------------------

    @api.model
    def _cron_generate_plans(self, batch=BATCH):
        """Plan what no import has planned yet, one commit per batch.

        Killed at any moment it goes on where it stopped: a stay and all its
        tasks are committed together.
        """
        cron = self.env["ir.cron"]
        last_id = 0
        pending = self._get_pending_domain()
        while stays := self.search(
            pending & Domain("id", ">", last_id), order="id", limit=batch
        ):
            last_id = stays[-1].id
            done = stays._try_generate()
            if not cron._commit_progress(done):
                return

    def _try_generate(self):
        """Generate one batch; another worker that was faster is no error."""
        try:
            self.generate_plans()
            self.env.flush_all()
        except CONCURRENCY:
            self.env.cr.rollback()
            self.env.invalidate_all()
            return 0
        return len(self)

    @api.model
    def _get_pending_domain(self):
        """Stays that ended and were never matched; visits may end when they begin."""
        ended = Domain("discharge_date", "!=", False) | (
            Domain("encounter_class", "!=", "inpatient")
            & Domain("admission_date", "!=", False)
        )
        return (
            Domain("match_state", "in", (False, "pending"))
            & Domain("state", "!=", "cancelled")
            & ended
        )

    # ------------------------------------------------------------
    # ACTIONS
    # ------------------------------------------------------------

    def action_match_again(self):
        """Button of the list of stays without protocol."""
        self.generate_plans()
        left = self.filtered(lambda stay: stay.match_state != "matched")
        return {
            "type": "ir.actions.client",
            "tag": "display_notification",
            "params": {
                "type": "warning" if left else "success",
                "message": self.env._(
                    "%(matched)s matched, %(left)s still without protocol.",
                    matched=len(self) - len(left),
                    left=len(left),
                ),
                "next": {"type": "ir.actions.act_window_close"},
            },
        }


def _group(states):
    groups = {}
    for stay, state in states.items():
        groups.setdefault(state, []).append(stay)
    return groups
