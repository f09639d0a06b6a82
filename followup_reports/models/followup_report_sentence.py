# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""What changed and where to look, in plain words built by rules (section 2).

Each sentence names the figure it is built from, so a reader finds it again.
"""

from odoo import models

from ..tools.matrix import plain

# what a report opens with: section, level, key figure
HEADLINES = {
    "bulletin": (
        ("follow_up", "1", "effective"),
        ("follow_up", "2", "coverage"),
        ("satisfaction", None, "satisfaction"),
        ("verification", None, "truth"),
    ),
    "half_month": (("follow_up", "1", "effective"),),
    "satisfaction": (("satisfaction", None, "satisfaction"),),
    "feedback": (("opinions", None, "opinions"),),
    "complaints": (
        ("complaints", None, "complaints"),
        ("clocks", None, "punctual"),
        ("complaints", None, "complaint_satisfaction"),
    ),
}


class FollowupReportRun(models.Model):
    _inherit = "followup.report.run"

    def _get_sentences(self, page):
        """Return the sentences of a report, built from what its reader sees."""
        sentences = []
        for section, level, code in HEADLINES.get(self.code, ()):
            lines = [
                line
                for place, line in page.lines.items()
                if (place[0], place[1], place[3], place[4])
                == (section, level, None, code)
            ]
            sentences += self._say_headline(page, code, level, lines)
        return sentences

    def _say_headline(self, page, code, level, lines):
        known = [line for line in lines if line.has_data]
        total = [line for line in known if not line.department_id]
        wards = [line for line in known if line.department_id]
        for line in total or wards[:1]:
            yield self._say_value(page, line, level)
        rates = page.words[code][2] == "percent"
        below = [line for line in wards if self._misses(page, line)]
        if rates and below:
            yield self._say_below(page, code, below)
        elif rates and len(wards) > 2:
            yield self._say_last(page, code, wards)

    def _say_value(self, page, line, level):
        """Say a figure, its change, and its target where there is one."""
        name = page.words[line.kpi][0]
        cell = line._as_cell(page.words[line.kpi][2])
        label = dict(page.levels).get(level)
        values = {
            "name": f"{name} ({label})" if label else name,
            "value": cell.text,
            "fraction": cell.fraction,
        }
        parts = [
            self.env._("%(name)s: %(value)s (%(fraction)s).", **values)
            if cell.fraction
            else self.env._("%(name)s: %(value)s.", **values)
        ]
        previous = page.get_previous(line)
        if previous is not False:
            parts.append(self._say_change(line.value - previous, cell))
        if line.has_target:
            parts.append(self._say_target(page, line))
        return " ".join(parts)

    def _say_change(self, change, cell):
        if abs(change) < 0.05:
            return self.env._("As in the period before.")
        values = {"change": plain(round(abs(change), 1))}
        if cell.kind == "rate":
            if change > 0:
                return self.env._("%(change)s points more than before.", **values)
            return self.env._("%(change)s points less than before.", **values)
        if change > 0:
            return self.env._("%(change)s more than before.", **values)
        return self.env._("%(change)s less than before.", **values)

    def _misses(self, page, line):
        if not line.has_target:
            return False
        lower = page.words[line.kpi][3]
        return line.value > line.target if lower else line.value < line.target

    def _say_target(self, page, line):
        target = plain(line.target)
        if self._misses(page, line):
            return self.env._("The target of %(target)s is missed.", target=target)
        return self.env._("The target of %(target)s is reached.", target=target)

    def _say_below(self, page, code, lines):
        """Name the departments that miss their target, the furthest first."""
        lines = sorted(lines, key=lambda line: line.value - line.target)
        return self.env._(
            "%(name)s misses the target in: %(departments)s.",
            name=page.words[code][0],
            departments=self._say_departments(page, lines),
        )

    def _say_last(self, page, code, lines):
        last = max(lines, key=lambda line: (line.rank, line.id))
        return self.env._(
            "%(name)s: look at %(departments)s first.",
            name=page.words[code][0],
            departments=self._say_departments(page, [last]),
        )

    def _say_departments(self, page, lines):
        named = [
            f"{page._in_lang(line.department_names)} {line.value:.1f}%"
            for line in lines[:5]
        ]
        left = len(lines) - 5
        text = ", ".join(named)
        if left > 0:
            return self.env._("%(names)s and %(count)s more", names=text, count=left)
        return text
