# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Sending by SMS through Odoo's gateway interface, without leaving anything behind.

Number and words go to the interface that `sms.sms` uses; no row of `sms.sms` and no
`mail.message` is made, so nobody can ever read them.
"""

from odoo import models

OUTCOMES = {
    "sent": ("sent", False),
    "rejected": ("failed", "rejected"),
    "number": ("failed", "number"),
    "retry": ("retry", "unreached"),
    "unknown": ("unknown", "unclear"),
}


class FollowupMessage(models.Model):
    _inherit = "followup.message"

    def _transmit_sms(self, words):
        """Hand one message to the gateway; return {state, failure, gateway_ref}."""
        number = self._read_number("phone")
        if not number:
            return {"state": "failed", "failure": "no_contact"}
        company = self.company_id
        gateway = company._get_sms_api_class()(self.with_company(company).env)
        gateway._set_company(company)
        gateway.extras = {self.reference: words}
        # as `sms.sms` hands it over; a row would be in the log and in backups
        numbers = [{"number": number, "uuid": self.reference}]
        gateway._send_sms_batch([{"content": words["text"], "numbers": numbers}])
        sent = gateway.answers.get(self.reference)
        state, failure = OUTCOMES[sent.state if sent else "unknown"]
        ref = sent.gateway_ref if sent else ""
        return {"state": state, "failure": failure, "gateway_ref": ref}

    def _read_number(self, name):
        """Return a number or address in clear, for sending only."""
        # sudo: nobody has access to the store; the clear value goes to the gateway
        store = self.env["followup.protected.value"].sudo()
        text = store._reveal("followup.patient.contact", self.contact_id.id, name)
        return text.partition("#")[0]

    def _mark_number_wrong(self):
        """Put the number on the ward's correction list, if it is still the same."""
        for message in self.filtered("contact_id"):
            contact = message.contact_id
            known = contact._protected_keys("phone").get(contact.id)
            if known and known == message.number_digest and contact.validity != "wrong":
                contact.action_mark_wrong()


class SmsSms(models.Model):
    _inherit = "sms.sms"

    def _split_by_api(self):
        """Send what other modules queued through the hospital's gateway, too."""
        rest = self.browse()
        for sms in self:
            company = sms._get_sms_company()
            if len(company) == 1 and company._followup_can_send("sms"):
                gateway = company._get_sms_api_class()(self.env)
                gateway._set_company(company)
                yield gateway, sms
            else:
                rest += sms
        if rest:
            yield from super(SmsSms, rest)._split_by_api()
