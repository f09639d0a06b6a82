# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""One row of every model of reports, and the roles that look at it."""

from datetime import date

from odoo.tests import new_test_user

from .common import ReportCommon

ROLES = (
    *("ward_a", "head_a", "head_b", "centre", "manager", "inspector", "leader"),
    *("auditor", "administrator", "specialist", "officer", "investigator"),
    *("approver", "other_manager", "plain", "portal"),
)


class ReportSampleCase(ReportCommon):
    """`samples`: {model: (row of ward A, a field to write, values of a like row)}."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.portal = new_test_user(cls.env, "portal_user", groups="base.group_portal")
        export = cls.env.ref("base.group_allow_export")
        for role in ROLES[:-1]:
            getattr(cls, role).group_ids = [(4, export.id)]
        cls.samples = {}
        cls._make_live()
        cls._make_definitions()
        cls._make_runs()
        cls._make_ledger()
        cls._make_calendar()
        cls._make_policy()

    @classmethod
    def _sample(cls, record, field, vals=None, variant=""):
        cls.samples[record._name + variant] = (record, field, vals or {})

    @classmethod
    def _make_live(cls):
        """Six follow-ups of ward A in one month, one of them tried, and five cases."""
        stay = cls._stay("2026-03-02")
        tasks = [cls._due(stay, "2026-03-05") for _index in range(6)]
        attempt = cls._attempt(tasks[0], "reached", "2026-03-04")
        cases = [cls._made_case() for _index in range(5)]
        for case in cases:
            cls._write(case.sudo(), received_at=cls._moment("2026-03-04"))
        concerns = [cls._raised(stay, "opinion", "2026-03-04") for _index in range(5)]
        vals = {"wording": "Warm water at night", "company_id": cls.company.id}
        row = cls.env["followup.report.suggestion"].create(vals)
        cls._sample(row, "wording", vals)
        cls.env.flush_all()
        rows = {
            "followup.report.task": tasks[0].id,
            "followup.report.attempt": attempt.id,
            "followup.report.complaint": cases[0].id,
            "followup.report.concern": concerns[0].id,
        }
        for model, row_id in rows.items():
            cls._sample(cls.env[model].browse(row_id), "company_id")
        for name in ("task", "complaint", "concern"):
            model = f"followup.report.{name}.summary"
            found = cls.env[model].search([("company_id", "=", cls.company.id)])
            cls._sample(found[:1], "company_id")

    @classmethod
    def _made_case(cls):
        cases = cls.env["complaint.case"].with_user(cls.specialist)
        return cases.with_company(cls.company).create(
            {"description": "x", "severity": "high"}
        )

    @classmethod
    def _make_definitions(cls):
        kpi = cls.env.ref("followup_reports.followup_kpi_coverage")
        cls._sample(kpi, "name", {"code": "x", "name": "x", "definition": "x"})
        coverage = {"kpi_id": kpi.id, "value": 50}
        target = cls.env["followup.target"].create(
            {**coverage, "company_id": cls.company.id}
        )
        cls._sample(target, "value", coverage)

    @classmethod
    def _make_runs(cls):
        """A report of the six follow-ups of ward A."""
        runs = cls.env["followup.report.run"].with_user(cls.manager)
        run = runs.with_company(cls.company)._produce(
            "bulletin", "month", date(2026, 3, 5), basis="due"
        )
        cls._sample(run.with_env(cls.env), "period", {"code": "bulletin"})
        line = run.sudo().line_ids.filtered(
            lambda line: (
                line.section == "follow_up"
                and line.kpi == "base"
                and line.department_id == cls.department_a
            )
        )
        vals = {"run_id": run.id, "kpi": "base", "code": "x", "section": "x"}
        cls._sample(line.with_env(cls.env), "kpi", vals)
        run = run.with_env(cls.env)
        run.with_user(cls.leader).action_sign()
        cls._sample(run.signature_ids, "figures_digest", {"run_id": run.id})
        receipt = run.with_user(cls.head_a)._acknowledge(
            cls.department_a, "Call earlier", date(2026, 4, 30)
        )
        vals = {"run_id": run.id, "department_id": cls.department_b.id}
        cls._sample(receipt.with_env(cls.env).sudo(False), "measure", vals)

        run.with_user(cls.manager).action_publish_internal()
        release = cls.env["followup.report.release"].search([("run_id", "=", run.id)])
        vals = {"run_id": run.id, "title": "x", "code": "x", "content": "x"}
        cls._sample(release, "title", vals)

    @classmethod
    def _make_ledger(cls):
        of_company = {"company_id": cls.company.id}
        band = cls.env["followup.penalty.band"].create({**of_company, "lower": 95})
        cls._sample(band, "amount", {"lower": 5})
        rule = cls.env["followup.reward.rule"].create({**of_company, "amount": 2})
        cls._sample(rule, "amount", {"amount": 3})
        vals = {
            **of_company,
            "kind": "reward",
            "period": "2026-03",
            "date_from": "2026-03-01",
            "department_id": cls.department_a.id,
            "user_id": cls.ward_a.id,
            "currency_id": cls.company.currency_id.id,
        }
        entry = cls.env["followup.ledger"]._guarded().create(vals)
        cls._sample(entry._unguarded(), "amount", vals)

        vals = {**of_company, "kind": "order", "department_id": cls.department_a.id}
        vals["text"] = "x"
        order = cls.env["followup.conduct"].with_user(cls.manager).create(vals)
        order = order.with_env(cls.env)
        order._guarded().write({"state": "decided"})
        cls._sample(order, "rectify_until", vals)

    @classmethod
    def _make_calendar(cls):
        of_company = {"company_id": cls.company.id}
        vals = {"name": "Bulletin", "code": "bulletin"}
        schedule = cls.env["followup.report.schedule"].create({**vals, **of_company})
        cls._sample(schedule, "name", vals)
        # an entry that made reports is never deleted
        schedule = schedule.copy()
        day = "2026-03-01"
        vals = {**of_company, "schedule_id": schedule.id, "date_from": day}
        vals.update(date_to=day, due_day=day)
        due = cls.env["followup.report.due"]._guarded().create(vals)._unguarded()
        cls._sample(due, "late_days", vals)
        vals = {**of_company, "user_id": cls.manager.id, "code": "bulletin"}
        vals.update(period_kind="month", period="2026-03", day=day, basis="due")
        job = cls.env["followup.report.job"]._guarded().create(vals)
        cls._sample(job._unguarded(), "step", vals)
        vals = {**of_company, "due_id": due.id, "user_id": cls.leader.id}
        row = cls.env["followup.report.delivery"]._guarded().create(vals)
        cls._sample(row._unguarded(), "sent_at", vals)

    @classmethod
    def _make_policy(cls):
        """A version in force that ward A reviewed, and the next one as a draft."""
        versions = cls.env["followup.policy.version"].with_user(cls.manager)
        rules = [["Targets", [["Coverage", "50%"]]]]
        vals = {"company_id": cls.company.id, "rules": rules, "rules_digest": "x"}
        for variant in ("", "@draft"):
            version = versions._make(cls.company).with_env(cls.env)
            cls._sample(version, "summary", vals, variant)
        version = cls.samples["followup.policy.version"][0]
        version._guarded().write({"state": "force"})
        row = cls.env["followup.policy.review"]._guarded()
        vals = {"version_id": version.id, "department_id": cls.department_a.id}
        review = row.create({**vals, "rules_digest": "x"})
        cls._sample(review._unguarded(), "remark", vals)
