# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from datetime import timedelta

from odoo import fields, models

# question, answer, hours ago, hours from then to the promised time
QUESTIONS = (
    ("术后多久可以洗澡？伤口还有一点痒。", None, 2, 24),
    (
        "降压药漏服了一次，需要补服吗？",
        "想起时若离下次服药不足六小时则不补，下次照常。",
        5,
        8,
    ),
    ("能不能坐飞机去外地看孩子？", "出院满两周、无胸闷可以乘坐，随身带药。", 30, 24),
    ("复查心电图要空腹吗？", None, 27, 24),
)
FEEDBACK = (
    ("opinion", "出院结账排队一个多小时，希望多开窗口。", None),
    ("suggestion", "建议病房走廊增加扶手。", "总务科已安排，下月安装。"),
    ("praise", "责任护士每天耐心讲解用药，全家都很感谢。", None),
)


class FollowupDemo(models.AbstractModel):
    _inherit = "followup.demo"

    def _exceptions(self, random):
        """Add what patients ask and say, duties and reviews to the demo's morning."""
        result = super()._exceptions(random)
        tasks = self._tasks_of_a_nurse()
        self._on_call_list()
        self._questions(tasks)
        self._feedback(tasks)
        self._hand_over()
        self._reviews()
        return result

    def _tasks_of_a_nurse(self):
        return self.env["followup.task"].search(
            [
                ("department_id", "=", self._ref("department_cardiology").id),
                ("level", "=", "1"),
                ("state", "in", ("planned", "ready")),
                ("patient_id.contact_blocked", "=", False),
            ],
            order="date_due, id",
            limit=len(QUESTIONS) + len(FEEDBACK),
        )

    def _as(self, record, user):
        """Return the record as somebody sees it: a name of the demo or a user."""
        user = self._ref(user) if isinstance(user, str) else user
        return record.with_user(user).with_context(
            mail_notify_force_send=False, lang=self.env.lang
        )

    def _answer(self, concern, answer):
        # sudo: whom it reached, read for the demo only
        receiver = concern.sudo().alerted_user_ids[:1]
        self._as(concern, receiver).action_answer(answer)

    def _on_call_list(self):
        """Nights and weekends of the coming fortnight, one duty a day."""
        now = fields.Datetime.now()
        users = ("user_doctor", "user_head")
        self.env["followup.oncall"].create(
            [
                {
                    "company_id": self._ref("company_main").id,
                    "department_id": self._ref("department_cardiology").id,
                    "user_id": self._ref(users[day % 2]).id,
                    "date_from": now + timedelta(days=day - 1),
                    "date_to": now + timedelta(days=day),
                    "duty_phone": "8120" if day % 2 else False,
                    "phone": f"1370000{day:04d}",
                }
                for day in range(14)
            ]
        )

    def _questions(self, tasks):
        """One open, one answered and to be told, one told, one broken promise."""
        now = fields.Datetime.now()
        for task, (text, answer, ago, promise) in zip(tasks, QUESTIONS, strict=False):
            raised = now - timedelta(hours=ago)
            concern = self._as(task, "user_nurse").action_ask(text)
            # sudo: the demo tells of days that are over
            concern.sudo()._guarded().write(
                {
                    "raised_at": raised,
                    "promised_at": raised + timedelta(hours=promise),
                    "deadline": raised + timedelta(hours=24),
                }
            )
            concern._refresh_ladder()
            if answer:
                self._answer(concern, answer)
        told = self.env["followup.concern"].search(
            [("telling_task_id", "!=", False), ("promised_at", "<", now)]
        )
        for concern in told:
            self._tell(concern)

    def _tell(self, concern):
        """Ring the patient a while ago, before the promised time."""
        call = concern.telling_task_id
        call = self._as(call, call.user_id or "user_nurse")
        at = concern.promised_at - timedelta(hours=1)
        concern._guarded().answered_at = at - timedelta(hours=3)
        call._guarded().write({"date_earliest": at - timedelta(hours=2)})
        call.log_attempt("reached", started_at=at, ended_at=at + timedelta(minutes=3))
        call.action_complete("已转告医生意见，患者表示明白。")

    def _feedback(self, tasks):
        for task, (kind, text, answer) in zip(
            tasks[len(QUESTIONS) :], FEEDBACK, strict=False
        ):
            concern = self._as(task, "user_nurse").action_opinion(kind, text)
            if answer:
                self._answer(concern, answer)

    def _hand_over(self):
        """The red flag was also told by word."""
        concern = self.env["followup.concern"].search(
            [("kind", "=", "red_flag"), ("state", "=", "new")], limit=1
        )
        self._as(concern, concern.raised_by_id).action_hand_over(
            user_id=self._ref("user_doctor").id, note="请患者立即来急诊，医生已知。"
        )

    def _reviews(self):
        """The doctor has seen some results and agreed one measure."""
        self.env.flush_all()
        results = self.env["followup.review.inbox"].search(
            [("doctor_user_id", "=", self._ref("user_doctor").id)], limit=6
        )
        results = self._as(results, "user_doctor")
        results[:1].action_reviewed("一周后复测血压，必要时调整用药。")
        results[1:4].action_reviewed()
