# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Who may do what with every model of reports, by every path, against a table."""

import psycopg2

from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import tagged
from odoo.tools import mute_logger

from .common import Undo
from .samples import ROLES, ReportSampleCase

# fmt: off
# ward_a head_a head_b centre manager inspector leader auditor administrator
# specialist officer investigator approver other_manager plain portal
DEFINITION = "r--- " * 4 + "rwcu " + "r--- " * 3 + "rwcu " + "r--- " * 4
DEFINITION += "--c- ---- ----"
ALL_READ = "r--- " * 8 + "rw-- r--- r--- r--- r--- r--- ---- ----"
ALL_READ_ONLY = "r--- " * 13 + "---- ---- ----"
# One row of ward A: a cell for each of ROLES.
MATRIX = f"""
followup.kpi {ALL_READ}
followup.report.task ---- r--- ---- ---- r--- r--- ---- ---- ---- ---- ---- ---- ---- ---- ---- ----
followup.report.attempt ---- r--- ---- ---- r--- r--- ---- ---- ---- ---- ---- ---- ---- ---- ---- ----
followup.report.concern ---- r--- ---- ---- r--- r--- ---- ---- ---- ---- ---- ---- ---- ---- ---- ----
followup.report.concern.summary ---- ---- ---- ---- ---- ---- r--- ---- ---- ---- ---- ---- ---- ---- ---- ----
followup.report.suggestion ---- ---- ---- ---- rwcu r--- ---- ---- ---- ---- ---- ---- ---- ---- ---- ----
followup.report.complaint ---- ---- ---- ---- ---- ---- ---- ---- ---- r--- r--- ---- ---- ---- ---- ----
followup.report.task.summary ---- ---- ---- ---- ---- ---- r--- ---- ---- ---- ---- ---- ---- ---- ---- ----
followup.report.complaint.summary ---- ---- ---- ---- ---- ---- r--- ---- ---- ---- ---- ---- ---- ---- ---- ----
followup.target {DEFINITION}
followup.report.run ---- r--- r--- ---- r--- r--- r--- ---- ---- ---- ---- ---- ---- ---- ---- ----
followup.report.line ---- r--- ---- ---- r--- r--- r--- ---- ---- ---- ---- ---- ---- ---- ---- ----
followup.report.signature ---- r--- r--- ---- r--- r--- r--- ---- ---- ---- ---- ---- ---- ---- ---- ----
followup.report.receipt ---- r--- ---- ---- r--- r--- r--- ---- ---- ---- ---- ---- ---- ---- ---- ----
followup.penalty.band {DEFINITION}
followup.reward.rule {DEFINITION}
followup.ledger r--- r--- ---- ---- r--- r--- r--- ---- ---- ---- ---- ---- ---- ---- ---- ----
followup.conduct ---- r--- ---- ---- r-c- --c- r--- ---- ---- ---- ---- ---- ---- ---- ---- ----
followup.report.schedule {DEFINITION}
followup.report.due ---- ---- ---- ---- r--- r--- r--- ---- ---- ---- ---- ---- ---- ---- ---- ----
followup.report.delivery ---- ---- ---- ---- r--- r--- r--- ---- ---- ---- ---- ---- ---- ---- ---- ----
followup.report.job ---- ---- ---- ---- r--- ---- ---- ---- ---- ---- ---- ---- ---- ---- ---- ----
followup.policy.version {ALL_READ_ONLY}
followup.policy.version@draft ---- ---- ---- ---- rw-u ---- ---- ---- rw-u ---- rw-u ---- ---- ---- ---- ----
followup.policy.review ---- r--- r--- ---- r--- r--- r--- ---- r--- ---- r--- ---- ---- ---- ---- ----
followup.report.release ---- ---- ---- ---- r--- r--- r--- ---- ---- ---- ---- ---- ---- ---- ---- ----
"""  # noqa: E501
# fmt: on
MAKERS = {"manager", "inspector", "other_manager", "specialist", "officer"}
CALLERS = {"ward_a", "head_a", "head_b", "centre", "manager", "other_manager"}
WIZARDS = {
    "followup.conduct.decide": {"leader"},
    "followup.ledger.decide": CALLERS | {"leader"},
    "followup.ledger.propose": {"manager", "inspector", "other_manager"},
    "followup.policy.decide": {"head_a", "head_b", "leader"},
    "followup.policy.sheet": {"manager", "administrator", "officer", "other_manager"},
    "followup.report.acknowledge": {"head_a", "head_b"},
    "followup.report.produce": MAKERS,
}


@tagged("post_install", "-at_install")
class TestReportRoles(ReportSampleCase):
    """Generated from MATRIX: role x model x access path (section 7, I-3, I-11)."""

    def _try(self, *call):
        """Return whether a call gets through and gives something; undo it."""
        try:
            with self.env.cr.savepoint():
                raise Undo(bool(self._call(*call)))
        except Undo as undo:
            return undo.args[0]
        except psycopg2.IntegrityError:
            return True  # the rights let it through, the database did not
        except (AccessError, UserError, ValidationError):
            return False

    def _rights(self, user, sample):
        record, field, vals = self.samples[sample]
        model, ids = record._name, record.ids
        value = record.sudo().read([field], load=None)[0][field]
        tries = {
            "r": (model, "read", ids, ["id", field]),
            "w": (model, "write", ids, {field: value}),
            "c": (model, "create", [vals]),
            "u": (model, "unlink", ids),
        }
        return "".join(
            letter if self._try(user, *call) else "-" for letter, call in tries.items()
        )

    def _reading_paths(self, record, field):
        model, domain = record._name, [("id", "in", record.ids)]
        group = "company_id" if "company_id" in record else "create_uid"
        paths = {
            "search": ("search", domain),
            "search_read": ("search_read", domain, ["id"]),
            "search_count": ("search_count", domain),
            "web_read": ("web_read", record.ids, {"display_name": {}}),
            "name_search": ("name_search", "", domain),
            "export_data": ("export_data", record.ids, [field]),
            "groups": ("formatted_read_group", domain, [group], ["__count"]),
        }
        return {name: (model, *call) for name, call in paths.items()}

    def _expected(self):
        rows = {}
        for line in MATRIX.strip().splitlines():
            sample, *cells = line.split()
            self.assertEqual(len(cells), len(ROLES), sample)
            rows[sample] = dict(zip(ROLES, cells, strict=True))
        return rows

    def test_every_model_has_its_row(self):
        ours = {
            name
            for name, model in self.env.registry.items()
            if model._original_module == "followup_reports" and not model._abstract
        }
        wizards = {name for name in ours if self.env[name]._transient}
        self.assertEqual(set(WIZARDS), wizards)
        rows = {sample.partition("@")[0] for sample in self._expected()}
        self.assertEqual(rows, ours - wizards)
        self.assertEqual(set(self.samples), set(self._expected()))

    @mute_logger("odoo.sql_db", "odoo.models.unlink")
    def test_rights_are_those_of_the_table(self):
        for sample, cells in self._expected().items():
            for role, cell in cells.items():
                with self.subTest(sample=sample, role=role):
                    self.assertEqual(self._rights(getattr(self, role), sample), cell)

    def test_no_reading_path_shows_more_than_read(self):
        for sample, cells in self._expected().items():
            record, field, _vals = self.samples[sample]
            paths = self._reading_paths(record, field)
            for role, cell in cells.items():
                user = getattr(self, role)
                shown = {name: self._try(user, *call) for name, call in paths.items()}
                with self.subTest(sample=sample, role=role):
                    self.assertEqual(shown, dict.fromkeys(shown, "r" in cell))

    def test_wizards_open_for_their_roles_only(self):
        for model, roles in WIZARDS.items():
            for role in ROLES:
                with self.subTest(model=model, role=role):
                    wizard = self.env[model].with_user(getattr(self, role))
                    self.assertEqual(wizard.has_access("create"), role in roles)
