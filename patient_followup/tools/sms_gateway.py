# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Odoo's SMS interface over the HTTP gateway of a hospital (M-2).

Number, words and key appear in no result and no log line: results name the
message by its reference and a code of ours.
"""

import json
import re
from typing import NamedTuple
from urllib.parse import urlencode

from odoo.addons.sms.tools.sms_api import SmsApiBase

from . import gateway_http
from .json_text import read_json

_PARAM = re.compile(r"\{([^{}]*)\}")
MAX_REF = 64
# as others send it: number and words, through Odoo's own buttons
NO_EXTRA = {"code": "", "values": []}


class Sent(NamedTuple):
    """What became of one message.

    `state`: sent, rejected, number (wrong number), retry (surely not sent),
    unknown (perhaps sent).
    """

    state: str
    gateway_ref: str = ""


class SmsApiGateway(SmsApiBase):
    """Adapter for gateways that take one POST for each message.

    `extras`: {reference: words as `followup.message.template._fill` gives them};
    `answers`: {reference: Sent}, filled by sending.
    """

    PROVIDER_TO_SMS_FAILURE_TYPE = SmsApiBase.PROVIDER_TO_SMS_FAILURE_TYPE

    def __init__(self, env, account=None):
        super().__init__(env, account=account)
        self.extras = {}
        self.answers = {}

    def _send_sms_batch(self, messages, delivery_reports_url=False):
        results = []
        for message in messages:
            for row in message["numbers"]:
                reference = row["uuid"]
                sent = self._send_one(row["number"], message["content"], reference)
                self.answers[reference] = sent
                results.append({"uuid": reference, **self._to_result(sent)})
        return results

    def _to_result(self, sent):
        if sent.state == "sent":
            return {"state": "sent"}
        wrong = sent.state == "number"
        state = "wrong_number_format" if wrong else "server_error"
        return {"state": state, "failure_reason": sent.state}

    def _send_one(self, number, text, reference):
        # sudo: account and key are fields of the system's administrator
        company = self.company.sudo()
        extra = self.extras.get(reference, NO_EXTRA)
        values = {
            "number": number,
            "text": self._sign(company, text),
            "user": company.followup_sms_user or "",
            "key": company.followup_sms_key or "",
            "reference": reference,
            "signature": company.followup_sms_signature or "",
            "template": extra["code"] or "",
            "params": extra["values"],
        }
        body, headers = self._make_request(company, values)
        try:
            answer = gateway_http.post(
                company.followup_sms_url, body, headers, company.followup_sms_inside
            )
        except gateway_http.BadTarget:
            return Sent("rejected")
        except gateway_http.NotSent:
            return Sent("retry")
        except gateway_http.Unsure:
            return Sent("unknown")
        return self._read_answer(company, answer)

    def _sign(self, company, text):
        """Put the signature before the words, unless it has a field of its own."""
        signature = company.followup_sms_signature or ""
        apart = "{signature}" in (company.followup_sms_mapping or "")
        return text if apart or text.startswith(signature) else signature + text

    def _make_request(self, company, values):
        fields = company._followup_sms_lines("followup_sms_mapping")
        headers = {
            name: _fill(text, values).replace("\r", "").replace("\n", "")
            for name, text in company._followup_sms_lines(
                "followup_sms_headers"
            ).items()
        }
        headers = {name: _latin(value) for name, value in headers.items()}
        if company.followup_sms_format == "form":
            sent = {name: _fill(text, values) for name, text in fields.items()}
            headers["Content-Type"] = "application/x-www-form-urlencoded;charset=UTF-8"
            return urlencode(sent).encode(), headers
        headers["Content-Type"] = "application/json;charset=UTF-8"
        sent = {
            name: values["params"] if text == "{params}" else _fill(text, values)
            for name, text in fields.items()
        }
        return json.dumps(sent, ensure_ascii=False).encode(), headers

    def _read_answer(self, company, answer):
        """Tell from the answer whether the gateway took the message.

        Only a clear no is a no: what cannot be read may have been sent.
        """
        if answer.status in (429, 503):
            return Sent("retry")
        if 300 <= answer.status < 500:
            return Sent("rejected")
        if answer.status != 200:
            return Sent("unknown")
        data = _parse(answer.body)
        field = company.followup_sms_ok_field
        result = dig(data, field)
        if data is None or (field and result is None):
            return Sent("unknown")
        if field and result != (company.followup_sms_ok_value or "").strip():
            wrong = result in split(company.followup_sms_number_codes)
            return Sent("number" if wrong else "rejected")
        found = dig(data, company.followup_sms_id_field) or ""
        return Sent("sent", found[:MAX_REF] if found.isprintable() else "")


def _fill(text, values):
    """Fill a field; a value is never looked at again."""

    def value(match):
        found = values.get(match[1], "")
        return found if isinstance(found, str) else ",".join(found)

    return _PARAM.sub(value, text)


def _latin(text):
    """Return a header's value as it may be sent."""
    return text.encode("latin-1", "ignore").decode("latin-1")


def _parse(body):
    try:
        return read_json(body.decode("utf-8-sig"))
    except ValueError:
        return None


def dig(data, path):
    """Return the text at a dotted path, as in data.code; None: not there."""
    for name in (path or "").split("."):
        if isinstance(data, list) and data:
            data = data[0]
        if not isinstance(data, dict) or name not in data:
            return None
        data = data[name]
    if isinstance(data, bool):
        return str(data).lower()
    return str(data).strip() if isinstance(data, (str, int)) else None


def split(text):
    """Return the words of a list separated by commas."""
    parts = (text or "").replace("，", ",").split(",")
    return {part.strip() for part in parts if part.strip()}
