# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
import json

from werkzeug.exceptions import Forbidden

from odoo import api, models
from odoo.exceptions import AccessError


def _plain(sheet):
    """Return a sheet as text in which no name is written in escaped characters."""
    try:
        return json.dumps(json.loads(sheet or "{}"), ensure_ascii=False)
    except ValueError:
        return str(sheet)


class SpreadsheetDashboardShare(models.Model):
    """A shared link opens without log-in: none leads to figures of patients (Y-10).

    What the public may see is released as a report by two persons instead. A share
    is refused when it is made, when it is turned to another dashboard and when it
    is opened, whatever its dashboard was before.
    """

    _inherit = "spreadsheet.dashboard.share"

    @api.model_create_multi
    def create(self, vals_list):
        shares = super().create(vals_list)
        shares._check_no_figures()
        return shares

    def write(self, vals):
        self._check_no_figures()
        result = super().write(vals)
        self._check_no_figures()
        return result

    def _check_dashboard_access(self, access_token):
        if self._shows_figures():
            raise Forbidden(self.env._("These figures are not shared by a link."))
        return super()._check_dashboard_access(access_token)

    def _check_no_figures(self):
        if self._shows_figures():
            raise AccessError(self.env._("These figures are not shared by a link."))

    def _shows_figures(self):
        """Tell whether a dashboard is of our group or reads one of our models."""
        group = self.env.ref(
            "followup_reports.spreadsheet_dashboard_group", raise_if_not_found=False
        )
        # sudo: which group a dashboard is of, and which models it reads
        boards = self.sudo().dashboard_id
        if group and group in boards.dashboard_group_id:
            return True
        marks = tuple(f'"{prefix}' for prefix in self._followup_prefixes())
        sheets = [
            *(_plain(board.spreadsheet_data) for board in boards),
            *(_plain(share.spreadsheet_data) for share in self.sudo()),
        ]
        return any(mark in sheet for mark in marks for sheet in sheets)
