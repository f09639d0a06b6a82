# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from datetime import timedelta

from psycopg2.errors import ReadOnlySqlTransaction

from odoo import SUPERUSER_ID, api, fields, models
from odoo.exceptions import AccessError, UserError

LIST = "followup.import"
RESEARCH = "followup.research.export"
LISTS = (LIST, RESEARCH)
# what holds names and numbers of a whole list of patients
FILE_FIELDS = {
    LIST: frozenset({"file", "rejected_file"}),
    RESEARCH: frozenset({"file"}),
    "ir.attachment": frozenset({"datas", "raw", "db_datas", "index_content"}),
}


class FollowupAccessLog(models.Model):
    """Who saw or took out protected data, and why (append-only; Y-2, Y-4, Y-7).

    Access: auditors read the rows of their companies. Rows are written by
    `_log` only; nobody changes or deletes them, the superuser included.
    """

    _name = "followup.access.log"
    _description = "Access Log"
    _order = "id desc"

    company_id = fields.Many2one("res.company", required=True, index=True)
    user_id = fields.Many2one("res.users", required=True, index=True)
    action = fields.Selection(
        [
            ("reveal", "Reveal"),
            ("search", "Search by number"),
            ("export", "Export"),
            ("merge", "Merge"),
            ("erase", "Anonymise"),
            ("takeover", "Take-over"),
            ("role", "Role change"),
        ],
        required=True,
    )
    res_model = fields.Char(string="Model")
    record_kind = fields.Char(string="Kind of Record", compute="_compute_record_kind")
    res_id = fields.Many2oneReference(model_field="res_model", string="Record ID")
    field_name = fields.Char(string="Field")
    reason = fields.Char()
    count = fields.Integer(default=1, aggregator="sum")

    _user_hour_idx = models.Index("(user_id, action, create_date)")
    _record_idx = models.Index("(res_model, res_id)")

    @api.depends("res_model")
    @api.depends_context("lang")
    def _compute_record_kind(self):
        for log in self:
            # sudo: the name of a model, which auditors may not read themselves
            model = self.env["ir.model"].sudo()._get(log.res_model or "")
            log.record_kind = model.name or log.res_model

    # ------------------------------------------------------------
    # CRUD
    # ------------------------------------------------------------

    def write(self, vals):  # pylint: disable=method-required-super
        # nothing is ever written, hence no call of super
        raise AccessError(self.env._("The access log cannot be changed."))

    @api.ondelete(at_uninstall=False)
    def _unlink_except_never(self):
        raise AccessError(self.env._("The access log cannot be deleted."))

    # ------------------------------------------------------------
    # BUSINESS
    # ------------------------------------------------------------

    @api.model
    def _log(self, action, records, field_name=None, reason=None):
        """Write one row for each record, in the transaction of the caller."""
        # sudo: the hospital of a record may be closed to the user
        return self._append(
            [
                {
                    **self._prepare_log(action, records._name, field_name, reason),
                    "company_id": record.company_id.id or self.env.company.id,
                    "res_id": record.id,
                }
                for record in records.sudo()
            ]
        )

    @api.model
    def _append(self, vals_list):
        """Write rows; a request on a read-only cursor is run again by Odoo.

        Downloads and searches begin on one, perhaps of a replica. Saying so before
        the statement fails keeps its values out of the server log.
        """
        if self.env.cr.readonly:
            raise ReadOnlySqlTransaction("The access log has to be written")
        # sudo: nobody may create rows by himself; callers check their own right
        return self.sudo().create(vals_list)

    @api.model
    def _log_search(self, model, field_name, texts):
        """Write one row for a search by number, once in a transaction."""
        seen = self.env.cr.precommit.data.setdefault("followup_searched", set())
        key = (self.env.uid, model, field_name, *sorted(texts))
        if key in seen:
            return
        seen.add(key)
        self._check_search_limit(len(texts))
        vals = self._prepare_log("search", model, field_name, None)
        self._append([{**vals, "count": len(texts)}])

    @api.model
    def _log_export(self, records, field_names):
        """Write one row for an export, with its columns as the reason."""
        if records:
            vals = self._prepare_log(
                "export", records._name, None, ", ".join(map(str, field_names))
            )
            self._append([{**vals, "count": len(records)}])

    @api.model
    def _log_file(self, records, field_names):
        """Write a row for each list of patients whose content is taken out.

        :param records: lists or attachments, of whatever model: only those that
            hold a list count, so most calls end at a comparison of names
        """
        wanted = FILE_FIELDS.get(records._name, frozenset()).intersection(field_names)
        context = self.env.context
        if not wanted or context.get("bin_size") or context.get("bin_size_file"):
            return
        for model, ids in self._get_lists(records).items():
            # sudo: only whether there is a file; reading it checks the rights
            lists = self.env[model].browse(ids).sudo().exists().filtered("file")
            if model == RESEARCH:
                lists._check_file_open()
            if lists:
                reason = self.env._("File of a list of patients")
                self._log("export", lists, ", ".join(sorted(wanted)), reason)

    @api.model
    def _get_lists(self, records):
        """Return {model: ids} of the lists that these records or files belong to."""
        if records._name != "ir.attachment":
            return {records._name: records.ids}
        # sudo: only which of them belong to a list, read before the content
        found = records.sudo().filtered(lambda file: file.res_model in LISTS)
        return {
            model: files.mapped("res_id")
            for model, files in found.grouped("res_model").items()
        }

    @api.model
    def _in_words(self, company):
        """Return these rows in the language their reasons are written in.

        That of the user; where nobody is at work, as when data is loaded, that of
        the hospital whose auditor reads them.
        """
        # sudo: a plain setting of the hospital
        lang = self.env.lang or company.sudo().partner_id.lang
        return self.with_context(lang=lang or None)

    def _prepare_log(self, action, model, field_name, reason):
        return {
            "company_id": self.env.company.id,
            "user_id": self.env.uid,
            "action": action,
            "res_model": model,
            "field_name": field_name,
            "reason": self._tidy_reason(reason),
        }

    def _tidy_reason(self, reason):
        if not isinstance(reason, str):
            return False
        return reason.replace("\0", "").strip()[:500] or False

    @api.model
    def _check_search_limit(self, count):
        """Stop who guesses: ten thousand searches find any masked number.

        The user counts, not `sudo()`: a search through a related field has it.
        """
        # sudo: the user may not read the log, nor the settings of the company
        limit = self.env.company.sudo().followup_reveal_limit
        if not limit or self.env.uid == SUPERUSER_ID:
            return
        since = fields.Datetime.now() - timedelta(hours=1)
        [[known]] = self.sudo()._read_group(
            [
                ("user_id", "=", self.env.uid),
                ("action", "=", "search"),
                ("create_date", ">=", since),
            ],
            aggregates=["count:sum"],
        )
        if (known or 0) + count > limit:
            raise UserError(
                self.env._(
                    "More than %(count)s numbers searched within an hour. Wait a"
                    " little, or ask the follow-up centre.",
                    count=limit,
                )
            )

    @api.model
    def _check_reveal_limit(self, company):
        """Stop who takes out numbers faster than anybody calls."""
        # sudo: the user may not read the log, nor the settings of the company
        limit = company.sudo().followup_reveal_limit
        since = fields.Datetime.now() - timedelta(hours=1)
        count = limit and self.sudo().search_count(
            [
                ("user_id", "=", self.env.uid),
                ("action", "=", "reveal"),
                ("create_date", ">=", since),
            ],
            limit=limit,
        )
        if limit and count >= limit:
            raise UserError(
                self.env._(
                    "You have seen %(count)s numbers within an hour, which is the"
                    " limit. Wait a little, or ask the follow-up centre.",
                    count=limit,
                )
            )
