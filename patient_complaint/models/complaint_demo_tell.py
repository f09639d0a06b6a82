# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Messages of the page, reply letters and texts for publication of the demo."""

from datetime import timedelta

from odoo import fields, models

from ..demo import tell
from ..demo.moments import at


class ComplaintDemo(models.AbstractModel):
    _inherit = "complaint.demo"

    def _add(self, cases):
        result = super()._add(cases)
        now = fields.Datetime.now()
        running = cases.filtered(lambda case: case.state == "investigation")
        for number, case in enumerate(running[: len(tell.QUESTIONS)]):
            case._issue_code()
            with at(now - timedelta(hours=5 + number)):
                self._as_page(case)._page_message(tell.QUESTIONS[number])
        for case, words in zip(running, tell.ANSWERS, strict=False):
            self._write_to(case, words)
        # sudo: which cases have an answer to rate, asked by the demo only
        rated = cases.filtered(
            lambda case: case.sudo()._may_rate_by_page() and not case.anonymous
        )
        for case, rating in zip(rated[-2:], tell.RATINGS, strict=False):
            with at(now - timedelta(minutes=30)):
                self._as_page(case)._page_rate(*rating)
        self._compose(cases)
        return result

    def _as_page(self, case):
        return case._as_page(case._page_lang(self.env.lang))

    def _write_to(self, case, words):
        self._as(self._user("specialist"), "complaint.message").create(
            {"case_id": case.id, "body": words}
        )

    def _compose(self, cases):
        """A letter waits where the answer is approved; two texts are prepared."""
        office = self._as(self._user("specialist"), "complaint.letter")
        approved = cases.filtered(lambda case: case.state == "resolution")
        for case in approved[:2]:
            office.create({"case_id": case.id, "lang": case._page_lang(self.env.lang)})
        closed = cases.filtered(lambda case: case.state == "closed")
        for number, case in enumerate(closed[:2]):
            action = self._as(self._user("specialist"), case).action_publish()
            row = self.env["complaint.publication"].browse(action["res_id"])
            # sudo: what was found in it decides which of the demo is asked for
            if number and not row.sudo().found:
                self._as(self._user("specialist"), row).action_request()
