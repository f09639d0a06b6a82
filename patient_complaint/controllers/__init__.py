from . import complaint_public_base
from . import complaint_track
from . import complaint_form
