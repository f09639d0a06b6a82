# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""What the patient's page shows, as plain values in his language (design 7).

Before he proved who he is: the name of the hospital. Afterwards his masked name
and what he is asked; never a diagnosis, and no name of a sensitive department.
"""

from odoo import api, models

from ..tools.answers import CHOICES

LANGUAGES = ("zh_CN", "zh_TW", "en_US")
MAX_SCALE_BUTTONS = 11


class FollowupLink(models.Model):
    _inherit = "followup.link"

    @api.model
    def _get_languages(self):
        """Return [(code, name in this language)] a patient can choose from."""
        installed = dict(self.env["res.lang"].get_installed())
        return [
            (code, installed[code].rpartition(" / ")[2].partition(" (")[0])
            for code in LANGUAGES
            if code in installed
        ]

    def _get_lang(self, wanted=None):
        """Return the language of the page: chosen, the patient's, the hospital's."""
        self.ensure_one()
        known = dict(self.env["res.lang"].get_installed())
        # sudo: plain settings of the hospital
        company = self.sudo().company_id
        for code in (wanted, self.patient_id.lang, company.partner_id.lang):
            if code in known:
                return code
        return "en_US"

    def _page_common(self):
        """Return what every page shows."""
        self.ensure_one()
        return {
            "hospital": self.company_id.name,
            "languages": self._get_languages(),
            "lang": self.env.lang,
        }

    def _page_proof(self):
        """Return what is asked before anything is shown."""
        throttle = self.env["followup.throttle"]
        return {
            **self._page_common(),
            "asked": self._get_proof(self.patient_id)[0],
            "left": throttle._left("birthdate", self.digest, self.create_date),
        }

    # ------------------------------------------------------------
    # PAGE OF A TASK
    # ------------------------------------------------------------

    def _page_task(self, typed=None, errors=None):
        """Return the page of a follow-up.

        :param dict typed: {question id: what was sent and could not be taken}
        :param dict errors: {question id: why}
        """
        task = self.task_id
        survey = task._get_survey()
        inputs = task.user_input_id
        values = inputs._followup_values() if inputs else {}
        form = survey._followup_definition(public=True) if survey else {}
        secret = task.department_id._followup_is_sensitive()
        questions = [
            _show(question, {**values, **(typed or {})}, errors or {})
            for question in form.get("questions", ())
        ]
        return {
            **self._page_contact(),
            "patient": self.patient_id.name_masked,
            "introduction": form.get("introduction") if not secret else False,
            "pages": _by_page(form.get("pages", ()), questions),
            "who": inputs.followup_answered_by or "patient",
            "alerts": self._page_alerts(),
            "bands": self._page_bands(),
            "asked_questions": self._page_promises(),
        }

    def _page_contact(self):
        """Return how to reach the ward and what the page is called."""
        department = self._get_subject().department_id
        team = department.followup_team_ids[:1]
        return {
            **self._page_common(),
            "department": department._followup_public_name(),
            "hotline": team.hotline,
            "hotline_hours": team.hotline_hours,
            "emergency": self.company_id.followup_emergency_number,
        }

    def _page_thanks(self, confirmed):
        """Return the page when all is done; unconfirmed it says nothing of anybody."""
        if not confirmed:
            return self._page_common()
        return {**self._page_contact(), "alerts": self._page_alerts()}

    def _page_alerts(self):
        """Return in words what to do at once, for each alarm among the answers."""
        inputs = self.task_id.user_input_id
        return self._say_alerts(inputs._followup_alerts()) if inputs else []

    def _say_alerts(self, alerts):
        guide = self.env["followup.concern.guide"]
        types = dict.fromkeys(alert["concern_type"] for alert in alerts)
        usual = self.env._(
            "Please ring the ward now. If it gets worse, call an ambulance or come"
            " to the emergency department."
        )
        words = [guide._say_now(self.company_id, type_) or usual for type_ in types]
        return list(dict.fromkeys(words))

    def _page_bands(self):
        chosen = self.patient_id.preferred_band_ids
        return [
            {"id": band.id, "name": band.name, "chosen": band in chosen}
            for band in self.task_id._public_bands()
        ]

    def _page_promises(self):
        """Return until when the patient's open questions will be answered."""
        task = self._get_open_task()
        asked = task.concern_ids.filtered(
            lambda concern: concern.kind == "question" and not concern.told_patient_at
        )
        return [task._public_moment(concern.promised_at) for concern in asked]


def _show(question, values, errors):
    """Return a question with its answer, as the template writes it."""
    value = values.get(question["id"])
    missing = next(iter(value), None) if isinstance(value, dict) else None
    chosen = value if isinstance(value, list) else [value]
    chosen = [str(item) for item in chosen if item not in (None, False)]
    shown = "scale" if _has_buttons(question) else question["type"]
    options = [
        {
            "value": str(choice["id"]),
            "label": choice["label"],
            "exclusive": choice["exclusive"],
        }
        for choice in question["choices"]
    ]
    if shown == "scale":
        steps = range(int(question["min"]), int(question["max"]) + 1)
        options = [{"value": str(n), "label": str(n)} for n in steps]
    trigger = question["trigger"]
    return {
        **question,
        "shown": "number" if shown == question["type"] == "numerical_box" else shown,
        "options": options,
        "chosen": [missing] if missing else chosen,
        "value": "" if missing or value in (None, False) else _text(value),
        "when": " ".join(map(str, trigger["answer_ids"])) if trigger else False,
        "error": errors.get(question["id"]),
        "several": question["type"] == "multiple_choice",
        "buttons": question["type"] in CHOICES or shown == "scale",
    }


def _has_buttons(question):
    if question["type"] != "scale":
        return False
    return question["max"] - question["min"] < MAX_SCALE_BUTTONS


def _text(value):
    if isinstance(value, float):
        return f"{value:g}"
    return str(value)


def _by_page(pages, questions):
    """Return [(title, questions)] in their order, without empty pages."""
    titles = {page["id"]: page["title"] for page in pages}
    groups = []
    for question in questions:
        title = titles.get(question.get("page_id")) or ""
        if not groups or groups[-1]["title"] != title:
            groups.append({"title": title, "questions": []})
        groups[-1]["questions"].append(question)
    return groups
