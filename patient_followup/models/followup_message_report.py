# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""What the gateway tells later: delivered or not (P-7).

A report is heard as often as it comes and changes something once. It counts for
messages of the hospital whose secret it carries, and for no other. It carries no
time that could be trusted: it is bound to one sending by that sending's numbers,
ours and the gateway's, and both are new when a message is sent again.
"""

import hashlib
import hmac

from odoo import api, fields, models

from ..tools.json_text import read_json
from ..tools.sms_gateway import dig, split
from .followup_throttle import LIMITS

# deliveries from one address: gateways send them in heaps
LIMITS.setdefault("report", (3000, 5))
MAX_REPORTS = 1000
MAX_REF = 64
# what a report may still change
OPEN_TO_REPORT = ("sending", "sent", "unknown", "failed")


class FollowupMessage(models.Model):
    _inherit = "followup.message"

    @api.model
    def _find_reporter(self, body, signature, secret):
        """Return the hospital whose secret signed or accompanies a report.

        :param bytes body: as it came; `signature`: its HMAC-SHA256 in hex
        :param str secret: the secret itself, where a gateway cannot sign
        """
        # sudo: the secret is a field of the system's administrator
        companies = self.env["res.company"].sudo()
        known = companies.search(
            [
                ("followup_sms_active", "=", True),
                ("followup_sms_report_secret", "!=", False),
            ]
        )
        found = companies
        for company in known:  # all of them, however early one fits
            own = company.followup_sms_report_secret.encode()
            signed = hmac.new(own, body, hashlib.sha256).hexdigest()
            fits = hmac.compare_digest(signed.encode(), _ascii(signature).lower())
            fits |= hmac.compare_digest(own, _ascii(secret))
            found = company if fits else found
        return found

    @api.model
    def _read_reports(self, company, body, form=None):
        """Return [(message number, result)] of a report; garbage gives nothing.

        :param bytes body: JSON; or `form`: {field: text}
        """
        try:
            data = form or read_json(body.decode("utf-8-sig"))
        except ValueError:
            return []
        if name := company.followup_sms_report_list:
            data = data.get(name) if isinstance(data, dict) else None
        rows = data if isinstance(data, list) else [data]
        reports = []
        for row in filter(_is_report, rows[:MAX_REPORTS]):
            ref = dig(row, company.followup_sms_report_id_field)
            result = dig(row, company.followup_sms_report_state_field)
            if ref and result and len(ref) <= MAX_REF and ref.isprintable():
                reports.append((ref, result))
        return reports

    @api.model
    def _note_reports(self, company, reports):
        """Write what became of the messages; unknown numbers are passed over."""
        refs = {ref for ref, _result in reports}
        # sudo: the gateway has no account; its secret was checked
        messages = self.sudo().search(
            [
                ("company_id", "=", company.id),
                ("method", "=", "sms"),
                "|",
                ("gateway_ref", "in", list(refs)),
                ("reference", "in", list(refs)),
            ],
            limit=MAX_REPORTS,
        )
        messages.lock_for_update(allow_referencing=True)
        results = dict(reports)
        for message in messages.filtered(lambda row: row.state in OPEN_TO_REPORT):
            result = results.get(message.gateway_ref) or results.get(message.reference)
            message._note_report(company, result)

    def _note_report(self, company, result):
        self.ensure_one()
        if result in split(company.followup_sms_report_delivered):
            self._note_delivered(fields.Datetime.now())
        elif self.state != "failed":
            is_wrong = result in split(company.followup_sms_number_codes)
            self._end("failed", "number" if is_wrong else "undelivered")
            if is_wrong:
                self._mark_number_wrong()

    def _note_delivered(self, moment):
        """It arrived: what it carried was told, its number is right."""
        self._end("delivered")
        self._guarded().write(
            {"delivered_at": moment, "sent_at": self.sent_at or moment}
        )
        if self.carries_answer and self.concern_id:
            self.env["followup.concern"]._told_by_message(self.concern_id, moment)


def _ascii(text):
    return (text or "").encode("ascii", "ignore") if isinstance(text, str) else b""


def _is_report(row):
    return isinstance(row, dict)
