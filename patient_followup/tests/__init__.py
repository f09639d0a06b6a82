from . import test_followup_task
from . import test_followup_upsert
from . import test_followup_clock
from . import test_schedule
from . import test_working_time
