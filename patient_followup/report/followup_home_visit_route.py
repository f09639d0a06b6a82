# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import api, models
from odoo.tools.i18n import format_list


class FollowupHomeVisitRoute(models.AbstractModel):
    """The route of a team for a day: where to, when, whom, what to take (M-5).

    One sheet per day and leader. Address and name are printed for the team and
    the ward only; phone numbers are masked.

    Access: whoever reads the visits; every printing is logged.
    """

    _name = "report.patient_followup.followup_home_visit_route"
    _description = "Route of Home Visits"
    _inherit = ["followup.document"]

    _document_model = "followup.home.visit"

    @api.model
    def _prepare_document(self, docs, words):
        return {
            "routes": [
                self._prepare_route(day, lead, visits)
                for day, lead, visits in docs._get_route()
            ]
        }

    def _prepare_route(self, day, lead, visits):
        clock = self.env["followup.clock"]
        calendar = clock._for_company(visits.company_id[:1])
        return {
            "company": visits.company_id[:1],
            "day": clock._format_day(day),
            # sudo: names of colleagues, printed for their team
            "lead": lead.sudo().name or "",
            "team": format_list(self.env, visits.sudo().user_ids.mapped("name")),
            "things": self._get_things(visits),
            "rows": [
                {
                    "hour": f"{calendar.to_local(visit.starts_at):%H:%M}",
                    "visit": visit,
                }
                for visit in visits
            ],
        }

    def _get_things(self, visits):
        """Return what the team takes along, each once and in its order."""
        items = visits.item_ids.sorted("sequence")
        return list(dict.fromkeys(items.mapped("name")))
