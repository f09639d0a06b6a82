# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from datetime import timedelta

from odoo import SUPERUSER_ID, api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain

from ..tools import public_token
from ..tools.masking import clean
from .followup_task import OPEN_STATES

PATH = "/followup"
GC_BATCH = 10000
# so many links of a patient locked within so many days: others get his messages
DOUBT_LOCKS, DOUBT_DAYS = 2, 30
# how long older links of a record go on: after a newer one was made, was opened
OVERLAP, GRACE = timedelta(days=7), timedelta(minutes=30)
KEPT_DAYS = 365  # after its end a link only shows that it was sent
# purpose: field that names what the page is about, by model
PURPOSES = {
    "followup.task": ("task", "task_id"),
    "followup.appointment": ("appointment", "appointment_id"),
}
REVOKED = [
    ("closed", "No Longer Needed"),
    ("stopped", "Follow-up Stopped"),
    ("merged", "Records Merged"),
    ("locked", "Wrong Date of Birth"),
    ("number", "Wrong Number"),
    ("staff", "By Staff"),
]


class FollowupLink(models.Model):
    """A link to the patient's own page of one contact (design section 7).

    The token exists only in the URL that `_issue` returns; here is its digest.
    It stands behind "#": a browser keeps that part to itself, so it is in no
    request line, no log of a server or proxy, and no Referer; the page posts it.

    The newest link of a record wins. Nobody knows at first whether it arrives, so
    the older ones last a week more; once the patient came in by the newer one, they
    last half an hour, for a page that is open.

    Access: centre managers read which links were issued, nobody the digest; the
    engine alone writes.
    """

    _name = "followup.link"
    _description = "Patient's Link"
    _inherit = ["followup.guarded.mixin"]
    _order = "id desc"
    _rec_name = "purpose"
    _check_company_auto = True

    company_id = fields.Many2one(
        "res.company", required=True, index=True, readonly=True
    )
    patient_id = fields.Many2one(
        "followup.patient",
        required=True,
        index=True,
        readonly=True,
        ondelete="cascade",
        check_company=True,
    )
    purpose = fields.Selection(
        [("task", "Follow-up"), ("appointment", "Appointment")],
        required=True,
        readonly=True,
    )
    task_id = fields.Many2one(
        "followup.task",
        index="btree_not_null",
        readonly=True,
        ondelete="cascade",
        check_company=True,
    )
    digest = fields.Char(
        required=True,
        readonly=True,
        copy=False,
        groups=fields.NO_ACCESS,
        export_string_translation=False,
    )
    issued_by_id = fields.Many2one(
        "res.users", readonly=True, required=True, default=lambda self: self.env.user
    )
    expires_at = fields.Datetime(required=True, readonly=True)
    confirmed_at = fields.Datetime(
        string="First Opened", readonly=True, help="The date of birth was right."
    )
    used_at = fields.Datetime(string="Last Opened", readonly=True)
    revoked_at = fields.Datetime(readonly=True)
    revoked_reason = fields.Selection(REVOKED, readonly=True)

    _guarded_fields = frozenset(
        {
            "company_id",
            "patient_id",
            "purpose",
            "task_id",
            "digest",
            "issued_by_id",
            "expires_at",
            "confirmed_at",
            "used_at",
            "revoked_at",
            "revoked_reason",
        }
    )
    _erase_fields = ()

    _digest_uniq = models.UniqueIndex("(digest)")
    _open_idx = models.Index("(patient_id) WHERE revoked_at IS NULL")

    # ------------------------------------------------------------
    # ISSUE
    # ------------------------------------------------------------

    @api.model
    def _issue(self, record, days=None):
        """Make a link for one task or appointment; the token exists only here.

        :param record: one open `followup.task` or `followup.appointment`
        :param days: how long it is valid; None is the setting of the hospital, or
            until the record's last day if that is later
        :return str: absolute URL
        :raises UserError: closed, no contact allowed, or nothing the patient could
            be asked to prove who he is
        """
        record.ensure_one()
        record.check_access("read")
        purpose, name = PURPOSES[record._name]
        # sudo: whoever may read the record may hand its link to the patient
        subject = record.sudo()
        if reason := self._get_refusal(subject):
            raise UserError(reason)
        token = public_token.make()
        link = (
            self.sudo()
            ._guarded()
            .create(
                {
                    "company_id": subject.company_id.id,
                    "patient_id": subject.patient_id.id,
                    "purpose": purpose,
                    name: subject.id,
                    "digest": public_token.digest(token),
                    "issued_by_id": self.env.uid,
                    "expires_at": self._get_expiry(subject, days),
                }
            )
        )
        link._shorten_older(OVERLAP)
        return f"{subject.get_base_url()}{PATH}#{token}"

    @api.model
    def _get_refusal(self, subject):
        """Return in words why no link can be given for a record, or False."""
        patient = subject.patient_id
        if not patient._is_contactable():
            return patient._get_blocked_reason()
        if not self._is_subject_open(subject):
            return self.env._("This follow-up is closed: no link is needed.")
        if not self._get_proof(patient)[0]:
            return self.env._(
                "The patient could not prove who he is: enter his date of birth"
                " or his record number first."
            )
        return False

    @api.model
    def _get_expiry(self, subject, days):
        """Return the end of a new link; bounded, however late the last day is."""
        company = subject.company_id
        now = fields.Datetime.now()
        longest = now + timedelta(days=max(company.followup_link_max_days, 1))
        if days is not None:
            return min(now + timedelta(days=days), longest)
        usual = now + timedelta(days=max(company.followup_link_days, 1))
        return min(max(usual, self._get_last_moment(subject) or usual), longest)

    @api.model
    def _get_last_moment(self, subject):
        return "date_deadline" in subject and subject.date_deadline

    # ------------------------------------------------------------
    # FIND
    # ------------------------------------------------------------

    @api.model
    def _find(self, token):
        """Return the valid link of a token, for the engine; else an empty one."""
        return self._find_any(token).filtered(lambda link: link._is_valid())

    @api.model
    def _find_any(self, token):
        digest = public_token.digest(token)
        # sudo: the visitor has no account; the token is his right to come in
        links = self.sudo()
        if not digest:
            return links
        link = links.search([("digest", "=", digest)], limit=1)
        return link if public_token.same(link.digest, digest) else links

    def _is_valid(self):
        """Whether the page may be opened: the record decides, whatever is noted.

        A task that was closed in whatever way closes its links at once.
        """
        self.ensure_one()
        return (
            not self.revoked_at
            and self.expires_at > fields.Datetime.now()
            and self.patient_id._is_contactable()
            and self._is_subject_open(self._get_subject())
        )

    def _is_spent(self):
        """Whether what it was for is done, so that thanks may be said."""
        self.ensure_one()
        return (
            self.revoked_reason in (False, "closed")
            and self.expires_at > fields.Datetime.now()
            and self.patient_id._is_contactable()
            and self._is_done()
        )

    def _is_done(self):
        self.ensure_one()
        return self.task_id.state == "done"

    def _get_subject(self):
        self.ensure_one()
        return self.task_id

    def _get_open_task(self):
        """Return the follow-up behind the page that takes questions."""
        return self.task_id

    @api.model
    def _is_subject_open(self, subject):
        return subject.state in OPEN_STATES

    # ------------------------------------------------------------
    # WHO IS IT
    # ------------------------------------------------------------

    @api.model
    def _get_proof(self, patient):
        """Return (what is asked, the right answer): birth date, else record number.

        Never digits of the phone number: whoever got the message by mistake, as
        the number was given to somebody else, knows them.
        """
        if patient.birthdate:
            return "birthdate", fields.Date.to_string(patient.birthdate)
        number = (clean(patient.mrn) or "").upper()
        return ("mrn", number) if number else (False, False)

    def _check_proof(self, given):
        """Return whether the answer is right; the fifth wrong one locks the link.

        Counted before it is compared, so that many at once gain nothing.

        :param str given: `YYYY-MM-DD`, or the record number
        """
        self.ensure_one()
        throttle = self.env["followup.throttle"]
        if not throttle._hit("birthdate", self.digest, self.create_date):
            self._lock()
            return False
        right = self._get_proof(self.patient_id)[1]
        if right and public_token.same(right, clean(given).upper()):
            throttle._forgive("birthdate", self.digest, self.create_date)
            now = fields.Datetime.now()
            self._guarded().write(
                {"confirmed_at": self.confirmed_at or now, "used_at": now}
            )
            self._shorten_older(GRACE)
            return True
        if not throttle._left("birthdate", self.digest, self.create_date):
            self._lock()
        return False

    @api.model
    def _is_doubted(self, patient):
        """Whether no link may go out by itself: each would bring five more tries.

        A number was given to somebody else, or the date of birth on record is
        wrong. Handed over in person a link can always be given.
        """
        since = fields.Datetime.now() - timedelta(days=DOUBT_DAYS)
        # sudo: links are closed to everybody; only yes or no leaves
        locked = self.sudo().search_count(
            [
                ("patient_id", "=", patient.id),
                ("revoked_reason", "=", "locked"),
                ("revoked_at", ">", since),
            ],
            limit=DOUBT_LOCKS,
        )
        return locked >= DOUBT_LOCKS

    def _lock(self):
        """Close the link for good; the ward sees it on the task."""
        self._revoke_links("locked")

    # ------------------------------------------------------------
    # REVOKE
    # ------------------------------------------------------------

    @api.model
    def _revoke(self, records, reason="closed"):
        """End all links of these tasks or appointments.

        The caller has checked that they may be closed.
        """
        name = PURPOSES[records._name][1]
        # sudo: links are closed to everybody
        self.sudo().search(
            [(name, "in", records.ids), ("revoked_at", "=", False)]
        )._revoke_links(reason)

    @api.model
    def _revoke_of(self, patients, reason):
        """End all links of these patients: death, withdrawal, merge (I-12)."""
        # sudo: links are closed to everybody
        self.sudo().search(
            [("patient_id", "in", patients.ids), ("revoked_at", "=", False)]
        )._revoke_links(reason)

    def _revoke_links(self, reason):
        # sudo: links are closed to everybody; the engine ends them
        self.sudo()._guarded().filtered(lambda link: not link.revoked_at).write(
            {"revoked_at": fields.Datetime.now(), "revoked_reason": reason}
        )

    def _shorten_older(self, span):
        """End the links that were made before for the same record.

        :param timedelta span: how long they last from now on, at most
        """
        self.ensure_one()
        subject = self._get_subject()
        limit = fields.Datetime.now() + span
        # sudo: links are closed to everybody; the engine ends them
        older = self.sudo().search(
            [
                (PURPOSES[subject._name][1], "=", subject.id),
                ("id", "<", self.id),
                ("revoked_at", "=", False),
                ("expires_at", ">", limit),
            ]
        )
        older._guarded().write({"expires_at": limit})

    @api.autovacuum
    def _gc_links(self):
        """Forget links a year after their end."""
        limit = fields.Datetime.now() - timedelta(days=KEPT_DAYS)
        rows = self.search(Domain("expires_at", "<", limit), limit=GC_BATCH)
        rows.unlink()
        return len(rows), int(len(rows) == GC_BATCH)

    # ------------------------------------------------------------
    # ACTING
    # ------------------------------------------------------------

    def _as_system(self, lang):
        """Return the link as the system acts for the patient, in his language.

        He has no account: the token and the proof are his right, checked before.
        """
        self.ensure_one()
        clock = self.env["followup.clock"]._for_company(self.company_id)
        return self.with_user(SUPERUSER_ID).with_context(
            lang=lang, tz=str(clock.tz), allowed_company_ids=self.company_id.ids
        )
