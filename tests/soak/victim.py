#!/usr/bin/env python3
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Do a job in child processes that are killed (-9) at random moments, to its end.

python tests/soak/victim.py CONFIG DATABASE JOB SECONDS SEED

Prints how many were killed. The children are forked before any connection is made.
"""

import os
import random
import signal
import sys
import time

from odoo import SUPERUSER_ID, api
from odoo.modules.registry import Registry
from odoo.sql_db import close_all
from odoo.tools import config

BATCH = 40
GROWTH = 1.05
LEFT = 3  # exit code of a child that left work to the next one


def generate(env):
    """Plan what is pending; tell whether something is left."""
    stays = env["followup.encounter"]
    stays._cron_generate_plans(batch=BATCH)
    return bool(stays.search_count(stays._get_pending_domain(), limit=1))


def bring_in(env):
    """Go on with the lists on their way; tell whether something is left."""
    lists = env["followup.import"]
    whole = lists.__class__._import_batch
    lists.__class__._import_batch = lambda record, table: whole(record, table, BATCH)
    lists._cron_import()
    return bool(lists.search_count([("state", "=", "running")], limit=1))


def anonymise(env):
    """Go on with approved runs; tell whether something is left."""
    runs = env["followup.retention.run"]
    runs._cron_run()
    return bool(runs.search_count([("state", "in", ("approved", "running"))]))


JOBS = {"generation": generate, "import": bring_in, "retention": anonymise}


def child(database, job):
    """Do the job in this process and leave it without tidying up."""
    with Registry(database).cursor() as cr:
        left = job(api.Environment(cr, SUPERUSER_ID, {"tracking_disable": True}))
    os._exit(LEFT if left else 0)


def survive(database, job, longest):
    """Fork and kill until a child comes to the end; return the number of kills.

    Each may live a little longer than the one before, so that a busy machine gets on.
    """
    kills = 0
    while True:
        pid = os.fork()
        if not pid:
            child(database, job)
        time.sleep(random.uniform(0, longest * GROWTH**kills))
        os.kill(pid, signal.SIGKILL)
        status = os.waitpid(pid, 0)[1]
        if os.WIFSIGNALED(status):
            kills += 1
        elif os.WEXITSTATUS(status) == 0:
            return kills
        elif os.WEXITSTATUS(status) != LEFT:
            sys.exit(f"A child failed with {os.WEXITSTATUS(status)}.")


def main():
    config_file, database, job, longest, seed = sys.argv[1:]
    random.seed(int(seed))
    config.parse_config(["-c", config_file, "-d", database, "--no-http"])
    Registry(database)
    close_all()
    print(survive(database, JOBS[job], float(longest)))


if __name__ == "__main__":
    main()
