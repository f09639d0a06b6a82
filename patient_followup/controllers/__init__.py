from . import survey
from . import followup_public
