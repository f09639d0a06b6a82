from . import followup_workday_import
