# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Messages queued and sent through a gateway on loopback, beside sms.sms, mail.mail.

The gateway answers at once: what is measured is the house. Ours asks consent, quiet
hours and limits anew, makes the patient's link, and commits before and after each
message, so that none goes out twice; the peers do none of it.
"""

import time
from unittest.mock import patch

import hospital
from common import Figure, lap, rate

MESSAGES = 300
NUMBER = "13800000001"
MAPPING = "mobile: {number}\ncontent: {text}\nuid: {reference}"


def measure(env, base, _args):
    from odoo.addons.patient_followup.tests.message_common import FakeGateway

    gateway = FakeGateway()
    try:
        _switch_on(base.company, gateway.url)
        tasks = _tasks(env, base)
        with _unhurried(env):
            env["followup.message"]._cron_send()  # what an earlier run left
        gateway.posts.clear()
        figures = [_queueing(env, tasks), _sending(env, base, gateway)]
        base.company.followup_sms_active = False
        return figures
    finally:
        gateway.close()


def _switch_on(company, url):
    company.write(
        {
            "followup_sms_url": url,
            "followup_sms_inside": True,
            "followup_sms_active": True,
            "followup_sms_key": "bench",
            "followup_sms_mapping": MAPPING,
            "followup_message_consent": False,
        }
    )


def _tasks(env, base):
    """Return calls of patients with a number and a date of birth."""
    stays = hospital.stays(env, base, MESSAGES, "M")
    stays.generate_plans()
    stays.patient_id.write({"birthdate": "1956-03-25"})
    env["followup.patient.contact"].create(
        [
            {"patient_id": patient.id, "relation": "self", "phone": NUMBER}
            for patient in stays.patient_id
        ]
    )
    tasks = env["followup.task"].search(
        [("encounter_id", "in", stays.ids)], order="encounter_id, date_due"
    )
    first = [rows[0] for rows in tasks.grouped("encounter_id").values()]
    return env["followup.task"].concat(*first)


# ------------------------------------------------------------
# QUEUE
# ------------------------------------------------------------


def _queueing(env, tasks):
    messages = env["followup.message"]
    with lap(env) as ours:
        queued = messages._queue(tasks, "task_invitation", link=True)
    assert len(queued) == MESSAGES, len(queued)
    sms, _rows = _peer_sms(env)
    with lap(env) as mail:
        env["mail.mail"].create(
            [
                {"subject": "Call", "body_html": "<p>Soon.</p>", "email_to": "a@b.test"}
                for _index in range(MESSAGES)
            ]
        )
    return Figure(
        f"{MESSAGES} messages queued, {ours.queries / MESSAGES:.1f} queries each",
        rate(MESSAGES, ours.seconds),
        f"sms.sms {rate(MESSAGES, sms)}, mail.mail {rate(MESSAGES, mail.seconds)}",
        "",
        "100/s",
        MESSAGES / ours.seconds >= 100,
    )


def _peer_sms(env):
    """Return seconds to create as many rows of sms.sms, and the rows."""
    with lap(env) as spent:
        rows = env["sms.sms"].create(
            [{"number": NUMBER, "body": "Soon."} for _index in range(MESSAGES)]
        )
    return spent.seconds, rows


# ------------------------------------------------------------
# SEND
# ------------------------------------------------------------


def _sending(env, base, gateway):
    env.cr.commit()
    messages = env["followup.message"]
    mine = [("company_id", "=", base.company.id), ("state", "=", "sent")]
    before = messages.search_count(mine)
    with lap(env) as ours, _unhurried(env):
        messages._cron_send()
    sent = messages.search_count(mine) - before
    posts = len(gateway.posts)
    _seconds, rows = _peer_sms(env)
    with lap(env) as peer:
        rows.with_company(base.company).send()
    bare = _bare(gateway)
    return Figure(
        f"{sent} of {MESSAGES} sent, {posts} posts to the gateway",
        f"{ours.seconds / MESSAGES * 1000:.1f} ms each",
        f"sms.sms through it {peer.seconds / MESSAGES * 1000:.1f} ms,"
        f" mail.mail without a server {_peer_mail(env) * 1000:.1f} ms",
        f"the post alone {bare * 1000:.1f} ms",
        "each once, 20/s",
        sent == posts == MESSAGES and MESSAGES / ours.seconds >= 20,
    )


def _unhurried(env):
    """Let the job commit as it does, without its limit of time."""

    def progress(cron, processed=0, *, remaining=None, deactivate=False):
        cron.env.cr.commit()
        return 3600

    return patch.object(env.registry["ir.cron"], "_commit_progress", progress)


def _peer_mail(env):
    """Return seconds for one mail, made ready and handed to nobody."""
    mails = env["mail.mail"].create(
        [
            {"subject": "Call", "body_html": "<p>Soon.</p>", "email_to": "a@b.test"}
            for _index in range(MESSAGES)
        ]
    )
    servers = env.registry["ir.mail_server"]
    with (
        patch.object(servers, "_connect__", lambda *args, **kwargs: None),
        patch.object(servers, "send_email", lambda *args, **kwargs: "<bench>"),
        lap(env) as spent,
    ):
        mails.send()
    return spent.seconds / MESSAGES


def _bare(gateway):
    """Return seconds of one post to the gateway and its answer."""
    from odoo.addons.patient_followup.tools import gateway_http

    started = time.perf_counter()
    for _index in range(MESSAGES):
        gateway_http.post(gateway.url, b"{}", {}, True)
    return (time.perf_counter() - started) / MESSAGES
