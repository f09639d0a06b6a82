# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from datetime import timedelta

from odoo import fields, models

from .followup_message_queue import Known

# way, state, why not, hours ago
MESSAGES = (
    ("sms", "delivered", False, 3),
    ("sms", "delivered", False, 26),
    ("sms", "sent", False, 1),
    ("sms", "failed", "number", 2),
    ("sms", "unknown", "unclear", 4),
    ("sms", "cancelled", "blocked", 5),
    ("letter", "queued", False, 0),
    ("letter", "queued", False, 0),
    ("letter", "sent", False, 50),
)


class FollowupDemo(models.AbstractModel):
    _inherit = "followup.demo"

    def _exceptions(self, random):
        """Add messages of every kind; the demo's own gateway is switched off."""
        result = super()._exceptions(random)
        tasks = self.env["followup.task"].search(
            [
                ("department_id", "=", self._ref("department_cardiology").id),
                ("level", "=", "1"),
                ("state", "in", ("planned", "ready", "waiting")),
                ("patient_id.contact_blocked", "=", False),
                ("patient_id.contact_ids.phone_masked", "!=", False),
            ],
            order="date_due desc, id",
            limit=len(MESSAGES),
        )
        nurse = self._ref("user_nurse")
        for task, row in zip(tasks, MESSAGES, strict=False):
            self._demo_message(task, nurse, *row)
        return result

    def _demo_message(self, task, nurse, way, state, failure, hours):
        moment = fields.Datetime.now() - timedelta(hours=hours)
        messages = self.env["followup.message"]
        known = Known(messages, task, "task_invitation")
        vals = messages._prepare_message(task, known, None, True, "letter", None)
        went = state in ("delivered", "sent", "unknown", "failed")
        contact = way == "sms" and task.patient_id.contact_ids._to_write("sms")[:1]
        vals.update(
            method=way,
            state=state,
            failure=failure,
            contact_id=contact and contact.id,
            next_at=moment,
            sent_at=went and moment,
            delivered_at=state == "delivered" and moment,
            try_count=int(went),
            sent_by_id=nurse.id,
        )
        messages._insert_new([vals])
