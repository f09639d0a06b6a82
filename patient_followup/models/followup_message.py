# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import api, fields, models
from odoo.exceptions import AccessError

from ..tools.guard import is_open

MESSAGE_METHODS = [("sms", "SMS"), ("email", "E-mail"), ("letter", "Letter")]
# sent, or perhaps sent: never sent again by itself
PAST = ("sending", "sent", "delivered", "unknown")
FAILURES = [
    ("blocked", "Must not be contacted"),
    ("consent", "No consent to messages"),
    ("no_contact", "No usable number or address"),
    ("off", "Messages are switched off"),
    ("over", "No longer needed"),
    ("text", "No text to send"),
    ("link", "No link can be made"),
    ("rejected", "Refused by the gateway"),
    ("unreached", "Gateway not reached"),
    ("unclear", "No clear answer of the gateway"),
    ("stopped", "Interrupted while sending"),
    ("number", "Number is wrong"),
    ("undelivered", "Not delivered"),
    ("error", "Error while sending"),
    ("staff", "Cancelled by hand"),
]


class FollowupMessage(models.Model):
    """One message written to a patient (FHIR Communication, outgoing; M-2, M-6).

    A row says what is to be sent, never the words: text, number and link exist
    only while it is sent (I-3). Its key is unique, so nothing goes out twice. One
    that was on its way when the server stopped is `unknown`: a person decides.
    Split by concern: `_queue` (what may be sent), `_send` (the queue), `_sms`,
    `_email`, `_letter` (the ways), `_report` (what the gateway tells later),
    `_screen` (buttons), `_plan` (invitations and reminders by themselves).

    Access: like the task it belongs to; rows are written by these methods only.
    """

    _name = "followup.message"
    _description = "Message to a Patient"
    _inherit = ["followup.guarded.mixin"]
    _order = "id desc"
    _rec_name = "name"
    _check_company_auto = True

    _erase_fields = ("params", "reason", "number_digest")

    company_id = fields.Many2one("res.company", required=True)
    # copied from its record: the rules read plain columns
    department_id = fields.Many2one("hr.department", ondelete="restrict")
    level = fields.Selection([("1", "Level 1"), ("2", "Level 2")], default="1")
    patient_id = fields.Many2one("followup.patient", required=True, index=True)
    task_id = fields.Many2one(
        "followup.task",
        string="Follow-up",
        index="btree_not_null",
        ondelete="restrict",
    )
    concern_id = fields.Many2one(
        "followup.concern", index="btree_not_null", ondelete="restrict"
    )
    appointment_id = fields.Many2one(
        "followup.appointment", index="btree_not_null", ondelete="restrict"
    )
    # the record it is about, whatever it is
    res_model = fields.Char(required=True)
    res_id = fields.Many2oneReference(model_field="res_model", required=True)
    code = fields.Char(string="Occasion", required=True)
    template_id = fields.Many2one(
        "followup.message.template", string="Text", ondelete="restrict"
    )
    name = fields.Char(compute="_compute_name")
    params = fields.Json(export_string_translation=False)
    has_link = fields.Boolean(string="With Link")
    method = fields.Selection(MESSAGE_METHODS, required=True)
    contact_id = fields.Many2one(
        "followup.patient.contact", string="Sent To", ondelete="set null"
    )
    is_neutral = fields.Boolean(
        string="Neutral", help="It tells neither ward nor reason."
    )
    carries_answer = fields.Boolean(help="The patient reads the answer itself.")
    state = fields.Selection(
        [
            ("queued", "Waiting"),
            ("sending", "Being Sent"),
            ("sent", "Sent"),
            ("delivered", "Delivered"),
            ("unknown", "Not Known"),
            ("failed", "Failed"),
            ("cancelled", "Cancelled"),
        ],
        default="queued",
        required=True,
        group_expand=True,
    )
    next_at = fields.Datetime(
        string="Not Before", help="Quiet hours and the daily limit are kept."
    )
    claim = fields.Char(help="Which worker has it in hand.")
    claimed_until = fields.Datetime()
    try_count = fields.Integer(string="Tries")
    sent_at = fields.Datetime()
    delivered_at = fields.Datetime()
    failure = fields.Selection(FAILURES, string="Why Not")
    reason = fields.Char(help="What somebody said who stopped or repeated it.")
    sent_by_id = fields.Many2one(
        "res.users", string="Asked for by", ondelete="restrict"
    )
    key = fields.Char(required=True)
    # by these the delivery report finds it; they tell nothing about the patient
    reference = fields.Char(required=True)
    gateway_ref = fields.Char()
    # nobody's: equal digests tell equal numbers (D-9)
    number_digest = fields.Char(
        groups=fields.NO_ACCESS, help="Tells whether the number is still the same."
    )

    _guarded_fields = frozenset(
        {
            "company_id",
            "department_id",
            "level",
            "patient_id",
            "task_id",
            "concern_id",
            "appointment_id",
            "res_model",
            "res_id",
            "code",
            "template_id",
            "params",
            "has_link",
            "method",
            "contact_id",
            "is_neutral",
            "carries_answer",
            "state",
            "next_at",
            "claim",
            "claimed_until",
            "try_count",
            "sent_at",
            "delivered_at",
            "failure",
            "reason",
            "sent_by_id",
            "key",
            "reference",
            "gateway_ref",
            "number_digest",
        }
    )

    _key_uniq = models.UniqueIndex("(key)", "This message exists already.")
    _reference_uniq = models.UniqueIndex("(reference)")
    _gateway_idx = models.Index("(gateway_ref) WHERE gateway_ref IS NOT NULL")
    _queue_idx = models.Index("(next_at, id) WHERE state IN ('queued', 'sending')")
    _list_idx = models.Index("(company_id, state, next_at)")
    _department_idx = models.Index("(department_id, state, id)")
    _reminder_idx = models.Index(
        "(company_id, sent_at) WHERE code = 'task_invitation'"
        " AND state IN ('sent', 'delivered')"
    )
    _record_idx = models.Index("(res_model, res_id)")
    _sent_idx = models.Index("(patient_id, sent_at) WHERE sent_at IS NOT NULL")

    # ------------------------------------------------------------
    # COMPUTE
    # ------------------------------------------------------------

    @api.depends("template_id", "code")
    @api.depends_context("lang")
    def _compute_name(self):
        """Neutral: which text, never who or why (I-3)."""
        for message in self:
            # sudo: names of texts, which every role may read
            message.name = message.sudo().template_id.name or message.code

    # ------------------------------------------------------------
    # CRUD
    # ------------------------------------------------------------

    @api.model_create_multi
    def create(self, vals_list):
        if not is_open(self.env):
            raise AccessError(
                self.env._("Messages are written with the buttons of the call.")
            )
        return super().create(vals_list)

    @api.ondelete(at_uninstall=False)
    def _unlink_except_never(self):
        raise AccessError(self.env._("What was sent stays on record."))

    # ------------------------------------------------------------
    # BUSINESS
    # ------------------------------------------------------------

    def _get_record(self):
        """Return the record it is about, empty where it is gone."""
        self.ensure_one()
        if self.res_model not in self.env:
            return self.browse()
        # sudo: the engine sends; who asked for it was checked when it was queued
        return self.env[self.res_model].sudo().browse(self.res_id).exists()

    def _end(self, state, failure=False, reason=None):
        """Engine: write how these messages ended."""
        # sudo: engine write, the caller of this method was checked
        vals = {"state": state, "failure": failure, "claim": False}
        if reason:
            vals["reason"] = reason
        self.sudo()._guarded().write({**vals, "claimed_until": False})
