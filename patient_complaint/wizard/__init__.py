from . import complaint_intake
from . import complaint_reason
