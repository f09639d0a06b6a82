# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""A row of every model that tells the complainant something or keeps the file."""

from odoo import fields

NOBODY = " ".join(["----"] * 14)
NONE = " ".join(["----"] * 9)
# a cell for each role of test_complaint_roles.ROLES
MATRIX = f"""
complaint.message        r-c- r-c- r--- ---- r--- {NONE}
complaint.letter         rwcu rwcu r--- ---- r--- {NONE}
complaint.link           {NOBODY}
complaint.closure        r--- r--- ---- ---- ---- ---- r--- {" ".join(["----"] * 7)}
complaint.dossier        r--- r--- ---- ---- ---- {NONE}
complaint.publication    rwcu rwcu ---- ---- ---- {NONE}
"""
WIZARDS = {
    "complaint.publication.reason": {"specialist", "officer", "other_officer"},
}


def make(test, case):
    """Return {model: (row, field, values of another)} for one open case."""
    env, now = test.env, fields.Datetime.now()
    of_case = {"case_id": case.id}
    closed, other = (_closed(test) for _time in range(2))
    text = {**of_case, "body": "x"}
    link = {**of_case, "digest": "0" * 64, "expires_at": now}
    publication = {"case_id": closed.id, "title": "x", "text": "x"}
    closure = env["complaint.closure"].sudo()._close(closed)
    dossier = env["complaint.dossier"].sudo()._guarded().create(of_case)
    office = {
        name: env[name].with_user(test.specialist)
        for name in ("complaint.message", "complaint.letter", "complaint.publication")
    }
    rows = [
        (office["complaint.message"].create(text), "body", text),
        (office["complaint.letter"].create(of_case), "on_page", of_case),
        (
            env["complaint.link"].sudo()._guarded().create(link),
            "expires_at",
            {**link, "digest": "1" * 64},
        ),
        (closure, "number", {"case_id": other.id, "number": "x"}),
        (dossier, "zip_sha256", of_case),
        (
            office["complaint.publication"].create(publication),
            "title",
            {**publication, "case_id": other.id},
        ),
    ]
    return {row._name: (row, name, vals) for row, name, vals in rows}


def _closed(test):
    cases = test.env["complaint.case"].with_user(test.specialist)
    case = cases.with_company(test.company).create({"description": "x"})
    case.sudo()._guarded().write(
        {"state": "closed", "closed_at": fields.Datetime.now()}
    )
    return case
