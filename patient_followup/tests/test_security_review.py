# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""What a caller of one ward may try to learn or to change of another one."""

from datetime import timedelta

from psycopg2 import IntegrityError

from odoo import fields
from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from .common import FollowupCase

SECRETS = ("Hidden Name", "Hidden diagnosis", "H999001", "Hidden outcome")


@tagged("post_install", "-at_install")
class TestForeignIds(FollowupCase):
    """Ids a client makes up give nothing away, in no form and dialog (I-3)."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.theirs = cls._patient(
            name="Hidden Name", mrn="H999001", phone="13800009999"
        )
        cls.their_stay = cls._encounter(
            cls.theirs,
            department_id=cls.department_b.id,
            discharge_diagnosis="Hidden diagnosis",
        )
        cls.their_task = cls._task(cls.their_stay)
        cls.their_task.outcome_note = "Hidden outcome"
        cls.mine = cls._patient()
        cls.my_stay = cls._encounter(cls.mine)
        cls.my_task = cls._task(cls.my_stay)

    def _assert_silent(self, call):
        """The call is refused, or its answer holds nothing of the patient."""
        try:
            answer = str(call())
        except AccessError:
            return
        for secret in (*SECRETS, "H***", "9999"):
            self.assertNotIn(secret, answer)

    def test_form_of_own_task_does_not_show_another_patient(self):
        """A forged patient in a form change is not looked up (I-3)."""
        spec = {
            "patient_id": {"fields": {"display_name": {}}},
            **{name: {} for name in ("patient_name", "patient_mrn", "stay_diagnosis")},
        }
        task = self.my_task.with_user(self.ward_a)
        self._assert_silent(
            lambda: task.onchange(
                {"patient_id": self.theirs.id, "encounter_id": self.their_stay.id},
                ["patient_id", "encounter_id"],
                spec,
            )
        )

    def test_lines_of_a_form_do_not_show_another_patient(self):
        patient = self.mine.with_user(self.ward_a)
        line = {"patient_id": self.theirs.id, "encounter_id": self.their_stay.id}
        spec = {"task_ids": {"fields": {"patient_name": {}, "stay_diagnosis": {}}}}
        self._assert_silent(
            lambda: patient.onchange({"task_ids": [[0, "v", line]]}, ["task_ids"], spec)
        )

    def test_dialogs_do_not_show_another_ward(self):
        """Every dialog refuses records its user may not read."""
        patient_id, task_id = self.theirs.id, self.their_task.id
        texts = ["outcome_note", "patient_id", "contact_id"]
        for model, vals, names in [
            ("log", {"task_id": task_id}, texts),
            ("close", {"task_id": task_id, "kind": "refused"}, ["task_id"]),
            ("snooze", {"task_id": task_id}, ["task_id", "date_deadline"]),
            ("flag", {"task_id": task_id, "text": "x"}, ["task_id"]),
            ("adhoc", {"patient_id": patient_id, "name": "x"}, ["patient_id"]),
        ]:
            dialog = self.env[f"followup.task.{model}"].with_user(self.ward_a)
            if model == "close":
                vals["reason_id"] = self.env["followup.reason"].search([], limit=1).id
            spec = {
                name: {"fields": {"display_name": {}}}
                if dialog._fields[name].type == "many2one"
                else {}
                for name in names
            }
            with self.subTest(model=model):
                self._assert_silent(
                    lambda d=dialog, v=vals, n=names: d.create(v).read(n)
                )
                self._assert_silent(
                    lambda d=dialog, v=vals, s=spec: d.onchange(dict(v), list(v), s)
                )
                forged = {f"default_{name}": value for name, value in vals.items()}
                self._assert_silent(
                    lambda d=dialog, s=spec, f=forged: d.with_context(**f).onchange(
                        {}, [], s
                    )
                )
                own = {
                    **vals,
                    **{
                        name: self.my_task.id if name == "task_id" else self.mine.id
                        for name in ("task_id", "patient_id")
                        if name in vals
                    },
                }
                mine = dialog.create(own)
                self._assert_silent(
                    lambda m=mine, v=vals, n=names: (m.write(v), m.read(n))
                )

    def test_what_is_typed_in_a_dialog_stays_with_whoever_typed_it(self):
        """Odoo keeps rows of dialogs for an hour, for all who may open one."""
        colleague = self._user("colleague", "ward_caller")
        self._join(colleague, self.department_a)
        dialogs = self.env["followup.task.flag"].with_user(self.ward_a)
        mine = dialogs.create({"task_id": self.my_task.id, "text": "Fell at home"})
        theirs = dialogs.with_user(colleague)
        self.assertTrue(self.my_task.with_user(colleague).has_access("read"))
        self.assertFalse(theirs.search([]))
        self.assertFalse(theirs.name_search(""))
        for call in (
            lambda: theirs.browse(mine.id).read(["text"]),
            lambda: theirs.browse(mine.id).write({"text": "x"}),
        ):
            with self.assertRaises(AccessError):
                call()
        self.assertEqual(mine.text, "Fell at home")


@tagged("post_install", "-at_install")
class TestForeignWrites(FollowupCase):
    """What a caller may change ends at his own patients."""

    def test_no_number_is_handed_to_a_patient_of_another_ward(self):
        stay = self._encounter(department_id=self.department_b.id)
        mine = self._encounter().patient_id
        contact = self.env["followup.patient.contact"].with_user(self.ward_a)
        contact = contact.create({"patient_id": mine.id, "phone": "13800000077"})
        with self.assertRaises(AccessError):
            contact.patient_id = stay.patient_id
            contact.flush_recordset()

    def test_nobody_lifts_a_ban_by_writing_its_result(self):
        """The ban follows from death, refusal and consent only (I-12)."""
        patient = self._encounter().patient_id.with_user(self.ward_a)
        patient.write({"do_not_contact": True, "do_not_contact_reason": "asked"})
        with self.assertRaises(UserError):
            patient.write({"contact_blocked": False})
        self.assertTrue(patient.contact_blocked)

    def test_nobody_writes_the_masked_name(self):
        patient = self._encounter().patient_id.with_user(self.ward_a)
        with self.assertRaises(UserError):
            patient.write({"name_masked": "Full Name"})

    def test_no_closed_task_of_the_dead_is_reopened(self):
        """Reopening gives no call to somebody who must not be called (I-12)."""
        task = self._task().with_user(self.ward_a)
        task.action_refuse("no")
        patient = task.patient_id
        patient.write({"deceased_date": fields.Date.today()})
        with self.assertRaises(UserError):
            task.action_reopen("again")

    def test_a_red_flag_survives_what_a_keyboard_sends(self):
        """X-2: no control character keeps a red flag from the doctor."""
        task = self._task().with_user(self.ward_a)
        self.assertEqual(task.action_red_flag("bleed\0ing").text, "bleeding")

    def test_extra_call_is_for_a_department_of_the_patient(self):
        mine = self._encounter()
        other = self._encounter()
        dialogs = self.env["followup.task.adhoc"].with_user(self.ward_a)
        for vals in (
            {"department_id": self.department_b.id},
            {"encounter_id": other.id},
        ):
            dialog = dialogs.create({"patient_id": mine.patient_id.id, "name": "x"})
            dialog.write(vals)
            with self.assertRaises(UserError):
                dialog.action_confirm()

    def test_head_arranges_no_deputy_for_people_of_other_wards(self):
        """New calls of ward B never go to the people of ward A."""
        day = fields.Date.today()
        vals = {
            "user_id": self.ward_b.id,
            "deputy_id": self.ward_a.id,
            "company_id": self.company.id,
            "department_ids": [(6, 0, self.department_a.ids)],
            "date_from": day - timedelta(days=1),
            "date_to": day + timedelta(days=1),
        }
        with self.assertRaises(AccessError):
            self.env["followup.delegation"].with_user(self.head_a).create(vals)


@tagged("post_install", "-at_install")
class TestNumbersAtRest(FollowupCase):
    """Numbers are not found out by guessing, and not left behind (I-3, Y-3)."""

    def test_guessing_a_number_by_search_is_stopped(self):
        """Ten thousand guesses are no search: the mask hides four digits."""
        patient = self._encounter(self._patient(phone="13812345678")).patient_id
        contacts = self.env["followup.patient.contact"].with_user(self.ward_a)
        guesses = [f"138{n:04}5678" for n in range(10000)]
        with self.assertRaises(UserError):
            contacts.search(
                [("id", "in", patient.contact_ids.ids), ("phone", "in", guesses)]
            )

    def test_guessing_through_a_related_field_is_stopped(self):
        """Related fields search with sudo, and count all the same."""
        task = self._task(self._encounter(self._patient(phone="13812345678")))
        tasks = self.env["followup.task"].with_user(self.ward_a)
        guesses = [f"138{n:04}5678" for n in range(200, 1300)]
        for path in ("contact_ids.phone", "patient_id.contact_ids.phone"):
            with self.subTest(path=path), self.assertRaises(UserError):
                tasks.search([("id", "=", task.id), (path, "in", guesses)])

    def test_searches_count_against_the_hourly_limit(self):
        self.company.followup_reveal_limit = 3
        contacts = self.env["followup.patient.contact"].with_user(self.ward_a)
        for n in range(3):
            contacts._search_protected("phone", f"1380000000{n}")
        with self.assertRaises(UserError):
            contacts._search_protected("phone", "13800000009")

    def test_the_dialog_forgets_the_number_it_searched(self):
        dialog = self.env["followup.task.find"].with_user(self.ward_a)
        dialog = dialog.create({"number": "13812340001"})
        dialog.action_find()
        self.assertNotIn("13812340001", str(dialog.number))

    def test_purged_list_keeps_no_corrections(self):
        """Corrections hold names and identity numbers of rows (Y-3)."""
        record = self.env["followup.import"].create({"company_id": self.company.id})
        line = (
            self.env["followup.import.line"]
            ._guarded()
            .create(
                {
                    "import_id": record.id,
                    "company_id": self.company.id,
                    "row": 2,
                    "corrections": {"id_number": "11010519491231002X"},
                }
            )
        )
        record._purge()
        self.assertFalse(line.corrections)

    def test_failing_statement_is_logged_without_its_values(self):
        """Two lists at once make statements fail; the log names no patient (I-3)."""
        self._patient(mrn="H999002")
        with (
            self.assertLogs("odoo.sql_db", "ERROR") as logs,
            self.assertRaises(IntegrityError),
            self.env.cr.savepoint(),
        ):
            self._patient(name="Hidden Name", mrn="H999002", address="It's hidden")
        text = "\n".join(logs.output)
        self.assertIn("INSERT INTO", text)
        self.assertIn("UniqueViolation followup_patient_mrn_uniq", text)
        for secret in ("Hidden", "hidden", "H999002"):
            self.assertNotIn(secret, text)

    def test_export_through_another_record_is_logged(self):
        """Y-2: the way to the patient does not matter."""
        task = self._task()
        urge = self.env["followup.urge"].create(
            {
                "company_id": self.company.id,
                "user_id": self.ward_a.id,
                "urged_by_id": self.head_a.id,
                "task_ids": [(6, 0, task.ids)],
                "task_count": 1,
            }
        )
        self.manager.group_ids += self.env.ref("base.group_allow_export")
        urge.with_user(self.manager).export_data(["task_ids/patient_id/name"])
        log = self.env["followup.access.log"].search([], limit=1)
        self.assertEqual((log.action, log.user_id), ("export", self.manager))


@tagged("post_install", "-at_install")
class TestStopped(FollowupCase):
    def test_stay_corrected_to_a_stopped_patient_leaves_him_no_call(self):
        """I-12: also where the list named the wrong person first."""
        stay = self._encounter()
        self._protocol([{}]).start_plan(stay)
        dead = self._patient(deceased_date=fields.Date.today())
        stay.with_user(self.manager).patient_id = dead
        self.assertEqual(stay.task_ids.patient_id, dead)
        self.assertEqual(set(stay.task_ids.mapped("state")), {"cancelled"})
        self.assertEqual(stay.plan_ids.mapped("state"), ["cancelled"])

    def test_corrected_discharge_brings_nothing_back_to_who_was_stopped(self):
        """I-12: what fell with the discharge stays down after a withdrawal."""
        stay = self._encounter()
        self._protocol([{}]).start_plan(stay)
        stay.with_user(self.manager).action_cancel_discharge()
        stay.patient_id.write(
            {"do_not_contact": True, "do_not_contact_reason": "asked"}
        )
        stay.with_user(self.manager).discharge_date = fields.Datetime.now()
        self.assertEqual(set(stay.task_ids.mapped("state")), {"cancelled"})
