# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""The queue: claimed, marked, sent, in this order, each step committed.

A batch is claimed (SKIP LOCKED, so two workers never hold the same), then each
message is marked `sending` and that is committed BEFORE anything leaves the
house. A server killed in between leaves exactly that message `sending`; once its
claim has run out it becomes `unknown`, for a person or a delivery report to
settle. It is never sent again by itself. The rest of the batch is still queued.
"""

import logging
import secrets
from datetime import timedelta

from psycopg2.errors import LockNotAvailable, SerializationFailure

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import SQL

from ..tools import message_text as texts

_logger = logging.getLogger(__name__)

BATCH = 50
# longer than a whole batch can take: three steps of ten seconds for each
CLAIM = timedelta(minutes=30)
MAX_TRIES = 5
RETRY_AFTER = timedelta(minutes=10)
# a gateway out of reach is left alone, so that other hospitals need not wait for it
SPARED = timedelta(minutes=2)


class FollowupMessage(models.Model):
    _inherit = "followup.message"

    @api.model
    def _cron_send(self):
        """Send what is due, batch by batch, as long as the job has time."""
        self._settle_interrupted()
        cron = self.env["ir.cron"]
        left = cron._commit_progress(remaining=self.search_count(self._due_domain()))
        while left and (batch := self._claim_batch()):
            for message in batch:
                message._send_one()
                left = cron._commit_progress(1)
                if not left:
                    break

    @api.model
    def _due_domain(self):
        now = fields.Datetime.now()
        return [
            ("state", "=", "queued"),
            ("method", "!=", "letter"),
            ("next_at", "<=", now),
            "|",
            ("claimed_until", "=", False),
            ("claimed_until", "<=", now),
        ]

    def _commit(self):
        """Commit one step; what follows cannot be undone."""
        self.env["ir.cron"]._commit_progress()

    # ------------------------------------------------------------
    # CLAIM
    # ------------------------------------------------------------

    @api.model
    def _claim_batch(self, limit=BATCH):
        """Return due messages that are now ours alone, committed."""
        claim = secrets.token_hex(8)
        try:
            found = self.env.execute_query(self._claim_query(claim, limit))
        except (SerializationFailure, LockNotAvailable):
            # another worker was faster; the next run takes what is left
            self.env.cr.rollback()
            return self.browse()
        self.invalidate_model()
        self._commit()
        return self.browse(sorted(id_ for [id_] in found)).with_context(
            followup_claim=claim
        )

    def _claim_query(self, claim, limit):
        now = fields.Datetime.now()
        self.env.flush_all()
        return SQL(
            """
            UPDATE followup_message
               SET claim = %(claim)s, claimed_until = %(until)s
             WHERE id IN (
                   SELECT id FROM followup_message
                    WHERE state = 'queued' AND method <> 'letter'
                      AND next_at <= %(now)s
                      AND (claimed_until IS NULL OR claimed_until <= %(now)s)
                 ORDER BY next_at, id
                    LIMIT %(limit)s
               FOR UPDATE SKIP LOCKED)
         RETURNING id
            """,
            claim=claim,
            until=now + CLAIM,
            now=now,
            limit=limit,
        )

    @api.model
    def _settle_interrupted(self):
        """What was on its way when a server stopped may have arrived, or not."""
        now = fields.Datetime.now()
        lost = self.search([("state", "=", "sending"), ("claimed_until", "<=", now)])
        lost.try_lock_for_update()._end("unknown", "stopped")

    # ------------------------------------------------------------
    # ONE MESSAGE
    # ------------------------------------------------------------

    def _send_one(self):
        """Send a claimed message; the caller commits how it ended."""
        self.ensure_one()
        try:
            words = self._mark_sending()
        except (SerializationFailure, LockNotAvailable):
            self.env.cr.rollback()
            return
        except Exception as error:  # pylint: disable=broad-except
            # one that cannot be made stops itself, not the messages behind it
            _logger.error(
                "Message %s to a patient: error while made: %s",
                self.id,
                type(error).__name__,
            )
            self.env.cr.rollback()
            self._end("failed", "error")
            return
        if words is None:
            return
        self._commit()  # from here on it may have been sent
        try:
            outcome = getattr(self, f"_transmit_{self.method}")(words)
        except Exception as error:  # pylint: disable=broad-except
            # a fault of ours: its kind only, as its words may hold the link
            _logger.error(
                "Message %s to a patient: error while sending: %s",
                self.id,
                type(error).__name__,
            )
            self.env.cr.rollback()
            outcome = {"state": "unknown", "failure": "error"}
        try:
            self._note_outcome(outcome)
        except Exception as error:  # pylint: disable=broad-except
            # it left the house: told as interrupted, and those behind it go on
            _logger.error(
                "Message %s to a patient: outcome not noted: %s",
                self.id,
                type(error).__name__,
            )
            self.env.cr.rollback()

    def _mark_sending(self):
        """Check once more, write `sending`; return the words, None: not now.

        The link is issued here, so that it is valid before it leaves the house.
        """
        claim = self.env.context.get("followup_claim")
        message = self.try_lock_for_update()
        message.invalidate_recordset()
        if not message or message.state != "queued" or message.claim != claim:
            return None
        now = fields.Datetime.now()
        record = message._get_record()
        failure = message._get_obstacle(record)
        if failure:
            message._end("cancelled", failure)
            return None
        later = message._get_opening(record, message.method, now)
        if later > now:
            message._postpone(later)
            return None
        words = message._make_words(record)
        if not words:
            message._end("failed", "link")
            return None
        message._guarded().write(
            {
                "state": "sending",
                # its own time, however long those before it took
                "claimed_until": now + CLAIM,
                "sent_at": now,
                "failure": False,
                "try_count": message.try_count + 1,
                "carries_answer": words.get("told", False),
                "number_digest": message._get_number_digest(),
            }
        )
        message.flush_recordset()
        return words

    def _get_obstacle(self, record):
        """Return why it must not be sent any more, or False (I-12).

        Everything is asked anew: much may have happened since it was queued.
        """
        if not record or not self._still_applies(record):
            return "over"
        contact, failure = self._try_way(self.patient_id, self.method, asked=True)
        if not self.patient_id._is_contactable():
            return "blocked"
        if failure:
            return failure
        if self.contact_id not in self.patient_id.contact_ids._to_write(self.method):
            # corrected, wrong now, or deleted: the best one of today
            self._guarded().contact_id = contact.id
        return False

    def _still_applies(self, record):
        """Whether what it says is still so; models may tell themselves."""
        if hasattr(record, "_message_still_applies"):
            return record._message_still_applies(self.code)
        return True

    def _postpone(self, moment):
        """Engine: not before `moment`."""
        vals = {"next_at": moment, "claim": False, "claimed_until": False}
        self._guarded().write(vals)

    def _get_number_digest(self):
        if self.method != "sms":
            return False
        return self.contact_id._protected_keys("phone").get(self.contact_id.id)

    # ------------------------------------------------------------
    # WORDS
    # ------------------------------------------------------------

    def _make_words(self, record):
        """Return the words of this moment, with a fresh link; kept nowhere.

        :return: {subject, text, letter, values, neutral, told, url}; empty where
            the text needs a link and none can be issued
        """
        lang = self._get_lang()
        # the codes of the gateway are kept for each hospital
        message = self.with_company(self.company_id).with_context(lang=lang)
        template = message.template_id
        neutral = self.is_neutral or self._is_sensitive(record)
        url = self._issue_link(record) if self.has_link else ""
        if template._needs_link() and not url:
            return {}
        values = message._get_values(record.with_context(lang=lang), url)
        return template._fill(values, neutral, record._name == "followup.concern")

    def _get_lang(self):
        """Return the language the patient reads, else that of the hospital."""
        lang = self.patient_id.lang or self.company_id.partner_id.lang
        installed = dict(self.env["res.lang"].get_installed())
        return lang if lang in installed else self.env.lang or "en_US"

    def _issue_link(self, record):
        if "followup.link" not in self.env:
            return ""
        target = record
        if record._name not in ("followup.task", "followup.appointment"):
            target = self._get_task_of(record)
        links = self.env["followup.link"]
        if not target or links._is_doubted(self.patient_id):
            return ""
        try:
            return links._issue(target)
        except UserError:  # closed, or no date of birth to ask for
            return ""

    def _get_values(self, record, url):
        """Return the values of all parameters, in the language of the reader."""
        ward = self._get_ward_of(record)
        public = self._get_public_words(record)
        values = {
            "hospital": self.company_id.name,
            "department": ward._followup_public_name() or self.company_id.name,
            "deadline": self._say_day(record),
            "phone": self._get_phone(ward),
            "title": public.get("title"),
            "when": public.get("when"),
            "where": public.get("where"),
            "answer": record.answer if "answer" in record._fields else "",
            **{name: self.params[name] for name in self.params or {}},
            "link": url,
        }
        return {name: values.get(name) or "" for name in texts.PARAMS}

    @api.model
    def _get_public_words(self, record):
        if hasattr(record, "_get_public_words"):
            return record._get_public_words() or {}
        return {}

    def _say_day(self, record):
        moment = self._get_task_of(record).date_deadline
        if not moment:
            return ""
        day = self.env["followup.clock"]._local_date(self.company_id, moment)
        return self.env["ir.qweb.field.date"].value_to_html(day, {})

    def _get_phone(self, ward):
        """Return the number patients may ring: the ward's, else the hospital's."""
        return ward.followup_team_ids[:1].hotline or self.company_id.phone or ""

    # ------------------------------------------------------------
    # OUTCOME
    # ------------------------------------------------------------

    def _note_outcome(self, outcome):
        """Write how sending ended; what surely did not leave is tried again."""
        try:
            self._write_outcome(outcome)
            self.flush_recordset()
        except (SerializationFailure, LockNotAvailable):
            # the delivery report came before we had written that it was sent
            self.env.cr.rollback()
            self.invalidate_recordset()
            self._write_outcome(outcome)

    def _spare_gateway(self):
        """Let what else is due by this way in this hospital wait; no try is lost."""
        now = fields.Datetime.now()
        self.flush_recordset()
        self.env.cr.execute(
            SQL(
                """
                UPDATE followup_message
                   SET next_at = %(later)s, claim = NULL, claimed_until = NULL
                 WHERE id IN (
                       SELECT id FROM followup_message
                        WHERE state = 'queued' AND next_at <= %(now)s
                          AND company_id = %(company_id)s AND method = %(way)s
                   FOR UPDATE SKIP LOCKED)
                """,
                later=now + SPARED,
                now=now,
                company_id=self.company_id.id,
                way=self.method,
            )
        )
        self.invalidate_model(["next_at", "claim", "claimed_until"])

    def _write_outcome(self, outcome):
        state, failure = outcome["state"], outcome.get("failure", False)
        if outcome.get("gateway_ref"):
            self._guarded().gateway_ref = outcome["gateway_ref"]
        if self.state != "sending":
            return
        if state == "retry" and self.try_count < MAX_TRIES:
            self._guarded().write({"state": "queued", "failure": failure})
            wait = RETRY_AFTER * 2 ** (self.try_count - 1)
            self._postpone(fields.Datetime.now() + wait)
            self._guarded().sent_at = False
            self._spare_gateway()
            return
        if state == "retry":
            state = "failed"
        self._end(state, failure)
        if failure == "number":
            self._mark_number_wrong()
