# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError, ValidationError

from odoo.addons.patient_followup.tools.checked import checked

from ..tools import deidentify

CONTENT = frozenset({"title", "text", "measure"})


class ComplaintPublication(models.Model):
    """What others may read of a closed case, without anybody in it (K-13, Y-10).

    Names, numbers and addresses are masked as far as they are known; somebody edits
    the text, another person checks it. Changing it afterwards asks for a new check.
    Nothing is public here: other addons take only what was checked.
    Access: specialists prepare, officers check; the case may be unknown to readers.
    """

    _name = "complaint.publication"
    _description = "Case to Publish"
    _inherit = ["followup.guarded.mixin"]
    _order = "id desc"
    _rec_name = "title"

    case_id = fields.Many2one(
        "complaint.case", required=True, index=True, ondelete="restrict"
    )
    company_id = fields.Many2one(
        related="case_id.company_id", store=True, index=True, precompute=True
    )
    category_id = fields.Many2one("complaint.category")
    month = fields.Char(readonly=True, help="Month it was closed in; never the day.")
    title = fields.Char(required=True)
    text = fields.Text(string="What Happened", required=True)
    measure = fields.Text(string="What the Hospital Did")
    state = fields.Selection(
        [
            ("draft", "Being Prepared"),
            ("review", "To Be Checked"),
            ("checked", "May Be Published"),
            ("withdrawn", "Not to Be Published"),
        ],
        default="draft",
        required=True,
        readonly=True,
        copy=False,
        index=True,
    )
    prepared_by_id = fields.Many2one(
        "res.users",
        string="Prepared by",
        required=True,
        readonly=True,
        default=lambda self: self.env.user,
    )
    editor_ids = fields.Many2many(
        "res.users",
        "complaint_publication_editor_rel",
        "publication_id",
        "user_id",
        string="Written by",
        readonly=True,
        copy=False,
    )
    checked_by_id = fields.Many2one(
        "res.users", string="Checked by", readonly=True, copy=False
    )
    checked_at = fields.Datetime(readonly=True, copy=False)
    reason = fields.Char(readonly=True, copy=False)
    found = fields.Char(
        string="Still in the Text",
        compute="_compute_found",
        help="Names, numbers and days that may tell who it was.",
    )

    _guarded_fields = frozenset(
        {"company_id", "month", "state", "prepared_by_id", "editor_ids"}
        | {"checked_by_id", "checked_at", "reason"}
    )
    _erase_fields = ("title", "text", "measure")
    _erase_link = "case_id"

    _case_uniq = models.UniqueIndex(
        "(case_id) WHERE state != 'withdrawn'", "This case is being prepared already."
    )

    @api.depends("title", "text", "measure", "case_id")
    def _compute_found(self):
        for row in self:
            row.found = ", ".join(row._find()) or False

    def _find(self):
        """Return what still stands in the text that may tell who it was."""
        self.ensure_one()
        text = "\n".join(filter(None, (self.title, self.text, self.measure)))
        return deidentify.find(text, self.case_id._get_known_names())

    # ------------------------------------------------------------
    # CRUD
    # ------------------------------------------------------------

    @api.model_create_multi
    def create(self, vals_list):
        rows = super().create(vals_list)
        for row in rows:
            row.case_id.check_access("write")
            row._check_case()
            row._note_editor()
        return rows

    def write(self, vals):
        """A changed text has to be checked again; its case stays."""
        if "case_id" in vals:
            raise UserError(self.env._("A publication stays with its case."))
        changed = not CONTENT.isdisjoint(vals)
        if changed and any(row.state == "withdrawn" for row in self):
            raise UserError(self.env._("It is not to be published: prepare another."))
        result = super().write(vals)
        if changed:
            for row in self:
                row._note_editor()
                if row.state in ("review", "checked"):
                    row._set(state="draft", checked_by_id=False, checked_at=False)
        return result

    @api.ondelete(at_uninstall=False)
    def _unlink_except_checked(self):
        if any(row.checked_at for row in self):
            raise UserError(
                self.env._("What was checked stays on record: withdraw it.")
            )

    def _check_case(self):
        if self.case_id.state != "closed":
            raise UserError(self.env._("Only a closed case is published."))

    def _note_editor(self):
        if self.env.user not in self.editor_ids:
            self._set(editor_ids=[(4, self.env.uid)])

    def _set(self, **vals):
        self.check_access("write")
        self._guarded().write(vals)

    # ------------------------------------------------------------
    # ACTIONS
    # ------------------------------------------------------------

    def action_mask(self):
        """Replace what is known or looks like a number by `***`."""
        for row in self:
            row.check_access("write")
            names = row.case_id._get_known_names()
            row.write(
                {
                    name: deidentify.mask(row[name], names) or row[name]
                    for name in CONTENT
                    if row[name]
                }
            )

    def action_request(self):
        """Hand it to somebody else to check.

        :raises ValidationError: names or numbers still stand in it
        """
        for row in self:
            row._check_state("draft")
            row._check_found()
            row._set(state="review", reason=False)

    def action_approve(self):
        """Say that nobody can be recognised; never by whoever wrote it (K-13).

        :raises AccessError: no officer, or he wrote on it
        """
        for row in self:
            row._check_state("review")
            row._check_checker()
            row._check_found()
            row._set(
                state="checked",
                checked_by_id=self.env.uid,
                checked_at=fields.Datetime.now(),
            )

    @checked
    def action_return(self, reason):
        """Send it back with what tells who it was."""
        for row in self:
            row._check_state("review")
            row._check_checker()
            row._set(state="draft", reason=row.case_id._check_reason(reason))

    @checked
    def action_withdraw(self, reason):
        """It is not to be published, or no longer."""
        for row in self:
            row.check_access("write")
            if row.state == "withdrawn":
                raise UserError(self.env._("It was withdrawn already."))
            row._set(state="withdrawn", reason=row.case_id._check_reason(reason))

    def _check_state(self, state):
        self.check_access("write")
        if self.state != state:
            states = dict(self._fields["state"]._description_selection(self.env))
            raise UserError(
                self.env._(
                    "It is “%(state)s”: this step is not open.",
                    state=states[self.state],
                )
            )

    def _check_checker(self):
        if not self.env.user.has_group("patient_complaint.complaint_group_officer"):
            raise AccessError(self.env._("Complaint officers check publications."))
        if self.env.user in self.editor_ids | self.prepared_by_id:
            raise AccessError(self.env._("Somebody who did not write it checks it."))

    def _check_found(self):
        if found := self._find():
            # how many, not which: the message may end in a log
            raise ValidationError(
                self.env._(
                    "%(count)s names, numbers or days still stand in it: mask them.",
                    count=len(found),
                )
            )


class ComplaintCase(models.Model):
    _inherit = "complaint.case"

    publication_ids = fields.One2many("complaint.publication", "case_id", readonly=True)

    _guarded_fields = frozenset({"publication_ids"})

    def action_publish(self):
        """Prepare a closed case for publication, masked as far as possible (K-13)."""
        self.ensure_one()
        self.check_access("write")
        names = self._get_known_names()
        category = self.issue_ids.category_id[:1]
        row = self.env["complaint.publication"].create(
            {
                "case_id": self.id,
                "category_id": category.id,
                "title": category.name or self.env._("A complaint"),
                "text": deidentify.mask(self.description, names) or "-",
                "measure": deidentify.mask(
                    "\n".join(filter(None, self.issue_ids.mapped("lesson"))), names
                ),
            }
        )
        month = self.closed_at and self.closed_at.strftime("%Y-%m")
        row._set(month=month)
        return {
            "type": "ir.actions.act_window",
            "res_model": row._name,
            "res_id": row.id,
            "views": [(False, "form")],
        }

    def _get_known_names(self):
        """Return all names, numbers and addresses known of a case, to look for."""
        self.ensure_one()
        # sudo: names that are looked for in a text, never shown
        case = self.sudo()
        patient, stay = case.patient_id, case.encounter_id
        doctors = stay.attending_id | stay.resident_id | stay.surgeon_id
        names = [case.complainant_name, patient.name, patient.mrn, stay.number]
        names += case.issue_ids.employee_ids.mapped("name") + doctors.mapped("name")
        names += patient.contact_ids.mapped("name")
        names += [case.external_number, case.name]
        names += case.department_id.mapped("manager_id.name")
        return [name for name in names if name]
