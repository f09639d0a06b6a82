from . import followup_report_acknowledge
from . import followup_report_produce
from . import followup_ledger_decide
from . import followup_policy_decide
from . import followup_policy_sheet
from . import followup_conduct_decide
