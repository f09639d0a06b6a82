# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Who waits moves up when a place becomes free; an offer lapses by itself."""

from odoo import api, fields, models
from odoo.fields import Domain

BATCH = 100


class FollowupAppointment(models.Model):
    _inherit = "followup.appointment"

    # ------------------------------------------------------------
    # MOVING UP
    # ------------------------------------------------------------

    @api.model
    def _move_up(self, slots, besides=None):
        """Offer free places to who waits longest; for the engine, as superuser.

        :param slots: `followup.slot` in which places may have become free
        :param besides: who just left the place and does not want it
        """
        if not slots or not self._find_waiting_kinds(slots):
            return
        for slot in slots.sorted("starts_at"):
            while slot._is_offered_now():
                if not self._offer_to_next(slot, besides or self.browse()):
                    break

    @api.model
    def _find_waiting_kinds(self, slots):
        """Tell in one query whether anybody waits for times like these."""
        return self.search_count(
            [
                ("state", "=", "waitlist"),
                ("company_id", "in", slots.company_id.ids),
                ("kind", "in", list(set(slots.mapped("kind")))),
            ],
            limit=1,
        )

    @api.model
    def _offer_to_next(self, slot, besides):
        """Offer a place to the first who fits; tell whether there was one.

        Two places that become free at once go to two patients: rows another
        transaction has in hand are skipped.
        """
        for waiting in self.search(
            self._waiting_domain(slot) & Domain("id", "not in", besides.ids),
            order="waiting_since, id",
            limit=BATCH,
        ):
            if not waiting._fits(slot) or not waiting.try_lock_for_update():
                continue
            waiting._offer(slot)
            return True
        return False

    @api.model
    def _waiting_domain(self, slot):
        """Return who waits for such a time."""
        doctor = Domain("user_id", "in", [slot.user_id.id, False])
        first = Domain("wish_from", "=", False) | Domain("wish_from", "<=", slot.day)
        last = Domain("wish_until", "=", False) | Domain("wish_until", ">=", slot.day)
        return (
            Domain("state", "=", "waitlist")
            & Domain("company_id", "=", slot.company_id.id)
            & Domain("kind", "=", slot.kind)
            & Domain("department_id", "=", slot.department_id.id)
            & Domain("patient_id.contact_blocked", "=", False)
            & doctor
            & first
            & last
        )

    def _fits(self, slot):
        """Tell whether the hour is one the patient wishes."""
        if not self.wish_band_ids:
            return True
        local = self.env["followup.clock"]._for_company(self.company_id)
        start = local.to_local(slot.starts_at)
        hour = start.hour + start.minute / 60
        return any(band.hour_from <= hour < band.hour_to for band in self.wish_band_ids)

    # ------------------------------------------------------------
    # LAPSING
    # ------------------------------------------------------------

    @api.model
    def _cron_lapse(self):
        """Take back offers nobody answered; the place goes to the next one."""
        cron = self.env["ir.cron"]
        domain = [
            ("state", "=", "offered"),
            ("offer_until", "<=", fields.Datetime.now()),
        ]
        cron._commit_progress(remaining=self.search_count(domain))
        while rows := self.search(domain, order="offer_until, id", limit=BATCH):
            rows = rows.try_lock_for_update()
            for row in rows:
                row._lapse()
            if not rows or not cron._commit_progress(len(rows)):
                return

    def _lapse(self):
        """Back to the staff, who rings the patient: nobody is dropped (I-7)."""
        self._leave_time(
            "requested", waiting_since=False, lapsed_count=self.lapsed_count + 1
        )


class FollowupSlot(models.Model):
    _inherit = "followup.slot"

    def _is_offered_now(self):
        return (
            self.state == "open"
            and self.free > 0
            and self.starts_at > fields.Datetime.now()
        )
