# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import http
from odoo.http import request

from ..tools import public_token

MAX_BODY = 256 * 1024
BEARER = "bearer "
DONE = {"code": 0, "msg": "ok"}
REFUSED = {"code": 403, "msg": "refused"}
BUSY = {"code": 429, "msg": "busy"}


class FollowupSms(http.Controller):
    """Delivery reports of the SMS gateway (P-7).

    The gateway signs the body (`X-Signature`: HMAC-SHA256 in hex), or sends the
    secret along, never in the address, which ends in logs. A known and an unknown
    message get the same answer.
    """

    @http.route(
        "/followup/sms/report",
        type="http",
        auth="public",
        methods=["POST"],
        csrf=False,  # no session: the secret is checked
        save_session=False,
        max_content_length=MAX_BODY,
    )
    def report(self, **form):
        visitor = public_token.network(request.httprequest.remote_addr)
        if not request.env["followup.throttle"]._hit("report", visitor):
            return request.make_json_response(BUSY, status=429)
        # sudo: the gateway has no account; it is known by its secret, checked first
        messages = request.env["followup.message"].sudo()
        headers = request.httprequest.headers
        posted = request.httprequest.form.to_dict()
        body = request.httprequest.get_data()
        authorization = headers.get("Authorization", "")
        secret = posted.pop("secret", "")
        if authorization.lower().startswith(BEARER):
            secret = authorization[len(BEARER) :]
        # a form is read before we see its bytes: it cannot be signed
        signature = "" if posted else headers.get("X-Signature", "")
        company = messages._find_reporter(body, signature, secret)
        if not company:
            return request.make_json_response(REFUSED, status=403)
        reports = messages._read_reports(company, body, posted)
        if reports:
            messages._note_reports(company, reports)
        return request.make_json_response(DONE)
