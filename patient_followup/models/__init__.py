# Mixins come first: other models inherit them.
from . import followup_guarded_mixin
from . import followup_protected_mixin

# isort: split
from . import followup_access_log
from . import followup_attempt
from . import followup_attempt_policy
from . import followup_clock
from . import followup_concern
from . import followup_consent
from . import followup_delegation
from . import followup_encounter
from . import followup_event
from . import followup_exclusion_reason
from . import followup_import
from . import followup_import_line
from . import followup_import_profile
from . import followup_patient
from . import followup_patient_category
from . import followup_patient_contact
from . import followup_plan
from . import followup_protected_value
from . import followup_protocol
from . import followup_protocol_step
from . import followup_reason
from . import followup_task
from . import followup_team
from . import followup_team_member
from . import followup_time_band
from . import followup_workday_exception
from . import hr_department
from . import res_company
from . import res_config_settings
from . import res_users
