# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""The complainant's page by the code on the slip (C-2, C-24, design section 7).

The code is posted, or stands behind "#" of a link: it is in no request line, no log
of a server or proxy, no Referer. What follows rests on a signed cookie of half an
hour. Unknown, wrong, replaced and expired codes get the same answer. Nothing changes
by GET. Odoo makes one class of all that inherit the base: helpers here begin `_track_`.
"""

import binascii

from odoo import http
from odoo.exceptions import UserError
from odoo.http import content_disposition, request
from odoo.tools import hash_sign, verify_hash_signed

from odoo.addons.patient_followup.controllers.followup_public_base import HEADERS
from odoo.addons.patient_followup.tools import public_form, public_token

from ..tools import plain, uploads
from .complaint_public_base import GET, POST, ComplaintPublicBase

COOKIE = "complaint_page"
SCOPE = "patient_complaint-page"
MINUTES = 30
PAGE = "/complaint/track/page"
# files and what a form needs around them
LARGE = uploads.MAX_FILES * uploads.MAX_BYTES + 1024 * 1024


class ComplaintTrack(ComplaintPublicBase):
    # ------------------------------------------------------------
    # COMING IN
    # ------------------------------------------------------------

    @http.route("/complaint/track", **GET)
    def track(self, **_query):
        if refusal := self._refuse_visitor():
            return refusal
        return self._render("complaint_track_landing", self._anonymous())

    @http.route("/complaint/track/open", **POST)
    def track_open(self, **_post):
        """Take a code or the token of a rating link; wrong ones look all the same."""
        if refusal := self._refuse_visitor(guessing=True):
            return refusal
        form = request.httprequest.form
        token = public_form.read_text(form.get("token"), 500).rpartition("#")[2]
        cases = request.env["complaint.case"]
        links = request.env["complaint.link"]
        case, link = cases.browse(), links.browse()
        if not self._is_robot(form):
            case = cases._page_find(token)
            link = links._find(token) if not case else link
        if not (case or link):
            request.env["followup.throttle"]._guessed(self._visitor())
            return self._track_gone()
        return self._track_go(case or link.case_id, link, self._lang())

    @http.route(PAGE, **GET)
    def track_page(self, lang=None, **_query):
        if refusal := self._refuse_visitor():
            return refusal
        case, link, chosen = self._track_read()
        if not case:
            return self._track_gone()
        known = dict(case._page_languages())
        chosen = lang if isinstance(lang, str) and lang in known else chosen
        return self._track_show(case, link, chosen)

    @http.route("/complaint/track/leave", **POST)
    def track_leave(self, **_post):
        """Forget who it was, on a borrowed phone."""
        return self._track_forget(self._redirect("/complaint/track"))

    # ------------------------------------------------------------
    # WHAT HE DOES
    # ------------------------------------------------------------

    @http.route(
        "/complaint/track/message",
        **{**POST, "max_content_length": LARGE},
        takes_files=True,
    )
    def track_message(self, **_post):
        case, link, lang, refusal = self._track_enter(writes=True, whole=True)
        if refusal:
            return refusal
        sent = request.httprequest
        text = plain.text(sent.form.get("text"), 4000)

        def act():
            files = self._track_files(case, sent)
            with case._room(case.company_id, files, self._visitor()):
                return case._page_message(text, files)

        return self._track_do(case, link, lang, act, "message", text)

    @http.route("/complaint/track/rate", **POST)
    def track_rate(self, **_post):
        case, link, lang, refusal = self._track_enter(writes=True)
        if refusal:
            return refusal
        form = request.httprequest.form
        text = plain.text(form.get("text"), 2000)

        def act():
            case._page_rate(form.get("satisfaction"), form.get("outcome"), text)
            link._end()

        return self._track_do(case, link, lang, act, "rating", text)

    @http.route("/complaint/track/reopen", **POST)
    def track_reopen(self, **_post):
        case, link, lang, refusal = self._track_enter(writes=True, whole=True)
        if refusal:
            return refusal
        text = plain.text(request.httprequest.form.get("text"), 2000)
        return self._track_do(
            case, link, lang, lambda: case._page_reopen(text), "reopen", text
        )

    @http.route("/complaint/track/file", **POST)
    def track_file(self, **_post):
        """Give one file of the messages, always as a download."""
        case, _link, _lang, refusal = self._track_enter(whole=True)
        if refusal:
            return refusal
        files = case._page_files()
        numbers = public_form.read_ids([request.httprequest.form.get("file") or ""])
        if not numbers or numbers[0] >= len(files):
            return self._track_gone()
        file = files[numbers[0]]
        content = file.raw or b""
        media = uploads.sniff(content)[0] or "application/octet-stream"
        headers = {
            **HEADERS,
            "Content-Security-Policy": "sandbox; default-src 'none'",
            "Content-Type": media,
            "Content-Disposition": content_disposition(file.name),
        }
        return request.make_response(content, list(headers.items()))

    # ------------------------------------------------------------
    # HELPERS
    # ------------------------------------------------------------

    def _track_files(self, case, sent):
        try:
            return uploads.read_files(sent.files.getlist("files"))
        except uploads.BadFile as error:
            raise UserError(self._track_bad_file(case.env, error.code)) from error

    @staticmethod
    def _track_bad_file(env, code):
        size = uploads.MAX_BYTES // 1024 // 1024
        return {
            "kind": env._("Only pictures, PDF and sound can be sent."),
            "size": env._("A file is larger than %(size)s MB.", size=size),
            "count": env._("Send at most %(n)s files at once.", n=uploads.MAX_FILES),
        }[code]

    def _track_enter(self, writes=False, whole=False):
        """Return (case as the system, link, language, None) of a post, or a refusal.

        :param writes: count it among the writes of a day
        :param whole: not for somebody who came by a link to rate only
        """
        nothing = request.env["complaint.case"]
        if refusal := self._refuse_visitor():
            return nothing, nothing, None, refusal
        case, link, lang = self._track_read()
        form = request.httprequest.form
        if (
            not case
            or self._is_robot(form)
            or (whole and link)
            or not public_token.same(
                form.get("key"), self._form_key(self._track_subject(case, link))
            )
        ):
            return nothing, nothing, None, self._track_gone()
        throttle = request.env["followup.throttle"]
        subject = self._track_subject(case, link)
        allowed = throttle._hit("page", subject)
        if not (allowed and (not writes or throttle._hit("write", subject))):
            return nothing, nothing, None, self._busy()
        return case._as_page(case._page_lang(lang)), link, lang, None

    def _track_do(self, case, link, lang, act, done, text):
        """Do it and show the page anew, or the page with what is wrong in words."""
        try:
            with request.env.cr.savepoint():
                act()
                request.env.flush_all()
        except UserError as error:
            return self._track_show(
                case, link, lang, 422, problem=str(error), typed=text
            )
        if link:
            # the link is used up: say thanks, and forget who it was
            values = {**self._anonymous(), "lang": case._page_lang(lang)}
            return self._track_forget(self._render("complaint_track_thanks", values))
        return self._track_go(case, link, lang, done)

    def _track_subject(self, case, link):
        return link.digest if link else case.code_digest

    def _track_read(self):
        """Return (case, link, language), empty where nobody is known."""
        cases, links = request.env["complaint.case"], request.env["complaint.link"]
        payload = request.httprequest.cookies.get(COOKIE, "")
        try:
            # sudo: the secret of the database; what is signed is checked below
            values = verify_hash_signed(request.env(su=True), SCOPE, payload[:1000])
            case_id, link_id, digest, lang = values
        except (ValueError, TypeError, IndexError, binascii.Error):
            return cases, links, None
        # sudo: the visitor has no account; the signed cookie names the case
        case = cases.sudo().browse(case_id).exists()
        link = links.sudo().browse(link_id or []).exists()
        known = case and public_token.same(
            (self._track_subject(case, link) or "")[:16], digest
        )
        valid = link._is_valid() if link_id and link else not link_id
        if not known or not valid or not case._is_page_open():
            return cases, links, None
        return case, link, lang

    def _track_keep(self, response, case, link, lang):
        """Give the answer with a fresh cookie."""
        # sudo: the secret of the database
        payload = hash_sign(
            request.env(su=True),
            SCOPE,
            [case.id, link.id, self._track_subject(case, link)[:16], lang],
            expiration_hours=MINUTES / 60,
        )
        response.set_cookie(
            COOKIE,
            payload,
            max_age=MINUTES * 60,
            path="/complaint",
            httponly=True,
            secure=request.httprequest.scheme == "https",
            samesite="Strict",
        )
        return response

    @staticmethod
    def _track_forget(response):
        response.set_cookie(COOKIE, "", max_age=0, expires=0, path="/complaint")
        return response

    def _track_go(self, case, link, lang, done=None):
        """Show the page anew, so that reloading it repeats nothing."""
        query = f"?done={done}" if done else ""
        return self._track_keep(self._redirect(f"{PAGE}{query}"), case, link, lang)

    def _track_show(self, case, link, lang, status=200, **typed):
        case = case._as_page(case._page_lang(lang))
        values = case._page_values()
        done = request.httprequest.args.get("done")
        values.update({"done": done, "home": PAGE, "typed": "", **typed})
        template = "complaint_track_rating" if link else "complaint_track_page"
        subject = self._track_subject(case, link)
        response = self._render(template, values, status, subject)
        return self._track_keep(response, case, link, lang)

    def _track_gone(self):
        """The one answer to every code that opens nothing."""
        return self._render("complaint_track_gone", self._anonymous(), 404)
