# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Messages of a patient: stopped with him, shown in his history (I-12, D-20)."""

from odoo import fields, models

from .followup_patient_timeline import _labels

# the way that falls with the consent to it
WAY_OF_SCOPE = {"sms": "sms", "email": "email"}


class FollowupPatient(models.Model):
    _inherit = "followup.patient"

    written_message_count = fields.Integer(
        string="Messages Written", compute="_compute_written_message_count"
    )

    def _compute_written_message_count(self):
        """Count what the reader may see of it."""
        counts = dict(
            self.env["followup.message"]._read_group(
                [("patient_id", "in", self.ids)], ["patient_id"], ["__count"]
            )
        )
        for patient in self:
            patient.written_message_count = counts.get(patient._origin, 0)

    def action_open_messages(self):
        """Open the messages of the patient."""
        self.check_access("read")
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "patient_followup.followup_message_action"
        )
        return {**action, "domain": [("patient_id", "in", self.ids)], "context": {}}

    # ------------------------------------------------------------
    # STOP
    # ------------------------------------------------------------

    def _stop_follow_up(self, reason=None):
        result = super()._stop_follow_up(reason)
        self._cancel_messages("blocked")
        return result

    def _stop_methods(self, scope, methods):
        result = super()._stop_methods(scope, methods)
        if way := WAY_OF_SCOPE.get(scope):
            self._cancel_messages("consent", way)
        return result

    def _cancel_messages(self, failure, way=None):
        """Cancel what is queued; what is on its way cannot be called back."""
        # sudo: messages of every department fall, whoever heard of it
        queued = self.env["followup.message"].sudo()
        domain = [("patient_id", "in", self.ids), ("state", "=", "queued")]
        if way:
            domain.append(("method", "=", way))
        queued.search(domain)._end("cancelled", failure)

    # ------------------------------------------------------------
    # TIMELINE
    # ------------------------------------------------------------

    def _get_timeline(self):
        return [*super()._get_timeline(), *self._get_message_entries()]

    def _get_message_entries(self):
        messages = self.env["followup.message"]
        if not self._origin or not messages.has_access("read"):
            return []
        labels = {
            name: _labels(messages, name) for name in ("state", "method", "failure")
        }
        return [
            self._entry(
                row.delivered_at or row.sent_at or row.create_date,
                "message",
                labels["method"][row.method],
                row.name,
                labels["state"][row.state],
                labels["failure"].get(row.failure),
            )
            for row in messages.search(
                [("patient_id", "=", self._origin.id)], limit=200
            )
        ]
