# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Buttons of the list of messages: stop, repeat, settle what nobody knows."""

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.tools import format_datetime

from ..tools import message_text as texts
from ..tools.checked import checked
from .followup_message_letter import PRINTERS
from .followup_message_template import SAMPLE_LINK

STOPPABLE = ("queued",)
REPEATABLE = ("failed", "unknown", "cancelled")


class FollowupMessage(models.Model):
    _inherit = "followup.message"

    text_preview = fields.Text(
        string="What It Says", compute="_compute_text_preview", compute_sudo=False
    )
    is_writer = fields.Boolean(compute="_compute_is_writer")

    @api.depends("template_id", "params", "is_neutral", "method")
    @api.depends_context("lang", "uid")
    def _compute_text_preview(self):
        """Show the words as they are, or would be, without the link."""
        for message in self:
            message.text_preview = message._preview()

    def _preview(self):
        # sudo: texts and names of the hospital; the message itself may be read
        message = self.sudo()
        record = message._get_record()
        if not message.template_id or not record:
            return False
        link = SAMPLE_LINK if message.has_link else ""
        message = message.with_context(lang=message._get_lang())
        values = message._get_values(record.with_context(lang=message.env.lang), link)
        neutral = message.is_neutral or message._is_sensitive(record)
        is_answer = record._name == "followup.concern"
        words = message.template_id._fill(values, neutral, is_answer)
        kind = "letter" if message.method == "letter" else "text"
        return texts.clean(words[kind], lines=True)

    @api.depends_context("uid")
    def _compute_is_writer(self):
        self.is_writer = self.env.user.has_groups(PRINTERS)

    # ------------------------------------------------------------
    # ACTIONS
    # ------------------------------------------------------------

    @checked
    def action_cancel(self, reason):
        """Stop messages that wait, with a reason."""
        reason = self._check_settling(reason)
        rows = self._lock_in(STOPPABLE)
        rows._end("cancelled", "staff", reason)

    @checked
    def action_retry(self, reason):
        """Send again what failed, or what nobody knows of, with a reason.

        Everything is checked anew, and a new link is made. It gets a new number, so
        that a report about the last time, heard late or once more, says nothing
        about this one.
        """
        reason = self._check_settling(reason)
        rows = self._lock_in(REPEATABLE)
        for row in rows:
            record = row._get_record()
            why = row._get_obstacle(record)
            if why:
                labels = dict(self._fields["failure"]._description_selection(self.env))
                raise UserError(labels[why])
            moment = fields.Datetime.now()
            row._guarded().write(
                {
                    "next_at": row._get_opening(record, row.method, moment),
                    "try_count": 0,
                    "sent_at": False,
                    "gateway_ref": False,
                    "reference": row._make_reference(),
                }
            )
        rows._end("queued", False, reason)
        rows._wake(rows)

    @checked
    def action_arrived(self, reason):
        """The patient says that it arrived: what nobody knew is settled."""
        reason = self._check_settling(reason)
        for row in self._lock_in(("unknown", "sent")):
            row._guarded().reason = reason
            row._note_delivered(fields.Datetime.now())

    def _check_settling(self, reason):
        """Raise unless the user may decide; return the tidy reason."""
        self.check_access("read")
        if not self.env.user.has_groups(PRINTERS):
            raise AccessError(self.env._("Your role does not include messages."))
        text = texts.clean(reason) if isinstance(reason, str) else ""
        if not text:
            raise UserError(self.env._("Say why."))
        return text[:300]

    def _lock_in(self, states):
        """Return the rows, locked, for the engine; all must be in these states."""
        # sudo: engine writes; the caller of this method was checked
        rows = self.sudo()
        rows.lock_for_update()
        rows.invalidate_recordset(["state"])
        if any(row.state not in states for row in rows):
            raise UserError(self.env._("This message has gone on meanwhile."))
        return rows

    def _notify_queued(self, refused=0):
        """Return a notice that says when and where to it goes."""
        zone = (
            self.env.user.tz
            or self.env["followup.clock"]._for_company(self.company_id[:1]).tz
        )
        labels = dict(self._fields["method"]._description_selection(self.env))
        first = self[:1].sudo()  # sudo: what was just queued, of a call one has
        if first.method == "letter":
            text = self.env._("The letter waits to be printed.")
        else:
            text = self.env._(
                "%(way)s to %(contact)s: not before %(when)s.",
                way=labels[first.method],
                contact=first.contact_id.display_name,
                when=format_datetime(self.env, first.next_at, zone, "short"),
            )
        if len(self) > 1 or refused:
            text = self.env._(
                "%(count)s queued, %(refused)s not sent.",
                count=len(self),
                refused=refused,
            )
        return {
            "type": "ir.actions.client",
            "tag": "display_notification",
            "params": {"type": "success", "message": text, "next": False},
        }
