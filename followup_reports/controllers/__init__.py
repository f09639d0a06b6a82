from . import followup_report_file
from . import followup_report_page
from . import followup_wallboard
from . import followup_list_export
