# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""What all public pages have in common: who comes in, and what he is answered."""

import binascii

from odoo import http
from odoo.exceptions import UserError
from odoo.http import request
from odoo.tools import hash_sign, verify_hash_signed
from odoo.tools.misc import hmac

from ..models.followup_task_public import SCOPES
from ..tools import public_token

COOKIE = "followup_page"
SCOPE = "patient_followup-page"
MINUTES = 30  # without a sign of life the birth date is asked again
HEADERS = {
    "Cache-Control": "no-store",
    "Content-Security-Policy": (
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'"
        " data:; font-src 'self'; connect-src 'self'; form-action 'self';"
        " base-uri 'none'; frame-ancestors 'none'"
    ),
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "X-Robots-Tag": "noindex, nofollow, noarchive",
}

# what a template asks for and not every page has
NOTHING = dict.fromkeys(
    ("alerts", "hotline", "hotline_hours", "emergency", "words", "department")
)
NOTHING.update(appointment_kinds=(), appointments=(), asked_questions=())


class FollowupPublicBase(http.Controller):
    scopes = SCOPES

    # ------------------------------------------------------------
    # WHO COMES IN
    # ------------------------------------------------------------

    def _visitor(self):
        return public_token.network(request.httprequest.remote_addr)

    def _refuse_visitor(self, opening=False):
        """Return an answer to who knocks too often, else None.

        :param opening: ask for the links that opened nothing, too: a guesser is
            stopped, a patient who is inside goes on although he shares the address
        """
        throttle = request.env["followup.throttle"]
        if not throttle._hit("visit", self._visitor()):
            return self._busy()
        if opening and not throttle._left("open", self._visitor()):
            return self._busy()
        return None

    def _count_failure(self):
        """Answer a token that opens nothing, always the same."""
        request.env["followup.throttle"]._hit("open", self._visitor())
        return self._gone()

    def _is_robot(self, form):
        """Whether a field that no person sees was filled in."""
        return bool(form.get("website"))

    def _may_enter(self, link):
        return link._is_valid() or link._is_spent()

    def _enter(self, purpose=None, confirmed=True, writes=False):
        """Return (link as the system, state, None) of a post, or its refusal.

        :param purpose: what the link must be for
        :param writes: count it among the questions and requests of a day
        """
        nothing = request.env["followup.link"]
        if refusal := self._refuse_visitor():
            return nothing, {}, refusal
        link, state = self._read_cookie()
        form = request.httprequest.form
        if (
            not link
            or self._is_robot(form)
            or not public_token.same(form.get("key"), self._page_key(link))
            or (confirmed and not state["confirmed"])
            or (purpose and link.purpose != purpose)
            or not self._may_enter(link)
        ):
            return nothing, {}, self._gone()
        throttle = request.env["followup.throttle"]
        allowed = throttle._hit("page", link.digest)
        if not (allowed and (not writes or throttle._hit("write", link.digest))):
            return nothing, {}, self._busy(link)
        if confirmed and not link._is_valid():
            # finished meanwhile, by phone or in another window: say thanks
            return nothing, {}, self._go(link, state)
        return link, state, None

    # ------------------------------------------------------------
    # COOKIE
    # ------------------------------------------------------------

    def _read_cookie(self):
        """Return (link as the system, state), empty where nobody is known."""
        links = request.env["followup.link"]
        payload = request.httprequest.cookies.get(COOKIE, "")
        try:
            # sudo: the secret of the database; what is signed is checked below
            values = verify_hash_signed(request.env(su=True), SCOPE, payload[:1000])
            link_id, digest, confirmed, lang = values
        except (ValueError, TypeError, IndexError, binascii.Error):
            return links, {}
        # sudo: the visitor has no account; the signed cookie names the link
        link = links.sudo().browse(link_id).exists()
        if not link or not public_token.same(link.digest[:16], digest):
            return links, {}
        link = link._as_system(link._get_lang(lang))
        return link, {"confirmed": confirmed, "lang": lang}

    def _keep(self, response, link, state):
        """Give the answer with a fresh cookie."""
        # sudo: the secret of the database
        payload = hash_sign(
            request.env(su=True),
            SCOPE,
            [link.id, link.digest[:16], state["confirmed"], state["lang"]],
            expiration_hours=MINUTES / 60,
        )
        response.set_cookie(
            COOKIE,
            payload,
            max_age=MINUTES * 60,
            path="/followup",
            httponly=True,
            secure=request.httprequest.scheme == "https",
            samesite="Strict",
        )
        return response

    def _page_key(self, link):
        """Return what a form of this link carries, so that two are not mixed up."""
        # sudo: the secret of the database; a hash leaves here
        return hmac(request.env(su=True), "followup-form", link.digest)[:32]

    # ------------------------------------------------------------
    # ANSWERS
    # ------------------------------------------------------------

    def _go(self, link, state, done=None):
        """Show the page anew, so that reloading it repeats nothing."""
        query = f"?done={done}" if done else ""
        response = request.redirect(f"/followup/page{query}", code=303)
        for name, value in HEADERS.items():
            response.headers[name] = value
        return self._keep(response, link, state)

    def _try(self, link, state, act):
        """Return what an action gives, or the page with what is wrong in words."""
        try:
            with request.env.cr.savepoint():
                return act()
        except UserError as error:
            return self._show(link, state, problem=str(error), status=422)

    def _show(self, link, state, status=200, problem=None, **typed):
        """Return the page that this link shows to this visitor just now."""
        link = link._as_system(link._get_lang(state["lang"]))
        if link._is_spent() and not link._is_valid():
            values = link._page_thanks(state["confirmed"])
            response = self._render("public_thanks", values, link=link)
        elif not link._is_valid():
            return self._gone()
        elif not state["confirmed"]:
            return self._show_proof(link, state)
        else:
            values = getattr(link, f"_page_{link.purpose}")(**typed)
            values["problem"] = problem
            values["done"] = request.httprequest.args.get("done")
            page = f"public_{link.purpose}"
            response = self._render(page, values, status, link=link)
        return self._keep(response, link, state)

    def _show_proof(self, link, state, **wrong):
        link = link._as_system(link._get_lang(state["lang"]))
        values = {"wrong": False, "unreadable": False, **link._page_proof(), **wrong}
        status = 422 if wrong else 200
        response = self._render("public_proof", values, status, link=link)
        return self._keep(response, link, state)

    def _show_withdrawal(self, link, state, scopes):
        link = link._as_system(link._get_lang(state["lang"]))
        values = {**link._page_common(), "chosen": scopes}
        response = self._render("public_withdraw", values, link=link)
        return self._keep(response, link, state)

    def _get_anonymous(self):
        """Return what a page shows to somebody nobody knows yet."""
        links = request.env["followup.link"]
        languages = links._get_languages()
        lang = request.env.lang
        accepted = request.httprequest.accept_languages
        for code, _quality in accepted:
            found = code.replace("-", "_")
            lang = found if found in dict(languages) else lang
            if lang == found:
                break
        return {"hospital": False, "languages": [], "lang": lang}

    def _gone(self):
        """The one answer to every link that opens nothing."""
        return self._render("public_gone", self._get_anonymous(), 404)

    def _busy(self, link=None):
        response = self._render("public_busy", self._get_anonymous(), 429)
        response.headers["Retry-After"] = "600"
        return response

    def _render(self, template, values, status=200, link=None):
        """Return a page; the template gets plain values only."""
        lang = values["lang"]
        # sudo: a template of ours, for visitors without an account
        views = request.env["ir.ui.view"].sudo().with_context(lang=lang)
        html = views._render_template(
            f"patient_followup.{template}",
            {
                "problem": None,
                "default_title": views.env._("Follow-up"),
                **NOTHING,
                "scripts": request.env["ir.qweb"]
                .sudo()
                ._get_asset_links("patient_followup.assets_public", css=False),
                "purpose": link.purpose if link else False,
                "key": self._page_key(link) if link else "",
                "csrf": request.csrf_token(),
                **values,
            },
        )
        headers = [("Content-Type", "text/html; charset=utf-8"), *HEADERS.items()]
        return request.make_response(html, headers, status=status)
