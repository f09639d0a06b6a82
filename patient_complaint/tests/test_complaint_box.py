# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import Form, tagged

from .common import ComplaintCommon


@tagged("post_install", "-at_install")
class TestComplaintBox(ComplaintCommon):
    """A box is opened with a witness; every sheet becomes a case (C-4)."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.box = cls.env["complaint.box"].create(
            {
                "name": "Entrance of building 2",
                "company_id": cls.company.id,
                "department_id": cls.department_a.id,
            }
        )
        employee = cls.env["hr.employee"].create(
            {"name": "Witness", "company_id": cls.company.id}
        )
        cls.env.flush_all()
        cls.witness = cls.env["hr.employee.public"].browse(employee.id)
        cls.rounds = (
            cls.env["complaint.box.round"]
            .with_user(cls.specialist)
            .with_company(cls.company)
        )

    def _round(self, count=2, **vals):
        return self.rounds.create(
            {
                "box_id": self.box.id,
                "witness_id": self.witness.id,
                "sheet_count": count,
                **vals,
            }
        )

    def _sheet(self, row, **vals):
        context = row.action_register_sheet()["context"]
        cases = self.env["complaint.case"].with_user(self.specialist)
        form = Form(cases.with_company(self.company).with_context(**context))
        form.description = "The soup is cold"
        for name, value in vals.items():
            setattr(form, name, value)
        return form.save()

    def test_every_sheet_becomes_a_case_and_then_the_round_closes(self):
        row = self._round(2)
        first = self._sheet(row)
        self.assertTrue(first.anonymous)
        self.assertEqual(first.channel_id.code, "box")
        self.assertEqual(first.department_id, self.department_a)
        self.assertEqual(first.kind, "suggestion")
        with self.assertRaisesRegex(UserError, "2 sheets were found, 1"):
            row.action_close()
        self._sheet(row)
        row.action_close()
        self.assertEqual(row.state, "closed")
        self.assertTrue(row.closed_at)

    def test_a_sheet_with_a_name_is_not_anonymous(self):
        row = self._round(1)
        case = self._sheet(row, anonymous=False, complainant_name="Wang")
        self.assertEqual(case.complainant_name, "Wang")

    def test_no_more_sheets_than_were_counted(self):
        row = self._round(1)
        self._sheet(row)
        with self.assertRaisesRegex(UserError, "registered already"):
            row.action_register_sheet()
        with self.assertRaisesRegex(UserError, "registered already"):
            self._case(box_round_id=row.id)

    def test_an_empty_box_is_a_round_too(self):
        row = self._round(0)
        row.action_close()
        self.assertEqual(row.state, "closed")

    def test_who_opens_the_box_is_not_the_witness(self):
        self.witness.sudo().employee_id.user_id = self.specialist
        self.env.flush_all()
        self.env.invalidate_all()
        with self.assertRaisesRegex(ValidationError, "does not witness"):
            self._round()
        with self.assertRaises(ValidationError):
            self._round(opened_at="2999-01-01", opened_by_id=self.officer.id)

    def test_a_closed_round_stays_as_it_is(self):
        row = self._round(0)
        row.action_close()
        with self.assertRaises(UserError):
            row.sheet_count = 3
        with self.assertRaises(UserError):
            row.unlink()
        with self.assertRaises(UserError):
            self._case(box_round_id=row.id)
        with self.assertRaises(UserError):
            row.write({"state": "open"})
        with self.assertRaises(AccessError):
            self._round().sudo().write({"state": "closed"})

    def test_a_sheet_stays_with_its_box(self):
        row, other = self._round(1), self._round(1)
        case = self._sheet(row)
        with self.assertRaises(UserError):
            case.box_round_id = other
        with self.assertRaises(UserError):
            case.box_round_id = False

    def test_others_open_no_box(self):
        for user in (self.ward_a, self.leader, self.investigator, self.plain):
            with self.subTest(user.login), self.assertRaises(AccessError):
                self._round().with_user(user).read(["sheet_count"])
