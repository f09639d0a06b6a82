# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""The complainant's page: what it shows, and what he does there (C-2, C-24).

The code on the slip opens it; the visitor has no account. Every method here runs as
the system for one case that the controller found by its code, and gives plain values.
Of an anonymous case the page shows whether it is open, and messages, nothing more.
"""

from datetime import timedelta

from odoo import SUPERUSER_ID, api, fields, models
from odoo.exceptions import UserError

from odoo.addons.patient_followup.report.document_words import DocumentWords
from odoo.addons.patient_followup.tools import public_token

from .complaint_case import OPEN_STATES
from .complaint_message import MAX_BODY

MAX_CASE_FILES = 20
SHOWN = 200  # messages on one page
ACTIVITY = "patient_complaint.mail_activity_type_message"
OFFICE = "patient_complaint.complaint_group_specialist"


class ComplaintCase(models.Model):
    _inherit = "complaint.case"

    message_row_ids = fields.One2many(
        "complaint.message", "case_id", string="Messages of the Page", readonly=True
    )
    unread_count = fields.Integer(
        string="Unread Messages", compute="_compute_unread_count"
    )

    _guarded_fields = frozenset({"message_row_ids"})

    @api.depends("message_row_ids.read_at")
    def _compute_unread_count(self):
        groups = self.env["complaint.message"]._read_group(
            [
                ("case_id", "in", self.ids),
                ("direction", "=", "in"),
                ("read_at", "=", False),
            ],
            ["case_id"],
            ["__count"],
        )
        counts = dict(groups)
        for case in self:
            case.unread_count = counts.get(case._origin, 0)

    # ------------------------------------------------------------
    # OFFICE
    # ------------------------------------------------------------

    def action_mark_read(self):
        """Note that the messages of the complainant were read, and by whom."""
        for case in self:
            case.check_access("write")
            # sudo: rows are written by the engine only; the right was checked above
            rows = case.sudo().message_row_ids.filtered(
                lambda row: row.direction == "in" and not row.read_at
            )
            rows._guarded().write(
                {"read_at": fields.Datetime.now(), "read_by_id": self.env.uid}
            )
            case._close_message_activity()

    def _on_answered_message(self):
        """The office wrote: what was asked before has been read."""
        self.action_mark_read()

    def _close_message_activity(self):
        # sudo: the reminder may stand with a colleague
        self.sudo().activity_unlink([ACTIVITY])

    # ------------------------------------------------------------
    # COMING IN
    # ------------------------------------------------------------

    @api.model
    def _page_find(self, code):
        """Return the case of a code as the system, empty for any other text."""
        # sudo: the visitor has no account; the code is his right to come in
        cases = self.sudo()
        if not isinstance(code, str) or not code.strip():
            return cases.browse()
        digest = self._hash_code(code)
        case = cases.search([("code_digest", "=", digest)], limit=1)
        if not public_token.same(case.code_digest, digest) or not case._is_page_open():
            return case.browse()
        return case

    def _as_page(self, lang):
        """Return the case as the system acts for the complainant, in his language."""
        self.ensure_one()
        clock = self.env["followup.clock"]._for_company(self.company_id)
        return self.with_user(SUPERUSER_ID).with_context(
            lang=lang, tz=str(clock.tz), allowed_company_ids=self.company_id.ids
        )

    @api.model
    def _page_languages(self):
        return self.env["followup.link"]._get_languages()

    def _page_lang(self, wanted=None):
        """Return the language of the page: chosen, else that of the hospital."""
        known = dict(self._page_languages())
        # sudo: a plain setting of the hospital
        of_company = self.sudo().company_id.partner_id.lang
        for code in (wanted, of_company, "zh_CN"):
            if code in known:
                return code
        return "en_US"

    def _is_page_open(self):
        """Whether the page may be opened: in work, or over for a short time only."""
        self.ensure_one()
        if self.state in OPEN_STATES:
            return True
        # sudo: a plain setting of the hospital
        days = self.sudo().company_id.complaint_page_reopen_days
        end = self.closed_at and self.closed_at + timedelta(days=days)
        return bool(end) and end >= fields.Datetime.now()

    def _may_reopen_by_page(self):
        self.ensure_one()
        is_over = self.state in ("closed", "withdrawn")
        return is_over and not self.anonymous and self._is_page_open()

    def _may_rate_by_page(self):
        """Whether the answer may be rated: given, and not rated since."""
        self.ensure_one()
        if not self.answered_at or self.kind == "praise" or not self._is_page_open():
            return False
        if self.anonymous:
            return False
        if self.state not in ("feedback", "rectification", "closed"):
            return False
        rated = self.message_row_ids.filtered(lambda row: row.kind == "rating")
        return not any(row.at >= self.answered_at for row in rated)

    # ------------------------------------------------------------
    # WHAT IT SHOWS
    # ------------------------------------------------------------

    def _page_values(self):
        """Return what the page shows, as plain values."""
        self.ensure_one()
        words = DocumentWords(self.env)
        is_open = self.state in OPEN_STATES
        values = {
            "hospital": self.company_id.name,
            "languages": self._page_languages(),
            "lang": self.env.lang,
            "anonymous": self.anonymous,
            "is_open": is_open,
            "messages": self._page_messages(words),
            "may_reopen": not self.anonymous and self._may_reopen_by_page(),
            "may_rate": False,
            "details": False,
        }
        if not self.anonymous:
            values["may_rate"] = self._may_rate_by_page()
            values["details"] = self._page_details(words)
        return values

    def _page_details(self, words):
        """Return number, day and what happens now, in words for everybody."""
        state, step = self._page_words()
        if self.state in ("feedback", "rectification") and not self._may_rate_by_page():
            step = ""  # it asks for the rating
        return {
            "number": self.name,
            "kind": words.label(self, "kind"),
            "received": words.moment(self.company_id, self.received_at),
            "state": state,
            "step": step,
            "until": self._page_until(words),
        }

    def _page_words(self):
        """Return (state, what comes next) as a complainant understands it."""
        _ = self.env._
        sentences = {
            "received": (
                _("We have received it."),
                _("We read it, decide who looks into it, and tell you."),
            ),
            "triage": (
                _("Somebody is in charge of it."),
                _("We find out what happened and tell you."),
            ),
            "investigation": (
                _("We are looking into it."),
                _("We tell you what we found and what we propose."),
            ),
            "resolution": (
                _("We know what happened and prepare our answer."),
                _("We tell you our answer."),
            ),
            "approval": (
                _("Our answer is being checked by the hospital's leaders."),
                _("We tell you our answer."),
            ),
            "feedback": (
                _("You have our answer."),
                _("Tell us below whether you are satisfied with it."),
            ),
            "rectification": (
                _("You have our answer, and we are putting right what went wrong."),
                _("Tell us below whether you are satisfied with it."),
            ),
            "closed": (_("It is finished."), ""),
            "withdrawn": (_("It was taken back."), ""),
            "not_accepted": (
                _("The hospital cannot decide on it."),
                _("You have been told why. Ask the complaint office if not."),
            ),
        }
        return sentences[self.state]

    def _page_until(self, words):
        """Return the moment by which we answer, while it lies ahead."""
        kinds = ("response", "plan", "feedback")
        open_clocks = self.clock_ids.filtered(
            lambda clock: (
                clock.kind in kinds and not clock.stopped_at and clock.deadline
            )
        )
        now = fields.Datetime.now()
        deadlines = [one for one in open_clocks.mapped("deadline") if one > now]
        if self.answered_at or not deadlines:
            return ""
        return words.moment(self.company_id, min(deadlines))

    def _page_messages(self, words):
        rows = self.message_row_ids.sorted("id")[-SHOWN:]
        files = self._page_files()
        return [
            {
                "mine": row.direction == "in",
                "at": words.moment(self.company_id, row.at),
                "kind": row.kind,
                "text": row.body,
                "satisfaction": row.satisfaction,
                "outcome": words.label(row, "outcome"),
                "files": [
                    {"number": str(files.index(file)), "name": file.name}
                    for file in row.attachment_ids.sorted("id")
                ],
            }
            for row in rows
        ]

    def _page_files(self):
        """Return the files of all messages, in an order that does not change."""
        return list(self.message_row_ids.attachment_ids.sorted("id"))

    # ------------------------------------------------------------
    # WHAT HE DOES
    # ------------------------------------------------------------

    def _page_message(self, text, files=()):
        """Keep what he writes and sends.

        :param files: [(name, media type, bytes)] as `tools.uploads` read them
        :raises UserError: nothing written, too many files, over for too long
        """
        self._check_page_open()
        if not text and not files:
            raise UserError(self.env._("Write something first."))
        if len(self._page_files()) + len(files) > MAX_CASE_FILES:
            raise UserError(
                self.env._(
                    "There are %(count)s files already: bring others to the office.",
                    count=len(self._page_files()),
                )
            )
        row = self._keep_message(kind="message", body=text or self.env._("(file)"))
        self._keep_files(row, files)
        return row

    def _page_rate(self, satisfaction, outcome, text):
        """Keep his rating of the handling, once for each answer (C-24).

        :raises UserError: it cannot be rated now, or no number from 1 to 5
        """
        if not self._may_rate_by_page():
            raise UserError(self.env._("This was rated already, or is not answered."))
        if satisfaction not in dict(self._fields["satisfaction"].selection):
            raise UserError(self.env._("Choose a number from 1 to 5."))
        if outcome not in ("accepted", "refused"):
            outcome = False
        row = self._keep_message(
            kind="rating",
            body=text or self.env._("(no words)"),
            satisfaction=satisfaction,
            outcome=outcome,
        )
        vals = {"satisfaction": satisfaction}
        if outcome:
            vals["outcome"] = outcome
        self._guarded().write(vals)
        return row

    def _page_reopen(self, reason):
        """Take it up again at his wish, within the days the hospital grants.

        :raises UserError: too late, or no reason
        """
        if self.state in OPEN_STATES or not self._may_reopen_by_page():
            raise UserError(self.env._("It can no longer be reopened here."))
        self._check_reason(reason)
        self._keep_message(kind="reopen", body=reason[:MAX_BODY])
        # his words stay with his message; the log of the case says only that he asked
        self.action_reopen(self.env._("Asked for on the complainant's page"))

    def _check_page_open(self):
        if not self._is_page_open():
            raise UserError(self.env._("It is over: nothing more can be sent here."))

    def _keep_message(self, **vals):
        row = (
            self.env["complaint.message"]
            ._guarded()
            .create({"case_id": self.id, "direction": "in", "sender": "code", **vals})
        )
        self._alert_message()
        return row._unguarded()

    def _keep_files(self, row, files):
        """Keep files beside a row; sealed rows get their files in the same moment."""
        # a picture is kept as it came: opening it to shrink it could cost minutes
        store = self.env["ir.attachment"].with_context(image_no_postprocess=True)
        attachments = store.create(
            [
                {
                    "name": name,
                    "raw": content,
                    "mimetype": media,
                    "res_model": row._name,
                    "res_id": row.id,
                }
                for name, media, content in files
            ]
        )
        row._guarded().write({"attachment_ids": [(6, 0, attachments.ids)]})

    def _alert_message(self):
        """Remind whoever handles it, once however much comes; no word of it (D-7)."""
        if self.activity_search([ACTIVITY]):
            return
        users = self._get_page_readers()
        if users:
            # in the words of who reads it, whatever the complainant speaks
            speaking = self.with_context(lang=users[0].lang)
            speaking.activity_schedule(ACTIVITY, user_id=users[0].id)

    def _get_page_readers(self):
        """Return who hears of a message: whoever handles it, nobody named in it."""
        users = (self.owner_id | self.receiver_id).filtered(
            lambda user: user.active and user.has_group(OFFICE)
        )
        if hasattr(self, "_without_conflict"):
            users = self._without_conflict(users)
        return users
