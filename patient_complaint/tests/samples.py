# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""One row of every model of complaints, and the roles that look at it."""

from odoo.service.model import call_kw
from odoo.tests import new_test_user

from . import (
    samples_action,
    samples_approval,
    samples_intake,
    samples_shield,
    samples_tell,
)
from .common import ComplaintCommon

# each names its rows of the tables and makes its samples
PARTS = (samples_action, samples_approval, samples_intake, samples_shield, samples_tell)

ROLES = (
    *("specialist", "officer", "investigator", "approver", "leader"),
    *("administrator", "auditor", "ward_a", "head_a", "manager", "inspector"),
    *("other_officer", "plain", "portal"),
)


class Undo(Exception):
    """Carries a result out of a savepoint that is rolled back."""


class ComplaintSampleCase(ComplaintCommon):
    """`samples`: {model: (row of a serious case, a field to write, a like row)}."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.portal = new_test_user(cls.env, "portal_user", groups="base.group_portal")
        other = cls._company("Other Hospital")
        cls.other_officer = cls._office_user("officer", "other_officer", other)
        export = cls.env.ref("base.group_allow_export")
        for role in ROLES[:-1]:
            getattr(cls, role).group_ids = [(4, export.id)]
        cls.samples = {}
        cls._make_case()
        cls._make_definitions()
        for part in PARTS:
            cls.samples.update(part.make(cls, cls.samples["complaint.case"][0]))

    @classmethod
    def _make_case(cls):
        office = cls.env["complaint.case"].with_user(cls.specialist)
        case = office.with_company(cls.company).create(
            {"description": "x", "severity": "high", "owner_id": cls.investigator.id}
        )
        of_case = {"case_id": case.id}
        issue = case.issue_ids.create({**of_case, "text": "x"})
        case.severity = "high"
        told = {**of_case, "content": "x", "kind": "extension"}
        feedback = cls.env["complaint.feedback"].with_user(cls.officer).create(told)
        reason = cls.env.ref("patient_complaint.complaint_freeze_reason_expert")
        extension = {
            **of_case,
            "clock_id": case.clock_ids.filtered(lambda row: row.kind == "plan").id,
            "new_deadline": "2031-01-01",
            "reason": "x",
            "feedback_id": feedback.id,
        }
        extensions = cls.env["complaint.extension"].with_user(cls.officer)
        again = {
            **extension,
            "clock_id": case.clock_ids.filtered(lambda row: row.kind == "inform").id,
        }
        freeze = {**of_case, "reason_id": reason.id}
        policy = case.clock_ids.filtered("policy_id")[0]
        rows = [
            (case, "remedy_sought", {"description": "y"}),
            (issue, "text", of_case),
            (feedback, "content", told),
            (policy, "amount", {**of_case, "kind": "plan"}),
            (extensions.create(extension), "reason", again),
        ]
        for record, field, vals in rows:
            cls.samples[record._name] = (record, field, vals)
        freezes = cls.env["complaint.freeze"].with_user(cls.specialist)
        row = freezes.create(freeze)
        row.case_id.action_resume()
        cls.samples["complaint.freeze"] = (row, "note", freeze)

    @classmethod
    def _make_definitions(cls):
        own = {"name": "Sample", "company_id": cls.company.id}
        policy = {**own, "clock_kind": "plan", "stop_event": "planned"}
        tables = {
            "complaint.category": own,
            "complaint.channel": {**own, "code": "sample"},
            "complaint.cause": own,
            "complaint.sla.policy": policy,
            "complaint.freeze.reason": own,
        }
        for model, vals in tables.items():
            row = cls.env[model].create(vals)
            again = {**vals, "code": "again"} if "code" in vals else vals
            cls.samples[model] = (row, "name", again)
        cell = {"harm": "none", "reach": "single", "severity": "low"}
        cell["company_id"] = cls.company.id
        row = cls.env["complaint.severity.rule"].create(cell)
        again = {**cell, "harm": "death"}
        cls.samples[row._name] = (row, "severity", again)
        step = {"policy_id": cls.samples["complaint.sla.policy"][0].id}
        row = cls.env["complaint.sla.step"].create(step)
        cls.samples[row._name] = (row, "delay_hours", step)

    def _call(self, user, model, method, *args):
        return call_kw(self.env(user=user, context={})[model], method, args, {})
