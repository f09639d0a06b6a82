# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Ten thousand strange posts on the patient's page, to a server with two workers."""

import os
import re
import time
from concurrent.futures import ThreadPoolExecutor

import hospital
import requests

from odoo.addons.patient_followup.models import followup_throttle
from odoo.addons.patient_followup.tests import public_fuzz

POSTS = int(os.environ.get("SOAK_POSTS", 10_000))
SENDERS = 4
FIELD = re.compile(r'name="(csrf_token|key)"(?: [a-z]+="[^"]*")*? value="([^"]+)"')
CALM = {200, 303, 400, 404, 413, 415, 422, 429}
BIRTH = {"birth_year": "1956", "birth_month": "3", "birth_day": "25"}


class Patient:
    """Somebody with a link, and no account."""

    def __init__(self, url, link):
        self.url = url
        self.session = requests.Session()
        self.session.headers["Connection"] = "close"
        self.hidden = {}
        self.read(self.session.get(f"{url}/followup"))
        self.post("open", {"token": link})
        page = self.post("proof", BIRTH)
        assert page.status_code == 200 and "key" in self.hidden, page.text

    def read(self, answer):
        self.hidden.update(FIELD.findall(answer.text))
        return answer

    def post(self, route, data):
        address = f"{self.url}/followup/{route}"
        return self.read(self.session.post(address, data={**self.hidden, **data}))

    def throw(self, rng, ids, count):
        """Send strange posts; return {status: how many}."""
        seen = {}
        for number in range(count):
            route = public_fuzz.ROUTES[number % len(public_fuzz.ROUTES)]
            body, headers = public_fuzz.post(rng, self.hidden, ids)
            answer = self.session.post(
                f"{self.url}/followup/{route}",
                data=body,
                headers=headers,
                allow_redirects=False,
            )
            seen[answer.status_code] = seen.get(answer.status_code, 0) + 1
            assert "Traceback" not in answer.text, body
            assert answer.status_code in CALM, (route, body, headers)
        return seen


def test_ten_thousand_strange_posts_bring_no_error_and_leave_nothing(house, say):
    with house.prepared() as (env, base):
        task = _make_task(env, base)
        link = env["followup.link"]._issue(task)
        ids = [1, 2, 3, 10**8]
    before = _figures(house)
    started = time.monotonic()
    with house.served(public=True) as url, ThreadPoolExecutor(SENDERS) as pool:
        patients = [Patient(url, link) for _sender in range(SENDERS)]
        share = POSTS // SENDERS
        jobs = [
            pool.submit(patient.throw, public_fuzz.generator(seed), ids, share)
            for seed, patient in enumerate(patients)
        ]
        totals = {}
        for job in jobs:
            for status, count in job.result().items():
                totals[status] = totals.get(status, 0) + count
    say(f"{POSTS} posts in {time.monotonic() - started:.0f} s: {totals}")
    # the limits hold over both workers: most of it was answered "wait"
    assert totals.get(429, 0) > POSTS / 2
    assert _figures(house) == before
    limit = followup_throttle.LIMITS["visit"][0]
    assert sum(totals.values()) - totals[429] < 20 * limit


def _make_task(env, base):
    """Return an open call of a patient with a known date of birth."""
    stay = hospital.stays(env, base, 1, "P")
    stay.generate_plans()
    stay.patient_id.birthdate = "1956-03-25"
    return stay.plan_ids.task_ids[:1]


def _figures(house):
    return house.figures(
        "SELECT (SELECT count(*) FROM ir_attachment"
        " WHERE res_model LIKE 'followup.%%'),"
        " (SELECT count(*) FROM res_partner), (SELECT count(*) FROM res_users),"
        " (SELECT count(*) FROM followup_consent)"
    )
