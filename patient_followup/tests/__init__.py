from . import test_followup_task
