# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""How a patient does over time: values of answers and goals, as plain functions."""

# what can be drawn as a line, in the order it is offered (F-4)
MEASURED = (
    "systolic",
    "diastolic",
    "heart_rate",
    "glucose_fasting",
    "glucose_meal",
    "weight",
    "temperature",
    "respiration",
    "pain",
    "adherence",
)
# choices told by their codes, as points of 100: medicine taken as ordered
LEVELS = {"always": 100, "mostly": 67, "changed": 33, "stopped": 0}
# units where the questions name none
UNITS = {
    "systolic": "mmHg",
    "diastolic": "mmHg",
    "heart_rate": "/min",
    "glucose_fasting": "mmol/L",
    "glucose_meal": "mmol/L",
    "weight": "kg",
    "temperature": "℃",
    "respiration": "/min",
    "pain": "/10",
    "adherence": "/100",
}


def is_within(value, low, high):
    """Tell whether a value lies in the band; a limit of 0 is none."""
    return (not low or value >= low) and (not high or value <= high)


def judge(values, low, high, needed=1, due=None, today=None):
    """Return (state, day it was reached) of a goal.

    :param values: [(day, value)] in order of time, since the goal was set
    :param low, high: band of the target; 0 is no limit
    :param needed: so many values in a row lie within it
    :param due: last day that counts; after it the result stands
    :return: `active`, `achieved` or `missed`; the day of the value that made it
    """
    run, reached = 0, None
    for day, value in values:
        if due and day > due:
            break
        run = run + 1 if is_within(value, low, high) else 0
        if run < needed:
            reached = None
        elif reached is None:
            reached = day
    if reached:
        return "achieved", reached
    if due and today and today > due:
        return "missed", None
    return "active", None
