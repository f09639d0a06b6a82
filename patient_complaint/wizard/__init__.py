from . import complaint_action_reason
from . import complaint_decision
from . import complaint_duplicate
from . import complaint_poster
from . import complaint_handover
from . import complaint_intake
from . import complaint_reason
from . import complaint_publication_reason
