# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""The mail gateway, where a mail is for the complaint office (C-4, D-9)."""

from odoo import api, models
from odoo.tools import email_normalize

from ..tools import mail_text

CASE = "complaint.case"


class MailThread(models.AbstractModel):
    _inherit = "mail.thread"

    @api.model
    def message_parse(self, message, save_original=False):
        """Read Chinese mails whatever charset they say they have."""
        mail_text.mend(message)
        return super().message_parse(message, save_original)

    @api.model
    def message_route(
        self, message, message_dict, model=None, thread_id=None, custom_values=None
    ):
        """Let machines not complain; let answers find their case."""
        routes = super().message_route(
            message, message_dict, model, thread_id, custom_values
        )
        if not any(route[0] == CASE for route in routes):
            return routes
        return [
            self._route_complaint(route, message, message_dict)
            if route[0] == CASE
            else route
            for route in routes
            if route[0] != CASE or not self._is_mail_ignored(message, message_dict)
        ]

    @api.model
    def _is_mail_ignored(self, message, message_dict):
        sender = email_normalize(message_dict.get("email_from") or "") or ""
        # sudo: the addresses of the office
        aliases = self.env["mail.alias"].sudo()
        own = aliases.search_count([("alias_full_name", "=", sender)], limit=1)
        return bool(own) or mail_text.is_automatic(message)

    @api.model
    def _route_complaint(self, route, message, message_dict):
        """Return the route with the case its subject names, and what is known of it."""
        model, thread_id, _values, user_id, alias = route
        # what a caller of the gateway adds is not listened to
        values = {"no_answer": mail_text.wants_no_answer(message)}
        if alias:
            values["company_id"] = self.env[model]._mail_company(alias).id
        if not thread_id:
            # sudo: the gateway; only a sender's own case is found
            found = self.env[model].sudo()._find_mailed(message_dict)
            thread_id = found.id or thread_id
        return model, thread_id, values, user_id, alias

    def _message_parse_post_process(self, message, message_dict, routes):
        """Name nobody by his address on a case: neither author nor recipients."""
        values = super()._message_parse_post_process(message, message_dict, routes)
        if any(route[0] == CASE for route in routes or ()):
            values.update(author_id=False, partner_ids=[])
        return values
