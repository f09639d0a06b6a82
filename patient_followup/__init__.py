from . import models, report, wizard
from .tools import sql_log

sql_log.install()
