# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Live summaries, counts and links tell of no single patient (I-11, Y-10)."""

from datetime import date
from unittest.mock import patch

from werkzeug.exceptions import Forbidden

from odoo.exceptions import AccessError, UserError
from odoo.tests import HttpCase, freeze_time, tagged

from odoo.addons.patient_followup.models import followup_throttle

from .hospital_common import REPORT_DAY, SmallHospitalCase

SUMMARIES = {
    "followup.report.task.summary": "base_count",
    "followup.report.complaint.summary": "case_count",
    "followup.report.concern.summary": "concern_count",
}


@tagged("post_install", "-at_install")
class TestReportPrivate(SmallHospitalCase):
    def _fill(self, month, count=5, ward=None):
        """Put follow-ups, complaints and opinions of a ward (A) into a month."""
        ward = ward or self.department_a
        for day in range(1, count + 1):
            day = f"{month}-{day:02}"
            stay = self._stay(day, ward)
            self._due(stay, day)
            self._raised(stay, "praise", day)
            case = self.env["complaint.case"].create(
                {"description": "x", "department_id": ward.id}
            )
            self._write(case, received_at=self._moment(day), kind="complaint")
        self.env.flush_all()

    def _months(self, name, day):
        rows = self.env[name].with_user(self.leader).with_company(self.company)
        with freeze_time(day):
            found = rows.search([("department_id", "=", self.department_a.id)])
            return {row.month: row[SUMMARIES[name]] for row in found}

    def test_the_running_month_is_in_no_summary_of_leaders(self):
        """Two looks at a running month would tell of the patient in between."""
        self._fill("2026-05")
        may = date(2026, 5, 1)
        for name in SUMMARIES:
            for today, shown in (
                ("2026-05-30 15:59:00", None),
                ("2026-05-31 16:01", 5),
            ):
                with self.subTest(name=name, today=today):
                    self.assertEqual(self._months(name, today).get(may), shown)

    def test_the_total_of_a_report_less_a_summary_tells_of_no_small_ward(self):
        """Ward B has three: nine of ward A beside a total of twelve told so."""
        self._fill("2026-05", 9)
        self._fill("2026-05", 3, self.department_b)
        ward_c = self.env["hr.department"].create(
            {"name": "Ward C", "company_id": self.company.id}
        )
        self._fill("2026-05", 11, ward_c)
        may = date(2026, 5, 1)
        for name in SUMMARIES:
            rows = self.env[name].with_user(self.leader).with_company(self.company)
            with self.subTest(name=name), freeze_time("2026-06-05"):
                found = rows.search([("month", "=", may)])
                self.assertEqual(found.department_id, ward_c)
                self.assertEqual(found[SUMMARIES[name]], 11)

    def test_the_id_of_a_summary_is_of_no_row_and_stays(self):
        self._fill("2026-05")
        for name in SUMMARIES:
            rows = self.env[name].with_user(self.leader).with_company(self.company)
            with self.subTest(name=name), freeze_time("2026-07-01"):
                found = rows.search([])
                self.assertTrue(found)
                self.assertEqual(len(set(found.ids)), len(found))
                self.assertFalse(set(found.ids) & set(self._row_ids(name)))
                found.invalidate_recordset()
                again = rows.browse(found.ids).read([SUMMARIES[name], "month"])
                self.assertEqual([row["id"] for row in again], found.ids)
                groups = rows.formatted_read_group(
                    [], ["month:month"], [f"{SUMMARIES[name]}:sum", "__count"]
                )
                for group in groups:
                    inside = rows.search(group["__extra_domain"])
                    self.assertEqual(len(inside), group["__count"])

    def _row_ids(self, name):
        table = {"task": "followup.task", "concern": "followup.concern"}
        return self.env[table.get(name.split(".")[2], "complaint.case")].search([]).ids

    def test_verification_calls_are_no_calls_of_wallboard_and_digest(self):
        """As the key figure of attempts says."""
        check = self._due(self._stay("2026-03-20"), "2026-03-24")
        self._write(check, kind="verification")
        before = self._calls()
        self._attempt(check, "reached", "2026-03-22")
        self.assertEqual(self._calls(), before)
        task = self._due(self._stay("2026-03-20"), "2026-03-24")
        self._attempt(task, "reached", "2026-03-22")
        self.assertEqual(self._calls(), [count + 1 for count in before])

    def _calls(self):
        self.env.flush_all()
        self.env.invalidate_all()
        name = "kpi_followup_attempts"
        digest = self.env["digest.digest"].create(
            {"name": "Figures", "company_id": self.company.id, name: True}
        )
        bounds = self._moment("2026-03-01"), self._moment("2026-03-31")
        context = {"start_datetime": bounds[0], "end_datetime": bounds[1]}
        digest = digest.with_user(self.manager).with_company(self.company)
        board = self.env["followup.report.wallboard"].with_user(self.manager)
        with freeze_time(self._moment("2026-03-22", 18)):
            tiles = board.with_company(self.company).with_context(lang="en_US")
            today = {label: count for label, count, _mark in tiles._get_tiles()}
            value = digest.sudo(False).with_context(**context)[f"{name}_value"]
        return [today["Calls today"], value]

    def test_a_department_of_another_hospital_is_refused(self):
        """I-13: in reports asked for, targets, suggestions."""
        other = self.env["hr.department"].create(
            {"name": "Far", "company_id": self.other_company.id}
        )
        kpi = self.env["followup.kpi"].search([], limit=1)
        rows = {
            "followup.report.produce": {"code": "bulletin", "day": "2026-03-01"},
            "followup.report.suggestion": {"wording": "x", "raised_day": "2026-03-01"},
            "followup.target": {
                "kpi_id": kpi.id,
                "value": 1,
                "company_id": self.company.id,
            },
        }
        for name, vals in rows.items():
            model = self.env[name].with_user(self.manager).with_company(self.company)
            model.create({**vals, "department_id": self.department_a.id})
            with self.subTest(name=name), self.assertRaises(UserError):
                model.create({**vals, "department_id": other.id})
        with self.assertRaises(UserError):
            self._produce(department=other)
        with self.assertRaises(UserError):
            jobs = self.env["followup.report.job"].with_user(self.manager)
            jobs.with_company(self.company)._ask(
                "bulletin", "month", date(2026, 3, 1), "discharge", other
            )

    # ------------------------------------------------------------
    # SHARED DASHBOARDS
    # ------------------------------------------------------------

    def _board(self, data="{}"):
        group = self.env["spreadsheet.dashboard.group"].create({"name": "Others"})
        return self.env["spreadsheet.dashboard"].create(
            {
                "name": "Other",
                "dashboard_group_id": group.id,
                "group_ids": [(4, self.env.ref("base.group_user").id)],
                "spreadsheet_data": data,
            }
        )

    def test_a_link_is_never_turned_to_our_figures(self):
        """Y-10: neither by writing the share nor by moving the dashboard."""
        ours = self.env.ref("followup_reports.spreadsheet_dashboard_followup")
        shares = self.env["spreadsheet.dashboard.share"].with_user(self.manager)
        share = shares.create({"dashboard_id": self._board().id})
        share._check_dashboard_access(share.access_token)
        with self.assertRaises(AccessError), self.env.cr.savepoint():
            share.write({"dashboard_id": ours.id})
        with self.assertRaises(AccessError), self.env.cr.savepoint():
            share.write({"spreadsheet_data": ours.spreadsheet_data})
        share.sudo().dashboard_id.dashboard_group_id = ours.dashboard_group_id
        with self.assertRaises(Forbidden):
            share._check_dashboard_access(share.access_token)

    def test_a_copy_of_our_dashboard_is_not_shared_either(self):
        ours = self.env.ref("followup_reports.spreadsheet_dashboard_followup")
        sheet = ours.spreadsheet_data
        shares = self.env["spreadsheet.dashboard.share"].with_user(self.manager)
        # the same JSON with our name written in escaped characters
        for data in (sheet, sheet.replace('"followup', '"\\u0066ollowup')):
            copy = self._board(data)
            with self.assertRaises(AccessError):
                shares.create({"dashboard_id": copy.id})


@tagged("post_install", "-at_install", "followup_reports_http")
class TestReportPrivatePages(SmallHospitalCase, HttpCase):
    def test_the_public_page_is_throttled_as_its_sisters(self):
        with patch.dict(followup_throttle.LIMITS, {"visit": (2, 5)}):
            answers = [self.url_open("/followup/published") for _number in range(3)]
        self.assertEqual([row.status_code for row in answers], [200, 200, 429])
        self.assertEqual(answers[-1].headers["Retry-After"], "600")

    def test_a_list_asks_for_the_right_to_export_a_report_is_logged(self):
        """A workbook of a frozen report is its paper in another form."""
        run = self._produce()
        self.manager.group_ids -= self.env.ref("base.group_allow_export")
        self.authenticate("manager", "managerx")
        answer = self.url_open("/followup/list/follow-ups/xlsx")
        self.assertEqual(answer.status_code, 404)
        answer = self.url_open(f"/followup/report/{run.id}/xlsx")
        self.assertEqual(answer.status_code, 200)
        logged = self.env["followup.access.log"].search(
            [("action", "=", "export"), ("res_model", "=", run._name)]
        )
        self.assertEqual((logged.user_id, logged.count), (self.manager, 1))


@tagged("post_install", "-at_install")
class TestLedgerSecondPerson(SmallHospitalCase):
    def test_who_proposed_a_reward_decides_nothing_about_it(self):
        """W-2: one user with both roles, and a leader who only reckoned it again."""
        both = self._user("both", "leader")
        both.group_ids |= self.env.ref("patient_followup.followup_group_centre_manager")
        ledger = self.env["followup.ledger"].with_user(both).with_company(self.company)
        with freeze_time(REPORT_DAY):
            rows = ledger._propose_month(date(2026, 3, 1))
            # reckoned again by somebody else: the first one stays its proposer
            ledger.with_user(self.manager)._propose_month(date(2026, 3, 1))
        row = rows.filtered(lambda row: row.department_id == self.department_a)[:1]
        self.assertEqual(row.sudo().proposed_by_ids, both | self.manager)
        # entries of before this list know who created them
        self._write(row.sudo(), proposed_by_ids=[(5,)])
        for step in (row.action_approve, row.action_reject):
            with self.assertRaises(UserError):
                step("As reckoned")
        row.with_user(self.leader).action_approve("As reckoned")
        self._write(row.sudo(), state="appealed", kind="penalty")
        for user in (both, self.leader):
            with self.subTest(user=user.login), self.assertRaises(AccessError):
                row.with_user(user).action_decide_appeal("dropped", "So it was")
        third = self._user("third", "leader")
        row.with_user(third).action_decide_appeal("dropped", "So it was")
        self.assertEqual(row.state, "dropped")
