# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import api, fields, models
from odoo.exceptions import ValidationError

from ..tools import message_text as texts

SAMPLE_LINK = "https://…"


class FollowupMessageTemplate(models.Model):
    """What a message to patients says, by code (M-6; FHIR Communication's payload).

    Parameters are words in braces from a fixed list. The neutral text serves
    departments marked sensitive and whatever must not be read by others; a subject
    names nothing but the hospital.

    Access: every role reads, centre managers and administrators edit.
    """

    _name = "followup.message.template"
    _description = "Message Text"
    _inherit = ["followup.shared.mixin"]
    _order = "sequence, code, id"

    name = fields.Char(required=True, translate=True)
    code = fields.Char(
        required=True, help="By this word the software finds the text it needs."
    )
    sequence = fields.Integer(default=10)
    active = fields.Boolean(default=True)
    company_id = fields.Many2one(
        "res.company", index=True, help="Empty: every hospital."
    )
    subject = fields.Char(
        string="E-mail Subject",
        required=True,
        translate=True,
        default="{hospital}",
        help="Of e-mails and letters; it names the hospital at most.",
    )
    body = fields.Text(
        string="Text",
        required=True,
        translate=True,
        help="Words in braces are filled in when the message is sent.",
    )
    neutral_body = fields.Text(
        string="Neutral Text",
        required=True,
        translate=True,
        help="For sensitive departments: it tells neither ward nor reason.",
    )
    letter_body = fields.Text(
        string="Text of the Letter",
        translate=True,
        help="Empty: the text of the message.",
    )
    # how the gateway of each hospital knows this text
    gateway_code = fields.Char(
        string="Template at the Gateway",
        company_dependent=True,
        help="The code under which the gateway approved this text.",
    )
    neutral_gateway_code = fields.Char(
        string="Neutral Template at the Gateway", company_dependent=True
    )
    gateway_params = fields.Char(
        string="Order of Parameters",
        company_dependent=True,
        help="What the gateway fills in, in its order, as in: hospital, link",
    )
    parameter_list = fields.Char(string="Parameters", compute="_compute_parameter_list")
    preview = fields.Text(compute="_compute_preview")
    neutral_preview = fields.Text(compute="_compute_preview")
    part_count = fields.Integer(
        string="Messages Charged",
        compute="_compute_preview",
        help="Networks cut long texts into parts and charge each of them.",
    )

    _code_uniq = models.UniqueIndex(
        "(code, COALESCE(company_id, 0)) WHERE active",
        "There is a text with this code already.",
    )

    # ------------------------------------------------------------
    # CONSTRAINS
    # ------------------------------------------------------------

    @api.constrains(
        "subject", "body", "neutral_body", "letter_body", "gateway_params", "code"
    )
    def _check_parameters(self):
        allowed = {
            "subject": texts.SUBJECT_PARAMS,
            "body": texts.PARAMS,
            "neutral_body": texts.NEUTRAL_PARAMS,
            "letter_body": texts.PARAMS,
        }
        for template in self:
            for name, names in allowed.items():
                template._check_known(name, texts.unknown(template[name], names))
            order = set(template._get_gateway_params()) - set(texts.PARAMS)
            template._check_known("gateway_params", sorted(order))

    def _check_known(self, field, unknown):
        if unknown:
            raise ValidationError(
                self.env._(
                    "%(field)s: %(names)s cannot be filled in here.",
                    field=self._fields[field]._description_string(self.env),
                    names=", ".join(f"{{{name}}}" for name in unknown),
                )
            )

    # ------------------------------------------------------------
    # COMPUTE
    # ------------------------------------------------------------

    @api.depends("code")
    def _compute_parameter_list(self):
        self.parameter_list = ", ".join(f"{{{name}}}" for name in texts.PARAMS)

    @api.depends("body", "neutral_body", "company_id")
    @api.depends_context("lang", "company")
    def _compute_preview(self):
        """Show both texts as a patient would read them, while they are typed."""
        for template in self:
            values = template._get_sample_values()
            template.preview = texts.render(template.body, values)
            template.neutral_preview = texts.render(template.neutral_body, values)
            template.part_count = texts.parts(template.preview)

    def _get_sample_values(self):
        company = self.company_id or self.env.company
        return {
            "hospital": company.name,
            "department": self.env._("Cardiology"),
            "link": SAMPLE_LINK,
            "deadline": self.env._("Friday"),
            "title": self.env._("Clinic visit"),
            "when": self.env._("Friday 09:00"),
            "where": self.env._("Building 2, 3rd floor"),
            "phone": "010-12345678",
            "answer": self.env._("You may bathe again after two weeks."),
        }

    # ------------------------------------------------------------
    # BUSINESS
    # ------------------------------------------------------------

    @api.model
    def _find(self, code, company):
        """Return the text of a hospital, else the one of all, or nothing."""
        # sudo: texts of the hospital, whoever lets a message be written
        found = self.sudo().search(
            [("code", "=", code), ("company_id", "in", (company.id, False))]
        )
        return found.sorted(lambda row: not row.company_id)[:1]

    def _get_gateway_params(self):
        text = (self.gateway_params or "").replace("，", ",").replace("{", "")
        return [
            part.strip() for part in text.replace("}", "").split(",") if part.strip()
        ]

    def _needs_link(self):
        """Whether a text without its link would be useless."""
        return any(
            "link" in texts.names(self[name]) for name in ("body", "neutral_body")
        )

    def _fill(self, values, neutral, is_answer=False):
        """Return the words of one message in the language of this record.

        An answer too long for a message is not cut: the neutral text stands in.

        :param values: {parameter: text}; `neutral`: the neutral text is needed
        :return: {subject, text, letter, values, neutral, told, url}
        """
        self.ensure_one()
        text = texts.render(self.body, values)
        neutral = neutral or len(text) > texts.MAX_SMS
        if neutral:
            text = texts.render(self.neutral_body, values)
        letter = self.neutral_body if neutral else self.letter_body or self.body
        return {
            "subject": texts.render(self.subject, {"hospital": values["hospital"]}),
            "text": text[: texts.MAX_SMS],
            "letter": texts.render(letter, values, lines=True),
            "values": self._order_values(values, neutral),
            "code": self.neutral_gateway_code if neutral else self.gateway_code,
            "neutral": neutral,
            "told": bool(
                is_answer
                and not neutral
                and values.get("answer")
                and "answer" in texts.names(self.body)
            ),
            "url": values.get("link") or "",
        }

    def _order_values(self, values, neutral):
        """Return the gateway's parameters in its order; neutral ones only, if so."""
        allowed = texts.NEUTRAL_PARAMS if neutral else texts.PARAMS
        names = [name for name in self._get_gateway_params() if name in allowed]
        return [texts.clean(values.get(name)) for name in names]
