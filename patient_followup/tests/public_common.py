# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""A patient with a link, and his browser without an account."""

import re

from odoo.tests import HttpCase

from .survey_common import FollowupSurveyCase

BIRTH = {"birth_year": "1956", "birth_month": "3", "birth_day": "25"}
FIELD = re.compile(r'name="(csrf_token|key)"(?: [a-z]+="[^"]*")*? value="([^"]*)"')


class FollowupPublicCase(FollowupSurveyCase, HttpCase):
    """`task` has a questionnaire; `_open()` enters its page, `_post()` a form."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.patient = cls.task.patient_id
        cls.patient.write({"birthdate": "1956-03-25", "name": "Zhang Dawei"})
        cls.task.encounter_id.discharge_diagnosis = "Fracture of the left hip"

    def setUp(self):
        super().setUp()
        self.authenticate(None, None)
        self.hidden = {}

    def _issue(self, record=None, **kwargs):
        """Return the token of a new link."""
        record = record or self.task
        url = self.env["followup.link"].sudo()._issue(record, **kwargs)
        return url.partition("#")[2]

    def _get(self, path="/followup/page", **kwargs):
        return self._seen(self.url_open(path, **kwargs))

    def _post(self, path, data=None, **kwargs):
        """Post a form with the hidden fields of the page seen last."""
        if isinstance(data, dict | None):
            data = {**self.hidden, **(data or {})}
        response = self.url_open(f"/followup/{path}", data=data, **kwargs)
        return self._seen(response)

    def _seen(self, response):
        found = dict(FIELD.findall(response.text))
        self.hidden.update({name: found[name] for name in found if found[name]})
        return response

    def _enter(self, token):
        """Come in by a link, as the script of the first page does."""
        self._get("/followup")
        return self._post("open", {"token": f"#{token}"})

    def _open(self, token=None, birth=None):
        """Come in and say the date of birth; return the page."""
        self._enter(token or self._issue())
        return self._post("proof", birth or BIRTH)

    def _link(self):
        return self.env["followup.link"].search([], limit=1, order="id desc")
