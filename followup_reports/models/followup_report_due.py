# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from markupsafe import Markup

from odoo import api, fields, models
from odoo.exceptions import AccessError

BATCH = 50
# they read every department
ALL = (
    "patient_followup.followup_group_centre_manager,"
    "patient_followup.followup_group_inspector,"
    "patient_followup.followup_group_leader,"
    "patient_complaint.complaint_group_specialist"
)


class FollowupReportDue(models.Model):
    """One report the calendar asked for: when it was due, when it was made (K-17).

    Access: centre managers, inspectors and leaders read. Only the engine writes.
    """

    _name = "followup.report.due"
    _description = "Report of the Calendar"
    _inherit = ["followup.guarded.mixin"]
    _order = "due_day desc, id desc"
    _rec_name = "schedule_id"

    schedule_id = fields.Many2one(
        "followup.report.schedule",
        string="Report",
        required=True,
        index=True,
        ondelete="cascade",
    )
    company_id = fields.Many2one("res.company", string="Hospital", required=True)
    date_from = fields.Date(string="From", required=True)
    date_to = fields.Date(string="To", required=True)
    due_day = fields.Date(string="Due", required=True)
    run_id = fields.Many2one(
        "followup.report.run",
        string="Made",
        index="btree_not_null",
        ondelete="restrict",
    )
    produced_at = fields.Datetime(string="Made on")
    late_days = fields.Integer(string="Days Late", aggregator="avg")
    delivery_ids = fields.One2many("followup.report.delivery", "due_id")

    _guarded_fields = frozenset(
        {"schedule_id", "company_id", "date_from", "date_to", "due_day", "run_id"}
        | {"produced_at", "late_days", "delivery_ids"}
    )
    _period_uniq = models.UniqueIndex(
        "(schedule_id, company_id, date_from)", "This report was made already."
    )

    @api.ondelete(at_uninstall=False)
    def _unlink_except_never(self):
        raise AccessError(self.env._("The record of the calendar is never deleted."))

    def action_open_run(self):
        """Open the report itself."""
        self.ensure_one()
        self.check_access("read")
        return {
            "type": "ir.actions.act_window",
            "res_model": "followup.report.run",
            "res_id": self.run_id.id,
            "views": [(False, "form")],
        }


class FollowupReportDelivery(models.Model):
    """Who was told of a report, once (section 4).

    The mail holds the name of the report and a link that needs a log-in: no figure
    and no patient.

    Access: centre managers, inspectors and leaders read. Only the engine writes.
    """

    _name = "followup.report.delivery"
    _description = "Word of a Report"
    _inherit = ["followup.guarded.mixin"]
    _order = "id desc"
    _rec_name = "user_id"

    due_id = fields.Many2one(
        "followup.report.due", required=True, index=True, ondelete="cascade"
    )
    company_id = fields.Many2one("res.company", required=True)
    user_id = fields.Many2one(
        "res.users", string="Recipient", required=True, ondelete="cascade"
    )
    sent_at = fields.Datetime(string="Told on")

    _guarded_fields = frozenset({"due_id", "company_id", "user_id", "sent_at"})
    _once_uniq = models.UniqueIndex("(due_id, user_id)", "He was told already.")
    _unsent_idx = models.Index("(id) WHERE sent_at IS NULL")

    @api.model
    def _send_next(self):
        """Queue the mails of the next batch and mark them in one transaction.

        :return int: how many
        """
        # sudo: the engine tells people of every hospital
        rows = self.sudo().search([("sent_at", "=", False)], limit=BATCH)
        rows = rows.try_lock_for_update()
        if not rows:
            return 0
        mails = [row._prepare_mail() for row in rows if row.user_id.email]
        self.env["mail.mail"].sudo().create(mails)
        rows._guarded().write({"sent_at": fields.Datetime.now()})
        return len(rows)

    def _prepare_mail(self):
        """Return a mail in the language of the recipient, without any figure."""
        user = self.user_id
        row = self.with_context(lang=user.lang)
        name = row.due_id.run_id.display_name
        link = f"{row.get_base_url()}/odoo/followup-reports/{row.due_id.run_id.id}"
        text = row._say_ready(name)
        return {
            "subject": row.env._("Report ready: %(name)s", name=name),
            "body_html": Markup('<p>%s</p><p><a href="%s">%s</a></p>')
            % (text, link, link),
            "recipient_ids": [(4, user.partner_id.id)],
            "email_from": row.company_id.email_formatted or user.email_formatted,
            "auto_delete": True,
        }

    def _say_ready(self, name):
        """Return what the recipient is told: a head reads his departments only."""
        if self.user_id.has_groups(ALL):
            return self.env._("The report %(name)s is ready:", name=name)
        return self.env._(
            "The report %(name)s is ready. It shows your departments only; please"
            " answer for them:",
            name=name,
        )
