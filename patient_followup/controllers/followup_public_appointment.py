# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Asking for an appointment, and answering an offer (B-1, section 4)."""

from odoo import http
from odoo.http import request

from .followup_public import POST
from .followup_public_base import FollowupPublicBase


class FollowupPublicAppointment(FollowupPublicBase):
    @http.route("/followup/request", **POST)
    def request_appointment(self, **_post):
        link, state, refusal = self._enter("task", writes=True)
        if refusal:
            return refusal
        form = request.httprequest.form

        def act():
            return link._request_appointment(form.get("kind"), form.get("wish"))

        done = self._try(link, state, act)
        if isinstance(done, http.Response):
            return done
        return self._go(link, state, "appointment")

    @http.route("/followup/appointment", **POST)
    def answer_appointment(self, **_post):
        """Confirm or decline the one appointment of this link."""
        link, state, refusal = self._enter("appointment", writes=True)
        if refusal:
            return refusal
        form = request.httprequest.form
        answer = form.get("answer")
        if answer not in ("confirm", "decline"):
            return self._show(link, state)

        def act():
            agrees = form.get("consent") == "yes"
            return link._answer_appointment(answer, form.get("wish"), agrees)

        done = self._try(link, state, act)
        if isinstance(done, http.Response):
            return done
        return self._go(link, state, answer)
