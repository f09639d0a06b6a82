# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import models


class FollowupProtocol(models.Model):
    """Versions: an active protocol never changes, its successor replaces it."""

    _inherit = "followup.protocol"

    # ------------------------------------------------------------
    # ACTIONS
    # ------------------------------------------------------------

    def action_activate(self):
        self.write({"state": "active"})

    def action_retire(self):
        self.write({"state": "retired"})

    def action_new_version(self):
        """Copy into a draft that will replace this version once activated."""
        drafts = self.browse()
        for protocol in self:
            drafts += protocol._get_draft() or protocol._copy_as_version()
        if len(drafts) != 1:
            return True
        return {
            "type": "ir.actions.act_window",
            "res_model": self._name,
            "res_id": drafts.id,
            "views": [(False, "form")],
        }

    def action_open_plans(self):
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "patient_followup.followup_plan_action"
        )
        return {**action, "domain": [("protocol_id", "in", self.ids)], "context": {}}

    # ------------------------------------------------------------
    # BUSINESS
    # ------------------------------------------------------------

    def _get_draft(self):
        """Return the draft of the family that waits already."""
        return self.search(
            [("family_id", "=", self.family_id.id), ("state", "=", "draft")], limit=1
        )

    def _copy_as_version(self):
        self.check_access("write")
        self._check_may_edit_shared()
        newest = self.search(
            [("family_id", "=", self.family_id.id)], order="version desc", limit=1
        )
        default = {
            "name": self.name,
            "code": self.code,
            "version": newest.version + 1,
            "family_id": self.family_id.id,
        }
        # sudo is not needed: only the guard of version and family is passed
        return self._guarded().copy(default)._unguarded()

    def _retire_other_versions(self):
        others = self.search(
            [
                ("family_id", "in", self.family_id.ids),
                ("id", "not in", self.ids),
                ("state", "=", "active"),
            ]
        )
        others.write({"state": "retired"})
        # the partial unique index sees the retirement before the activation
        others.flush_recordset(["state"])
