# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Who may do what with every model, by every access path, against a table."""

import base64

import psycopg2

from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import tagged
from odoo.tools import mute_logger

from .samples import PARTS, ROLES, ComplaintSampleCase, Undo

NONE = "---- ---- ---- ---- ---- ---- ---- ---- ----"
# the officer of another hospital registers cases of his own
OTHER = "---- ---- ---- ---- ---- ---- --c- ---- ----"
DEFINITION = "r--- rwcu r--- r--- r--- rwcu r--- r--- r--- r--- r--- ---- ---- ----"
# One row of a serious case handed to `investigator`; a cell for each of ROLES.
MATRIX = f"""
complaint.case           rwc- rwc- r--- ---- r--- {OTHER}
complaint.issue          rwcu rwcu r--- ---- r--- {NONE}
complaint.feedback       r-c- r-c- r--- ---- r--- {NONE}
complaint.clock          r--- r--- r--- ---- r--- {NONE}
complaint.freeze         r-c- r-c- r--- ---- r--- {NONE}
complaint.extension      r--- r-c- r--- ---- r--- {NONE}
complaint.category       {DEFINITION}
complaint.channel        {DEFINITION}
complaint.cause          {DEFINITION}
complaint.severity.rule  {DEFINITION}
complaint.sla.policy     {DEFINITION}
complaint.sla.step       {DEFINITION}
complaint.freeze.reason  {DEFINITION}
"""
WIZARDS = {
    "complaint.intake": {"ward_a", "head_a", "manager", "inspector"},
    "complaint.reason": {"specialist", "officer", "other_officer"},
}
for part in PARTS:
    MATRIX += part.MATRIX.strip() + "\n"
    WIZARDS.update(part.WIZARDS)


@tagged("post_install", "-at_install")
class TestComplaintRoles(ComplaintSampleCase):
    """Generated from MATRIX: role x model x access path (section 7, I-3)."""

    # ------------------------------------------------------------
    # CALLS
    # ------------------------------------------------------------

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
        group = "company_id"
        of_record = [("res_model", "=", model), ("res_id", "in", record.ids)]
        paths = {
            "search": ("search", domain),
            "search_read": ("search_read", domain, ["id"]),
            "search_count": ("search_count", domain),
            "web_read": ("web_read", record.ids, {"display_name": {}}),
            "name_search": ("name_search", "", domain),
            "export_data": ("export_data", record.ids, [field]),
            "groups": ("formatted_read_group", domain, [group], ["__count"]),
        }
        paths = {name: (model, *call) for name, call in paths.items()}
        paths["attachment"] = ("ir.attachment", "search_read", of_record, ["name"])
        if "message_ids" in record:
            of_record = [("model", "=", model), ("res_id", "in", record.ids)]
            paths["message"] = ("mail.message", "search_read", of_record, ["body"])
        return paths

    def _expected(self):
        rows = {}
        for line in MATRIX.strip().splitlines():
            sample, *cells = line.split()
            self.assertEqual(len(cells), len(ROLES), sample)
            rows[sample] = dict(zip(ROLES, cells, strict=True))
        return rows

    # ------------------------------------------------------------
    # TESTS
    # ------------------------------------------------------------

    def test_every_model_has_its_row(self):
        ours = {
            name
            for name, model in self.env.registry.items()
            if model._original_module == "patient_complaint" and not model._abstract
        }
        wizards = {name for name in ours if self.env[name]._transient}
        self.assertEqual(set(WIZARDS), wizards)
        self.assertEqual(set(self._expected()), ours - wizards)
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
            self.env["ir.attachment"].create(
                {
                    "name": "secret.txt",
                    "datas": base64.b64encode(b"secret"),
                    "res_model": record._name,
                    "res_id": record.id,
                }
            )
            if "message_ids" in record:
                record.sudo().message_post(body="secret")
            paths = self._reading_paths(record, field)
            for role, cell in cells.items():
                user = getattr(self, role)
                shown = {name: self._try(user, *call) for name, call in paths.items()}
                with self.subTest(sample=sample, role=role):
                    self.assertEqual(shown, dict.fromkeys(shown, "r" in cell))

    def test_a_case_of_others_is_hidden_from_the_investigator(self):
        case = self._case()
        with self.assertRaises(AccessError):
            case.with_user(self.investigator).read(["name"])
        with self.assertRaises(AccessError):
            case.with_user(self.leader).read(["name"])

    def test_wizards_open_for_their_roles_only(self):
        for model, roles in WIZARDS.items():
            for role in ROLES:
                with self.subTest(model=model, role=role):
                    wizard = self.env[model].with_user(getattr(self, role))
                    self.assertEqual(wizard.has_access("create"), role in roles)

    def test_the_office_reads_patients_and_changes_none(self):
        patient = self._patient().with_user(self.specialist)
        self.assertTrue(patient.read(["name_masked"]))
        with self.assertRaises(AccessError):
            patient.employer = "x"
        for method in ("contact_ids", "plan_ids"):
            with self.subTest(method=method), self.assertRaises(AccessError):
                patient.read([method])

    def test_a_case_cannot_be_named_by_whoever_may_not_read_it(self):
        case = self._case()
        with self.assertRaises(AccessError):
            self.env["complaint.reason"].with_user(self.other_officer).with_context(
                default_case_id=case.id
            ).default_get(["case_id"])
