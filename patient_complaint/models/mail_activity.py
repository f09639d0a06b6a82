# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""To-dos of the engine: there at once, their mails from a queue (C-15, D-7).

Writing a mail costs ten times what deciding costs. A to-do that is done before its
mail was written needs none.
"""

from odoo import api, fields, models
from odoo.tools import SQL

from odoo.addons.patient_followup.tools import one_by_one

BATCH = 50
CRON = "patient_complaint.mail_activity_cron_tell"
# to-dos of documents go, but for those with something of others on them
DROP = """
    WITH found AS (
        SELECT id, user_id, date_deadline,
               EXISTS (SELECT FROM ir_attachment
                        WHERE res_model = 'mail.activity' AND res_id = todo.id)
            OR EXISTS (SELECT FROM ir_model_data
                        WHERE model = 'mail.activity' AND res_id = todo.id)
            OR EXISTS (SELECT FROM mail_activity
                        WHERE res_model = 'mail.activity' AND res_id = todo.id) AS kept
          FROM mail_activity todo
         WHERE res_model = %s AND res_id = ANY(%s) AND activity_type_id = %s AND active
               %s
    ), gone AS (
        DELETE FROM mail_activity USING found
         WHERE mail_activity.id = found.id AND NOT found.kept
    )
    SELECT id, user_id, date_deadline, kept FROM found
"""


class MailActivity(models.Model):
    _inherit = "mail.activity"

    complaint_untold = fields.Boolean(
        string="Mail Not Written Yet", groups=fields.NO_ACCESS, copy=False
    )

    _complaint_untold_idx = models.Index("(id) WHERE complaint_untold")

    # ------------------------------------------------------------
    # AWAY
    # ------------------------------------------------------------

    @api.model
    def _complaint_drop(self, documents, xmlid, users=None):
        """Take the engine's to-dos of one kind away; engine only.

        Deleting by core asks four tables for what hangs on a to-do and forgets all
        that was read; here the one statement that deletes looks for it as well.

        :param users: whose to-dos, None for what the engine made
        """
        known = self.env["ir.model.data"]
        kind_id = known._xmlid_to_res_id(xmlid, raise_if_not_found=False)
        if not documents or not kind_id:
            return
        self.flush_model()
        whose = SQL("AND automated")
        if users is not None:
            whose = SQL("AND user_id = ANY(%s)", users.ids)
        rows = self.env.execute_query(
            SQL(DROP, documents._name, documents.ids, kind_id, whose)
        )
        gone = self.browse(id_ for id_, _user, _day, kept in rows if not kept)
        self._complaint_count_less(rows)
        gone.invalidate_recordset(flush=False)
        names = [name for name in documents._fields if "activity_" in name]
        documents.invalidate_recordset(names, flush=False)
        # somebody hung something on it
        self.browse(id_ for id_, _user, _day, kept in rows if kept).unlink()

    @api.model
    def _complaint_count_less(self, rows):
        """Tell the clients of whoever lost a to-do, as core does."""
        today = fields.Date.today()
        due = [user_id for _id, user_id, day, kept in rows if not kept and day <= today]
        for user in self.env["res.users"].browse(filter(None, dict.fromkeys(due))):
            user._bus_send(
                "mail.activity/updated",
                {"activity_deleted": True, "count_diff": -due.count(user.id)},
            )

    # ------------------------------------------------------------
    # MAILS
    # ------------------------------------------------------------

    @api.model
    def _complaint_tell_soon(self):
        """Have the mails of new to-dos written right after this transaction."""
        waiting = self.env.cr.precommit.data
        if waiting.get(CRON):
            return
        waiting[CRON] = True
        # sudo: everybody's steps write to-dos; the queue is the engine's
        cron_id = self.env["ir.model.data"]._xmlid_to_res_id(CRON)
        self.env["ir.cron"].sudo().browse(cron_id)._trigger()

    @api.model
    def _cron_complaint_tell(self):
        """Write the mails in small batches; workers share it, a kill loses none."""
        cron = self.env["ir.cron"]
        domain = [("complaint_untold", "=", True)]
        cron._commit_progress(remaining=self.search_count(domain))
        while due := self._complaint_lock_untold(domain):
            due._complaint_tell()
            if not cron._commit_progress(len(due)):
                break

    @api.model
    def _complaint_lock_untold(self, domain):
        """Return some to-dos whose mail no other worker writes just now."""
        due = self.search(domain, order="id", limit=BATCH * 5)
        return due.try_lock_for_update(allow_referencing=True, limit=BATCH)

    def _complaint_tell(self):
        """Write the mails; a to-do nothing can be written about stops no other."""
        self._complaint_told()
        one_by_one.attempt(self, lambda todos: todos._complaint_notify())

    def _complaint_notify(self):
        """Write them in the name of whoever caused each, to whom may still know."""
        known = self.filtered(lambda todo: todo._complaint_may_know())
        for author, todos in known.grouped("create_uid").items():
            # sudo: he may have left the case since
            todos.with_user(author).sudo().action_notify()

    def _complaint_may_know(self):
        """Whether its user has an account and sees what it is about by now."""
        user = self.user_id
        rows = self.env[self.res_model].browse(self.res_id).exists()
        if not (user.active and rows):
            return False
        reader = rows.with_user(user).with_context(
            allowed_company_ids=user.company_ids.ids
        )
        return reader.has_access("read")

    def _complaint_told(self):
        self.write({"complaint_untold": False})

    def write(self, vals):
        """Forget the mail that was to go to another user: core tells the new one."""
        moved = self.browse()
        quiet = self.env.context.get("mail_activity_quick_update")
        if vals.get("user_id") and not quiet:
            # sudo: the mark of the engine is closed to everybody
            moved = self.sudo().filtered(
                lambda todo: (
                    todo.complaint_untold and todo.user_id.id != vals["user_id"]
                )
            )
        result = super().write(vals)
        if moved:
            moved._complaint_told()
        return result
