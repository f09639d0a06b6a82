# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""The patient's own page (issue 3 section 4, design section 7).

The link of the message is `/followup#token`. A browser never sends what stands
behind "#", so the token is in no request line, no log of a server or proxy, no
Referer; the page takes it out of the address and posts it. Without scripts the
patient pastes the link into a field. What follows rests on a signed cookie of
half an hour, bound to the one link; every form names its link once more, so that
two pages open in one browser are never mixed up.

Unknown, wrong, expired, revoked and foreign tokens get the same answer. Nothing
changes by GET.
"""

import json

from odoo import http
from odoo.exceptions import UserError
from odoo.http import request

from ..tools import public_form
from .followup_public_base import FollowupPublicBase

SMALL, LARGE = 16 * 1024, 256 * 1024
GET = {"type": "http", "auth": "public", "methods": ["GET"], "sitemap": False}
POST = {
    "type": "http",
    "auth": "public",
    "methods": ["POST"],
    "csrf": True,
    "sitemap": False,
    "max_content_length": SMALL,
}


class FollowupPublic(FollowupPublicBase):
    # ------------------------------------------------------------
    # COMING IN
    # ------------------------------------------------------------

    @http.route("/followup", **GET)
    def landing(self, **_query):
        if refusal := self._refuse_visitor():
            return refusal
        return self._render("public_landing", self._get_anonymous())

    @http.route("/followup/open", **POST)
    def open(self, **_post):
        """Take the token of a link; say nothing about it if it is not valid."""
        if refusal := self._refuse_visitor(opening=True):
            return refusal
        form = request.httprequest.form
        token = public_form.read_text(form.get("token"), 500).rpartition("#")[2]
        link = request.env["followup.link"]._find_any(token)
        if self._is_robot(form) or not (link and self._may_enter(link)):
            return self._count_failure()
        return self._go(link, {"confirmed": False, "lang": None})

    @http.route("/followup/page", **GET)
    def page(self, lang=None, **_query):
        if refusal := self._refuse_visitor():
            return refusal
        link, state = self._read_cookie()
        if not link:
            return self._gone()
        if isinstance(lang, str) and lang in dict(link._get_languages()):
            state["lang"] = lang
        return self._show(link, state)

    @http.route("/followup/proof", **POST)
    def proof(self, **_post):
        """Ask who it is, before anything is shown."""
        link, state, refusal = self._enter(confirmed=False)
        if refusal:
            return refusal
        form = request.httprequest.form
        asked = link._get_proof(link.patient_id)[0]
        given = (
            public_form.read_day(form)
            if asked == "birthdate"
            else public_form.read_text(form.get("number"), 64)
        )
        if not given:
            return self._show_proof(link, state, unreadable=True)
        if link._check_proof(given):
            return self._go(link, {**state, "confirmed": True})
        if not link._is_valid():
            return self._gone()
        return self._show_proof(link, state, wrong=True)

    # ------------------------------------------------------------
    # QUESTIONNAIRE
    # ------------------------------------------------------------

    @http.route("/followup/save", **{**POST, "max_content_length": LARGE})
    def save(self, **_post):
        """Save answers as they are given; called by the script of the page."""
        link, state, refusal = self._enter("task")
        if refusal:
            return self._json({"gone": True}, refusal.status_code)
        form = request.httprequest.form
        answers = public_form.read_answers(form.get("answers"))
        try:
            with request.env.cr.savepoint():
                result = link.task_id._public_save(answers, self._who(form))
        except UserError:
            return self._json({"gone": True}, 404)
        return self._keep(
            self._json(
                {
                    "saved": result["saved"],
                    "errors": {
                        str(key): result["errors"][key] for key in result["errors"]
                    },
                    "alerts": link._page_alerts(),
                }
            ),
            link,
            state,
        )

    @http.route("/followup/finish", **{**POST, "max_content_length": LARGE})
    def finish(self, **_post):
        """Save the whole form and finish, or say next to each field what is wrong."""
        link, state, refusal = self._enter("task")
        if refusal:
            return refusal
        form = request.httprequest.form
        task = link.task_id
        survey = task._get_survey()
        questions = survey._followup_spec()["questions"] if survey else []
        typed = public_form.read_form(questions, form)

        def act():
            result = task._public_save(typed, self._who(form))
            errors = dict(result["errors"])
            if not errors:
                please = request.env._("Please answer this question.")
                errors = dict.fromkeys(task._public_finish(), please)
            return errors

        errors = self._try(link, state, act)
        if not isinstance(errors, dict):
            return errors
        if errors:
            wrong = {key: typed[key] for key in errors if key in typed}
            return self._show(link, state, typed=wrong, errors=errors, status=422)
        return self._go(link, state)

    # ------------------------------------------------------------
    # WISHES
    # ------------------------------------------------------------

    @http.route("/followup/question", **POST)
    def question(self, **_post):
        link, state, refusal = self._enter(writes=True)
        if refusal:
            return refusal
        task = link._get_open_task()
        if not task:
            return self._go(link, state)
        text = request.httprequest.form.get("text")
        concern = self._try(link, state, lambda: task._public_ask(text))
        if isinstance(concern, http.Response):
            return concern
        return self._go(link, state, "question")

    @http.route("/followup/hours", **POST)
    def hours(self, **_post):
        link, state, refusal = self._enter("task")
        if refusal:
            return refusal
        ids = public_form.read_ids(request.httprequest.form.getlist("band"))
        done = self._try(link, state, lambda: link.task_id._public_prefer(ids))
        if isinstance(done, http.Response):
            return done
        return self._go(link, state, "hours")

    @http.route("/followup/withdraw", **POST)
    def withdraw(self, **_post):
        """Ask once more, then record it; the page of a withdrawn patient is gone."""
        link, state, refusal = self._enter("task")
        if refusal:
            return refusal
        form = request.httprequest.form
        scopes = [scope for scope in form.getlist("scope") if scope in self.scopes]
        if not scopes or form.get("sure") != "yes":
            return self._show_withdrawal(link, state, scopes)
        done = self._try(link, state, lambda: link.task_id._public_withdraw(scopes))
        if isinstance(done, http.Response):
            return done
        if link._is_valid():
            return self._go(link, state, "withdrawn")
        return self._render("public_stopped", link._page_common(), link=link)

    @staticmethod
    def _json(data, status=200):
        return request.make_response(
            json.dumps(data), [("Content-Type", "application/json")], status=status
        )

    @staticmethod
    def _who(form):
        who = form.get("who")
        return who if who in ("patient", "relative") else "patient"
