from . import complaint_letter_report
from . import complaint_dossier_report
