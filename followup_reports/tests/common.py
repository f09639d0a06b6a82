# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""The small hospital with follow-ups that count, made without the engine."""

from datetime import datetime, timedelta

from odoo.service.model import call_kw

from odoo.addons.patient_complaint.tests.common import ComplaintCommon

SHANGHAI = timedelta(hours=8)


class Undo(Exception):
    """Carries a result out of a savepoint that is rolled back."""


class ReportCommon(ComplaintCommon):
    """Users of follow-up and of the complaint office; stays and calls by days."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.head_b = cls._user("head_b", "department_head")
        cls._head(cls.department_b, cls.head_b)
        cls.other_company = cls._company("Other Hospital")
        cls.other_manager = cls._user(
            "other_manager", "centre_manager", cls.other_company
        )

    @classmethod
    def _head(cls, department, user):
        department.manager_id = cls.env["hr.employee"].create(
            {"name": user.name, "user_id": user.id, "company_id": cls.company.id}
        )

    @classmethod
    def _moment(cls, day, hour=12):
        """Return the moment (UTC) at which it is that hour in the hospital."""
        return datetime.fromisoformat(day) + timedelta(hours=hour) - SHANGHAI

    @classmethod
    def _stay(cls, day, department=None, hour=12, **vals):
        """Return a stay that ended on a local day."""
        ended = cls._moment(day, hour)
        return cls._encounter(
            department_id=(department or cls.department_a).id,
            discharge_date=ended,
            admission_date=ended - timedelta(days=5),
            **vals,
        )

    @classmethod
    def _due(cls, stay, day, **vals):
        """Return a planned follow-up of a stay, due until the end of a local day."""
        deadline = cls._moment(day, 24) - timedelta(seconds=1)
        return cls._task(
            stay,
            kind="plan",
            date_earliest=deadline - timedelta(days=2),
            date_due=deadline,
            date_deadline=deadline,
            due_day=day,
            **vals,
        )

    @classmethod
    def _write(cls, record, **vals):
        """Set guarded fields as the engine does."""
        record._guarded().write(vals)
        return record

    @classmethod
    def _done(cls, task, day, hour=12):
        """Complete a follow-up: its patient was reached then."""
        at = cls._moment(day, hour)
        return cls._write(
            task,
            state="done",
            attempt_count=max(task.attempt_count, 1),
            reached_at=at,
            completed_at=at,
            completed_day=(at + SHANGHAI).date(),
            completed_by_id=cls.ward_a.id,
        )

    @classmethod
    def _attempt(cls, task, result, day, hour=10, **vals):
        """Record an outgoing try as the engine stores it."""
        at = cls._moment(day, hour)
        return (
            cls.env["followup.attempt"]
            ._guarded()
            .create(
                {
                    "task_id": task.id,
                    "company_id": task.company_id.id,
                    "department_id": task.department_id.id,
                    "patient_id": task.patient_id.id,
                    "level": task.level,
                    "direction": "out",
                    "method": "phone",
                    "started_at": at,
                    "result": result,
                    "user_id": cls.ward_a.id,
                    **vals,
                }
            )
        )

    @classmethod
    def _raised(cls, stay, kind, day, hour=10, **vals):
        """Record what a patient raised, as the engine stores it."""
        vals = {
            "company_id": stay.company_id.id,
            "patient_id": stay.patient_id.id,
            "encounter_id": stay.id,
            "department_id": stay.department_id.id,
            "kind": kind,
            "text": "x",
            **vals,
        }
        concern = cls.env["followup.concern"].create(vals)
        return cls._write(concern, raised_at=cls._moment(day, hour))

    def _call(self, user, model, method, *args, context=None, **kwargs):
        """Call as a client does."""
        context = {"allowed_company_ids": user.company_ids.ids, **(context or {})}
        records = self.env(user=user, context={})[model]
        return call_kw(records, method, list(args), {"context": context, **kwargs})
