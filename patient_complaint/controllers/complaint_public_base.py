# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""What the public pages of complaints have in common."""

from odoo import http
from odoo.http import request
from odoo.tools.misc import hmac

from odoo.addons.patient_followup.controllers import followup_public
from odoo.addons.patient_followup.controllers.followup_public_base import HEADERS
from odoo.addons.patient_followup.tools import public_token

SMALL = 64 * 1024
GET = followup_public.GET
POST = {**followup_public.POST, "max_content_length": SMALL}


class ComplaintPublicBase(http.Controller):
    def _visitor(self):
        return public_token.network(request.httprequest.remote_addr)

    def _refuse_visitor(self, guessing=False):
        """Return an answer to who knocks too often, else None.

        :param guessing: ask for the codes that opened nothing, too
        """
        throttle = request.env["followup.throttle"]
        if not throttle._hit("visit", self._visitor()):
            return self._busy()
        if guessing and not throttle._may_guess(self._visitor()):
            return self._busy()
        return None

    def _is_robot(self, form):
        """Whether a field that no person sees was filled in."""
        return bool(form.get("website"))

    def _form_key(self, subject):
        """Return what a form of this subject carries, so that two are not mixed up."""
        # sudo: the secret of the database; a hash leaves here
        return hmac(request.env(su=True), "complaint-form", subject)[:32]

    def _anonymous(self):
        """Return what a page shows to somebody nobody knows yet."""
        languages = request.env["complaint.case"]._page_languages()
        return {"hospital": False, "languages": languages, "lang": self._lang()}

    def _lang(self):
        """Return the language asked for, else that of the browser."""
        known = dict(request.env["complaint.case"]._page_languages())
        wanted = request.httprequest.args.get("lang")
        if wanted in known:
            return wanted
        for code, _quality in request.httprequest.accept_languages:
            if (found := code.replace("-", "_")) in known:
                return found
            if code.lower().startswith("zh") and "zh_CN" in known:
                return "zh_CN"
        return request.env.lang if request.env.lang in known else "en_US"

    def _say(self, template, status):
        """Return a page for somebody nobody knows yet."""
        return self._render(template, self._anonymous(), status)

    def _busy(self):
        response = self._say("complaint_public_busy", 429)
        response.headers["Retry-After"] = "600"
        return response

    def _render(self, template, values, status=200, subject=None):
        """Return a page; the template gets plain values only."""
        # sudo: a template of ours, for visitors without an account
        views = request.env["ir.ui.view"].sudo().with_context(lang=values["lang"])
        bundle = "patient_complaint.assets_public"
        html = views._render_template(
            f"patient_complaint.{template}",
            {
                "problem": None,
                "done": None,
                "home": "/complaint/track",
                "scripts": request.env["ir.qweb"]
                .sudo()
                ._get_asset_links(bundle, css=False),
                "key": self._form_key(subject) if subject else "",
                "csrf": request.csrf_token(),
                **values,
            },
        )
        headers = [("Content-Type", "text/html; charset=utf-8"), *HEADERS.items()]
        return request.make_response(html, headers, status=status)

    def _redirect(self, path):
        response = request.redirect(path, code=303)
        for name, value in HEADERS.items():
            response.headers[name] = value
        return response
