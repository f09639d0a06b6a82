# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""What the addon takes along when it is uninstalled, and what it leaves (D-13).

Follow-up keeps the return visits that were made: their plan, protocol and
questionnaire stay, without anything of complaints.
"""

from odoo.tools import SQL

from odoo.addons.patient_followup.tools.leftovers import forget_names, untie

EVENT = "complaint_closed"
ADDON = "patient_complaint"
# models of data that calls of the past refer to
KEPT = {
    "followup.protocol": "protocols",
    "followup.protocol.step": "steps",
    "survey.survey": "surveys",
    "survey.question": "questions",
    "survey.question.answer": "answers",
}


def leave(env):
    """Remove number series and numbers of complainants; free the return visits."""
    env["ir.sequence"].search([("code", "=like", "complaint.%")]).unlink()
    free_protocols(env)
    forget_values(env)
    forget_names(env, ADDON)
    untie(env, ADDON)


def free_protocols(env):
    """Cancel open return visits; let the protocols of made ones stay, retired."""
    plans = env["followup.plan"].search([("protocol_id.event_id.code", "=", EVENT)])
    if not plans:
        return
    plans._close_engine(env._("Complaints were uninstalled."))
    env.flush_all()
    protocols = plans.protocol_id.family_id | plans.protocol_id
    # a protocol in use never changes: past the ORM; its code is free for the day
    # complaints are installed again
    env.cr.execute(
        SQL(
            "UPDATE followup_protocol SET event_id = NULL, state = 'retired',"
            " code = code || '_' || id"
            " WHERE id = ANY(%s)",
            protocols.ids,
        )
    )
    env.invalidate_all()
    disown(env, protocols)


def disown(env, protocols):
    """Take away the external ids, so that uninstalling leaves the rows."""
    surveys = protocols.step_ids.survey_id
    rows = {
        "protocols": protocols,
        "steps": protocols.step_ids,
        "surveys": surveys,
        "questions": surveys.question_and_page_ids,
        "answers": surveys.question_ids.suggested_answer_ids,
    }
    for model, name in KEPT.items():
        env["ir.model.data"].search(
            [
                ("module", "=", ADDON),
                ("model", "=", model),
                ("res_id", "in", rows[name].ids),
            ]
        ).unlink()


def forget_values(env):
    """Numbers and addresses of complainants stand in the store of follow-up."""
    env.cr.execute(
        SQL("DELETE FROM followup_protected_value WHERE res_model LIKE 'complaint.%%'")
    )
