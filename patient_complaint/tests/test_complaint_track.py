# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""The complainant's page by code (C-2, C-24, design section 7)."""

from datetime import timedelta

from odoo import fields
from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from .track_common import PNG, ComplaintTrackCase

SCRIPT = "<script>alert(1)</script>"


@tagged("post_install", "-at_install", "patient_complaint_http")
class TestComplaintTrack(ComplaintTrackCase):
    # ------------------------------------------------------------
    # WHAT IT SHOWS
    # ------------------------------------------------------------

    def test_the_code_shows_number_state_and_next_step(self):
        case, code = self._coded(complainant_name="Li Secret")
        page = self._open(code)
        self.assertEqual(page.status_code, 200)
        self.assertEqual(page.url.partition("?")[0][-21:], "/complaint/track/page")
        self.assertIn(case.name, page.text)
        self.assertIn("We have received it.", page.text)
        for secret in ("Li Secret", "Waited three hours", code):
            self.assertNotIn(secret, page.text)

    def test_every_state_has_words_for_the_complainant(self):
        case, _code = self._coded()
        for state in case._fields["state"].get_values(self.env):
            case.sudo()._guarded().write({"state": state})
            with self.subTest(state):
                self.assertTrue(case.sudo()._page_words()[0])

    def test_an_anonymous_case_shows_open_or_closed_and_messages(self):
        case, code = self._coded(anonymous=True)
        page = self._open(code)
        self.assertIn("It is being worked on.", page.text)
        self.assertNotIn(case.name, page.text)
        page = self._post("message", {"text": "One more thing"})
        self.assertIn("One more thing", page.text)
        self._post("rate", {"satisfaction": "1"})
        self._post("reopen", {"text": "x"})
        self.assertEqual(self._rows(case).mapped("kind"), ["message"])

    def test_the_page_speaks_the_language_that_was_chosen(self):
        for code in ("zh_CN", "zh_TW"):
            self.env["res.lang"]._activate_lang(code)
        _case, code = self._coded()
        self._open(code)
        page = self._get("/complaint/track/page?lang=zh_TW")
        self.assertIn('lang="zh-TW"', page.text)
        page = self._get("/complaint/track/page")
        self.assertIn('lang="zh-TW"', page.text)

    # ------------------------------------------------------------
    # WHAT HE DOES
    # ------------------------------------------------------------

    def test_messages_go_both_ways_and_script_stays_text(self):
        case, code = self._coded(owner_id=self.specialist.id)
        self._open(code)
        page = self._post("message", {"text": f"When? {SCRIPT}"})
        self.assertNotIn(SCRIPT, page.text)
        self.assertIn("&lt;script&gt;", page.text)
        row = self._rows(case)
        self.assertEqual((row.direction, row.body), ("in", f"When? {SCRIPT}"))
        self.assertEqual(case.unread_count, 1)
        activity = case.sudo().activity_ids
        self.assertEqual(activity.user_id, self.specialist)
        self.assertNotIn("When", activity.summary)
        self.env["complaint.message"].with_user(self.specialist).create(
            {"case_id": case.id, "body": "Tomorrow"}
        )
        self.assertFalse(self._rows(case).filtered(lambda r: not r.read_at)[:-1])
        self.assertFalse(case.sudo().activity_ids)
        self.assertIn("Tomorrow", self._get().text)

    def test_files_come_back_as_downloads_only(self):
        case, code = self._coded()
        self._open(code)
        files = [("files", ("../../a b<.png.html", PNG, "text/html"))]
        page = self._post("message", {"text": "See"}, files=files)
        [file] = self._rows(case).attachment_ids
        self.assertEqual((file.mimetype, file.name), ("image/png", "a b__png.png"))
        self.assertIn("a b__png.png", page.text)
        self.assertIn('name="file" value="0"', page.text)
        answer = self._post("file", {"file": "0"})
        self.assertEqual(answer.content, PNG)
        self.assertTrue(answer.headers["Content-Disposition"].startswith("attachment"))
        self.assertEqual(answer.headers["X-Content-Type-Options"], "nosniff")
        self.assertIn("sandbox", answer.headers["Content-Security-Policy"])
        self.assertEqual(self._post("file", {"file": "7"}).status_code, 404)
        self.assertEqual(self._post("file", {"file": "-1"}).status_code, 404)

    def test_what_a_browser_could_run_is_refused(self):
        case, code = self._coded()
        self._open(code)
        for content in (
            b"<html>",
            b"<svg onload=alert(1)>",
            b"MZ",
            b"PK\x03\x04",
            b"x",
        ):
            files = [("files", ("a.png", content, "image/png"))]
            with self.subTest(content):
                page = self._post("message", {"text": "x"}, files=files)
                self.assertEqual(page.status_code, 422)
        files = [("files", (f"{n}.png", PNG, "image/png")) for n in range(6)]
        self.assertEqual(self._post("message", {}, files=files).status_code, 422)
        self.assertFalse(self._rows(case))

    def test_ten_megabytes_are_taken_and_more_is_not(self):
        case, code = self._coded()
        self._open(code)
        size = 10 * 1024 * 1024
        ten = [("files", ("a.png", PNG.ljust(size, b"\0"), "image/png"))]
        self.assertEqual(self._post("message", {}, files=ten).status_code, 200)
        self.assertEqual(len(self._rows(case).attachment_ids), 1)
        more = [("files", ("a.png", PNG.ljust(size + 1, b"\0"), "image/png"))]
        self.assertEqual(self._post("message", {}, files=more).status_code, 422)
        self.assertEqual(len(self._rows(case)), 1)

    def test_he_rates_once_for_each_answer(self):
        case, code = self._answered()
        self._open(code)
        page = self._post(
            "rate", {"satisfaction": "4", "outcome": "accepted", "text": "Fine"}
        )
        self.assertNotIn("How satisfied are you", page.text)
        self.env.invalidate_all()
        self.assertEqual((case.satisfaction, case.outcome), ("4", "accepted"))
        again = self._post("rate", {"satisfaction": "1"})
        self.assertEqual(again.status_code, 422)
        self.assertEqual(case.satisfaction, "4")

    def test_nothing_unanswered_is_rated(self):
        case, code = self._coded()
        page = self._open(code)
        self.assertNotIn("How satisfied are you", page.text)
        for value in ("1", "9", "", "x"):
            self.assertEqual(
                self._post("rate", {"satisfaction": value}).status_code, 422
            )
        self.assertFalse(self._rows(case))

    def test_he_reopens_within_the_days_of_the_hospital_only(self):
        self.company.complaint_page_reopen_days = 10
        case, code = self._answered()
        case.action_close()
        self._open(code)
        page = self._post("reopen", {"text": "Nothing changed"})
        self.assertIn("It has been taken up again.", page.text)
        self.env.invalidate_all()
        self.assertEqual((case.state, case.reopen_count), ("triage", 1))
        notes = " ".join(case.sudo().message_ids.mapped("body"))
        self.assertNotIn("Nothing changed", notes)
        self._tell(case)
        case.action_close()
        closed = fields.Datetime.now() - timedelta(days=11)
        case.sudo()._guarded().write({"closed_at": closed})
        self.env.flush_all()
        self.assertEqual(self._get().status_code, 404)
        self.assertEqual(self._post("reopen", {"text": "x"}).status_code, 404)

    def test_leaving_forgets_who_it_was(self):
        _case, code = self._coded()
        self._open(code)
        self._post("leave")
        self.assertEqual(self._get().status_code, 404)

    # ------------------------------------------------------------
    # RATING LINK
    # ------------------------------------------------------------

    def _token(self, case):
        url = self.env["complaint.link"].with_user(self.specialist)._issue(case)
        return url.partition("#")[2]

    def test_a_rating_link_rates_once_and_opens_nothing_else(self):
        case, _code = self._answered()
        token = self._token(case)
        page = self._open(f"#{token}")
        self.assertIn("Your opinion", page.text)
        self.assertNotIn(case.name, page.text)
        self.assertEqual(self._post("message", {"text": "x"}).status_code, 404)
        page = self._post("rate", {"satisfaction": "5"})
        self.assertIn("Thank you", page.text)
        self.env.invalidate_all()
        self.assertEqual(case.satisfaction, "5")
        self.assertEqual(self._open(f"#{token}").status_code, 404)

    def test_a_new_link_ends_the_one_before_and_time_ends_both(self):
        case, _code = self._answered()
        first, second = self._token(case), self._token(case)
        self.assertEqual(self._open(first).status_code, 404)
        self.assertEqual(self._open(second).status_code, 200)
        links = self.env["complaint.link"].sudo().search([])
        links._guarded().write({"expires_at": fields.Datetime.now()})
        self.assertEqual(self._get().status_code, 404)
        self.assertEqual(self._open(second).status_code, 404)

    def test_a_case_without_answer_gets_no_link(self):
        with self.assertRaises(UserError):
            self._token(self._case())

    def test_the_mail_of_a_link_tells_nothing_of_the_case(self):
        case, _code = self._answered(
            complainant_name="Li Secret", complainant_email="li@example.com"
        )
        self.company.email = "office@example.com"
        sent = []
        self.patch(
            type(self.env["ir.mail_server"]),
            "send_email",
            lambda _self, mail, **_kwargs: sent.append(mail),
        )
        case.action_send_rating_link()
        [mail] = sent
        text = mail.get_payload(decode=True).decode()
        self.assertEqual(mail["To"], "li@example.com")
        self.assertIn("/complaint/track#", text)
        for secret in ("Li Secret", case.name, "Waited"):
            self.assertNotIn(secret, text + mail["Subject"])
        bodies = self.env["mail.message"].search([("res_id", "=", case.id)])
        self.assertNotIn("track#", "".join(bodies.mapped("body")))

    # ------------------------------------------------------------
    # ROWS
    # ------------------------------------------------------------

    def test_nobody_edits_forges_or_deletes_a_message(self):
        case, code = self._coded()
        self._open(code)
        self._post("message", {"text": "Mine"})
        row = self._rows(case).with_user(self.officer)
        forged = self.env["complaint.message"].with_user(self.specialist)
        with self.assertRaises(AccessError):
            row.write({"body": "Other"})
        with self.assertRaises(AccessError):
            row.sudo().write({"body": "Other"})
        with self.assertRaises(UserError):
            row.sudo()._guarded().write({"body": "Other"})
        with self.assertRaises(AccessError):
            row.unlink()
        for vals in ({"direction": "in"}, {"kind": "rating"}, {"satisfaction": "5"}):
            with self.subTest(vals), self.assertRaises(AccessError):
                forged.create({"case_id": case.id, "body": "x", **vals})
        made = forged.with_context(default_direction="in").create(
            {"case_id": case.id, "body": "x"}
        )
        self.assertEqual((made.direction, made.by_id), ("out", self.specialist))

    def test_an_anonymised_message_loses_words_and_files(self):
        case, code = self._coded()
        self._open(code)
        files = [("files", ("a.png", PNG, "image/png"))]
        self._post("message", {"text": "Mine"}, files=files)
        row = self._rows(case)
        self.assertEqual(row._check_seal(), "intact")
        row._erase_rows()
        self.env.invalidate_all()
        self.assertFalse(row.body or row.attachment_ids)
        self.assertEqual(row._check_seal(), "anonymised")

    def test_only_own_files_are_sent_to_the_complainant(self):
        case = self._case()
        foreign = self.env["ir.attachment"].create({"name": "a.txt", "raw": b"x"})
        with self.assertRaises(AccessError):
            self.env["complaint.message"].with_user(self.specialist).create(
                {"case_id": case.id, "body": "x", "attachment_ids": [(4, foreign.id)]}
            )
