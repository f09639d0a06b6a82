# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from datetime import timedelta

from odoo import api, fields, models

from ..demo import cases as told
from ..demo.moments import at

# way of a case: [(share of its age, what is done then)]
TRIAGE = (0.15, "triage")
FULL = (TRIAGE, (0.2, "investigate"), (0.3, "plan"))
DECIDED = (*FULL, (0.5, "resolve"), (0.52, "submit"), (0.65, "approve"))
TO_THE_END = (
    (0.03, "triage"),
    (0.05, "investigate"),
    (0.08, "plan"),
    (0.1, "record"),
    (0.15, "resolve"),
    (0.16, "submit"),
    (0.2, "approve"),
    (0.25, "answer"),
    (0.27, "order"),
    (0.28, "rectify"),
    (0.5, "do"),
    (0.6, "check"),
    (0.62, "close"),
    (0.9, "ring"),
)
QUICK = (TRIAGE, (0.4, "answer"))
RIGHT = (*QUICK, (0.45, "order"), (0.46, "rectify"))
WAYS = {
    "received": (),
    "triage": (TRIAGE,),
    "investigate": FULL[:2],
    "plan": FULL,
    # within three days of receipt, as a complaint by phone is answered in three
    "freeze": (*FULL, (0.5, "dispute"), (0.52, "freeze")),
    "extend": (*FULL, (0.7, "extend")),
    "late": FULL[:2],
    "resolve": (*FULL, (0.6, "resolve")),
    "submit": (*FULL, (0.6, "resolve"), (0.62, "submit")),
    "submit_paid": (*FULL, (0.6, "resolve_paid"), (0.62, "submit")),
    "approved": DECIDED,
    "answer": QUICK,
    "answer_full": (*DECIDED, (0.8, "answer")),
    "refused": (*DECIDED, (0.8, "refuse"), (0.85, "dispute")),
    "rectify": RIGHT,
    "check": (*RIGHT, (0.8, "do")),
    "close": (*QUICK, (0.6, "close")),
    # the many of each month: told the answer within a day or two, then closed
    "told": ((0.02, "triage"), (0.05, "judge"), (0.08, "answer"), (0.2, "close")),
    "close_right": (*RIGHT, (0.6, "do"), (0.8, "check"), (0.82, "close")),
    "close_full": TO_THE_END,
    "revisit": (*QUICK, (0.45, "close"), (0.8, "ring")),
    "revisit_bad": (*QUICK, (0.45, "close"), (0.8, "ring_bad")),
    "reopen": (*QUICK, (0.5, "close"), (0.8, "reopen")),
    "withdraw": (TRIAGE, (0.3, "withdraw")),
    "not_accept": ((0.3, "not_accept"),),
}
# cases received so many days ago or earlier took so many days
LONG_AGO, TOOK = 36, 12
SURNAMES = "王李张刘陈杨赵黄周吴徐孙胡朱高林何郭马罗"


class ComplaintDemo(models.AbstractModel):
    """Fills the demo hospital with cases over all states, relative to today.

    Called by the demo data only. Each step is taken by the office's own methods at
    the moment it would have been taken. Other files add what hangs on the cases.
    """

    _name = "complaint.demo"
    _description = "Demo Cases"

    @api.model
    def _generate(self):
        """Register the cases as the demo's office did, and play what followed."""
        chinese = "zh_CN" in dict(self.env["res.lang"].get_installed())
        demo = self.with_context(lang="zh_CN") if chinese else self
        demo._fill_offices()
        cases = demo._receive(told.ROWS)
        for case, row in zip(cases, told.ROWS, strict=True):
            demo._play(case, row)
        demo._add(cases)

    def _fill_offices(self):
        """Say who holds the offices; files of single concerns extend it."""

    def _add(self, cases):
        """Add what hangs on the cases; files of single concerns extend it."""

    # ------------------------------------------------------------
    # PEOPLE
    # ------------------------------------------------------------

    def _as(self, user, model):
        """Return a model or records as a person of the demo sees them."""
        model = self.env[model] if isinstance(model, str) else model
        return model.with_user(user).with_context(
            lang=self.env.lang,
            allowed_company_ids=self._company().ids,
            mail_notify_force_send=False,
            tracking_disable=True,
        )

    def _company(self):
        return self.env.ref("patient_followup.demo_company_main")

    def _user(self, name):
        ours = ("officer", "specialist", "investigator")
        addon = "complaint" if name in ours else "followup"
        return self.env.ref(f"patient_{addon}.demo_user_{name}")

    # ------------------------------------------------------------
    # INTAKE
    # ------------------------------------------------------------

    def _receive(self, rows):
        """Return the cases of these rows, each received at its moment."""
        office = self._as(self._user("specialist"), "complaint.case")
        stays = self._stays()
        now = fields.Datetime.now()
        # clocks start at the moment of receipt; all in one call
        return office.create([self._prepare(row, now, stays) for row in rows])

    def _stays(self):
        """Return {department key: stays of its patients}, those discharged last."""
        keys = {row.department for row in told.ROWS}
        # who is on the phone with the ward cannot be rung by the centre
        busy = self.env["followup.task"].search([("state", "=", "in_progress")])
        stays = {}
        for key in keys:
            stays[key] = list(
                self.env["followup.encounter"].search(
                    [
                        ("department_id", "=", self._department(key).id),
                        ("patient_id.contact_blocked", "=", False),
                        ("patient_id", "not in", busy.patient_id.ids),
                    ],
                    order="discharge_date desc, id",
                    limit=len(told.ROWS),
                )
            )
        return stays

    def _department(self, key):
        return self.env.ref(f"patient_followup.demo_department_{key}")

    def _prepare(self, row, now, stays):
        number = int(row.person)
        department = self._department(row.department)
        category = self.env.ref(f"patient_complaint.complaint_category_{row.category}")
        channel = self.env.ref(f"patient_complaint.complaint_channel_{row.channel}")
        received = now - timedelta(days=row.ago)
        issue = {
            "category_id": category.id,
            "department_id": department.id,
            "harm": row.harm,
        }
        return {
            "description": row.text,
            "kind": row.kind,
            "channel_id": channel.id,
            "received_at": received,
            "incident_date": received.date() - timedelta(days=1 + number % 3),
            "department_id": department.id,
            "safety_risk": row.harm == "severe",
            "issue_ids": [(0, 0, issue)],
            **self._prepare_person(number, stays[row.department], row.end),
            **self._prepare_external(channel, number, received),
        }

    def _prepare_person(self, number, stays, end):
        """A patient or a relative; nobody is known of number 0."""
        if not number:
            return {"anonymous": True}
        vals = {
            "complainant_name": SURNAMES[number % len(SURNAMES)]
            + ("先生" if number % 2 else "女士"),
            "complainant_phone": f"1390000{number:04d}",
            "complainant_relation": ("self", "child", "spouse")[number % 3],
        }
        # the stays of months ago are not in the demo
        if stays and number % 4 and end != "told":
            stay = stays[number % len(stays)]
            vals.update(patient_id=stay.patient_id.id, encounter_id=stay.id)
        return vals

    def _prepare_external(self, channel, number, received):
        """What hotline and authority send along."""
        if not channel.is_external:
            return {}
        return {
            "external_number": f"ZB{number:05d}",
            "external_deadline": received + timedelta(days=10),
        }

    # ------------------------------------------------------------
    # WAY
    # ------------------------------------------------------------

    def _play(self, case, row):
        """Take the steps of its way, each at its share of the time it took."""
        age = timedelta(days=row.ago if row.ago < LONG_AGO else TOOK)
        for share, step in WAYS[row.end]:
            moment = case.received_at + age * share
            with at(moment):
                getattr(self, f"_do_{step}")(case)

    def _do_triage(self, case):
        quick = case.kind != "complaint" or self._is_quick(case)
        case.write(
            {
                "track": "fast" if quick else "full",
                "owner_id": case.env.uid,
                "immediate_action": case.safety_risk and told.IMMEDIATE,
            }
        )
        self._tell(case, "acknowledgement")
        case.action_triage()
        case.action_inform()

    def _is_quick(self, case):
        """Tell whether the way of the case answers it on the spot."""
        row = told.ROWS[self._get_rank(case)]
        return "investigate" not in dict((b, a) for a, b in WAYS[row.end])

    def _get_rank(self, case):
        """Return which row a case was made from: its words are unique."""
        return [row.text for row in told.ROWS].index(case.description)

    def _do_investigate(self, case):
        case.action_start_investigation()

    def _do_plan(self, case):
        self._tell(case, "plan")

    def _do_dispute(self, case):
        case.is_dispute = True

    def _do_freeze(self, case):
        reason = self.env.ref("patient_complaint.complaint_freeze_reason_expert")
        case.env["complaint.freeze"].create(
            {"case_id": case.id, "reason_id": reason.id, "note": "伤情鉴定"}
        )

    def _do_extend(self, case):
        clock = case.clock_ids.filtered(
            lambda row: not row.stopped_at and not row.is_legal
        ).sorted("deadline")[-1:]
        notice = self._tell(case, "extension")
        self._as(self._user("officer"), "complaint.extension").create(
            {
                "case_id": case.id,
                "clock_id": clock.id,
                "new_deadline": clock.deadline + timedelta(days=7),
                "reason": told.WORDS["extension"],
                "feedback_id": notice.id,
            }
        )

    def _do_judge(self, case):
        """Most of what wards are told of turns out to be so."""
        number = self._get_rank(case) % len(told.FINDINGS)
        case.issue_ids.finding = told.FINDINGS[number]

    def _do_answer(self, case):
        if not case.planned_at:
            self._tell(case, "plan")
        self._tell(case, "answer", satisfaction=str(3 + case.id % 3))

    def _do_refuse(self, case):
        self._tell(
            case,
            "answer",
            satisfaction="2",
            outcome="refused",
            outcome_reason=told.REFUSED,
            legal_step="appraisal",
        )

    def _do_close(self, case):
        case.action_close()

    def _do_reopen(self, case):
        case.action_reopen(told.REOPENED)

    def _do_withdraw(self, case):
        case.action_withdraw(told.WITHDRAWN)

    def _do_not_accept(self, case):
        case.action_not_accept(told.NOT_ACCEPTED)

    def _tell(self, case, kind, **vals):
        vals = {"kind": kind, "content": told.WORDS[kind], **vals}
        vals.update(case_id=case.id, at=fields.Datetime.now())
        return case.env["complaint.feedback"].create(vals)
