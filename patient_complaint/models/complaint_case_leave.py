# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""What happens to whoever comes under the shield: he is taken off the case (D-8)."""

from odoo import models

from ..tools.shield import CASE, shielded_models


class ComplaintCase(models.Model):
    _inherit = "complaint.case"

    def _on_conflict(self, users):
        result = super()._on_conflict(users)
        self._hand_over_from(users)
        for rows in self._get_shielded_rows():
            rows._drop_users(users)
        # whose turn it was to approve is asked anew
        pending = self.approval_ids.filtered(lambda row: row.decision == "pending")
        pending._guarded()._refresh_turn()
        return result

    def _get_shielded_rows(self):
        """Yield the case, then its rows that have chatter of their own."""
        for name in shielded_models(self.env):
            domain = [("id", "in", self.ids)]
            if name != CASE:
                domain = [("case_id", "in", self.ids)]
            # sudo: the engine takes everybody off, whoever named him
            rows = self.env[name].sudo().with_context(active_test=False)
            if found := rows.search(domain):
                yield found

    # ------------------------------------------------------------
    # CHATTER
    # ------------------------------------------------------------

    def _get_mail_refused(self):
        """Return the partners of whoever is in conflict with these cases."""
        # sudo: partners of users who may be archived or of other hospitals
        return self.sudo().conflict_user_ids.partner_id.sudo(False)


class MailThread(models.AbstractModel):
    """Rows of a case follow, tell and remind nobody who is in conflict (I-8)."""

    _inherit = "mail.thread"

    def _get_shield_case(self):
        """Return the cases these rows belong to, none for other documents."""
        if self._name == CASE:
            return self
        cases = self.env[CASE]
        if self._name in shielded_models(self.env):
            # sudo: whether somebody is in conflict counts before any rule
            return self.sudo().case_id.with_env(self.env)
        return cases

    def _get_refused_partner_ids(self):
        if not self._name.startswith("complaint."):
            return set()
        return set(self._get_shield_case()._get_mail_refused().ids)

    def _drop_users(self, users):
        """Take these users off: followers, notices, recipients, to-dos."""
        # sudo: followers, messages and to-dos of others, as they lose the case
        partners = users.sudo().partner_id
        self.message_unsubscribe(partners.ids)
        messages = self.env["mail.message"].sudo()
        messages = messages.search(
            [("model", "=", self._name), ("res_id", "in", self.ids)]
        )
        self._drop_notices(messages, partners)
        if "activity_ids" in self._fields:
            self._drop_activities(users)

    def _drop_notices(self, messages, partners):
        """Delete what was to reach these partners, sent or not (D-8)."""
        of_messages = [("mail_message_id", "in", messages.ids)]
        # sudo: notices and queued mails of others
        notices = self.env["mail.notification"].sudo()
        own = [("res_partner_id", "in", partners.ids)]
        notices.search(of_messages + own).unlink()
        mails = self.env["mail.mail"].sudo()
        queued = [("state", "=", "outgoing"), ("recipient_ids", "in", partners.ids)]
        for mail in mails.search(of_messages + queued):
            mail.recipient_ids -= partners
            if not mail.recipient_ids and not mail.email_to:
                mail.state = "cancel"
        for message in messages:
            gone = message.partner_ids & partners
            if gone:
                message.partner_ids -= gone
            if message.starred_partner_ids & partners:
                message.starred_partner_ids -= partners

    def _drop_activities(self, users):
        """Give their to-dos to whoever handles the case; without him they end."""
        for row in self:
            case = row._get_shield_case().sudo()
            heir = case.owner_id or case.superior_id
            # sudo: to-dos of others
            todo = row.sudo().activity_ids.filtered(lambda todo: todo.user_id in users)
            if heir and heir not in users:
                todo.write({"user_id": heir.id})
            else:
                todo.unlink()

    # ------------------------------------------------------------
    # NOBODY IN CONFLICT COMES BACK
    # ------------------------------------------------------------

    def _notify_get_recipients(self, message, msg_vals=False, **kwargs):
        found = super()._notify_get_recipients(message, msg_vals, **kwargs)
        refused = self._get_refused_partner_ids()
        return [row for row in found if row["id"] not in refused] if refused else found

    def _message_create(self, values_list):
        refused = self._get_refused_partner_ids()
        if refused:
            for values in values_list:
                partner_ids = values.get("partner_ids") or []
                values["partner_ids"] = [
                    id_ for id_ in partner_ids if id_ not in refused
                ]
        return super()._message_create(values_list)


class MailFollowers(models.Model):
    _inherit = "mail.followers"

    def _insert_followers(self, res_model, res_ids, partner_ids, *args, **kwargs):
        """Follow for everybody but those in conflict, case by case."""
        if res_model not in shielded_models(self.env):
            return super()._insert_followers(
                res_model, res_ids, partner_ids, *args, **kwargs
            )
        for row in self.env[res_model].browse(res_ids):
            refused = row._get_refused_partner_ids()
            wanted = [id_ for id_ in partner_ids or () if id_ not in refused]
            if wanted:
                super()._insert_followers(res_model, row.ids, wanted, *args, **kwargs)
        return None
