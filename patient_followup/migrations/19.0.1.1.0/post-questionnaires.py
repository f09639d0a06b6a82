# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Bring questionnaires and sample campaigns to hospitals installed without them.

The library is data that a hospital keeps as it edits it (`forcecreate="0"`), so an
upgrade alone creates none of it.
"""

from odoo import SUPERUSER_ID, api
from odoo.tools import convert_file

MODULE = "patient_followup"
FILES = (
    "data/survey_general_data.xml",
    "data/survey_disease_data.xml",
    "data/survey_satisfaction_data.xml",
    "data/followup_sample_data.xml",  # its campaigns ask with them
)
# {step of the library: questionnaire}
STEPS = {
    "discharge_3wd_call": "discharge",
    "discharge_5wd_call": "discharge",
    "commissioned_call": "discharge",
    "general_1w_call": "discharge",
    "five_years_half_month": "discharge",
    "special_disease_day_10": "discharge",
    "two_level_level_1": "discharge",
    "outpatient_3wd_call": "visit",
    "checkup_5wd_call": "checkup",
    "obstetrics_day_3": "obstetrics_early",
    "obstetrics_day_7": "obstetrics_early",
    "obstetrics_day_14": "obstetrics_late",
    "neurosurgery_phone_1w": "neurosurgery_early",
    "neurosurgery_phone_1m": "neurosurgery_early",
    "neurosurgery_phone_3m": "neurosurgery_late",
    "neurosurgery_phone_6m": "neurosurgery_late",
    "neurosurgery_home_3m": "neurosurgery_late",
    "neurosurgery_home_6m": "neurosurgery_late",
    "neurosurgery_clinic_6m": "neurosurgery_late",
    "neurosurgery_clinic_1y": "neurosurgery_late",
    "chronic_2w_call": "chronic",
    "chronic_quarterly_phone_3w": "chronic",
    "chronic_quarterly_quarterly": "chronic",
    "tumour_3w_call": "tumour",
    "first_year_phone_1w": "level_two",
    "two_level_level_2": "level_two",
    "first_year_phone_1m": "long_term",
    "first_year_phone_3m": "long_term",
    "first_year_phone_6m": "long_term",
    "first_year_phone_1y": "long_term",
    "five_years_phone_1m": "long_term",
    "five_years_phone_3m": "long_term",
    "five_years_phone_6m": "long_term",
    "five_years_yearly": "long_term",
    "special_disease_month_3": "long_term",
}


def migrate(cr, version):
    if not version:
        return
    env = api.Environment(cr, SUPERUSER_ID, {})
    for path in FILES:
        convert_file(env, MODULE, path, {}, mode="init", noupdate=True)
    attach(env)


def attach(env):
    """Give steps of the library their questionnaire, unless they have one."""
    for step_key, survey_key in STEPS.items():
        step = env.ref(f"{MODULE}.followup_protocol_{step_key}", False)
        survey = env.ref(f"{MODULE}.survey_{survey_key}", False)
        if step and survey and not step.survey_id:
            # protocols in use are frozen; what is asked on a call is new to all
            step.with_context(**_open()).survey_id = survey


def _open():
    from odoo.addons.patient_followup.tools.guard import GUARD, GUARD_KEY

    return {GUARD_KEY: GUARD}
