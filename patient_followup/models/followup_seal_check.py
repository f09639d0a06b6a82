# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.fields import Domain
from odoo.tools import SQL, groupby

from ..tools import seal
from ..tools.guard import is_open
from .followup_seal import BATCH

AT_ONCE = 20  # batches a click does before the cron goes on


class FollowupSealCheck(models.Model):
    """One walk along the chain of seals, comparing every record with it (I-5).

    Access: auditors run and read it; it shows numbers of records, never patients.
    """

    _name = "followup.seal.check"
    _description = "Check of Seals"
    _inherit = ["followup.guarded.mixin"]
    _order = "id desc"
    _rec_name = "started_at"

    company_id = fields.Many2one(
        "res.company",
        string="Asked by",
        required=True,
        readonly=True,
        default=lambda self: self.env.company,
        help="The chain runs through all hospitals of the database.",
    )
    user_id = fields.Many2one(
        "res.users",
        string="Auditor",
        required=True,
        readonly=True,
        default=lambda self: self.env.user,
    )
    started_at = fields.Datetime(
        required=True, readonly=True, default=fields.Datetime.now
    )
    ended_at = fields.Datetime(readonly=True)
    state = fields.Selection(
        [
            ("running", "Running"),
            ("intact", "Nothing Altered"),
            ("broken", "Alterations Found"),
        ],
        default="running",
        required=True,
        readonly=True,
    )
    last_number = fields.Integer(string="Checked up to", readonly=True)
    last_hash = fields.Char(
        string="Checked up to Hash", readonly=True, default=seal.START
    )
    head_number = fields.Integer(string="Links", readonly=True)
    head_hash = fields.Char(
        string="Last Hash",
        readonly=True,
        help="Written down elsewhere it proves later that nothing before changed.",
    )
    intact_count = fields.Integer(string="Intact", readonly=True)
    anonymised_count = fields.Integer(string="Anonymised", readonly=True)
    unsealed_count = fields.Integer(
        string="Not Yet Sealed",
        readonly=True,
        help="Complete records that the chain does not hold yet.",
    )
    finding_ids = fields.One2many("followup.seal.finding", "check_id", readonly=True)
    finding_count = fields.Integer(compute="_compute_finding_count", string="Altered")
    progress = fields.Float(compute="_compute_progress", string="Done (%)")

    _guarded_fields = frozenset(
        {
            "company_id",
            "user_id",
            "started_at",
            "ended_at",
            "state",
            "last_number",
            "last_hash",
            "head_number",
            "head_hash",
            "intact_count",
            "anonymised_count",
            "unsealed_count",
            "finding_ids",
        }
    )

    @api.depends("finding_ids")
    def _compute_finding_count(self):
        for check in self:
            check.finding_count = len(check.finding_ids)

    @api.depends("last_number", "head_number", "state")
    def _compute_progress(self):
        for check in self:
            done = check.last_number / check.head_number if check.head_number else 1
            check.progress = 100 if check.state != "running" else 100 * done

    @api.model_create_multi
    def create(self, vals_list):
        # an empty one would look like a check that found nothing
        if not is_open(self.env):
            raise AccessError(self.env._("A check starts with “Check Now”."))
        return super().create(vals_list)

    @api.ondelete(at_uninstall=False)
    def _unlink_except_never(self):
        raise AccessError(self.env._("A check of the seals is never deleted."))

    # ------------------------------------------------------------
    # RUN
    # ------------------------------------------------------------

    def action_check(self):
        """Start a check; what a click cannot do at once the cron finishes."""
        self.check_access("read")
        if self.search_count([("state", "=", "running")], limit=1):
            raise UserError(self.env._("A check is running already."))
        # sudo: auditors read; the check covers records of every hospital and ward
        check = self.sudo()._guarded().create({})
        check._begin()
        for _batch in range(AT_ONCE):
            if not check._check_batch():
                break
        if check.state == "running":
            cron = self.env.ref("patient_followup.followup_seal_cron_check")
            cron.sudo()._trigger()  # sudo: it works through the rest
        return check._unguarded().with_env(self.env)._get_form_action()

    def _get_form_action(self):
        return {
            "type": "ir.actions.act_window",
            "res_model": self._name,
            "res_id": self.id,
            "views": [(False, "form")],
        }

    @api.model
    def _cron_check(self):
        """Go on with what runs, one commit per batch."""
        cron = self.env["ir.cron"]
        for check in self.search([("state", "=", "running")])._guarded():
            while check._check_batch():
                if not cron._commit_progress(BATCH):
                    return
            cron._commit_progress(1)

    def _begin(self):
        number, chain_hash = self.env["followup.seal"]._get_head()
        self.write(
            {
                "head_number": number,
                "head_hash": chain_hash,
                "unsealed_count": self._count_unsealed(),
            }
        )

    def _count_unsealed(self):
        """Count complete records that no link holds; blanked seals show up here."""
        missing = Domain("followup_seal_digest", "=", False)
        models_ = [
            self.env[name] for name in self.env["followup.seal"]._sealed_models()
        ]
        return sum(
            # sudo: counted over every hospital and ward
            model.sudo().search_count(model._get_complete_domain() & missing)
            for model in models_
        )

    def _check_batch(self):
        """Check some links; return whether any are left."""
        self.ensure_one()
        self.lock_for_update()
        if self.state != "running":
            return False
        links = self.env["followup.seal"].search(
            Domain("number", ">", self.last_number)
            & Domain("number", "<=", self.head_number),
            order="number",
            limit=BATCH,
        )
        findings = self._check_chain(links) + self._check_records(links)
        self.env["followup.seal.finding"]._guarded().create(findings)
        if len(links) < BATCH:
            self._finish()
        self.env.flush_all()
        self.env.invalidate_all()
        return self.state == "running"

    def _check_chain(self, links):
        """Follow the hashes; return values of findings."""
        number, previous = self.last_number, self.last_hash
        findings = []
        for row in links:
            number += 1
            expected = seal.link(
                previous, row.number, row.res_model, row.res_id, row.digest
            )
            if row.number != number:
                findings.append(self._prepare_finding(row, "gap"))
            elif row.chain_hash != expected:
                findings.append(self._prepare_finding(row, "chain"))
            number, previous = row.number, row.chain_hash
        self.write({"last_number": number, "last_hash": previous})
        return findings

    def _check_records(self, links):
        """Compare the records with their links; return values of findings."""
        findings, counts = [], {"intact": 0, "anonymised": 0}
        for model, group in groupby(
            links.sorted(lambda row: (row.res_model, row.id)), lambda row: row.res_model
        ):
            rows = {row.res_id: row for row in group}
            if model not in self.env:
                continue  # of an addon that was uninstalled
            records = self.env[model].browse(rows).exists()
            for record in records:
                row = rows.pop(record.id)
                verdict = record._check_seal()
                if record.followup_seal_digest != row.digest:
                    verdict = "altered"
                if verdict in counts:
                    counts[verdict] += 1
                else:
                    findings.append(self._prepare_finding(row, verdict))
            findings += [self._prepare_finding(row, "missing") for row in rows.values()]
        self.write(
            {f"{name}_count": self[f"{name}_count"] + counts[name] for name in counts}
        )
        return findings

    def _prepare_finding(self, link, kind):
        return {
            "check_id": self.id,
            "number": link.number,
            "res_model": link.res_model,
            "res_id": link.res_id,
            "kind": kind,
        }

    def _finish(self):
        findings = self._find_cut_off()
        self.env["followup.seal.finding"]._guarded().create(findings)
        self.write(
            {
                "state": "broken" if self.finding_ids else "intact",
                "ended_at": fields.Datetime.now(),
            }
        )

    def _find_cut_off(self):
        """Find records that were linked, whose links are gone: a cut end."""
        findings = []
        for name in self.env["followup.seal"]._sealed_models():
            self.env.cr.execute(
                SQL(
                    "SELECT id FROM %s AS row WHERE followup_seal_linked"
                    " AND NOT EXISTS (SELECT FROM followup_seal AS link"
                    " WHERE link.res_model = %s AND link.res_id = row.id)"
                    " ORDER BY id LIMIT %s",
                    SQL.identifier(self.env[name]._table),
                    name,
                    BATCH,
                )
            )
            findings += [
                {"check_id": self.id, "res_model": name, "res_id": id_, "kind": "cut"}
                for [id_] in self.env.cr.fetchall()
            ]
        return findings
