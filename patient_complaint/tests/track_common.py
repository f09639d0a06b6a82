# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""A complainant with a code, and his browser without an account."""

import re

from odoo.tests import HttpCase

from .common import ComplaintCommon

FIELD = re.compile(r'name="(csrf_token|key)" value="([^"]*)"')
PNG = bytes.fromhex(
    "89504e470d0a1a0a0000000d49484452000000010000000108060000001f15c489"
    "0000000d49444154789c6360000002000154a24f5f0000000049454e44ae426082"
)


class ComplaintTrackCase(ComplaintCommon, HttpCase):
    """`_open()` enters a case by its code, `_post()` sends a form of its page."""

    def setUp(self):
        super().setUp()
        self.authenticate(None, None)
        self.hidden = {}

    def _coded(self, **vals):
        """Return (case, code on its slip)."""
        case = self._case(**vals)
        return case, case._issue_code()

    def _get(self, path="/complaint/track/page", **kwargs):
        return self._seen(self.url_open(path, **kwargs))

    def _post(self, path, data=None, **kwargs):
        """Post a form with the hidden fields of the page seen last."""
        if isinstance(data, dict | None):
            data = {**self.hidden, **(data or {})}
        path = f"/complaint/track/{path}"
        return self._seen(self.url_open(path, data=data, **kwargs))

    def _seen(self, response):
        found = dict(FIELD.findall(response.text))
        self.hidden.update({name: found[name] for name in found if found[name]})
        return response

    def _open(self, code):
        self._get("/complaint/track")
        return self._post("open", {"token": code})

    def _answered(self, **vals):
        """Return (case, code) of a case that was answered on the spot."""
        case, code = self._coded(**vals)
        self._ready(case, track="fast").action_triage()
        self._tell(case)
        return case, code

    def _rows(self, case):
        self.env.invalidate_all()
        return case.sudo().message_row_ids.sorted("id")
