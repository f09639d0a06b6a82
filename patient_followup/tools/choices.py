# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Selections shared between models: one list, one translation."""


def choices_of(model_name, field_name):
    """Return the `selection` of a field that offers what another field offers.

    The labels come in the language of the user, as those of the other field.
    """

    def selection(model):
        field = model.env[model_name]._fields[field_name]
        return field._description_selection(model.env)

    return selection
