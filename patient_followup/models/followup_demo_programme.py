# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Programmes of the demo hospital: a year of values, goals and lectures."""

from datetime import timedelta

from odoo import fields, models

YEAR = 362
# programme, ward, nurse, how many; the first ones show the other states
ENROLLED = (
    ("diabetes", "endocrinology", "user_nurse", 6),
    ("elderly", "cardiology", "user_nurse", 4),
    ("chronic", "cardiology", "user_nurse", 3),
)
# {metric: (at first, a year later, deviation)}
COURSES = {
    "systolic": (166, 134, 4),
    "diastolic": (98, 82, 3),
    "heart_rate": (84, 72, 3),
    "glucose_fasting": (10.8, 6.8, 0.5),
    "glucose_meal": (14.6, 9.2, 0.8),
    "weight": (78, 72.5, 0.6),
}
# metric, at least, at most, days from today
GOALS = {
    "diabetes": (
        ("glucose_fasting", 4.4, 7.0, 60),
        ("weight", 0, 72, 90),
        ("systolic", 0, 130, -20),
    ),
    "elderly": (("systolic", 110, 140, 60), ("adherence", 100, 0, 90)),
    "chronic": (("systolic", 0, 140, 90),),
}
IN_WORDS = ("每天步行三十分钟", "陪孙子逛公园", "戒烟")
LECTURES = (
    ("高血压患者的饮食与运动", "lecture", -21, "held"),
    ("家庭血压测量方法", "training", 9, "planned"),
    ("老年人心理健康", "counselling", 16, "cancelled"),
)


class FollowupDemo(models.AbstractModel):
    _inherit = "followup.demo"

    def _fill(self, random):
        result = super()._fill(random)
        for code, ward, nurse, count in ENROLLED:
            rows = self._demo_enrol(code, ward, nurse, count)
            self._demo_course(random, rows)
            self._demo_goals(rows, code)
            self._demo_ends(rows, code)
        self._demo_lectures()
        return result

    def _demo_enrol(self, code, ward, nurse, count):
        """Enrol patients of a ward who may be called, a year ago."""
        department = self._ref(f"department_{ward}")
        programme = self.env.ref(f"patient_followup.followup_programme_{code}")
        patients = self.env["followup.patient"].search(
            [
                ("department_ids", "in", department.ids),
                ("contact_blocked", "=", False),
                ("enrolment_ids", "=", False),
            ],
            order="birthdate, id",
            limit=count,
        )
        today = self.env["followup.clock"]._today(department.company_id)
        vals = {
            "department_id": department.id,
            "nurse_id": self._ref(nurse).id,
            "doctor_id": self._ref("user_doctor").id,
            "enrolled_on": today - timedelta(days=YEAR),
            "consent_given": True,
            "consent_note": "入组知情同意书，门诊档案",
        }
        return programme._enrol(patients, vals)[0]

    def _demo_course(self, random, enrolments):
        """Let a year of calls find values that get better and better."""
        now = fields.Datetime.now()
        attempts = []
        for enrolment in enrolments:
            tasks = enrolment.plan_ids.task_ids.filtered(
                lambda task: task.date_due < now - timedelta(days=1)
            )
            for task in tasks.sorted("date_due"):
                share = 1 - (now - task.date_due).days / YEAR
                course = {
                    metric: round(
                        random.gauss(start + (end - start) * share, spread), 1
                    )
                    for metric, (start, end, spread) in COURSES.items()
                }
                demo = self.with_context(followup_demo_course=course)
                attempts += demo._play_task(random, task.with_env(demo.env), "done")
        self.env["followup.attempt"]._guarded().create(attempts)

    def _choose_answers(self, random, questions, at):
        """Measured values follow the course of the patient, where he has one."""
        values = super()._choose_answers(random, questions, at)
        course = self.env.context.get("followup_demo_course") or {}
        for question in questions:
            if question["type"] == "numerical_box" and question["metric"] in course:
                value = course[question["metric"]]
                values[question["id"]] = value if value < 20 else round(value)
        return values

    def _demo_goals(self, enrolments, code):
        """What each patient wants to reach; every state is there once."""
        rows = []
        for index, enrolment in enumerate(enrolments):
            common = {
                "patient_id": enrolment.patient_id.id,
                "enrolment_id": enrolment.id,
            }
            start = enrolment.enrolled_on
            rows += [
                {
                    **common,
                    "metric": metric,
                    "target_low": low,
                    "target_high": high,
                    "start_date": start,
                    "due_date": start + timedelta(days=YEAR + days),
                }
                for metric, low, high, days in GOALS[code]
            ]
            words = IN_WORDS[index % len(IN_WORDS)]
            rows.append({**common, "name": words, "start_date": start})
        goals = self.env["followup.goal"].create(rows)
        in_words = goals.filtered(lambda goal: not goal.metric)
        in_words[:1].action_achieve()
        in_words[1:2]._guarded().write({"state": "proposed"})

    def _demo_ends(self, enrolments, code):
        """One pause and one farewell, so that nobody thinks all stay for ever."""
        if code == "diabetes":
            enrolments[1].action_pause("出国探亲两个月")
            enrolments[2].action_leave("患者迁居外地")
        if code == "chronic":
            enrolments[0].action_complete("血压稳定，转社区管理")

    # ------------------------------------------------------------
    # GROUP EVENTS
    # ------------------------------------------------------------

    def _demo_lectures(self):
        department = self._ref("department_cardiology")
        programme = self.env.ref("patient_followup.followup_programme_elderly")
        calendar = self.env["followup.clock"]._for_company(department.company_id)
        today = self.env["followup.clock"]._today(department.company_id)
        for name, kind, days, state in LECTURES:
            start = calendar.to_utc(today + timedelta(days=days), 14.5)
            event = self.env["followup.group.event"].create(
                {
                    "name": name,
                    "kind": kind,
                    "company_id": department.company_id.id,
                    "department_id": department.id,
                    "programme_id": programme.id,
                    "date_start": start,
                    "date_end": start + timedelta(hours=1.5),
                    "place": "门诊楼三楼示教室",
                    "speaker": "健康教育护士长",
                    "capacity": 30,
                }
            )
            event.action_invite_programme()
            self._demo_attendance(event, state)

    def _demo_attendance(self, event, state):
        if state == "held":
            for row in event.attendance_ids[:-1]:
                row.action_attended()
            event.action_hold()
        elif state == "cancelled":
            event.action_cancel()
