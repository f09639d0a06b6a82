from . import controllers, models, report, wizard
from .uninstall import leave


def uninstall_hook(env):
    """Take along what is no row of a model or data of the addon."""
    leave(env)
