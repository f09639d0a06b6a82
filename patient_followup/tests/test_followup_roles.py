# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Who may do what with every model, by every access path, against a table.

A cell says what a role may do with one row of ward A: r(ead), w(rite),
c(reate its like), u(nlink). The reading paths (search, count, groups, name
search, export, messages, attachments, activities) must agree with "r".
"""

import base64

from odoo.tests import tagged
from odoo.tools import mute_logger

from .samples import OUTSIDE, ROLES, FollowupSampleCase

DEFINITION = "r--- r--- r--- r--- rwcu r--- r--- r--- rwcu ----"
# One row: the sample, then a cell for each of ROLES. "@2" is a level 2 row.
MATRIX = f"""
followup.patient            rwc- --c- rwc- ---- rwc- r--- ---- ---- ---- --c-
followup.patient@2          rwc- --c- rwc- rw-- rwc- r--- ---- ---- ---- --c-
followup.patient.contact    rwc- ---- rwc- ---- rwcu r--- ---- ---- ---- ----
followup.patient.contact@2  rwc- ---- rwc- rwc- rwcu r--- ---- ---- ---- ----
followup.consent            rwc- ---- rwc- ---- rwcu r--- ---- ---- ---- ----
followup.consent@2          rwc- ---- rwc- rwc- rwcu r--- ---- ---- ---- ----
followup.encounter          rw-- ---- rw-- ---- rwc- r--- ---- ---- ---- ----
followup.encounter@2        rw-- ---- rw-- r--- rwc- r--- ---- ---- ---- ----
followup.plan               r--- ---- r--- ---- r--- r--- ---- ---- ---- ----
followup.plan@2             r--- ---- r--- r--- r--- r--- ---- ---- ---- ----
followup.plan.change        r--- ---- r--- ---- r--- r--- ---- ---- ---- ----
followup.plan.gap           r--- ---- r--- ---- r--- r--- ---- ---- ---- ----
followup.task               rw-- ---- rw-- ---- rw-- r--- ---- ---- ---- ----
followup.task@2             ---- ---- r--- rw-- rw-- r--- ---- ---- ---- ----
followup.attempt            r--- ---- r--- ---- r--- r--- ---- ---- ---- ----
followup.attempt@2          ---- ---- r--- r--- r--- r--- ---- ---- ---- ----
followup.advice             r--- ---- r--- ---- r--- r--- ---- ---- ---- ----
followup.advice@2           ---- ---- r--- r--- r--- r--- ---- ---- ---- ----
followup.concern            rwc- ---- rwc- ---- rwc- r--- ---- ---- ---- ----
followup.concern@2          rw-- ---- rwc- rwc- rwc- r--- ---- ---- ---- ----
followup.concern.notice     r--- ---- r--- ---- r--- r--- ---- ---- ---- ----
followup.concern.notice@2   r--- ---- r--- r--- r--- r--- ---- ---- ---- ----
followup.message            r--- ---- r--- ---- r--- r--- ---- ---- ---- ----
followup.message@2          ---- ---- r--- r--- r--- r--- ---- ---- ---- ----
followup.message.template   {DEFINITION}
followup.concern.policy     {DEFINITION}
followup.concern.policy.step {DEFINITION}
followup.concern.guide      {DEFINITION}
followup.oncall             r--- r--- rwcu r--- rwcu r--- r--- r--- rwcu ----
followup.review             r--- ---- r--- ---- r--- r--- ---- ---- ---- ----
followup.review.inbox       r--- ---- r--- ---- r--- r--- ---- ---- ---- ----
followup.sample.campaign    {DEFINITION}
followup.sample             ---- ---- ---- ---- rwcu rwc- ---- ---- ---- ----
followup.sample.line        r--- ---- r--- ---- r--- r--- ---- ---- ---- ----
followup.call.criterion     {DEFINITION}
followup.call.score         ---- ---- ---- ---- rwcu rwcu ---- ---- ---- ----
followup.call.score.line    ---- ---- ---- ---- rwcu rwcu ---- ---- ---- ----
followup.monthly.check      ---- ---- rw-- ---- rw-- rw-- ---- ---- ---- ----
followup.signal             ---- ---- ---- ---- ---- r--- ---- ---- ---- ----
followup.appointment       rwc- ---- rwc- rw-- rwc- r--- ---- ---- ---- ----
followup.home.visit        rwc- ---- rwc- rw-- rwc- r--- ---- ---- ---- ----
followup.home.visit.item   rwcu ---- rwcu rwcu rwcu r--- ---- ---- ---- ----
followup.home.visit.vital  rwcu ---- rwcu rwcu rwcu r--- ---- ---- ---- ----
followup.slot              r--- r--- rwcu r--- rwcu r--- r--- r--- rwcu ----
followup.slot.template     r--- r--- rwcu r--- rwcu r--- r--- r--- rwcu ----
followup.equipment         {DEFINITION}
followup.vital.sign        {DEFINITION}
followup.retention.policy   {DEFINITION}
followup.retention.run      ---- ---- ---- ---- r--- ---- ---- r--- r--- ----
followup.retention.line     ---- ---- ---- ---- r--- ---- ---- ---- ---- ----
followup.research.export    ---- ---- ---- ---- r--- ---- ---- ---- ---- ----
followup.urge               r--- ---- r--- ---- r--- r--- ---- ---- ---- ----
followup.import             ---- ---- ---- ---- rwcu ---- ---- ---- ---- ----
followup.import.line        ---- ---- ---- ---- r--u ---- ---- ---- ---- ----
followup.team               {DEFINITION}
followup.team.member        {DEFINITION}
followup.team.rota          r--- r--- rwcu r--- rwcu r--- r--- r--- rwcu ----
followup.delegation         r--- r--- rwcu r--- rwcu r--- r--- r--- rwcu ----
followup.forecast           ---- ---- r--- ---- r--- r--- r--- ---- ---- ----
followup.data.quality       ---- ---- r--- ---- r--- r--- r--- ---- ---- ----
followup.answer.report      ---- ---- r--- ---- r--- r--- ---- ---- ---- ----
followup.answer.summary     ---- ---- ---- ---- ---- ---- r--- ---- ---- ----
followup.access.log         ---- ---- ---- ---- ---- ---- ---- r--- ---- ----
followup.amendment          r-c- ---- r-c- ---- r-c- r--- ---- ---- ---- ----
followup.seal               ---- ---- ---- ---- ---- ---- ---- r--- ---- ----
followup.seal.check         ---- ---- ---- ---- ---- ---- ---- r--- ---- ----
followup.seal.finding       ---- ---- ---- ---- ---- ---- ---- r--- ---- ----
followup.link               ---- ---- ---- ---- r--- ---- ---- ---- ---- ----
followup.throttle           ---- ---- ---- ---- ---- ---- ---- ---- ---- ----
followup.protected.value    ---- ---- ---- ---- ---- ---- ---- ---- ---- ----
followup.advice.template    {DEFINITION}
followup.attempt.policy     {DEFINITION}
followup.exclusion.reason   {DEFINITION}
followup.import.profile     {DEFINITION}
followup.import.profile.column {DEFINITION}
followup.patient.category   {DEFINITION}
followup.protocol           {DEFINITION}
followup.protocol.step      {DEFINITION}
followup.reason             {DEFINITION}
followup.time.band          {DEFINITION}
followup.workday.exception  {DEFINITION}
followup.programme          {DEFINITION}
followup.enrolment          rwc- ---- rwc- ---- rwc- r--- ---- ---- ---- ----
followup.enrolment@2        rwc- ---- rwc- rwc- rwc- r--- ---- ---- ---- ----
followup.goal               rwc- ---- rwc- ---- rwc- r--- ---- ---- ---- ----
followup.goal@2             rwc- ---- rwc- rwc- rwc- r--- ---- ---- ---- ----
followup.group.event        rwcu r--- rwcu rwcu rwcu r--- r--- r--- r--- ----
followup.group.attendance   rwcu ---- rwcu ---- rwcu r--- ---- ---- ---- ----
followup.group.attendance@2 rwcu ---- rwcu rwcu rwcu r--- ---- ---- ---- ----
followup.event              r--- r--- r--- r--- r--- r--- r--- r--- rwcu r---
"""
# Wizards: which roles may open them; a wizard row is its maker's alone.
CALLERS = {"ward_a", "ward_b", "head_a", "centre", "manager", "other_manager"}
MANAGERS = {"manager", "other_manager"}
EDITORS = MANAGERS | {"administrator"}
HEADS = MANAGERS | {"head_a"}
WIZARDS = {
    "followup.appointment.book": CALLERS,
    "followup.appointment.close": CALLERS,
    "followup.home.visit.end": CALLERS,
    "followup.slot.close": HEADS | EDITORS,
    "followup.concern.handover": CALLERS | {"inspector"},
    "followup.concern.forward": CALLERS,
    "followup.concern.promise": CALLERS,
    "followup.encounter.exclude": HEADS | CALLERS - {"centre"},
    "followup.enrolment.end": CALLERS,
    "followup.enrolment.start": CALLERS,
    "followup.paper.entry": CALLERS,
    "followup.message.settle": CALLERS,
    "followup.patient.erase": MANAGERS,
    "followup.patient.merge": MANAGERS,
    "followup.patient.resume": MANAGERS,
    "followup.plan.amend": CALLERS - {"centre"},
    "followup.protocol.simulate": set(ROLES),
    "followup.protocol.simulate.line": set(ROLES),
    "followup.register": CALLERS | {"inspector"},
    "followup.review.agree": CALLERS - {"centre"},
    "followup.sample.judge": HEADS | {"inspector"},
    "followup.task.adhoc": CALLERS,
    "followup.task.ask": CALLERS | {"inspector"},
    "followup.task.assign": HEADS,
    "followup.task.close": CALLERS | {"inspector"},
    "followup.task.find": CALLERS,
    "followup.task.flag": CALLERS | {"inspector"},
    "followup.task.log": CALLERS | {"inspector"},
    "followup.task.opinion": CALLERS | {"inspector"},
    "followup.task.snooze": CALLERS | {"inspector"},
    "followup.task.takeover": HEADS,
    "followup.urge.send": HEADS,
    "followup.workday.import": EDITORS,
}


@tagged("post_install", "-at_install")
class TestFollowupRoles(FollowupSampleCase):
    """Generated from MATRIX: role x model x access path (I-3, I-13, section 7)."""

    # ------------------------------------------------------------
    # PATHS
    # ------------------------------------------------------------

    def _rights(self, user, sample):
        """Return the cell of this user as it really is."""
        record, field, vals = self.samples[sample]
        model, ids = record._name, record.ids
        value = record.sudo().read([field], load=None)[0][field]
        tries = {
            "r": (model, "read", ids, ["id", field]),
            "w": (model, "write", ids, {field: value}),
            "c": (model, "create", [vals]),
            "u": (model, "unlink", ids),
        }
        own = self.env(user=user, context={})[model].browse(ids)
        cell = ""
        for letter, call in tries.items():
            # nothing to undo where a refusal is certain: savepoints are slow
            risky = letter != "r" and own.has_access(call[1])
            attempt = self._try if risky else self._shows
            cell += letter if attempt(self._call, user, *call) else "-"
        return cell

    def _reading_paths(self, record, field):
        """Return {path: call} of everything that shows whether a row exists."""
        model, ids = record._name, record.ids
        domain = [("id", "in", ids)]
        paths = {
            "search": (model, "search", domain),
            "search_read": (model, "search_read", domain, ["id"]),
            "search_count": (model, "search_count", domain),
            "web_read": (model, "web_read", ids, {"display_name": {}}),
            "name_search": (model, "name_search", "", domain),
            "export_data": (model, "export_data", ids, [field]),
            "formatted_read_group": (
                model,
                "formatted_read_group",
                domain,
                [self._group_field(record)],
                ["__count"],
            ),
        }
        of_record = [("res_model", "=", model), ("res_id", "in", ids)]
        if self._takes_files(record):
            paths["attachment"] = ("ir.attachment", "search_read", of_record, ["name"])
        if "message_ids" in record:
            domain = [("model", "=", model), ("res_id", "in", ids)]
            paths["message"] = ("mail.message", "search_read", domain, ["body"])
        if "activity_ids" in record:
            paths["activity"] = ("mail.activity", "search_read", of_record, ["summary"])
        return paths

    def _takes_files(self, record):
        """Tell whether files can hang on it; ids of summaries are too long for it."""
        return record._auto

    def _attach_secret(self, record):
        self.env["ir.attachment"].create(
            {
                "name": "secret.txt",
                "datas": base64.b64encode(b"secret"),
                "res_model": record._name,
                "res_id": record.id,
            }
        )

    def _web_read_group(self, user, record):
        domain = [("id", "in", record.ids)]
        groupby = [self._group_field(record)]
        answer = self._call(
            user, record._name, "web_read_group", domain, groupby, ["__count"]
        )
        return answer["length"]

    def _group_field(self, record):
        return "company_id" if "company_id" in record else "create_uid"

    def _expected(self):
        """Return {sample: {role: cell}} from the text of MATRIX."""
        rows = {}
        for line in MATRIX.strip().splitlines():
            sample, *cells = line.split()
            self.assertEqual(len(cells), len(ROLES), sample)
            rows[sample] = dict(zip(ROLES, cells, strict=True))
            rows[sample].update(dict.fromkeys(OUTSIDE, "----"))
        return rows

    # ------------------------------------------------------------
    # TESTS
    # ------------------------------------------------------------

    def test_every_model_has_its_row(self):
        """A new model without a row in the table fails here."""
        ours = {
            name
            for name, model in self.env.registry.items()
            if model._original_module == "patient_followup" and not model._abstract
        }
        wizards = {name for name in ours if self.env[name]._transient}
        self.assertEqual(set(WIZARDS), wizards)
        rows = {sample.partition("@")[0] for sample in self._expected()}
        self.assertEqual(rows, ours - wizards)
        self.assertEqual(set(self.samples), set(self._expected()))

    @mute_logger("odoo.sql_db", "odoo.models.unlink")
    def test_rights_are_those_of_the_table(self):
        actual = {
            sample: {role: self._rights(getattr(self, role), sample) for role in cells}
            for sample, cells in self._expected().items()
        }
        for sample, cells in self._expected().items():
            for role, cell in cells.items():
                with self.subTest(sample=sample, role=role):
                    self.assertEqual(actual[sample][role], cell)

    def test_no_reading_path_shows_more_than_read(self):
        for sample, cells in self._expected().items():
            record, field, _vals = self.samples[sample]
            if self._takes_files(record):
                self._attach_secret(record)
            if "message_ids" in record:
                record.sudo().message_post(body="secret")
            paths = self._reading_paths(record, field)
            for role, cell in cells.items():
                self._check_paths(sample, role, record, paths, cell)

    def _check_paths(self, sample, role, record, paths, cell):
        user = getattr(self, role)
        shown = {
            path: self._shows(self._call, user, *call) for path, call in paths.items()
        }
        shown["web_read_group"] = self._shows(self._web_read_group, user, record)
        expected = dict.fromkeys(shown, "r" in cell)
        if "activity" in shown:
            # core: who may write the record sees the to-dos of others
            expected["activity"] = "w" in cell
        with self.subTest(sample=sample, role=role):
            self.assertEqual(shown, expected)

    @mute_logger("odoo.sql_db")
    def test_who_may_not_create_cannot_copy(self):
        for sample, cells in self._expected().items():
            record = self.samples[sample][0]
            for role, cell in cells.items():
                if "c" in cell:
                    continue
                user = getattr(self, role)
                copied = self._try(self._call, user, record._name, "copy", record.ids)
                with self.subTest(sample=sample, role=role):
                    self.assertFalse(copied)

    @mute_logger("odoo.sql_db")
    def test_naming_another_company_does_not_open_it(self):
        """I-13: `allowed_company_ids` of a request is checked."""
        context = {"allowed_company_ids": self.company.ids}
        for sample in self._expected():
            record = self.samples[sample][0]
            if "company_id" not in record:
                continue
            for method, args in (("read", [["id"]]), ("search_count", [])):
                first = record.ids if method == "read" else [("id", "in", record.ids)]
                with self.subTest(sample=sample, method=method):
                    self.assertFalse(
                        self._try(
                            lambda: self._call(
                                self.other_manager,
                                record._name,  # noqa: B023
                                method,  # noqa: B023
                                first,  # noqa: B023
                                *args,  # noqa: B023
                                context=context,
                            )
                        )
                    )

    def test_wizards_open_for_their_roles_only(self):
        for model, roles in WIZARDS.items():
            for role in (*ROLES, *OUTSIDE):
                with self.subTest(model=model, role=role):
                    wizard = self.env[model].with_user(getattr(self, role))
                    self.assertEqual(wizard.has_access("create"), role in roles)
