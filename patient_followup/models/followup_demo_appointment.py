# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Clinic hours, appointments and home visits of the demo hospital."""

from datetime import timedelta

from odoo import api, fields, models

WEEK = ("on_monday", "on_tuesday", "on_wednesday", "on_thursday", "on_friday")
# name, kind, from, to, minutes, capacity, place, what to mind
HOURS = (
    (
        "心内科复查门诊",
        "clinic",
        8.0,
        11.5,
        30,
        2,
        "门诊楼3层12诊室",
        "请空腹，带上药盒。",
    ),
    ("心内科电话咨询", "phone", 14.0, 16.0, 20, 1, "", ""),
    ("动态心电图", "exam", 9.0, 11.0, 30, 1, "医技楼2层", "请穿宽松上衣。"),
)
WISHES = (
    "想约陈主任复查，最好上午。",
    "想问问药量要不要调。",
    "家远，希望一次做完检查。",
    "周末方便。",
    "想复查心电图。",
)
AREAS = ("城东", "城东", "城西", "城西")
ADDRESSES = (
    "示范路8号2单元301",
    "示范路21号1单元502",
    "样例街15号",
    "样例街99号3单元101",
)
VITALS = {"systolic": 138, "diastolic": 82, "pulse": 76, "temperature": 36.5}


class FollowupDemo(models.AbstractModel):
    _inherit = "followup.demo"

    @api.model
    def _fill(self, random):
        result = super()._fill(random)
        company = self._ref("company_main")
        house = self.with_company(company)
        patients = house._patients_to_book()
        house._clinic_hours()
        house._demo_appointments(patients[:12])
        house._demo_visits(patients[12:])
        return result

    def _patients_to_book(self):
        """Return patients of cardiology who may be contacted."""
        return self.env["followup.patient"].search(
            [
                ("company_id", "=", self._ref("company_main").id),
                ("department_ids", "in", self._ref("department_cardiology").ids),
                ("contact_blocked", "=", False),
            ],
            order="id",
            limit=12 + len(ADDRESSES),
        )

    def _clinic_hours(self):
        doctor = self._ref("user_doctor")
        templates = self.env["followup.slot.template"]
        for name, kind, start, end, minutes, capacity, place, mind in HOURS:
            templates |= templates.create(
                {
                    "name": name,
                    "kind": kind,
                    "company_id": self._ref("company_main").id,
                    "department_id": self._ref("department_cardiology").id,
                    "user_id": doctor.id if kind != "exam" else False,
                    "hour_from": start,
                    "hour_to": end,
                    "minutes": minutes,
                    "capacity": capacity,
                    "place": place,
                    "instructions": mind,
                    **dict.fromkeys(WEEK, True),
                }
            )
        return templates

    # ------------------------------------------------------------
    # APPOINTMENTS
    # ------------------------------------------------------------

    def _demo_appointments(self, patients):
        """Every state once or twice, as the ward's nurse sees them."""
        rows = self.env["followup.appointment"]
        for number, patient in enumerate(patients):
            row = rows._request(
                patient,
                "phone" if number == 1 else "exam" if number == 4 else "clinic",
                WISHES[number % len(WISHES)],
                origin="patient" if number % 3 == 0 else "staff",
                department_id=self._ref("department_cardiology").id,
            )
            rows |= self._as(row, "user_nurse")
        for row in rows[2:4]:
            row.action_offer(self._free_slot(row))
        for row in rows[4:9]:
            row.action_book(self._free_slot(row))
        rows[9:10].action_waitlist()
        rows[10:11].action_refuse("该检查本院暂未开展")
        rows[11:12].action_cancel("患者已在外院复查")
        for row, step in zip(
            rows[6:9], ("action_done", "action_no_show", None), strict=False
        ):
            self._turn_back(row)
            if step:
                getattr(row, step)()

    def _free_slot(self, row):
        return self.env["followup.slot"].search(
            [
                ("kind", "=", row.kind),
                ("department_id", "=", self._ref("department_cardiology").id),
                ("state", "=", "open"),
                ("is_full", "=", False),
                ("starts_at", ">", fields.Datetime.now() + timedelta(hours=20)),
            ],
            limit=1,
        )

    def _turn_back(self, row):
        """The demo tells of yesterday too."""
        calendar = self.env["followup.clock"]._for_company(row.company_id)
        day = calendar.add_workdays(calendar.local_date(fields.Datetime.now()), -1)
        start = calendar.to_utc(day, 10.0)
        times = {"starts_at": start, "ends_at": start + timedelta(minutes=30)}
        # sudo: the demo tells of days that are over
        row.sudo()._guarded().write(times)

    # ------------------------------------------------------------
    # HOME VISITS
    # ------------------------------------------------------------

    def _demo_visits(self, patients):
        """Two on today's route, one planned, one done."""
        today = self.env["followup.clock"]._today(self._ref("company_main"))
        calendar = self.env["followup.clock"]._for_company(self._ref("company_main"))
        days = (0, 0, 2, -1)
        team = self._ref("user_nurse") + self._ref("user_doctor")
        for number, patient in enumerate(patients):
            self._agree_to_visits(patient, number)
            start = calendar.to_utc(today + timedelta(days=days[number]), 9.0 + number)
            visit = self.env["followup.home.visit"].create(
                {
                    "patient_id": patient.id,
                    "starts_at": start,
                    "user_ids": [(6, 0, team.ids)],
                    "lead_id": self._ref("user_nurse").id,
                    "department_id": self._ref("department_cardiology").id,
                    "area": AREAS[number],
                    "sequence": number + 1,
                }
            )
            if days[number] < 0:
                self._finish_visit(self._as(visit, "user_nurse"))

    def _agree_to_visits(self, patient, number):
        patient.address = patient.address or ADDRESSES[number]
        self.env["followup.consent"].create(
            {
                "patient_id": patient.id,
                "scope": "home_visit",
                "evidence": "出院时签署，存病历",
            }
        )

    def _finish_visit(self, visit):
        for name, value in VITALS.items():
            sign = self.env.ref(f"patient_followup.followup_vital_sign_{name}")
            visit.vital_ids.filtered(
                lambda row, s=sign: row.sign_id.id == s.id
            ).value = value
        visit.action_pack_all()
        visit.write(
            {
                "examination": "一般情况好，双下肢无水肿，伤口愈合。",
                "adherence": "full",
                "living_situation": "与女儿同住，有电梯，卫生间已装扶手。",
                "advice": "低盐饮食，每日测血压并记录，两周后门诊复查。",
            }
        )
        visit.action_done()
