# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import api, models
from odoo.exceptions import UserError
from odoo.tools.i18n import format_list


class FollowupHomeVisitSheet(models.AbstractModel):
    """The sheet a team takes to one patient's home and fills in by hand (M-5, F-2).

    Who he is, his consent, team and bag; below it the findings, empty before the
    visit and filled in after it. Phone numbers are masked.

    Access: the team and the ward, as name, address and diagnosis stand on it;
    every printing is logged.
    """

    _name = "report.patient_followup.followup_home_visit_sheet"
    _description = "Sheet of a Home Visit"
    _inherit = ["followup.document"]

    _document_model = "followup.home.visit"

    @api.model
    def _prepare_document(self, docs, words):
        user = self.env.user
        if not all(visit._is_near(user) for visit in docs):
            raise UserError(
                self.env._("Only the team and the ward of a visit print its sheet.")
            )
        return {"sheets": [self._visit_words(visit, words) for visit in docs]}

    @api.model
    def _visit_words(self, visit, words):
        # sudo: the team may be of another ward than the patient; that it goes there
        # was checked
        row = visit.sudo()
        patient = row.patient_id
        moment = words.for_company(row.company_id)
        # another ward's stay is no matter of this visit
        stays = patient.encounter_ids.filtered(
            lambda stay: stay.department_id == row.department_id
        )
        stay = row.task_id.encounter_id or stays.sorted("id")[-1:]
        return {
            "visit": row,
            "company": row.company_id,
            "patient": self._patient_words(patient, words),
            "stay": self._stay_words(stay, words),
            "consent": self._consent_words(patient, words),
            "when": moment(row.starts_at),
            "arrived": moment(row.arrived_at),
            "closed": moment(row.closed_at),
            "state": words.label(row, "state"),
            "team": row.team_names
            or format_list(words.env, row.user_ids.mapped("name")),
            "lead": row.lead_id.name or "",
            "items": row.item_ids.sorted("sequence"),
            "vitals": self._sign_words(row),
            "medicines": row._fields["adherence"]._description_selection(words.env),
            "seal": self._seal_words(row, words, self._read_seals(row).get(row.id)),
        }

    @api.model
    def _consent_words(self, patient, words):
        """Return since when he agrees and until when; nothing without consent."""
        if not patient._has_consent("home_visit"):
            return None
        consent = patient._get_consent("home_visit")
        return {
            "date": words.day(consent.date),
            "until": words.day(consent.expiry_date),
            "evidence": consent.evidence or "",
        }

    @api.model
    def _sign_words(self, visit):
        """Return what is measured, two in a row: name, value, unit, usual range."""
        rows = [
            {
                "name": vital.sign_id.name,
                "value": f"{vital.value:g}" if vital.value else "",
                "unit": vital.unit,
                "usual": self._range_words(vital.sign_id),
            }
            for vital in visit.vital_ids
        ]
        return [rows[at : at + 2] for at in range(0, len(rows), 2)]

    @api.model
    def _range_words(self, sign):
        if not sign.usual_high:
            return ""
        return f"{sign.usual_low:g}–{sign.usual_high:g}"
