# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from datetime import timedelta
from random import Random

from odoo import api, fields, models

from ..demo import hospital

PATIENTS = 305
# first stays are of the last days, second ones of those before
RECENT = 75
DAYS = 150
ANSWERED = ("reached", "reached_relative", "refused")


class FollowupDemo(models.AbstractModel):
    """Fills the demo hospital: stays come in by the same door as real ones.

    Called by the demo data only; the numbers are seeded, so that every demo
    looks alike, and all dates are relative to today.
    """

    _name = "followup.demo"
    _description = "Demo Hospital"

    @api.model
    def _generate(self):
        """Make patients, stays, plans, tasks and a history of calls."""
        self._translate_names()
        chinese = "zh_CN" in self._installed_languages()
        (self._use_chinese() if chinese else self)._fill(Random(20260101))

    def _fill(self, random):
        self._activate_protocols()
        people = self._people(random)
        for company, rows in self._stay_rows(random, people).items():
            self._import_stays(company, rows)
        self._play_history(random)
        self._exceptions(random)

    # ------------------------------------------------------------
    # ORGANISATION
    # ------------------------------------------------------------

    def _ref(self, name):
        return self.env.ref(f"patient_followup.demo_{name}")

    def _companies(self):
        return self._ref("company_main") + self._ref("company_east")

    def _translate_names(self):
        """Names before tasks take theirs: translations load after the demo."""
        self._speak()
        protocol = self._ref("protocol_surgery")
        for record, names in zip(
            [protocol, *protocol.step_ids], hospital.SURGERY_NAMES, strict=True
        ):
            self._translate(record, names)

    def _translate(self, record, names):
        by_language = dict(zip(("zh_CN", "zh_TW"), names, strict=True))
        record.update_field_translations(
            "name", {code: by_language[code] for code in self._installed_languages()}
        )

    def _use_chinese(self):
        self.env["res.users"].search([("login", "=like", "%@demo")]).lang = "zh_CN"
        return self.with_context(lang="zh_CN")

    def _activate_protocols(self):
        """Switch on some of the library, each for the ward it is meant for."""
        wards = {
            "obstetrics": "obstetrics",
            "neurosurgery": "neurosurgery",
            "chronic_quarterly": "endocrinology",
            "tumour_3w": "oncology",
            "two_level": "cardiology",
            "first_year": "general_surgery",
            "demo_surgery": "east_orthopaedics",
        }
        for code, ward in wards.items():
            protocol = self.env["followup.protocol"].search(
                [("code", "=", code), ("state", "=", "draft")], limit=1
            )
            protocol.department_ids = self._ref(f"department_{ward}")
            protocol.action_activate()
        # the demo's history starts before its installation
        self._companies().followup_backfill_days = DAYS + 10

    # ------------------------------------------------------------
    # PEOPLE AND STAYS
    # ------------------------------------------------------------

    def _people(self, random):
        """Return invented persons by ward, as upsert rows without a stay."""
        today = fields.Date.today()
        total = sum(ward.stays for ward in hospital.WARDS)
        people, serial = {}, 0
        for ward in hospital.WARDS:
            share = round(PATIENTS * ward.stays / total)
            people[ward.key] = []
            for _index in range(share):
                serial += 1
                sex = ward.sex or random.choice(("male", "female"))
                age = random.randint(*ward.ages)
                surname = random.choice(hospital.SURNAMES)
                people[ward.key].append(
                    {
                        "mrn": f"B{100000 + serial}",
                        "patient_name": surname + random.choice(hospital.GIVEN[sex]),
                        "sex": sex,
                        "birthdate": str(
                            today - timedelta(days=age * 365 + random.randint(0, 360))
                        ),
                        "address": f"{random.choice(hospital.STREETS)}"
                        f"{random.randint(1, 300)}号",
                        "employer": random.choice(hospital.EMPLOYERS),
                        "occupation": random.choice(hospital.OCCUPATIONS),
                        "contacts": self._contacts(random, serial, surname),
                    }
                )
        return people

    def _contacts(self, random, serial, surname):
        contacts = [
            {"relation": "self", "phone": f"1380000{serial:04d}", "is_primary": True}
        ]
        if random.random() < 0.6:
            contacts.append(
                {
                    "relation": random.choice(("spouse", "child", "parent")),
                    "name": surname + random.choice("明华芳军丽亮"),
                    "phone": f"1390000{serial:04d}",
                }
            )
        return contacts

    def _stay_rows(self, random, people):
        """Return the discharge list of the last days by company."""
        rows, serial = {}, 0
        for ward in hospital.WARDS:
            department = self._ref(f"department_{ward.key}")
            persons = people[ward.key]
            for index in range(ward.stays):
                serial += 1
                person = persons[index % len(persons)]
                row = self._stay_row(random, ward, person, index // len(persons))
                row["number"] = f"ZY{202600000 + serial}"
                row["department"] = department.name
                rows.setdefault(department.company_id, []).append(row)
        for company_rows in rows.values():
            company_rows.sort(key=lambda row: row["discharge_date"])
        return rows

    def _stay_row(self, random, ward, person, turn):
        """Return one stay; the second stay of a person lies before the first."""
        first, last = (1, RECENT) if not turn else (RECENT + 1, DAYS)
        ago = random.randint(first, last)
        length = random.randint(*ward.days)
        discharge = fields.Date.today() - timedelta(days=ago)
        admission = discharge - timedelta(days=length)
        code, diagnosis, operation = random.choice(ward.cases)
        row = {
            **person,
            "source": "demo",
            "encounter_class": ward.encounter_class,
            "attending": random.choice(ward.doctors),
            "admission_date": f"{admission} 09:30:00",
            "discharge_date": f"{discharge} {random.randint(9, 16):02d}:30:00",
            "outpatient_diagnosis": diagnosis,
            "admission_diagnosis": diagnosis,
            "discharge_diagnosis": diagnosis,
            "diagnosis_code": code,
            "treatment_result": random.choice(hospital.RESULTS),
            "disposition": "home",
        }
        if ward.encounter_class == "outpatient":
            row["clinic_room"] = f"{random.randint(1, 8)}诊室"
        # one operation in twelve has no date: its plan waits in a list (I-7)
        if operation:
            row["procedure_name"] = operation
        if operation and random.random() > 0.08:
            day = admission + timedelta(days=min(2, length))
            row["procedure_date"] = f"{day} 10:00:00"
        return row

    def _import_stays(self, company, rows):
        manager = self._ref("user_manager")
        Encounter = self.env["followup.encounter"].with_user(manager)
        result = Encounter.with_company(company).upsert(rows)
        ids = [record_id for record_id in result["ids"] if record_id]
        self.env["followup.encounter"].browse(ids).generate_plans()

    # ------------------------------------------------------------
    # HISTORY OF CALLS
    # ------------------------------------------------------------

    def _play_history(self, random):
        """Give every task whose day has passed an outcome with its attempts."""
        now = fields.Datetime.now()
        tasks = self.env["followup.task"].search(
            [("date_due", "<", now), ("state", "in", ("planned", "ready"))],
            order="date_due, id",
        )
        attempts = []
        for task in tasks:
            attempts += self._play_task(random, task, self._outcome(random, task))
        self.env["followup.attempt"]._guarded().create(attempts)

    def _play_task(self, random, task, outcome):
        """Close one task and return the values of its attempts."""
        caller = self._caller(random, task)
        contact = task.patient_id.contact_ids[:1]
        day = self._call_day(random, task)
        calls = self._calls(random, task, outcome)
        attempts, at = [], None
        for result, hour in calls:
            at = self._moment(task, day, hour)
            if at >= fields.Datetime.now():
                return attempts
            attempts.append(self._attempt(random, task, caller, contact, at, result))
        self._close(random, task, outcome, caller, at or task.date_due, len(calls))
        return attempts

    def _attempt(self, random, task, caller, contact, at, result):
        seconds = random.randint(*((60, 420) if result in ANSWERED else (15, 40)))
        return {
            "task_id": task.id,
            "company_id": task.company_id.id,
            "department_id": task.department_id.id,
            "patient_id": task.patient_id.id,
            "level": task.level,
            "direction": "out",
            "method": "phone",
            "contact_id": contact.id,
            "band_id": self._band(task, at).id,
            "started_at": at,
            "ended_at": at + timedelta(seconds=seconds),
            "duration": seconds,
            "entered_at": at + timedelta(seconds=seconds + 20),
            "result": result,
            "user_id": caller.id,
        }

    def _band(self, task, at):
        calendar = self.env["followup.clock"]._for_company(task.company_id)
        hour = calendar.to_local(at).hour
        return self.env["followup.time.band"].search(
            [("hour_from", "<=", hour), ("hour_to", ">", hour)], limit=1
        )

    def _close(self, random, task, outcome, caller, at, tries):
        values = {"attempt_count": tries}
        if outcome != "open":
            values.update(state=outcome, closed_at=at, closed_by_id=caller.id)
        if outcome == "unreachable":
            values.update(closed_at=False, closed_by_id=False)
        if outcome == "done":
            values.update(
                outcome_note=random.choice(hospital.NOTES),
                reached_at=at,
                completed_at=at,
                completed_day=at,
                completed_by_id=caller.id,
            )
        if outcome in ("refused", "cancelled"):
            domain = [("kind", "=", outcome)]
            reason = self.env["followup.reason"].search(domain, limit=1)
            values.update(reason_id=reason.id, closing_reason=reason.name)
        task._guarded().write(values)

    def _caller(self, random, task):
        if task.user_id:
            return task.user_id
        if task.level == "2":
            return self._ref(random.choice(("user_centre", "user_centre_two")))
        members = self.env["followup.team.member"].search(
            [("department_id", "=", task.department_id.id)]
        )
        return random.choice(members.user_id or self._ref("user_manager"))

    # ------------------------------------------------------------
    # WHAT ALSO HAPPENS
    # ------------------------------------------------------------

    def _exceptions(self, random):
        """What a charge nurse sees on any morning besides planned calls."""
        self._wrong_numbers(random)
        self._exclusions()
        self._running_calls(random)
        self._red_flag()

    def _wrong_numbers(self, random):
        """Numbers somebody answered are right; eight others proved wrong."""
        answered = self.env["followup.attempt"].search([("result", "in", ANSWERED)])
        answered.contact_id.action_mark_valid()
        manager = self._ref("user_manager")
        contacts = self.env["followup.patient.contact"].with_user(manager)
        contacts = contacts.search([("validity", "=", "unknown")])
        contacts.browse(random.sample(contacts.ids, 8)).action_mark_wrong()

    def _exclusions(self):
        """Two stays the ward wants left out, one of them confirmed (E-6)."""
        head = self._ref("user_head")
        stays = self.env["followup.encounter"].search(
            [("department_id", "=", self._ref("department_cardiology").id)], limit=2
        )
        reason = self.env["followup.exclusion.reason"].search([], limit=1)
        stays.with_user(head).action_propose_exclusion(reason.id)
        stays[:1].with_user(self._ref("user_manager")).action_confirm_exclusion()

    def _running_calls(self, random):
        """Calls in progress, promised call-backs, calls any of the team may take."""
        now = fields.Datetime.now()
        for user, department in (
            ("user_nurse", "cardiology"),
            ("user_nurse_obstetrics", "obstetrics"),
            ("user_head_neurosurgery", "neurosurgery"),
        ):
            tasks = self.env["followup.task"].search(
                [
                    ("department_id", "=", self._ref(f"department_{department}").id),
                    ("state", "in", ("planned", "ready")),
                    ("level", "=", "1"),
                ],
                order="date_due",
                limit=16,
            )
            tasks[:1]._guarded().write(
                {
                    "state": "in_progress",
                    "claimed_by_id": self._ref(user).id,
                    "claimed_until": now + timedelta(minutes=25),
                }
            )
            clock = self.env["followup.clock"]._for_company(self._ref("company_main"))
            tomorrow = clock.local_date(now + timedelta(days=1))
            back = clock.to_utc(tomorrow, random.choice(hospital.CALL_HOURS))
            tasks[1:3]._guarded().write(
                {"state": "waiting", "callback_at": back, "next_at": back}
            )
            tasks[4::2]._guarded().write({"user_id": False})

    def _red_flag(self):
        domain = [
            ("department_id", "=", self._ref("department_cardiology").id),
            ("state", "=", "in_progress"),
        ]
        task = self.env["followup.task"].search(domain, limit=1)
        task.with_user(task.claimed_by_id).with_context(
            mail_notify_force_send=False
        ).action_red_flag("患者诉胸闷气促，夜间不能平卧。", "condition")
