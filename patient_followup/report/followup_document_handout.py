# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""What patients take home: their language, plain words, neutral where it must be."""

from odoo import api, models

from ..models.followup_task import OPEN_STATES

# more contacts than these are told by "and so on"
MAX_CONTACTS = 12


class FollowupDocument(models.AbstractModel):
    _inherit = "followup.document"

    @api.model
    def _handout_words(self, record, tasks, department, words):
        """Return what every paper for a patient says.

        :param record: what is printed, of which the patient and the hospital count
        :param tasks: contacts that were planned, readable by the user or not
        :param department: whose name is printed, unless it is sensitive
        :param DocumentWords words: of the user
        """
        patient = record.patient_id
        lang = self._get_patient_lang(patient)
        words = words.in_lang(lang)
        ward = department.with_context(lang=lang)
        return {
            "lang": lang,
            "company": record.company_id,
            "patient": self._patient_words(patient.with_context(lang=lang), words),
            "department": ward._followup_public_name() or "",
            "neutral": ward._followup_is_sensitive(),
            "hotline": self._hotline_words(record.company_id, ward, words),
            "signs": self._sign_lines(ward),
            "contacts": self._contact_lines(tasks, words),
            "more": len(tasks) > MAX_CONTACTS,
        }

    @api.model
    def _get_patient_lang(self, patient):
        """Return his language where it is installed, else that of the user."""
        installed = dict(self.env["res.lang"].get_installed())
        lang = patient.lang
        return lang if lang in installed else self.env.lang or "en_US"

    @api.model
    def _get_planned(self, domain):
        """Return {record: its open contacts} as the patient will meet them."""
        # sudo: the whole plan is told to its patient, of both levels; only days and
        # ways of contact are printed
        tasks = self.env["followup.task"].sudo()
        field = next(iter(domain))
        found = tasks.search(
            [(field, "in", domain[field].ids), ("state", "in", OPEN_STATES)],
            order="due_day, id",
        ).filtered(lambda task: task.kind != "verification")
        return found.grouped(field)

    @api.model
    def _contact_lines(self, tasks, words):
        phrases = self._get_method_phrases(words.env)
        return [
            {
                "day": words.day(task.due_day),
                "method": phrases.get(task.method) or words.label(task, "method"),
                "centre": task.level == "2",
            }
            for task in tasks[:MAX_CONTACTS]
        ]

    @api.model
    def _get_method_phrases(self, env):
        """Return what will happen, in words a patient knows."""
        return {
            "phone": env._("We call you"),
            "home": env._("We visit you at home, if you agree"),
            "clinic": env._("You come to the clinic"),
            "sms": env._("We send you a text message"),
            "wechat": env._("We write to you on WeChat"),
            "web": env._("You answer some questions on our page"),
            "mail": env._("We send you a letter"),
            "in_person": env._("We talk to you in the hospital"),
        }

    @api.model
    def _hotline_words(self, company, department, words):
        """Return the number to ring: the ward's, else the centre's, the hospital's.

        Whoever rings the number of a sensitive ward, or asks whose it is, would
        learn where the patient was.
        """
        # sudo: hotlines are told to patients, whatever the user may see of teams
        teams = self.env["followup.team"].sudo()
        team = teams
        if not department._followup_is_sensitive():
            team = department.sudo().followup_team_ids[:1]
        if not team.hotline:
            domain = [
                ("company_id", "=", company.id),
                ("unit_type", "=", "centre"),
                ("hotline", "!=", False),
            ]
            team = words.once(
                ("centre", company), lambda: teams.search(domain, limit=1)
            )
        return {
            "phone": team.hotline or company.phone or "",
            "hours": team.hotline_hours or "",
        }

    @api.model
    def _sign_lines(self, department):
        """Return what the ward wants to be told at once; nothing: the usual signs."""
        if department._followup_is_sensitive():
            return []
        # sudo: a text for patients, kept with the team
        text = department.sudo().followup_team_ids[:1].leaflet_text or ""
        return [line.strip() for line in text.splitlines() if line.strip()]
