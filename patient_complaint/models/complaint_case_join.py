# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""What each concern of a case guards and erases, taken together.

Every file of `complaint.case` names its own fields; Python alone would keep only the
names of the file loaded last. This one is loaded last.
"""

from odoo import models


class Joined:
    """Class attribute: the union of a name over all parts of a model."""

    def __init__(self, name):
        self.name = name

    def __get__(self, _record, owner):
        found = (vars(part).get(self.name) for part in owner.__mro__)
        return frozenset().union(
            *(names for names in found if isinstance(names, frozenset | tuple))
        )


class ComplaintCase(models.Model):
    _inherit = "complaint.case"

    _guarded_fields = Joined("_guarded_fields")
    _erase_fields = Joined("_erase_fields")


class ComplaintFeedback(models.Model):
    _inherit = "complaint.feedback"

    _erase_fields = Joined("_erase_fields")
