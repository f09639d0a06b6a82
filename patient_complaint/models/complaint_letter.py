# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError
from odoo.fields import Domain
from odoo.tools import html2plaintext, is_html_empty

LANGUAGES = [
    ("zh_CN", "Simplified Chinese"),
    ("zh_TW", "Traditional Chinese"),
    ("en_US", "English"),
]
TEMPLATE = "patient_complaint.complaint_letter_text"


class ComplaintLetter(models.Model):
    """The reply to the complainant, composed from what was found and decided (C-17).

    Composed in Chinese or English, then edited by hand; sealed once it was given to
    him, so that what is on paper and on file is the same.
    Access: whoever reads the case; specialists write drafts.
    """

    _name = "complaint.letter"
    _description = "Reply Letter"
    _inherit = ["followup.guarded.mixin", "followup.sealed.mixin"]
    _order = "id desc"
    _rec_name = "number"

    number = fields.Char(related="case_id.name", string="Case No.")
    case_id = fields.Many2one(
        "complaint.case", required=True, index=True, ondelete="restrict"
    )
    company_id = fields.Many2one(
        related="case_id.company_id",
        store=True,
        index=True,
        precompute=True,
        ondelete="restrict",
    )
    lang = fields.Selection(
        LANGUAGES,
        string="Language",
        required=True,
        default=lambda self: self._default_lang(),
    )
    body = fields.Html(
        string="Letter",
        sanitize=True,
        sanitize_tags=True,
        sanitize_attributes=True,
        sanitize_style=True,
        sanitize_form=True,
        strip_classes=True,
    )
    state = fields.Selection(
        [("draft", "Draft"), ("given", "Given")],
        default="draft",
        required=True,
        readonly=True,
        copy=False,
    )
    given_at = fields.Datetime(readonly=True, copy=False)
    given_by_id = fields.Many2one(
        "res.users", readonly=True, copy=False, ondelete="restrict"
    )
    on_page = fields.Boolean(
        string="Also on His Page",
        help="The complainant reads it by his code, as a PDF.",
    )

    _guarded_fields = frozenset({"company_id", "state", "given_at", "given_by_id"})
    _seal_fields = ("case_id", "company_id", "lang", "state", "given_at", "given_by_id")
    _seal_texts = ("body",)
    _erase_fields = ("body",)
    _erase_link = "case_id"

    @api.model
    def _default_lang(self):
        """Return the first of the languages that the hospital has."""
        known = dict(self.env["res.lang"].get_installed())
        return next((code for code, _name in LANGUAGES if code in known), "en_US")

    @api.constrains("lang")
    def _check_lang(self):
        known = dict(self.env["res.lang"].get_installed())
        if any(letter.lang not in known for letter in self):
            raise ValidationError(self.env._("The hospital has not this language."))

    # ------------------------------------------------------------
    # CRUD
    # ------------------------------------------------------------

    @api.model_create_multi
    def create(self, vals_list):
        letters = super().create(vals_list)
        for letter in letters:
            letter.case_id.check_access("write")
            letter.case_id._check_is_open()
            if is_html_empty(letter.body):
                letter.body = letter._compose()
        return letters

    def write(self, vals):
        if "case_id" in vals:
            raise UserError(self.env._("A letter stays with its case."))
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_except_given(self):
        if any(letter.state == "given" for letter in self):
            raise UserError(self.env._("A letter that was given stays on file."))

    # ------------------------------------------------------------
    # ACTIONS
    # ------------------------------------------------------------

    def action_compose(self):
        """Write the draft anew from what was found and decided; the old text goes."""
        for letter in self:
            letter._check_draft()
            letter.body = letter._compose()

    def action_print(self):
        """Return the PDF; printing is logged (Y-2)."""
        self.check_access("read")
        report = self.env.ref("patient_complaint.complaint_letter_report")
        return report.report_action(self)

    def action_give(self):
        """Note that he was given the letter: seal it, and record the contact.

        :raises UserError: empty, given before, or no answer may be given yet
        """
        for letter in self:
            letter._check_draft()
            if is_html_empty(letter.body):
                raise UserError(self.env._("Write the letter first."))
            letter._guarded().write(
                {
                    "state": "given",
                    "given_at": fields.Datetime.now(),
                    "given_by_id": self.env.uid,
                }
            )
            # sudo: the columns of the seal are closed to everybody
            letter.sudo()._write_seals()
            letter._record_contact()
            if letter.on_page:
                letter._put_on_page()

    def _check_draft(self):
        self.ensure_one()
        self.check_access("write")
        self.case_id._check_is_open()
        if self.state != "draft":
            raise UserError(self.env._("It was given already: compose another letter."))

    def _record_contact(self):
        """Record the contact: the answer where one is due, else what was told."""
        case = self.case_id
        self.env["complaint.feedback"].create(
            {
                "case_id": case.id,
                "kind": "progress" if case.answered_at else "answer",
                "method": "letter",
                "at": self.given_at,
                "content": html2plaintext(self.body)[:20000],
                "letter_id": self.id,
            }
        )

    def _put_on_page(self):
        """Put the PDF on his page; of an anonymous case nothing but messages is."""
        case = self.case_id
        if case.anonymous:
            return
        report = self.env["ir.actions.report"]
        content, _kind = report._render_qweb_pdf(
            "patient_complaint.complaint_letter_report", self.ids
        )
        # sudo: rows of the page are written by the engine; the case was checked
        messages = self.env["complaint.message"].sudo()._guarded()
        row = messages.create(
            {
                "case_id": case.id,
                "direction": "out",
                "kind": "letter",
                "body": self.with_context(lang=self.lang).env._(
                    "Our letter is attached."
                ),
                "by_id": self.env.uid,
            }
        )
        case.sudo()._keep_files(row, [(f"{case.name}.pdf", "application/pdf", content)])

    # ------------------------------------------------------------
    # COMPOSING
    # ------------------------------------------------------------

    def _compose(self):
        """Return the letter as HTML, from what the writer may read."""
        self.ensure_one()
        letter = self.with_context(lang=self.lang)
        return self.env["ir.qweb"]._render(
            TEMPLATE, letter._compose_values(), lang=self.lang
        )

    def _compose_values(self):
        case = self.case_id
        labels = dict(
            case.issue_ids._fields["finding"]._description_selection(self.env)
        )
        name = "" if case.anonymous else case.complainant_name
        return {
            # whole sentences: their order differs between languages
            "greeting": name and self.env._("Dear %(name)s,", name=name),
            "thanks": self.env._(
                "thank you for telling us on %(day)s what you experienced "
                "(case %(number)s). We have looked into it with care.",
                day=self._local_day(case.received_at),
                number=case.name,
            ),
            "today": self._local_day(fields.Datetime.now()),
            "hospital": case.company_id.name,
            "issues": [
                {
                    "title": issue.category_id.name or "",
                    "finding": labels.get(issue.finding, ""),
                    "upheld": issue.finding in ("upheld", "partly"),
                    "lesson": issue.lesson or "",
                }
                for issue in case.issue_ids
                if issue.finding or issue.lesson
            ],
            "resolution": self._resolution_words(),
            "upheld": any(
                issue.finding in ("upheld", "partly") for issue in case.issue_ids
            ),
        }

    def _local_day(self, moment):
        clock = self.env["followup.clock"]._for_company(self.company_id)
        return str(clock.to_local(moment).date())

    def _resolution_words(self):
        """Return what was approved, as plain values; False while nothing is."""
        case = self.case_id
        resolution = case["resolution_id"] if "resolution_id" in case._fields else None
        if not resolution or resolution.state != "approved":
            return False
        return {
            "explanation": resolution.explanation or "",
            "apology": resolution["apology"] or "",
            "remedies": [
                self._remedy_words(remedy)
                for remedy in (
                    resolution.remedy_ids if "remedy_ids" in resolution else ()
                )
            ],
        }

    def _remedy_words(self, remedy):
        kinds = dict(remedy._fields["kind"]._description_selection(self.env))
        amount = f"{remedy.amount:,.2f}" if remedy.amount else ""
        return {
            "kind": kinds.get(remedy.kind, ""),
            "note": remedy.note or "",
            "amount": amount,
            "day": str(remedy.date or ""),
        }

    @api.model
    def _get_complete_domain(self):
        return Domain("state", "=", "given")


class ComplaintCase(models.Model):
    _inherit = "complaint.case"

    letter_ids = fields.One2many("complaint.letter", "case_id", string="Letters")
    letter_count = fields.Integer(compute="_compute_letter_count")

    def _compute_letter_count(self):
        groups = self.env["complaint.letter"]._read_group(
            [("case_id", "in", self.ids)], ["case_id"], ["__count"]
        )
        counts = dict(groups)
        for case in self:
            case.letter_count = counts.get(case._origin, 0)

    def action_compose_letter(self):
        """Compose a reply letter in the language of the hospital and open it."""
        self.ensure_one()
        self.check_access("write")
        letter = self.letter_ids.filtered(lambda row: row.state == "draft")[:1]
        letter = letter or self.env["complaint.letter"].create(
            {"case_id": self.id, "lang": self._page_lang()}
        )
        return {
            "type": "ir.actions.act_window",
            "res_model": "complaint.letter",
            "res_id": letter.id,
            "views": [(False, "form")],
        }

    def action_open_letters(self):
        """Open the letters of this case."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Letters"),
            "res_model": "complaint.letter",
            "views": [(False, "list"), (False, "form")],
            "domain": [("case_id", "=", self.id)],
            "context": {"default_case_id": self.id},
        }
