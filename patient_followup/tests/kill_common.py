# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Jobs that commit, killed before the n-th commit as a process is."""

from unittest.mock import patch

from odoo.addons.base.models.ir_cron import IrCron

from .common import RaceCase


class Killed(BaseException):
    """The process is gone: what was not committed never was; nothing catches it."""


class KillCase(RaceCase):
    """`job`: (model, method); `_work()` runs it with cursors and commits of its own."""

    job = None

    def setUp(self):
        super().setUp()
        self.commits_left = None
        # what is patched is patched for all threads: once, not in each
        stub = self._stub_commit()
        self.enterContext(patch.object(IrCron, "_commit_progress", stub))

    def _stub_commit(self):
        """Stand for `_commit_progress`: commit, or die where the test says."""

        def commit(cron, *args, **kwargs):
            if self.commits_left:
                self.commits_left -= 1
                if not self.commits_left:
                    raise Killed
            cron.env.cr.commit()
            return 60

        return commit

    def _work(self, killed_at=None):
        """Run the job as a worker does, with commits; killed before the n-th."""
        self.commits_left = killed_at
        model, method = self.job
        cr = self.registry.cursor()
        try:
            getattr(self._env(cr)[model], method)()
        finally:
            cr.rollback()
            cr.close()
