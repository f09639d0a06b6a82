# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Cases of complainants who are no patients, once their time is over (Y-1)."""

from odoo import fields, models
from odoo.exceptions import UserError
from odoo.tools import SQL

from .complaint_case import OVER_STATES


class ComplaintCase(models.Model):
    """Cases of a patient are anonymised with him; the others by `_anonymise`.

    What stays is counted: kind, channel, department, severity, issues with their
    categories and findings, clocks, satisfaction, decisions and their digests.
    """

    _inherit = "complaint.case"

    anonymised_at = fields.Datetime(
        string="Anonymised on", readonly=True, copy=False, index="btree_not_null"
    )

    _guarded_fields = frozenset({"anonymised_at"})
    # the number of the hotline names him there; the tracking code opens the page
    _erase_fields = ("external_number", "code_digest")

    def _check_step(self, step):
        """Nobody takes up a case again whose words are gone."""
        result = super()._check_step(step)
        if self.sudo().anonymised_at:  # sudo: it is no secret
            raise UserError(
                self.env._("%(name)s was anonymised: it stays closed.", name=self.name)
            )
        return result

    def _get_retention_obstacles(self):
        """Return {case id: why it cannot be anonymised now}."""
        # sudo: what the office still has to do counts; only a sentence leaves
        cases = self.sudo()
        obstacles = {}
        for case in cases:
            if case.state not in OVER_STATES:
                obstacles[case.id] = self.env._("The case is open.")
            elif case.patient_id:
                obstacles[case.id] = self.env._("It goes with its patient.")
            elif any(row.state == "open" for row in case.dispute_ids):
                obstacles[case.id] = self.env._("A dispute is not settled.")
        return obstacles

    def _anonymise(self):
        """Empty these cases and all that belongs to them, in one transaction.

        For `followup.retention.run`, whose approval is the right. Again it does
        nothing.

        :raises UserError: something stands against it
        """
        # sudo: rows of every role, closed stores and core's own tables
        cases = self.sudo()._guarded().with_context(active_test=False)
        cases = cases.filtered(lambda case: not case.anonymised_at)
        if not cases:
            return
        cases.lock_for_update()
        if obstacles := cases._get_retention_obstacles():
            raise UserError("\n".join(sorted(set(obstacles.values()))))
        documents = cases._get_erasable_rows()
        for rows in documents.values():
            if hasattr(rows, "_seal_late"):
                rows._seal_late()
        self.env.flush_all()
        # sudo: messages, files and to-dos of any author hang on these rows
        cases.env["followup.patient"].sudo()._erase_trails(documents, set())
        for rows in documents.values():
            rows._erase_rows()
        self.env.invalidate_all()
        self.env["followup.access.log"]._log("erase", cases)

    def _get_erasable_rows(self):
        """Return {model: rows of these cases} of every model that holds any."""
        found = {self._name: self}
        for name, model in self.env.registry.items():
            link = model._fields.get("case_id")
            if model._abstract or model._transient or model._erase_fields is None:
                continue
            if link and link.store and link.comodel_name == self._name:
                rows = self.env[name].with_context(active_test=False)
                found[name] = rows.search([("case_id", "in", self.ids)])
        return found

    def _erase_rows(self):
        """Say when: with his patient or by itself."""
        erased = super()._erase_rows()
        if self:
            self.env.cr.execute(
                SQL(
                    "UPDATE complaint_case SET anonymised_at = %s WHERE id = ANY(%s)",
                    fields.Datetime.now(),
                    list(self.ids),
                )
            )
        return erased
