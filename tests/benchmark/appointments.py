# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Finding a free time and booking it, beside calendar.event; many at once."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import hospital
from common import Figure, best, lap
from web import Person, Refused, serving

TIMES = 5_000  # of one ward, the first half full
PLACES = 5
BOOKINGS = 100
CALLERS = 10
RUSH = 200  # who want the same hundred places at once
SHOWN = 50


def measure(env, base, args):
    caller = base.callers[0]
    ward = caller.followup_department_ids[:1]
    slots = _slots(env, base, ward)
    return [
        _finding(env, base, caller, ward),
        _booking(env, base, caller, ward, slots),
        _rush(env, base, ward, args),
    ]


def _slots(env, base, ward):
    """Return the clinic hours of a ward; the first half has no free place."""
    from odoo import fields

    start = fields.Datetime.now().replace(minute=0, second=0) + timedelta(days=1)
    slots = env["followup.slot"].create(
        [
            {
                "company_id": base.company.id,
                "department_id": ward.id,
                "starts_at": start + timedelta(minutes=30 * index),
                "ends_at": start + timedelta(minutes=30 * index + 30),
                "capacity": PLACES,
            }
            for index in range(TIMES)
        ]
    )
    env.flush_all()
    env.cr.execute(
        "UPDATE followup_slot SET booked = capacity, is_full = TRUE WHERE id = ANY(%s)",
        (slots.ids[: TIMES // 2],),
    )
    env.cr.execute("ANALYZE followup_slot")
    env.invalidate_all()
    return slots


def _patients(env, base, ward, count, prefix):
    stays = hospital.stays(env, base, count, prefix)
    stays.write({"department_id": ward.id})
    return stays.patient_id


# ------------------------------------------------------------
# FIND
# ------------------------------------------------------------


def _finding(env, base, caller, ward):
    """What the window of the call screen reads when it opens."""
    user_env = _as(env, base, caller)
    patient = _patients(env, base, ward, 1, "F").with_env(user_env)

    def find():
        wizard = user_env["followup.appointment.book"].new(
            {"patient_id": patient.id, "department_id": ward.id, "kind": "clinic"}
        )
        assert len(wizard.slot_ids) > 0

    ours = best(env, find)
    peer = _peer_find(env)
    with lap(env) as bare:
        env.cr.execute(
            "SELECT id FROM followup_slot WHERE department_id = %s AND state = 'open'"
            " AND NOT is_full AND starts_at > now() ORDER BY starts_at, id LIMIT %s",
            (ward.id, SHOWN),
        )
    return Figure(
        f"free times found among {TIMES:,}, {ours.queries} queries",
        f"{ours.seconds * 1000:.1f} ms",
        f"calendar.event of one week {peer.seconds * 1000:.1f} ms",
        f"{bare.seconds * 1000:.2f} ms",
        "at most 3 x the peer",
        ours.seconds <= 3 * peer.seconds,
    )


def _peer_find(env):
    """Read a doctor's week, as the calendar does, among as many meetings."""
    from odoo import fields

    env = env(context={"no_mail_to_attendees": True, "tracking_disable": True})
    partner = env["res.partner"].create({"name": "Doctor"})
    start = fields.Datetime.now()
    env["calendar.event"].create(
        [
            {
                "name": "Taken",
                "start": start + timedelta(minutes=30 * index),
                "stop": start + timedelta(minutes=30 * index + 30),
                "partner_ids": [(6, 0, partner.ids)],
            }
            for index in range(TIMES // 10)
        ]
    )
    week = [
        ("partner_ids", "in", partner.ids),
        ("start", "<", start + timedelta(days=7)),
        ("stop", ">", start),
    ]
    return best(env, lambda: env["calendar.event"].search_read(week, ["start", "stop"]))


# ------------------------------------------------------------
# BOOK
# ------------------------------------------------------------


def _booking(env, base, caller, ward, slots):
    """Ask for an appointment and give it a time, as a caller on the phone."""
    user_env = _as(env, base, caller)
    patients = _patients(env, base, ward, BOOKINGS, "B").with_env(user_env)
    free = slots[TIMES // 2 :].with_env(user_env)
    queries = []
    with lap(env) as ours:
        for patient, slot in zip(patients, free, strict=False):
            env.invalidate_all()
            with lap(env) as one:
                row = user_env["followup.appointment"]._request(
                    patient, "clinic", department_id=ward.id
                )
                row.action_book(slot.id)
            queries.append(one.queries)
    peer = _peer_book(env)
    return Figure(
        f"asked for and booked, {sorted(queries)[BOOKINGS // 2]} queries",
        f"{ours.seconds / BOOKINGS * 1000:.1f} ms",
        f"calendar.event with a guest {peer * 1000:.1f} ms",
        "",
        "quicker than the peer",
        ours.seconds / BOOKINGS < peer,
    )


def _peer_book(env):
    """Return seconds for a meeting with a guest, without its mail."""
    from odoo import fields

    env = env(context={"no_mail_to_attendees": True})
    guests = env["res.partner"].create(
        [{"name": f"Guest {index}"} for index in range(BOOKINGS)]
    )
    start = fields.Datetime.now()
    with lap(env) as peer:
        for guest in guests:
            env.invalidate_all()
            env["calendar.event"].create(
                {
                    "name": "Clinic",
                    "start": start,
                    "stop": start + timedelta(minutes=30),
                    "partner_ids": [(4, guest.id)],
                }
            )
            env.flush_all()
    return peer.seconds / BOOKINGS


# ------------------------------------------------------------
# MANY AT ONCE
# ------------------------------------------------------------


def _rush(env, base, ward, args):
    """Callers over HTTP want the places of one time, twice as many as there are."""
    from odoo import fields

    start = fields.Datetime.now() + timedelta(days=400)
    slot = env["followup.slot"].create(
        {
            "company_id": base.company.id,
            "department_id": base.departments[0].id,
            "starts_at": start,
            "ends_at": start + timedelta(hours=1),
            "capacity": RUSH // 2,
        }
    )
    patients = _patients(env, base, base.departments[0], RUSH, "Q")
    rows = _as(env, base, env.user)["followup.appointment"]
    for patient in patients.with_env(rows.env):
        rows |= rows._request(patient, "clinic", department_id=slot.department_id.id)
    env.cr.commit()  # the server reads it in its own transactions
    logins = base.callers[:CALLERS].mapped("login")
    shares = [rows.ids[turn::CALLERS] for turn in range(CALLERS)]
    with (
        serving(args.config, args.database) as url,
        ThreadPoolExecutor(CALLERS) as pool,
    ):
        people = [
            Person(url, args.database, login, hospital.PASSWORD) for login in logins
        ]
        with lap(env) as spent:
            booked = sum(
                pool.map(lambda who, ids: _book_all(who, ids, slot.id), people, shares)
            )
    env.cr.commit()  # to see what the server has written meanwhile
    env.invalidate_all()
    exact = booked == slot.booked == slot.capacity
    return Figure(
        f"{RUSH} bookings of {RUSH // 2} places over HTTP, {CALLERS} callers",
        f"{booked} booked, {RUSH / spent.seconds:,.0f}/s",
        "",
        "",
        "as many as there are places",
        exact,
    )


def _book_all(person, row_ids, slot_id):
    """Return how many of these appointments got the time."""
    booked = 0
    for row_id in row_ids:
        try:
            person.call("followup.appointment", "action_book", [row_id], slot_id)
        except Refused:
            continue
        booked += 1
    return booked


def _as(env, base, user):
    return env(
        user=user.id,
        context={"tracking_disable": True, "allowed_company_ids": base.company.ids},
    )
