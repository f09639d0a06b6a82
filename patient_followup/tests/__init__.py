from . import test_followup_task
from . import test_followup_upsert
from . import test_followup_clock
from . import test_schedule
from . import test_working_time
from . import test_followup_concern
from . import test_followup_delegation
from . import test_followup_team
