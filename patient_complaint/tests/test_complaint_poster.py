# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
import base64

from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged
from odoo.tools import html2plaintext

from .common import ComplaintCommon

POSTER = "patient_complaint.complaint_poster"
SLIP = "patient_complaint.complaint_slip"


@tagged("post_install", "-at_install")
class TestComplaintPoster(ComplaintCommon):
    """Posters say where to complain and what happens; slips hold the code (C-25)."""

    def _print(self, name, records, user=None, **context):
        reports = self.env["ir.actions.report"].with_user(user or self.specialist)
        html = reports.with_context(lang="en_US", **context)._render_qweb_html(
            name, records.ids
        )[0]
        return html.decode()

    def _poster(self, **vals):
        wizards = self.env["complaint.poster"].with_user(self.specialist)
        return wizards.with_company(self.company).create({"lang": "en_US", **vals})

    def test_each_ward_has_its_sheet_with_office_and_process(self):
        self.company.write(
            {
                "complaint_office_phone": "010-55550000",
                "complaint_office_place": "Building 1, room 101",
            }
        )
        wards = self.department_a | self.department_b
        html = self._print(POSTER, self._poster(department_ids=[(6, 0, wards.ids)]))
        self.assertEqual(html.count("<svg"), 2)
        words = html2plaintext(html)
        for text in (
            self.company.name,
            *wards.mapped("name"),
            "010-55550000",
            "room 101",
            "We register it and give you a code",
            "Respond",
            "within 48 Hours",
        ):
            with self.subTest(text):
                self.assertIn(text, words)

    def test_the_hospital_has_one_sheet(self):
        html = self._print(POSTER, self._poster())
        self.assertEqual(html.count("<svg"), 1)

    def test_the_limits_follow_the_policies(self):
        policies = self.env["complaint.sla.policy"]
        policies.search([("clock_kind", "=", "response")]).write({"amount": 24})
        words = html2plaintext(self._print(POSTER, self._poster()))
        self.assertIn("within 24 Hours", words)

    def test_the_codes_of_the_posters_open_their_ward(self):
        cases = self.env["complaint.case"]
        for place in (self.department_a, self.department_b):
            with self.subTest(place.name):
                code = cases._place_code(place)
                self.assertEqual(cases._find_place(code), (self.company, place))

    def test_others_print_no_poster(self):
        poster = self._poster()
        for user in (self.ward_a, self.leader, self.plain):
            with self.subTest(user.login), self.assertRaises(AccessError):
                self._print(POSTER, poster, user)

    def test_the_slip_holds_the_code_while_it_is_known(self):
        case = self._case()
        code = case.action_issue_slip()["params"]["code"]
        html = self._print(SLIP, case, complaint_slip_code=code)
        self.assertIn(code, html)
        self.assertIn(case.name, html)
        for wrong in (None, "", "x", code[:-1], ["x"], 7):
            with self.subTest(wrong), self.assertRaises(UserError):
                self._print(SLIP, case, complaint_slip_code=wrong)
        digest = case.code_digest
        self.assertEqual(case.code_digest, digest)

    def test_the_slip_comes_as_a_file(self):
        case = self._case()
        code = case.action_issue_slip()["params"]["code"]
        reports = type(self.env["ir.actions.report"])
        made = []

        def render(report, name, ids, **kwargs):
            html = report._render_qweb_html(name, ids)[0]
            made.append(html.decode())
            return b"%PDF-", "pdf"

        self.patch(reports, "_render_qweb_pdf", render)
        self.assertEqual(base64.b64decode(case.print_slip(code)), b"%PDF-")
        self.assertIn(code, made[0])
        for wrong in ("", "x", None, 7, "\ud800", "x" * 1000):
            with self.subTest(ascii(wrong)[:9]), self.assertRaises(UserError):
                case.print_slip(wrong)
        for user in (self.leader, self.plain):
            with self.subTest(user.login), self.assertRaises(AccessError):
                case.with_user(user).print_slip(code)
