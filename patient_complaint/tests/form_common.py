# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""A visitor with the public form in his browser."""

import re

from odoo.tests import HttpCase

from .common import ComplaintCommon

FIELD = re.compile(r'name="(csrf_token|key|place|lang)" value="([^"]*)"')


class ComplaintFormCase(ComplaintCommon, HttpCase):
    """`_form()` opens the page, `_send()` posts it; `place` is that of the hospital."""

    def setUp(self):
        super().setUp()
        self.authenticate(None, None)
        self.hidden = {}
        self.cases = self.env["complaint.case"]
        self.place = self.cases._place_code(self.company)

    def _form(self, place=None, query=""):
        page = self.url_open(f"/complaint/at/{place or self.place}{query}")
        self.hidden = dict(FIELD.findall(page.text))
        return page

    def _send(self, files=(), **data):
        if not self.hidden:
            self._form()
        return self.url_open(
            "/complaint/send",
            data={**self.hidden, "description": "Waited three hours", **data},
            files=[("files", file) for file in files] or None,
        )

    def _newest(self):
        self.env.invalidate_all()
        return self.cases.search([("company_id", "=", self.company.id)], limit=1)
