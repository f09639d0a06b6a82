from . import complaint_letter_report
