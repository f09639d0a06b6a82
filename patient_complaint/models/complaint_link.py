# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import UserError

from odoo.addons.patient_followup.tools import public_token

GC_BATCH = 10000
KEPT_DAYS = 90
PATH = "/complaint/track"


class ComplaintLink(models.Model):
    """A link by which the complainant rates the handling, once (C-18, C-24).

    The token stands behind "#" of the address and nowhere else; here is its digest.
    Access: nobody; the engine alone.
    """

    _name = "complaint.link"
    _description = "Rating Link"
    _inherit = ["followup.guarded.mixin"]
    _order = "id desc"
    _rec_name = "expires_at"

    case_id = fields.Many2one(
        "complaint.case", required=True, index=True, readonly=True, ondelete="cascade"
    )
    company_id = fields.Many2one(
        related="case_id.company_id", store=True, index=True, precompute=True
    )
    digest = fields.Char(
        required=True,
        readonly=True,
        copy=False,
        groups=fields.NO_ACCESS,
        export_string_translation=False,
    )
    issued_by_id = fields.Many2one(
        "res.users", required=True, readonly=True, default=lambda self: self.env.user
    )
    expires_at = fields.Datetime(required=True, readonly=True)
    used_at = fields.Datetime(readonly=True)

    _guarded_fields = frozenset(
        {"case_id", "company_id", "digest", "issued_by_id", "expires_at", "used_at"}
    )
    _erase_fields = ()
    _erase_link = "case_id"

    _digest_uniq = models.UniqueIndex("(digest)")

    @api.model
    def _issue(self, case):
        """Make a link for one case that may be rated; earlier ones end.

        :return str: absolute URL, the only place of the token
        :raises UserError: there is nothing to rate
        """
        case.check_access("write")
        if not case._may_rate_by_page():
            raise UserError(
                self.env._("There is no answer to rate, or it was rated already.")
            )
        # sudo: links are closed to everybody; the right on the case was checked
        links = self.sudo()._guarded()
        links.search([("case_id", "=", case.id), ("used_at", "=", False)])._end()
        token = public_token.make()
        days = case.sudo().company_id.complaint_link_days
        links.create(
            {
                "case_id": case.id,
                "digest": public_token.digest(token),
                "issued_by_id": self.env.uid,
                "expires_at": fields.Datetime.now() + timedelta(days=days),
            }
        )
        return f"{case.get_base_url()}{PATH}#{token}"

    @api.model
    def _find(self, token):
        """Return the valid link of a token as the system, else an empty one."""
        # sudo: the visitor has no account; the token is his right to come in
        links = self.sudo()
        digest = public_token.digest(token)
        if not digest:
            return links.browse()
        link = links.search([("digest", "=", digest)], limit=1)
        if not public_token.same(link.digest, digest) or not link._is_valid():
            return links.browse()
        return link

    def _is_valid(self):
        self.ensure_one()
        return (
            not self.used_at
            and self.expires_at > fields.Datetime.now()
            and self.case_id._may_rate_by_page()
        )

    def _end(self):
        self._guarded().write({"used_at": fields.Datetime.now()})

    @api.autovacuum
    def _gc_links(self):
        """Forget links some time after their end."""
        limit = fields.Datetime.now() - timedelta(days=KEPT_DAYS)
        rows = self.search([("expires_at", "<", limit)], limit=GC_BATCH)
        rows.unlink()
        return len(rows), int(len(rows) == GC_BATCH)
