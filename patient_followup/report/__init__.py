from . import followup_answer_report
from . import followup_document
from . import followup_document_patient
from . import followup_document_task
from . import followup_dossier
from . import followup_forecast
from . import followup_record_sheet
from . import followup_register
