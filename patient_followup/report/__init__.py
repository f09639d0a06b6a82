from . import followup_forecast
