# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import api, fields, models
from odoo.exceptions import LockError, UserError

OPEN_RUNS = ("proposed", "approved", "running")


class FollowupRetentionLine(models.Model):
    """One patient of a run: to be anonymised, kept for a reason, or done (I-7).

    Access: centre managers read the lists of their hospitals; nobody writes.
    """

    _name = "followup.retention.line"
    _description = "Patient to Anonymise"
    _inherit = ["followup.guarded.mixin"]
    _order = "run_id desc, state, last_day, id"
    _rec_name = "patient_id"
    _erase_fields = ("reason", "obstacle")

    run_id = fields.Many2one(
        "followup.retention.run", required=True, index=True, ondelete="cascade"
    )
    company_id = fields.Many2one("res.company", required=True, index=True)
    patient_id = fields.Many2one("followup.patient", required=True, index=True)
    last_day = fields.Date(string="Last Stay or Contact")
    state = fields.Selection(
        [("listed", "To Anonymise"), ("kept", "Kept Back"), ("done", "Anonymised")],
        default="listed",
        required=True,
    )
    reason = fields.Char(string="Asked Because")
    obstacle = fields.Char(string="Why Kept")
    done_at = fields.Datetime()

    _guarded_fields = frozenset(
        {
            "run_id",
            "company_id",
            "patient_id",
            "last_day",
            "state",
            "reason",
            "obstacle",
            "done_at",
        }
    )

    _patient_uniq = models.UniqueIndex(
        "(run_id, patient_id)", "A patient stands once in a list."
    )
    _listed_idx = models.Index("(run_id, id) WHERE state = 'listed'")

    @api.model
    def _find_open(self, patient):
        """Return the lines of this patient that are still to be decided."""
        return self.search(
            [
                ("patient_id", "=", patient.id),
                ("state", "=", "listed"),
                ("run_id.state", "in", OPEN_RUNS),
            ]
        )

    # ------------------------------------------------------------
    # CARRY OUT
    # ------------------------------------------------------------

    def _carry_out(self):
        """Anonymise one listed patient, or say why he is kept."""
        for line in self._guarded():
            obstacle = line._get_obstacle()
            if obstacle:
                line.write({"state": "kept", "obstacle": obstacle})
                continue
            try:
                with self.env.cr.savepoint():
                    line.patient_id._anonymise()
            except LockError:
                raise  # somebody works on him: tried again, not kept
            except UserError as error:
                line.write({"state": "kept", "obstacle": str(error)})
            else:
                line.write({"state": "done", "done_at": fields.Datetime.now()})

    def _get_obstacle(self):
        """Look again: weeks may lie between the list and its day."""
        patient, run = self.patient_id, self.run_id
        if patient.anonymised_at or run.kind == "request":
            return False
        if obstacle := patient._get_retention_obstacles().get(patient.id):
            return obstacle
        due = run.policy_id._find_due(
            run.company_id, run.cut_off, run.encounter_class, patient.ids
        )
        return False if due else self.env._("The patient was in contact since.")
