# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""The public form: what a visitor without an account sends becomes a case (C-4).

Every method runs as the system for the one hospital the page names. Whoever sends
gets the number and the tracking code, once, and nothing else.
"""

from datetime import date

from odoo import SUPERUSER_ID, api, fields, models
from odoo.tools.misc import hmac

from odoo.addons.patient_followup.tools import public_form, public_token

from ..tools import plain
from .complaint_case import KINDS, RELATIONS

# field of the form: longest text
FORM_TEXTS = {
    "remedy_sought": 500,
    "complainant_name": 100,
    "complainant_phone": 40,
    "complainant_email": 254,
}
MAX_DESCRIPTION = 5000
PERSON = ("complainant_name", "complainant_phone", "complainant_email")
ACTIVITY = "patient_complaint.mail_activity_type_intake"
PLACE_LENGTH = 16


class ComplaintCase(models.Model):
    _inherit = "complaint.case"

    # ------------------------------------------------------------
    # PLACES
    # ------------------------------------------------------------

    @api.model
    def _place_code(self, place):
        """Return the name of a hospital or department in an address: no id.

        It is no secret: it stands on posters.
        """
        # sudo: the secret of the database; a hash leaves here
        text = f"{place._name},{place.id}"
        return hmac(self.env(su=True), "complaint-place", text)[:PLACE_LENGTH]

    @api.model
    def _form_companies(self):
        """Return the hospitals whose form is open."""
        # sudo: the visitor has no account
        return (
            self.env["res.company"].sudo().search([("complaint_form_open", "=", True)])
        )

    @api.model
    def _form_choices(self):
        """Return the hospitals a visitor without a poster may mean.

        Other companies of a group have no team; where nobody has one, all are meant.
        """
        companies = self._form_companies()
        # sudo: the visitor has no account; which hospitals there are is no secret
        teams = self.env["followup.team"].sudo()
        found = teams.search([("company_id", "in", companies.ids)])
        return found.company_id or companies

    @api.model
    def _form_departments(self, company):
        """Return the departments visitors know: those of the hospital with a team."""
        # sudo: the visitor has no account; names of wards stand on their doors
        teams = self.env["followup.team"].sudo()
        return teams.search([("company_id", "=", company.id)]).department_id

    @api.model
    def _find_place(self, code):
        """Return (hospital, department) of a code on a poster, empty for others."""
        companies = self._form_companies()
        # sudo: visitors read no department; only its poster is looked for
        departments = self.env["hr.department"].sudo().browse()
        if not isinstance(code, str) or len(code) != PLACE_LENGTH:
            return companies.browse(), departments
        for company in companies:
            if public_token.same(self._place_code(company), code):
                return company, departments
            for department in self._form_departments(company):
                if public_token.same(self._place_code(department), code):
                    return company, department
        return companies.browse(), departments

    # ------------------------------------------------------------
    # PAGE
    # ------------------------------------------------------------

    @api.model
    def _form_values(self, company, department, lang):
        """Return what the empty form shows, as plain values."""
        rows = self.with_context(lang=lang)
        names = {
            rows._place_code(one): one.with_context(lang=lang).name
            for one in rows._form_departments(company)
        }
        return {
            "hospital": company.name,
            "languages": self._page_languages(),
            "lang": lang,
            "place": self._place_code(department or company),
            "department": department.with_context(lang=lang).name or "",
            "departments": sorted(names.items(), key=lambda pair: pair[1]),
            "kinds": rows._fields["kind"]._description_selection(rows.env),
            "relations": rows._fields["complainant_relation"]._description_selection(
                rows.env
            ),
            "phone": company.complaint_office_phone or "",
            "today": str(self.env["followup.clock"]._today(company)),
            "typed": {},
            "errors": {},
        }

    @api.model
    def _form_is_human(self, form):
        """Whether a captcha was solved. Hook: the page itself has none.

        :param form: what was posted, a werkzeug MultiDict; template
            `complaint_form_captcha` is the place of its fields
        """
        return bool(form is not None)

    @api.model
    def _form_read(self, company, form):
        """Return (values of a case, {field: what is wrong in words}).

        :param form: a werkzeug MultiDict of a stranger
        """
        texts = {
            name: plain.line(form.get(name), limit)
            for name, limit in FORM_TEXTS.items()
        }
        texts["description"] = plain.text(form.get("description"), MAX_DESCRIPTION)
        errors = {}
        if not texts["description"]:
            errors["description"] = self.env._("Please write what happened.")
        vals = {**texts, "anonymous": form.get("anonymous") == "yes"}
        if vals["anonymous"]:
            vals.update(dict.fromkeys(PERSON, False))
        for name, choices, default in (
            ("kind", KINDS, "complaint"),
            ("complainant_relation", RELATIONS, "self"),
        ):
            vals[name] = form.get(name) if form.get(name) in dict(choices) else default
        vals["incident_date"] = self._form_day(company, form, errors)
        self._form_check_person(vals, errors)
        return vals, errors

    def _form_day(self, company, form, errors):
        text = public_form.read_text(form.get("incident_date"), 10)
        if not text:
            return False
        try:
            day = date.fromisoformat(text)
        except ValueError:
            errors["incident_date"] = self.env._("This is no day.")
            return False
        today = self.env["followup.clock"]._today(company)
        if not date(1900, 1, 1) <= day <= today:
            errors["incident_date"] = self.env._("This day lies ahead or long ago.")
            return False
        return day

    def _form_check_person(self, vals, errors):
        for name in ("complainant_phone", "complainant_email"):
            kind = self._protected_fields[name]
            if vals[name] and not self._parse_protected(kind, vals[name]):
                errors[name] = self.env._("This is not complete: please check it.")

    # ------------------------------------------------------------
    # REGISTER
    # ------------------------------------------------------------

    @api.model
    def _form_register(self, company, department, vals, files=()):
        """Register what a visitor sent; return {"number", "code"} to show him.

        :param vals: of `_form_read`, without errors
        :param files: [(name, media type, bytes)] as `tools.uploads` read them
        """
        channel = self.env.ref("patient_complaint.complaint_channel_web")
        case = self._register_unattended(
            company,
            {
                **vals,
                "department_id": department.id,
                "channel_id": channel.id,
            },
        )
        case._keep_case_files(files)
        return {"number": case.name, "code": case._issue_code()}

    @api.model
    def _register_unattended(self, company, vals):
        """Register what came in without anybody's hand; return it as the system.

        The first receiver is whom the hospital named, and he gets a reminder that
        says nothing but the number.
        """
        receiver = company._complaint_receiver()
        cases = self.with_user(SUPERUSER_ID).with_context(
            allowed_company_ids=company.ids,
            mail_create_nosubscribe=True,
        )
        case = cases._guarded().create(
            {**vals, "company_id": company.id, "receiver_id": receiver.id}
        )
        case = case._unguarded()
        case._alert_office(ACTIVITY)
        return case

    def _alert_office(self, activity):
        """Remind whoever answers for the case, once however much comes (D-7)."""
        if self.activity_search([activity]):
            return
        users = self._able_users(self.owner_id or self.receiver_id)
        if users and SUPERUSER_ID not in users.ids:
            # no mail for each: the menu of activities shows it
            quiet = self.with_context(
                mail_activity_quick_update=True, lang=users[0].lang
            )
            quiet.activity_schedule(activity, user_id=users[0].id)

    def _keep_case_files(self, files):
        """Keep files beside the case as they came.

        :param files: [(name, media type, bytes)]
        """
        # sudo: engine write for a sender without an account; a picture is not opened
        store = self.env["ir.attachment"].sudo()
        return store.with_context(image_no_postprocess=True).create(
            [
                {
                    "name": name,
                    "raw": content,
                    "mimetype": media,
                    "res_model": self._name,
                    "res_id": self.id,
                }
                for name, media, content in files
            ]
        )

    def _local_received(self):
        """Return when it came in as the clocks of the hospital show it."""
        clock = self.env["followup.clock"]._for_company(self.company_id)
        return fields.Datetime.to_string(clock.to_local(self.received_at))[:16]
