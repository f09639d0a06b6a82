# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Ten thousand strange posts on the pages of complaints, to two workers.

`SOAK_POSTS` says how many, for a short look.
"""

import re
import time
from concurrent.futures import ThreadPoolExecutor
from unittest.mock import patch

import requests
from test_public_posts import CALM, POSTS, SENDERS

from odoo.addons.patient_complaint.tests.test_complaint_public_strange import (
    FIELDS,
    FORMS,
)
from odoo.addons.patient_followup.models import followup_throttle
from odoo.addons.patient_followup.tests import public_fuzz

FIELD = re.compile(
    r'name="(csrf_token|key|place)"(?: [a-z]+="[^"]*")*? value="([^"]+)"'
)
PAGE = "/complaint/track/page"


class Complainant:
    """Somebody with a code and the form of a hospital, and no account."""

    def __init__(self, url, code, place):
        self.url, self.place = url, place
        self.session = requests.Session()
        self.session.headers["Connection"] = "close"
        hidden = self.look("/complaint/track")
        self.session.post(f"{url}/complaint/track/open", {**hidden, "token": code})
        self.inside = self.look(PAGE)
        assert "key" in self.inside

    def look(self, path):
        answer = self.session.get(self.url + path)
        return dict(FIELD.findall(answer.text))

    def throw(self, rng, routes, count):
        """Send strange posts; return {status: how many}."""
        seen = {}
        form = {**self.look(f"/complaint/at/{self.place}"), "description": "x"}
        for number in range(count):
            route = routes[number % len(routes)]
            hidden = form if route == "/complaint/send" else self.inside
            body, headers = public_fuzz.post(rng, hidden, [1, 2])
            answer = self.session.post(
                self.url + route, data=body, headers=headers, allow_redirects=False
            )
            seen[answer.status_code] = seen.get(answer.status_code, 0) + 1
            assert "Traceback" not in answer.text, body
            assert answer.status_code in CALM, (route, body, headers)
        return seen


def test_ten_thousand_strange_posts_on_complaints_leave_nothing(house, say):
    # who leaves is out, and all that follows would be answered at the door
    forms = [one for one in FORMS if one != "leave"]
    routes = ["/complaint/send", *(f"/complaint/track/{one}" for one in forms)]
    with house.prepared() as (env, base):
        cases = env["complaint.case"]
        vals = {"description": "x", "company_id": base.company.id}
        case = cases._guarded().create(vals)._unguarded()
        code, place = case._issue_code(), cases._place_code(base.company)
    before = _figures(house)
    started, totals = time.monotonic(), {}
    with (
        patch.object(public_fuzz, "FIELDS", FIELDS),
        house.served(public=True) as url,
        ThreadPoolExecutor(SENDERS) as pool,
    ):
        people = [Complainant(url, code, place) for _sender in range(SENDERS)]
        jobs = [
            pool.submit(
                one.throw, public_fuzz.generator(seed), routes, POSTS // SENDERS
            )
            for seed, one in enumerate(people)
        ]
        for job in jobs:
            for status, count in job.result().items():
                totals[status] = totals.get(status, 0) + count
    say(f"{POSTS} posts in {time.monotonic() - started:.0f} s: {totals}")
    assert _figures(house) == before
    # the limits hold over both workers, however long it took: whoever knocks more
    # often waits; Odoo itself refuses what has no token or cannot be read
    windows = (time.monotonic() - started) // 300 + 2
    limit = followup_throttle.LIMITS["visit"][0]
    served = sum(totals.values()) - sum(totals.get(one, 0) for one in (400, 413, 429))
    assert served <= windows * limit
    assert totals.get(429, 0) > 0


def _figures(house):
    return house.figures(
        "SELECT (SELECT count(*) FROM ir_attachment"
        " WHERE res_model LIKE 'complaint.%%'),"
        " (SELECT count(*) FROM res_partner), (SELECT count(*) FROM res_users),"
        " (SELECT count(*) FROM complaint_case WHERE state <> 'received'),"
        " (SELECT count(*) FROM complaint_message WHERE kind <> 'message'),"
        " (SELECT count(*) FROM complaint_case WHERE owner_id IS NOT NULL)"
    )
