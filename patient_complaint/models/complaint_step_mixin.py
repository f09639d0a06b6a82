# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import models
from odoo.exceptions import AccessError, UserError


class ComplaintStepMixin(models.AbstractModel):
    """A numbered record of the complaint office that goes through states."""

    _name = "complaint.step.mixin"
    _description = "Numbered Record with Steps"

    def _give_numbers(self):
        """Give each record the next number of its hospital's series."""
        for record in self.sudo()._guarded():
            # sudo: the number is given by the hospital, not by the caller
            record.name = record.company_id._followup_next_number(self._name)

    def _check_state(self, *states):
        """Raise a UserError where the record is in none of the `states`."""
        self.ensure_one()
        if self.state in states:
            return
        labels = dict(self._fields["state"]._description_selection(self.env))
        raise UserError(
            self.env._(
                "%(name)s is %(state)s: this step is not open.",
                name=self.name,
                state=labels[self.state],
            )
        )

    def _check_linkable(self, names):
        """Only whoever sees what a record is linked with may link it.

        The link would show the name of a patient or of a case.

        :param names: many2one fields
        :raise AccessError: the caller cannot read one of them
        """
        if self.env.su:
            return
        for name in names:
            linked = self[name]
            if linked and not linked.has_access("read"):
                raise AccessError(
                    self.env._("You may not see what this is to be linked with.")
                )
