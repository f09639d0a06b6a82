# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""How the patient does over time, from the answers of his questionnaires (R-8)."""

from odoo import api, models
from odoo.fields import Domain

from ..tools.checked import checked
from ..tools.trend import LEVELS, MEASURED, UNITS, is_within

POINTS = 200
FIELDS = [
    "followup_patient_id",
    "followup_metric",
    "followup_day",
    "followup_level",
    "followup_answered_by",
    "followup_alert",
    "followup_is_scored",
    "followup_score",
    "answer_type",
    "value_numerical_box",
    "value_scale",
    "suggested_answer_id",
    "question_id",
]


class FollowupPatient(models.Model):
    _inherit = "followup.patient"

    @api.readonly
    @checked
    def get_response_trend(self, metric=None):
        """Return what the chart of the patient shows; the same queries always.

        Only answers the reader may see are in it: a ward caller those of his
        departments, the centre those of level 2 (R-8, I-3).

        :param str metric: one of `tools.trend.MEASURED`; None takes the first
            one that was ever answered
        :return dict: `metrics`: [{`key`, `label`, `count`}], `metric`, `label`,
            `unit`, `points`: [{`day` (text), `value`, `level`, `by`, `alert`,
            `in_target` (None without a goal)}] in order of time, `target`:
            {`low`, `high`} of the open goal or None, `plausible`: {`low`,
            `high`} outside of which an answer alarms, or None
        :raises AccessError: the reader may not see the patient
        """
        self.ensure_one()
        self.check_access("read")
        metrics = self._get_trend_metrics()
        known = [entry["key"] for entry in metrics]
        if metric not in known:
            metric = known[0] if known else None
        lines = self._search_measured([metric], POINTS)
        target = self._get_trend_target(metric)
        return {
            "metrics": metrics,
            "metric": metric,
            "label": next((m["label"] for m in metrics if m["key"] == metric), ""),
            "unit": _get_unit(lines, metric),
            "points": [point for line in lines if (point := _point(line, target))],
            "target": target,
            "plausible": _get_plausible(lines),
        }

    def _get_trend_metrics(self):
        lines = self.env["survey.user_input.line"]
        counts = dict(
            lines._read_group(
                self._get_measured_domain(MEASURED), ["followup_metric"], ["__count"]
            )
        )
        labels = dict(self.env["followup.goal"]._select_metric())
        return [
            {"key": key, "label": labels[key], "count": counts[key]}
            for key in MEASURED
            if key in counts
        ]

    def _get_measured_domain(self, metrics):
        return Domain(
            [
                ("followup_patient_id", "in", self.ids),
                ("followup_metric", "in", list(metrics)),
                ("followup_day", "!=", False),
                ("followup_missing", "=", False),
                ("answer_type", "in", ("numerical_box", "scale", "suggestion")),
            ]
        )

    def _search_measured(self, metrics, limit=None):
        """Return the answers in order of time, the latest ones if limited."""
        lines = self.env["survey.user_input.line"].search_fetch(
            self._get_measured_domain(metrics),
            FIELDS,
            order="followup_day desc, id desc",
            limit=limit,
        )
        return lines[::-1]

    def _get_trend_target(self, metric):
        goals = self.env["followup.goal"].search_fetch(
            [
                ("patient_id", "=", self.id),
                ("metric", "=", metric),
                ("state", "in", ("active", "achieved", "missed")),
            ],
            ["target_low", "target_high"],
            order="start_date desc, id desc",
            limit=1,
        )
        if not goals:
            return None
        return {"low": goals.target_low or None, "high": goals.target_high or None}

    def _get_measured(self, metrics):
        """Return {(patient id, metric): [(day, value)] in order of time}.

        For the engine, which sees all answers.
        """
        found = {}
        for line in self._search_measured(metrics):
            value = _value(line)
            if value is not None:
                key = (line.followup_patient_id.id, line.followup_metric)
                found.setdefault(key, []).append((line.followup_day, value))
        return found


def _value(line):
    """Return the answer as a number, None for one that has no place on a scale."""
    if line.answer_type == "numerical_box":
        return line.value_numerical_box
    if line.followup_is_scored:
        return line.followup_score
    if line.answer_type == "scale":
        return float(line.value_scale)
    return LEVELS.get(line.suggested_answer_id.followup_code)


def _point(line, target):
    value = _value(line)
    if value is None:
        return None
    return {
        "id": line.id,
        "day": str(line.followup_day),
        "value": value,
        "level": line.followup_level,
        "by": line.followup_answered_by or "",
        "alert": line.followup_alert or "",
        "in_target": target and is_within(value, target["low"], target["high"]),
    }


def _get_unit(lines, metric):
    units = [line.question_id.followup_unit for line in lines if line.question_id]
    return next((unit for unit in reversed(units) if unit), UNITS.get(metric, ""))


def _get_plausible(lines):
    """Return the limits of the latest question that has any."""
    for question in lines.question_id.sorted("id", reverse=True):
        low, high = question.followup_alert_min, question.followup_alert_max
        if low or high:
            return {"low": low or None, "high": high or None}
    return None
