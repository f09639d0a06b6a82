from . import complaint_letter_report
from . import complaint_slip_report
from . import complaint_poster_report
from . import complaint_dossier_report
