# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Documents that staff print and file: sheets, registers, dossiers (F-, R-)."""

import io
import unicodedata
from unittest.mock import patch

from odoo.exceptions import AccessError, UserError
from odoo.tests import freeze_time, tagged
from odoo.tools.pdf import PdfFileReader

from ..report import followup_register
from .document_common import MORNING, PHONE, FollowupDocumentCase

SCRIPT = "<script>alert('x')</script><b>bold</b>"
# report: which records of the case it prints
BY_RECORD = {
    "record_sheet": "call",
    "record_half": "call",
    "task_register": "call",
    "discharge_register": "stay",
    "dossier": "patient",
    "leaflet": "stay",
    "leaflet_link": "stay",
}


@tagged("post_install", "-at_install")
@freeze_time(MORNING)
class TestFollowupDocuments(FollowupDocumentCase):
    # ------------------------------------------------------------
    # WHAT STANDS ON THEM
    # ------------------------------------------------------------

    def test_record_sheet_holds_the_fields_of_the_policies(self):
        """F-1 to F-5, F-10: patient, stay, caller, measurements, number, result."""
        words = self._words("record_sheet", self.call)
        for expected in (
            "Follow-up Record of a Discharged Patient",
            "张三丰",
            "Male",
            "69 y",
            "Bridge Works",
            "Lake Road 5",
            "Fractured hip",
            "Hip nailing",
            "Doctor Lin",
            "User ward_a",
            "37.5 ℃",
            "Blood Pressure, Upper",
            "Sleeps badly",
            "No Answer",
            "Reached",
            "Take the tablets after meals",
            "Recovers well",
            "Caller (signature):",
            "Printed on 2026-03-05 10:00",
        ):
            with self.subTest(expected=expected):
                self.assertIn(expected, words)

    def test_numbers_on_paper_are_masked(self):
        """I-3: paper lies about."""
        for name, record in BY_RECORD.items():
            html = self._print(name, getattr(self, record), self.manager)
            with self.subTest(report=name):
                self.assertNotIn(PHONE, html)
                self.assertNotIn("tel:", html)
        self.assertIn("138****1234", self._print("record_sheet", self.call))

    def test_corrections_and_seal_stand_below_the_record(self):
        """R-4: the paper can be compared with the record."""
        self.env["followup.amendment"].with_user(self.ward_a).create(
            {"task_id": self.call.id, "text": "It was 37.8", "reason": "Misheard"}
        )
        words = self._words("record_sheet", self.call)
        digest = self.call.sudo().followup_seal_digest
        self.assertIn("It was 37.8 (Reason: Misheard", words)
        self.assertIn(f"{digest[:4]}-{digest[4:8]}", words)

    def test_an_open_follow_up_says_that_it_is_open(self):
        words = self._words("record_sheet", self._task(self.stay))
        self.assertIn("This record is not closed yet.", words)
        self.assertIn("No call has been made.", words)

    def test_a_call_entered_late_is_marked(self):
        task = self._task(self._encounter(discharge_date="2026-03-01 02:00:00"))
        call = task.with_user(self.ward_a)
        call.log_attempt("no_answer", started_at="2026-03-02 03:00:00")
        self.assertTrue(task.attempt_ids.is_late_entry)
        self.assertIn("(entered late)", self._words("record_sheet", task))

    def test_half_sheets_share_a_page(self):
        other = self._made_call(self.stay, origin_key="test:half")
        html = self._print("record_half", self.call | other)
        self.assertEqual(html.count("fu_same_page fu_half"), 2)
        self.assertEqual(html.count('class="article"'), 1)

    def test_dossier_holds_stays_plans_calls_and_concerns(self):
        """R-1: the archive of one patient."""
        self.protocol.start_plan(self.stay)
        self.env["followup.concern"].with_user(self.ward_a).create(
            {"patient_id": self.patient.id, "kind": "question", "text": "May I bathe?"}
        )
        words = self._words("dossier", self.patient)
        for expected in (
            "Follow-up Dossier of the Patient",
            self.stay.number,
            self.protocol.name,
            "Recovers well",
            "May I bathe?",
            "Stays: 1",
        ):
            self.assertIn(expected, words)

    def test_dossier_shows_each_reader_what_he_may_read(self):
        """Level 2 calls are not the ward's."""
        self._task(self.stay, level="2", name="Second level call")
        ward = self._words("dossier", self.patient, self.ward_a)
        manager = self._words("dossier", self.patient, self.manager)
        self.assertNotIn("Second level call", ward)
        self.assertIn("Second level call", manager)

    def test_an_empty_dossier_says_so(self):
        words = self._words("dossier", self._patient(), self.manager)
        self.assertIn("No stay that you may see.", words)
        self.assertIn("Nobody has tried to reach the patient yet.", words)

    def test_opinion_sheet_has_no_diagnosis(self):
        """F-7: the sheet goes to departments that do not treat."""
        opinion = self._task(self.stay).with_user(self.ward_a)
        opinion = opinion.action_opinion("suggestion", "More chairs, please")
        words = self._words("opinion_sheet", opinion)
        self.assertIn("More chairs, please", words)
        self.assertIn("Suggestion", words)
        self.assertNotIn("Fractured hip", words)

    def test_a_red_flag_is_no_opinion(self):
        flag = self._task(self.stay).with_user(self.ward_a).action_red_flag("Fever")
        with self.assertRaisesRegex(UserError, "record sheet"):
            self._print("opinion_sheet", flag)

    # ------------------------------------------------------------
    # REGISTERS
    # ------------------------------------------------------------

    def _choice(self, user=None, **vals):
        vals = {"date_from": "2026-03-01", "date_to": "2026-03-31", **vals}
        choices = self.env["followup.register"].with_user(user or self.ward_a)
        return choices.with_context(lang="en_US").create(vals)

    def test_register_of_a_period_says_what_was_chosen(self):
        """R-3, with the filters above the lines."""
        choice = self._choice(department_ids=self.department_a.ids, state="made")
        words = self._words("register", choice)
        self.assertIn("Period : 2026-03-01 – 2026-03-31", words)
        self.assertIn("Department : Ward A", words)
        self.assertIn("State : Made", words)
        self.assertIn("Recovers well", words)
        self.assertIn("Lines: 1 ; Done : 1", words)

    def test_register_of_discharges_tells_the_follow_up(self):
        words = self._words("register", self._choice(kind="discharges"))
        self.assertIn("Register of Discharged Patients", words)
        self.assertIn(self.stay.number, words)
        self.assertIn("1 of 1 made", words)

    def test_a_register_reads_no_more_than_it_can_print(self):
        """A year of a whole hospital would fill the memory of the server."""
        self._task(self.stay, due_day="2026-03-09")
        choice = self._choice()
        searched = []
        search = type(self.call).search

        def spy(records, domain, *args, **kwargs):
            searched.append(kwargs.get("limit"))
            return search(records, domain, *args, **kwargs)

        with (
            patch.object(followup_register, "MAX_LINES", 1),
            patch.object(type(self.call), "search", spy),
            self.assertRaisesRegex(UserError, "These are 3 lines"),
        ):
            self._words("register", choice)
        self.assertEqual(searched, [2])

    def test_register_holds_what_the_reader_may_read(self):
        words = self._words("register", self._choice(self.ward_b), self.ward_b)
        self.assertIn("Nothing in this period.", words)
        self.assertNotIn("张三丰", words)

    def test_register_of_another_user_is_not_printed(self):
        with self.assertRaises(AccessError):
            self._print("register", self._choice(self.ward_a), self.manager)

    @freeze_time("2026-04-02 02:00:00")
    def test_sheets_of_the_month_before_are_proposed(self):
        """R-5: handed in once a month."""
        choice = self.env["followup.register"].with_user(self.ward_a).create({})
        days = str(choice.date_from), str(choice.date_to)
        self.assertEqual(days, ("2026-03-01", "2026-03-31"))
        choice.kind = "sheets"
        action = choice.action_print()
        self.assertEqual(action["context"]["active_ids"], self.call.ids)
        choice.write({"date_from": "2026-01-01", "date_to": "2026-01-31"})
        with self.assertRaisesRegex(UserError, "No follow-up was made"):
            choice.action_print()

    # ------------------------------------------------------------
    # WHO MAY PRINT, AND THE LOG
    # ------------------------------------------------------------

    def test_who_may_not_read_a_record_may_not_print_it(self):
        """Section 7: no clinical detail for other wards and roles."""
        strangers = (self.ward_b, self.leader, self.auditor, self.administrator)
        for user in (*strangers, self.plain):
            for name, record in BY_RECORD.items():
                with self.subTest(user=user.login, report=name):
                    with self.assertRaises(AccessError):
                        self._print(name, getattr(self, record), user)

    def test_one_record_of_another_ward_refuses_the_whole_batch(self):
        foreign = self._task(department_id=self.department_b.id)
        with self.assertRaises(AccessError):
            self._print("record_sheet", self.call | foreign)

    def test_a_report_limited_to_other_roles_is_refused_by_its_address(self):
        """The menu hides it; the address must not help."""
        report = self.env.ref("patient_followup.followup_dossier_report")
        report.group_ids = self.env.ref("patient_followup.followup_group_inspector")
        with self.assertRaisesRegex(AccessError, "Your role"):
            self._print("dossier", self.patient)
        self.assertTrue(self._print("dossier", self.patient, self.inspector))

    def test_every_printing_is_logged(self):
        """Y-2: who printed what; a dossier counts as an export."""
        self._print("record_sheet", self.call)
        self._print("dossier", self.patient, self.inspector)
        self.assertEqual(
            self._logged(self.call),
            [("print", self.ward_a, "Follow-up Record Sheet")],
        )
        self.assertIn(
            ("export", self.inspector, "Patient Dossier"), self._logged(self.patient)
        )

    def test_a_register_is_one_row_with_its_length(self):
        self._made_call(self.stay, origin_key="test:second")
        self._print("register", self._choice(state="made"))
        log = self.env["followup.access.log"].search([], limit=1)
        self.assertEqual((log.action, log.res_model), ("print", "followup.task"))
        self.assertEqual((log.count, log.reason), (2, "Register of a Period"))

    def test_file_names_carry_no_patient(self):
        reports = self.env["ir.actions.report"].search(
            [("report_name", "=like", "patient_followup.%")]
        )
        self.assertGreater(len(reports), 8)
        self.assertEqual(set(reports.mapped("print_report_name")), {False})
        self.assertEqual(set(reports.mapped("attachment")), {False})

    # ------------------------------------------------------------
    # HOSTILE TEXT
    # ------------------------------------------------------------

    def test_texts_are_printed_never_run(self):
        """Section 9: HTML and script in every text."""
        self.patient.write({"name": SCRIPT, "address": SCRIPT, "employer": SCRIPT})
        self.stay.write({"discharge_diagnosis": SCRIPT, "attending_name": SCRIPT})
        task = self._task(self.stay, name=SCRIPT).with_user(self.ward_a)
        task.write({"outcome_note": SCRIPT, "advice_note": SCRIPT})
        task.action_opinion("opinion", SCRIPT)
        for name, record in {**BY_RECORD, "opinion_sheet": "opinion"}.items():
            records = task.concern_ids if record == "opinion" else getattr(self, record)
            if record == "call":
                records = task
            html = self._print(name, records, self.manager)
            with self.subTest(report=name):
                self.assertNotIn("<script>alert", html)
                self.assertNotIn("<b>bold", html)
                self.assertIn("&lt;script&gt;alert", html)

    def test_an_address_writes_nothing_on_the_paper(self):
        """What comes with the address of a report is not printed."""
        data = dict.fromkeys(
            ("subtitle", "lead", "company", "form_number", "printed_by"), "Forged"
        )
        html, _kind = self._reports()._render_qweb_html(
            "patient_followup.followup_record_sheet", self.call.ids, data=data
        )
        self.assertNotIn(b"Forged", html)

    # ------------------------------------------------------------
    # PDF AND SPEED
    # ------------------------------------------------------------

    def _pages(self, content):
        pages = PdfFileReader(io.BytesIO(content)).pages
        texts = [unicodedata.normalize("NFKC", page.extract_text()) for page in pages]
        return ["".join(text.split()) for text in texts]

    def test_record_sheet_is_one_page_of_readable_chinese(self):
        """Without style sheets of a server, as an article of its own."""
        pages = self._pages(self._pdf("record_sheet", self.call))
        self.assertEqual(len(pages), 1)
        self.assertIn("张三丰", pages[0])
        self.assertIn("Fracturedhip", pages[0])

    def test_a_batch_is_one_article_with_a_page_each(self):
        """An unpatched wkhtmltopdf prints one article only."""
        tasks = self._tasks([{"name": f"Call {n}"} for n in range(3)], self.stay)
        self.assertEqual(self._print("record_sheet", tasks).count('"article"'), 1)
        pages = self._pages(self._pdf("record_sheet", tasks))
        self.assertEqual([f"Call{n}" in pages[n] for n in range(3)], [True] * 3)
        self.assertEqual(len(pages), 3)

    def test_register_prints_across_pages(self):
        tasks = self._tasks([{"name": f"Call {n}"} for n in range(60)], self.stay)
        pages = self._pages(self._pdf("task_register", tasks))
        self.assertGreater(len(pages), 1)
        self.assertIn("Lines:60", pages[-1])

    def _queries(self, name, records):
        """Return how many queries printing takes with nothing in memory."""
        self._print(name, records, self.manager)
        self.env.flush_all()
        self.env.invalidate_all()
        before = self.env.cr.sql_log_count
        self._print(name, records, self.manager)
        self.env.flush_all()
        return self.env.cr.sql_log_count - before

    def test_a_batch_costs_as_many_queries_as_one_sheet(self):
        """200 sheets at the end of a month: a constant number of queries."""
        stays = [self._encounter() for _number in range(12)]
        tasks = self.env["followup.task"].union(*map(self._made_call, stays))
        for name in ("record_sheet", "task_register"):
            few = self._queries(name, tasks[:2])
            many = self._queries(name, tasks)
            with self.subTest(report=name):
                self.assertLessEqual(many, few + 2)
        few = self._queries("dossier", tasks[:2].patient_id)
        self.assertLessEqual(self._queries("dossier", tasks.patient_id), few + 2)
        few = self._queries("leaflet", tasks[:2].encounter_id)
        self.assertLessEqual(self._queries("leaflet", tasks.encounter_id), few + 2)
