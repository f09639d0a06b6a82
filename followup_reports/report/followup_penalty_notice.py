# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import api, models
from odoo.exceptions import UserError


class FollowupPenaltyNotice(models.AbstractModel):
    """A deduction on paper, for the person and the department (W-2, W-3).

    Only what a leader decided is printed, and no patient.

    Access: whoever reads the entry of the ledger.
    """

    _name = "report.followup_reports.followup_penalty_notice"
    _description = "Penalty Notice"
    _inherit = ["followup.document"]

    _document_model = "followup.ledger"

    @api.model
    def _prepare_document(self, docs, words):
        if any(row.kind == "reward" for row in docs):
            raise UserError(self.env._("A reward is no penalty."))
        if any(row.state in ("proposed", "rejected", "dropped") for row in docs):
            raise UserError(self.env._("This deduction was not decided."))
        return {"sheets": [self._entry_words(row, words) for row in docs]}

    @api.model
    def _entry_words(self, entry, words):
        # sudo: names of the department, the leader, the clause; no patient
        row = entry.sudo()
        return {
            "company": entry.company_id,
            "department": row.department_id.name,
            "person": self._get_person(row, words),
            "row": entry,
            "kind": words.label(entry, "kind"),
            "clause": row.band_id.source_text,
            "decided_by": row.decided_by_id.name,
            "decided_at": words.moment(entry.company_id, entry.decided_at),
            "state": words.label(entry, "state"),
            "appeal_decided_by": row.appeal_decided_by_id.name,
        }

    @api.model
    def _get_person(self, row, words):
        """Return whom it is deducted from: the band names head or team leader."""
        if row.user_id:
            return row.user_id.name
        bearer = words.label(row.band_id, "bearer") if row.band_id else ""
        head = row.department_id.manager_id.name
        if head and row.band_id.bearer != "team":
            return f"{head} ({bearer})" if bearer else head
        return bearer


class FollowupConductNotice(models.AbstractModel):
    """Praise, an order or a warning on paper (W-4, W-5).

    Access: whoever reads the record.
    """

    _name = "report.followup_reports.followup_conduct_notice"
    _description = "Commendation or Sanction on Paper"
    _inherit = ["followup.document"]

    _document_model = "followup.conduct"

    @api.model
    def _prepare_document(self, docs, words):
        if any(row.state in ("proposed", "rejected") for row in docs):
            raise UserError(self.env._("This was not decided."))
        return {"sheets": [self._conduct_words(row, words) for row in docs]}

    @api.model
    def _conduct_words(self, record, words):
        # sudo: names of the person, the department and the leader
        row = record.sudo()
        return {
            "company": record.company_id,
            "department": row.department_id.name,
            "person": row.user_id.name,
            "row": record,
            "kind": words.label(record, "kind"),
            "decided_by": row.decided_by_id.name,
            "decided_at": words.moment(record.company_id, record.decided_at),
        }
