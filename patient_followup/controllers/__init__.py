from . import survey
from . import followup_public_base
from . import followup_public
from . import followup_sms
from . import followup_public_appointment
