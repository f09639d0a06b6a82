from . import test_complaint_case
from . import test_complaint_create
from . import test_complaint_clock
from . import test_complaint_roles
from . import test_complaint_register
from . import test_complaint_conflict
from . import test_complaint_track
from . import test_complaint_track_attack
