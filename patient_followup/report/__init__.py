from . import followup_answer_report
from . import followup_forecast
