# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Rows of a job: one that cannot be done stops no other."""

import logging

from psycopg2 import OperationalError

_logger = logging.getLogger(__name__)


def attempt(records, act, give_up=None):
    """Do it for all at once; if that fails, for each alone, without the bad ones.

    :param act: called with records, in a savepoint
    :param give_up: called with a record that cannot be done, so that the job does
        not find it again at once
    :raises OperationalError: two workers at once: the job is repeated
    """
    try:
        with records.env.cr.savepoint():
            act(records)
        return
    except OperationalError:
        raise
    except Exception as error:  # pylint: disable=broad-except
        if len(records) == 1:
            # the words of an error may hold a name
            _logger.error("Left out: %s, %s", records, type(error).__name__)
            if give_up:
                give_up(records)
            return
    for record in records:
        attempt(record, act, give_up)
