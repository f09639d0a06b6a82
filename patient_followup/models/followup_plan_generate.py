# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from datetime import timedelta

import psycopg2

from odoo import api, fields, models
from odoo.exceptions import ConcurrencyError
from odoo.tools import SQL, split_every

from ..tools import sampling
from ..tools.planning import Known, Planner
from .followup_plan import OPEN_PLAN_STATES
from .followup_task import OPEN_STATES as OPEN_TASKS

BATCH = 1000
# These steps are the work of a pool: nobody is named in advance.
POOLED = ("department_team", "centre")
# what a worker meets that comes second: it starts over, or leaves the work to it
CONCURRENCY = (
    psycopg2.errors.SerializationFailure,
    psycopg2.errors.DeadlockDetected,
    ConcurrencyError,
)


class FollowupPlan(models.Model):
    """Generation: plans and tasks made in batches, never twice (I-2, I-7)."""

    _inherit = "followup.plan"

    # ------------------------------------------------------------
    # PLANS
    # ------------------------------------------------------------

    @api.model
    def _ensure(self, vals_list):
        """Return (plans of these values, those that were created for it).

        One look-up, one batch: what exists already is found again. Two workers
        that make the same plan meet in the unique index; the later one starts
        over and then finds it.
        """
        # sudo: plans are made by the engine only; who starts them was checked before
        plans = self.sudo()
        found = plans._find_existing(vals_list)
        missing = {}
        for vals in vals_list:
            key = plans._identity(vals)
            if key not in found:
                missing.setdefault(key, vals)
        try:
            created = plans._guarded().create(list(missing.values()))._unguarded()
        except psycopg2.errors.UniqueViolation as error:
            raise ConcurrencyError("the same plan was just made") from error
        found.update(zip(missing, created, strict=True))
        every = plans.union(*(found[plans._identity(vals)] for vals in vals_list))
        return every, created

    @api.model
    def _identity(self, vals):
        return (vals["company_id"], vals["protocol_family_id"], vals["origin_key"])

    @api.model
    def _find_existing(self, vals_list):
        plans = self.search_fetch(
            [
                ("company_id", "in", list({v["company_id"] for v in vals_list})),
                (
                    "protocol_family_id",
                    "in",
                    list({v["protocol_family_id"] for v in vals_list}),
                ),
                ("origin_key", "in", list({v["origin_key"] for v in vals_list})),
            ],
            ["company_id", "protocol_family_id", "origin_key", "state"],
        )
        return {
            (plan.company_id.id, plan.protocol_family_id.id, plan.origin_key): plan
            for plan in plans
        }

    # ------------------------------------------------------------
    # TASKS
    # ------------------------------------------------------------

    def _generate_tasks(self, backfill=None, is_new=False):
        """Create the tasks the plans lack, and list what is not created.

        :param backfill: days by which a task may be overdue; more is listed.
            None makes all
        :param is_new: the plans were just created, so nothing can exist yet
        :return: the tasks
        """
        # sudo: plans and tasks are made by this method only; whoever starts it
        # was checked before. Callers have no right to create either.
        plans = self.sudo().filtered(lambda plan: plan.state != "cancelled")
        known = {} if is_new else plans._get_known()
        drafts = plans._get_drafts(known, backfill)
        # with tasks their patients are locked as they are created
        bare = plans.filtered(lambda p: not drafts[p].slots and p.id not in known)
        bare.patient_id._lock_for_planning()
        tasks = self.env["followup.task"].sudo()
        for rows in split_every(BATCH, plans._prepare_tasks(drafts)):
            tasks += tasks._create_generated(list(rows))
        gaps = self.env["followup.plan.gap"].sudo()
        gaps._replace(drafts, is_new)
        plans._settle(drafts, known)
        return tasks.sudo(False)

    def _get_known(self):
        """Return {plan id: {(step id, occurrence): Known}} with one query.

        Contacts added by hand have no step; their own negative id stands in.
        """
        self.env["followup.task"].flush_model()
        known = {}
        query = SQL(
            """
            SELECT plan_id, COALESCE(step_id, -id), occurrence, state, completed_at
              FROM followup_task
             WHERE plan_id = ANY(%s)
            """,
            list(self.ids),
        )
        for plan_id, step_id, occurrence, *rest in self.env.execute_query(query):
            known.setdefault(plan_id, {})[step_id, occurrence] = Known(*rest)
        return known

    def _get_drafts(self, known, backfill):
        """Return {plan: Draft}."""
        key = self._get_sampling_key()
        drafts = {}
        for company, plans in self.grouped("company_id").items():
            # tasks are named in the language of the hospital, not of the cron
            lang = company.partner_id.lang or self.env.lang
            specs = plans.protocol_id.with_context(lang=lang)._get_specs()
            planner = self._get_planner(company, backfill)
            for plan in plans:
                drafts[plan] = planner.draft(
                    specs[plan.protocol_id.id],
                    plan._get_anchors(),
                    known.get(plan.id, {}),
                    lambda spec, origin=plan.origin_key: sampling.is_drawn(
                        key, f"{spec.id}:{origin}", spec.sample_percent
                    ),
                )
        return drafts

    @api.model
    def _get_planner(self, company, backfill=None):
        clock = self.env["followup.clock"]
        today = clock._today(company)
        return Planner(
            clock._for_company(company),
            horizon=today + timedelta(days=company.followup_horizon_days),
            not_before=None if backfill is None else today - timedelta(days=backfill),
        )

    @api.model
    def _get_sampling_key(self):
        # sudo: the secret never leaves the server; it keeps the draw unguessable
        return (
            self.env["ir.config_parameter"].sudo().get_param("database.secret", "")
        ).encode()

    def _get_anchors(self):
        """Return {kind of anchor: moment}; without a stay its start serves all."""
        self.ensure_one()
        if not self.encounter_id:
            kinds = ("discharge", "admission", "procedure", "encounter", "event")
            return dict.fromkeys(kinds, self.anchor_at)
        return {**self.encounter_id._get_anchors(), "event": self.anchor_at}

    def _prepare_tasks(self, drafts):
        """Return the values of all tasks of the drafts."""
        users = self._resolve_users(drafts)
        vals_list = []
        for plan, draft in drafts.items():
            if not draft.slots:
                continue
            base = plan._prepare_task_base()
            encounter = plan.encounter_id
            for spec, slot in draft.slots:
                key = (spec.responsible, encounter.id, spec.user_id)
                if not plan.responsible_id and users.get(key):
                    plan.responsible_id = users[key]
                vals_list.append(
                    {
                        **base,
                        **spec.vals,
                        "step_id": spec.id,
                        "occurrence": slot.occurrence,
                        "date_earliest": slot.date_earliest,
                        "date_due": slot.date_due,
                        "date_deadline": slot.date_deadline,
                        "due_day": slot.due_date,
                        "user_id": users.get(key, False),
                    }
                )
        return vals_list

    def _prepare_task_base(self):
        self.ensure_one()
        return {
            "company_id": self.company_id.id,
            "plan_id": self.id,
            "kind": "plan" if self.encounter_id and not self.origin else "event",
            "patient_id": self.patient_id.id,
            "encounter_id": self.encounter_id.id,
            "department_id": self.department_id.id,
        }

    @api.model
    def _resolve_users(self, drafts):
        """Return {(rule, encounter id, user id): user id} in one go (A-4)."""
        users = self.env["res.users"]
        items = {}
        for plan, draft in drafts.items():
            encounter = plan.encounter_id
            for spec, _slot in draft.slots:
                if spec.responsible not in POOLED:
                    key = (spec.responsible, encounter.id, spec.user_id)
                    items[key] = (
                        key,
                        spec.responsible,
                        encounter,
                        users.browse(spec.user_id or ()),
                    )
        if not items:
            return {}
        return self.env["followup.team"]._resolve_responsibles(list(items.values()))

    # ------------------------------------------------------------
    # STATE
    # ------------------------------------------------------------

    def _settle(self, drafts, known):
        """Bring state and next recurrence of the plans up to date."""
        for plan, draft in drafts.items():
            vals = plan._get_settled_vals(draft, known.get(plan.id, {}))
            changed = {
                name: value
                for name, value in vals.items()
                if (plan[name] or False) != value
            }
            if changed:
                plan._guarded().write(changed)

    def _get_settled_vals(self, draft, known):
        self.ensure_one()
        next_day = draft.next_day or False
        is_open = any(task.state in OPEN_TASKS for task in known.values())
        if draft.is_missing:
            state = "missing_anchor"
        elif draft.slots or is_open or draft.is_waiting or next_day:
            state = "active"
        else:
            state = "completed"
        if state != "completed":
            return {
                "state": state,
                "next_occurrence_day": next_day,
                "closed_at": False,
                "closing_reason": False,
            }
        return {
            "state": state,
            "next_occurrence_day": False,
            "closed_at": self.closed_at or fields.Datetime.now(),
            "closing_reason": self._get_completion_reason(known),
        }

    def _get_completion_reason(self, known):
        if known:
            return self.closing_reason or False
        return self.env._("Every contact was overdue when the plan was made.")

    # ------------------------------------------------------------
    # ROLLING HORIZON
    # ------------------------------------------------------------

    @api.model
    def _cron_extend_horizon(self, batch=BATCH // 2):
        """Make the recurring contacts that came within the horizon (T-12, T-20).

        One commit per batch; a plan another worker holds is left to it.
        """
        # every hospital, of which there are few
        companies = self.env["res.company"].search([])  # pylint: disable=no-search-all
        for company in companies:
            domain = self._get_horizon_domain(company)
            last_id = 0
            while plans := self.search(
                [*domain, ("id", ">", last_id)], order="id", limit=batch
            ):
                last_id = plans[-1].id
                done = plans._try_extend(company.followup_backfill_days)
                if not self.env["ir.cron"]._commit_progress(done):
                    return

    def _try_extend(self, backfill):
        """Extend one batch; another worker that was faster is no error."""
        try:
            locked = self.try_lock_for_update(allow_referencing=True)
            locked._generate_tasks(backfill=backfill)
            self.env.flush_all()
        except CONCURRENCY:
            self.env.cr.rollback()
            self.env.invalidate_all()
            return 0
        return len(locked)

    @api.model
    def _get_horizon_domain(self, company):
        today = self.env["followup.clock"]._today(company)
        horizon = today + timedelta(days=company.followup_horizon_days)
        return [
            ("company_id", "=", company.id),
            ("state", "in", OPEN_PLAN_STATES),
            ("next_occurrence_day", "<=", horizon),
        ]
