# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import api, models
from odoo.exceptions import UserError


class FollowupPolicyVersionDocument(models.AbstractModel):
    """A version of the rules on paper, with who reviewed it (C-26).

    Access: whoever reads the version; it names no patient.
    """

    _name = "report.followup_reports.followup_policy_version"
    _description = "Printed Policy Version"
    _inherit = ["followup.document"]

    _document_model = "followup.policy.version"
    _document_page_numbers = True

    @api.model
    def _prepare_document(self, docs, words):
        if len(docs) > 1:
            raise UserError(self.env._("Print one version at a time."))
        # sudo: who answered stands on the paper that the version's readers print
        reviews = docs.sudo().review_ids
        return {
            "version": docs,
            "state": words.label(docs, "state"),
            "sections": docs.rules,
            "reviews": [
                (
                    row.department_id.name,
                    words.label(row, "answer"),
                    row.answered_by_id.name,
                    words.moment(docs.company_id, row.answered_at),
                )
                for row in reviews
            ],
            "decided_by": docs.sudo().decided_by_id.name,
            "valid_from": words.day(docs.valid_from),
        }
