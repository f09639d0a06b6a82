# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import api, fields, models
from odoo.fields import Command
from odoo.tools import format_date


class FollowupProtocolSimulate(models.TransientModel):
    """A discharge date in, the year of contacts out, each date explained.

    Access: every follow-up role; nothing is written but the dialog itself.
    """

    _name = "followup.protocol.simulate"
    _description = "Protocol Simulator"

    protocol_ids = fields.Many2many(
        "followup.protocol", string="Protocols", required=True
    )
    company_id = fields.Many2one(
        "res.company", required=True, default=lambda self: self.env.company
    )
    date = fields.Date(
        string="Discharge",
        required=True,
        default=lambda self: self.env["followup.clock"]._today(self.env.company),
    )
    procedure_date = fields.Date(string="Operation", help="Empty: day of discharge.")
    admission_date = fields.Date(string="Admission", help="Empty: day of discharge.")
    day_count = fields.Integer(string="Days to Show", default=365, required=True)
    line_ids = fields.One2many(
        "followup.protocol.simulate.line", "simulate_id", compute="_compute_line_ids"
    )
    text = fields.Text(compute="_compute_line_ids", string="As Text")

    _days = models.Constraint(
        "CHECK (day_count BETWEEN 1 AND 3660)", "Show between 1 day and 10 years."
    )

    @api.depends(
        "protocol_ids",
        "company_id",
        "date",
        "procedure_date",
        "admission_date",
        "day_count",
    )
    def _compute_line_ids(self):
        for wizard in self:
            rows = wizard._simulate()
            wizard.line_ids = [
                Command.clear(),
                *(Command.create(wizard._prepare_line(row)) for row in rows),
            ]
            wizard.text = "\n".join(
                wizard._say_line(number, line)
                for number, line in enumerate(wizard.line_ids, start=1)
            )

    def _simulate(self):
        self.ensure_one()
        if not self.protocol_ids or not self.date or not 0 < self.day_count <= 3660:
            return []
        protocols = self.protocol_ids._origin.with_company(self.company_id)
        return protocols.simulate(
            self.date,
            day_count=self.day_count,
            procedure_date=self.procedure_date or None,
            admission_date=self.admission_date or None,
        )

    def _prepare_line(self, row):
        calendar = self.env["followup.clock"]._for_company(self.company_id)
        return {
            "step_id": row["step"].id,
            "occurrence": row["occurrence"] + 1,
            "earliest_day": calendar.local_date(row["earliest"]),
            "due_day": calendar.local_date(row["due"]),
            "deadline_day": calendar.local_date(row["deadline"]),
            "explanation": row["explanation"],
        }

    def _say_line(self, number, line):
        """Return one line of the text to copy."""
        return self.env._(
            "%(number)s. %(date)s: %(step)s (%(method)s). %(explanation)s",
            number=number,
            date=format_date(self.env, line.due_day),
            step=line.step_id.name,
            method=line.step_id._get_label("method"),
            explanation=line.explanation,
        )


class FollowupProtocolSimulateLine(models.TransientModel):
    """One contact the simulator shows."""

    _name = "followup.protocol.simulate.line"
    _description = "Simulated Contact"
    _order = "due_day, id"

    simulate_id = fields.Many2one(
        "followup.protocol.simulate", required=True, index=True, ondelete="cascade"
    )
    step_id = fields.Many2one("followup.protocol.step", readonly=True)
    protocol_id = fields.Many2one(related="step_id.protocol_id")
    method = fields.Selection(related="step_id.method")
    level = fields.Selection(related="step_id.level")
    responsible = fields.Selection(related="step_id.responsible")
    occurrence = fields.Integer(string="No.", readonly=True)
    earliest_day = fields.Date(string="From", readonly=True)
    due_day = fields.Date(string="Due", readonly=True)
    deadline_day = fields.Date(string="Until", readonly=True)
    explanation = fields.Text(string="Why", readonly=True)
