# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""The public form (C-4): anonymous if wished, in three languages, on any phone.

The address of a poster ends with the code of its ward. Nothing changes by GET. One
form sends one case: sending it again, or reloading the last page, sends nothing. The
tracking code stands on that page and nowhere else.
"""

import base64
import secrets

from odoo import http
from odoo.exceptions import UserError
from odoo.http import request

from odoo.addons.patient_followup.tools import public_form, qr

from ..models.complaint_case_room import NoRoom
from ..tools import uploads
from .complaint_public_base import GET, POST, ComplaintPublicBase

PAGE = "/complaint"
PLACE = "/complaint/at/<string:place>"
# files and what a form needs around them
LARGE = uploads.MAX_FILES * uploads.MAX_BYTES + 1024 * 1024
NONCE = 64


class SentBefore(Exception):
    """The same form came a second time."""


class TooMany(Exception):
    """More forms come in just now than anybody reads."""


class ComplaintForm(ComplaintPublicBase):
    @http.route([PAGE, PLACE], **GET)
    def form(self, place=None, **_query):
        if refusal := self._refuse_visitor():
            return refusal
        company, department = self._find_place(place)
        if len(company) > 1:
            return self._show_choice(company)
        if not company:
            return self._closed()
        return self._show_form(company, department)

    @http.route(
        "/complaint/send", **{**POST, "max_content_length": LARGE}, takes_files=True
    )
    def send(self, **_post):
        """Register what was sent, or say next to each field what is wrong."""
        if refusal := self._refuse_visitor():
            return refusal
        sent = request.httprequest
        form = sent.form
        company, department = self._find_place(form.get("place"))
        if len(company) != 1 or self._is_robot(form):
            return self._closed()
        nonce = public_form.read_text(form.get("key"), NONCE)
        if not nonce:
            return self._once(company)
        throttle = request.env["followup.throttle"]
        if not throttle._hit("form", self._visitor()):
            return self._show_later(company, department, form)
        cases = self._cases()
        vals, errors = cases._form_read(company, form)
        files = self._read_files(cases, sent, errors)
        department = self._chosen(company, department, form)
        if not errors and not cases._form_is_human(form):
            errors["captcha"] = cases.env._("Please show that you are no robot.")
        if errors:
            return self._show_form(company, department, form, errors)
        return self._register(company, department, vals, files, nonce)

    def _register(self, company, department, vals, files, nonce):
        """Register it, once for each form, and show number and code."""
        cases, throttle = self._cases(), request.env["followup.throttle"]
        form, visitor = request.httprequest.form, self._visitor()
        try:
            with request.env.cr.savepoint():
                if not throttle._is_first("form_once", nonce):
                    raise SentBefore
                if not throttle._may_register(company, visitor):
                    raise TooMany
                with cases._room(company, files, visitor):
                    found = cases._form_register(company, department, vals, files)
        except SentBefore:
            return self._once(company)
        except TooMany:
            return self._show_later(company, department, form)
        except NoRoom as error:
            return self._show_form(company, department, form, {"files": str(error)})
        except UserError as error:
            return self._show_form(company, department, form, {"all": str(error)})
        return self._show_done(company, found)

    def _show_done(self, company, found):
        link = f"{request.env['complaint.case'].get_base_url()}/complaint/track#"
        image = qr.svg(f"{link}{found['code']}", "60mm").encode()
        return self._render_form(
            "complaint_form_done",
            company,
            {**found, "image": base64.b64encode(image).decode()},
        )

    # ------------------------------------------------------------
    # HELPERS
    # ------------------------------------------------------------

    def _cases(self):
        """Return the cases as the system, speaking the language of the page."""
        # sudo: the visitor has no account
        return request.env["complaint.case"].sudo().with_context(lang=self._form_lang())

    def _form_lang(self):
        """Return the language of the form that was posted, or asked for."""
        known = dict(request.env["complaint.case"]._page_languages())
        posted = request.httprequest.form.get("lang")
        return posted if posted in known else self._lang()

    def _find_place(self, code):
        """Return (hospital, department); without a code all that may be meant."""
        cases = request.env["complaint.case"]
        found, department = cases._find_place(code)
        return found if code else cases._form_choices(), department

    def _chosen(self, company, department, form):
        """Return the department of the poster, else the one chosen from the list."""
        place = form.get("department")
        found = request.env["complaint.case"]._find_place(place)
        return department or (found[1] if found[0] == company else department)

    def _read_files(self, cases, sent, errors):
        try:
            return uploads.read_files(sent.files.getlist("files"))
        except uploads.BadFile as error:
            size = uploads.MAX_BYTES // 1024 // 1024
            count = uploads.MAX_FILES
            errors["files"] = {
                "kind": cases.env._("Only pictures, PDF and sound can be sent."),
                "size": cases.env._("A file is larger than %(size)s MB.", size=size),
                "count": cases.env._("Send at most %(count)s files.", count=count),
            }[error.code]
        return []

    def _show_form(self, company, department, typed=None, errors=None):
        values = {"errors": errors or {}, "nonce": secrets.token_urlsafe(24)}
        if typed is not None:
            names = ("description", "remedy_sought", "incident_date", "kind")
            names += ("complainant_name", "complainant_phone", "complainant_email")
            names += ("complainant_relation", "anonymous", "department")
            values["typed"] = {
                name: public_form.read_text(typed.get(name), 5000) for name in names
            }
        status = 422 if errors else 200
        return self._render_form(
            "complaint_form_page", company, values, status, department
        )

    def _render_form(self, template, company, values, status=200, department=None):
        cases = self._cases()
        # sudo: visitors read no department; what is shown of it is chosen there
        none = request.env["hr.department"].sudo().browse()
        shown = cases._form_values(company, department or none, self._form_lang())
        home = f"{PAGE}/at/{shown['place']}"
        return self._render(template, {**shown, "home": home, **values}, status)

    def _show_later(self, company, department, form):
        """Ask to send it once more later: what was typed is kept on the page."""
        wait = self._cases().env._(
            "So many forms come in just now: please send it once more in an hour, or"
            " ring the complaint office."
        )
        response = self._show_form(company, department, form, {"all": wait})
        response.status_code = 429
        response.headers["Retry-After"] = "3600"
        return response

    def _show_choice(self, companies):
        """Ask which hospital is meant."""
        cases = self._cases()
        choices = [(cases._place_code(one), one.name) for one in companies]
        values = {**self._anonymous(), "home": PAGE, "choices": choices}
        return self._render("complaint_form_choice", values)

    def _once(self, company):
        """The form was sent before: say so, without the code."""
        return self._render_form("complaint_form_once", company, {})

    def _closed(self):
        """No form here: the same answer to every address that names none."""
        return self._render("complaint_form_closed", self._anonymous(), 404)
