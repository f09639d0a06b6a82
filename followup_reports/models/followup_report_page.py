# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""The figures one reader may see, laid out in tables."""

import math

from ..report.followup_report_task_summary import LEAST
from ..tools.matrix import Cell, Column, Row, Table
from .followup_report_rows import PATHS

# what is published of the period before, beside the figures of a report
BESIDE = ("coverage", "effective", "satisfaction", "truth", "opinions", "complaints")
BESIDE += ("punctual", "complaint_satisfaction")
LEADER = "patient_followup.followup_group_leader"


class Page:
    """The lines one reader may see, found by what they stand for."""

    def __init__(self, run, published=False):
        self.run = run
        self.env = run.env
        self.published = published
        self.words = run.env["followup.kpi"]._get_words()
        self.told = {}  # published: {run id: ids of the figures shown}
        self.left_out_count = 0
        self.known = run._get_known_sheets() if published else []
        self.before = self._get_before()
        self.lines = {self._place(line): line for line in self._get_lines(run)}
        self.hidden = self._get_hidden()
        self.readable = self._get_readable()

    def _get_readable(self):
        """Return the models behind figures of which the reader reads rows."""
        if self.published:
            return frozenset()
        return frozenset(name for name in PATHS if self.env[name].has_access("read"))

    def _get_before(self):
        """Return {place: value} of the period before, as far as the reader sees it."""
        lines = self._get_lines(self.run.previous_id, BESIDE)
        return {self._place(line): line.value for line in lines if line.has_data}

    def _get_lines(self, run, kpis=None):
        """Return the lines of a report this reader may see.

        :param kpis: of published ones, only these figures, beside another report
        """
        lines = self.env["followup.report.line"]
        mine = [("run_id", "=", run.id)]
        if not self.published:
            return lines.search(mine)
        # sudo: what is published is the same for every reader
        # nobody's work is published by name
        every = lines.sudo().search([*mine, ("section", "!=", "employees")])
        shown = every.filtered(lambda line: not (line.is_small or line._counts_few()))
        shown -= self._get_telltales(every, shown)
        if kpis:
            shown = shown.filtered(lambda line: line.kpi in kpis)
        return self._get_untelling(run, shown, bool(kpis))

    def _get_untelling(self, run, shown, is_beside):
        """Return what reports released before do not turn into figures of few."""
        if not run:
            return shown
        # sudo: as above
        run = run.sudo()
        figures = run._get_figures()[run.id]
        if is_beside:
            figures = [figure for figure in figures if figure.id in set(shown.ids)]
        telling = run._find_telling(shown, self.known, figures)
        self.left_out_count += len(telling)
        shown -= telling
        self.told[run.id] = shown.ids
        if is_beside:
            self.known.insert(0, run._as_sheet(figures, set(shown.ids)))
        return shown

    @staticmethod
    def _get_telltales(every, shown):
        """Return the smallest row of each total beside those left out for few.

        The total minus all others would tell them otherwise.
        """
        found = every.browse()
        totals = {
            (line.section, line.level, line.kpi, line.key): line.numerator
            for line in every
            if line.has_data and not line.department_id
        }
        for row, other in (("department_id", "key"), ("key", "department_id")):
            rows = every.filtered(lambda line, row=row: line.has_data and line[row])
            wholes = rows.grouped(
                lambda line, other=other: (
                    *(line.section, line.level, line.kpi),
                    line[other],
                )
            )
            for whole, parts in wholes.items():
                left = (parts & shown).sorted(lambda line: line.numerator or math.inf)
                out = (parts - left).mapped("numerator")
                if row == "department_id":
                    # what belongs to no department has no row, and is not shown
                    rest = totals.get(whole, 0) - sum(parts.mapped("numerator"))
                    out += [rest] if rest > 0 else []
                if len(out) == 1 or 0 < sum(out) < LEAST:
                    found |= left[:1]
        return found

    @staticmethod
    def _place(line):
        level, key = line.level or None, line.key or None
        return line.section, level, line.department_id.id or None, key, line.kpi

    def _get_hidden(self):
        """Return the places of figures kept back from this reader for protection.

        Only from who reads every department: whoever reads some learns nothing of
        the others, not even that they have figures.
        """
        seen = self.env.su or not self.env.user.has_group(LEADER)
        if seen and not self.published:
            return frozenset()
        # sudo: where figures stand, none of their values
        lines = self.run.sudo().line_ids
        if not self.published:
            lines = lines.filtered("is_small")
        lines = lines.filtered(lambda line: line.section != "employees")
        return frozenset(map(self._place, lines)) - self.lines.keys()

    @property
    def places(self):
        return self.lines.keys() | self.hidden

    @property
    def levels(self):
        """Return [(level, label)] of what the reader sees."""
        field = self.env["followup.report.line"]._fields["level"]
        present = {place[1] for place in self.places}
        return [
            pair
            for pair in field._description_selection(self.env)
            if pair[0] in present
        ]

    # ------------------------------------------------------------
    # COLUMNS
    # ------------------------------------------------------------

    def columns(self, *codes, kind=None):
        """Return the columns of key figures; `kind` forces how they print."""
        return [self._column(code, kind) for code in codes]

    def _column(self, code, kind):
        name, _text, unit, _lower = self.words[code]
        kinds = {"percent": "rate", "days": "number"}
        return Column(
            code,
            name,
            kind or kinds.get(unit, "count"),
            self.env._("%(name)s: counted", name=name),
            self.env._("%(name)s: of", name=name),
        )

    def goal_columns(self, code):
        """Return the columns that compare a rate: target, period before, rank."""
        return [
            Column(f"target:{code}", self.env._("Target"), "number"),
            Column(f"previous:{code}", self.env._("Before"), "number"),
            Column(f"change:{code}", self.env._("Change"), "difference"),
            Column(f"rank:{code}", self.env._("Rank"), "count"),
        ]

    def get_definitions(self, tables):
        """Return [(name, meaning)] of the figures that were laid out."""
        keys = [column.key for table in tables for column in table.columns]
        codes = dict.fromkeys(key.partition("@")[0] for key in keys)
        return [self.words[code][:2] for code in codes if code in self.words]

    # ------------------------------------------------------------
    # TABLES
    # ------------------------------------------------------------

    def by_department(self, code, title, columns, section, level=None, key=None):
        """Return a table with one row for each department, the hospital last."""
        table = Table(code, title, self.env._("Department"), columns)
        names = self._get_departments(section, level, key)
        ordered = sorted(names, key=lambda department: names[department])
        for department in ordered:
            cells = self._cells(columns, section, level, department, key)
            table.rows.append(Row(names[department], cells, department=department))
        if any((section, level, None, key, c.key) in self.places for c in columns):
            cells = self._cells(columns, section, level, None, key)
            table.rows.append(Row(self.env._("Total"), cells, is_total=True))
        return table

    def by_key(self, code, title, subject, columns, section, labels, level=None):
        """Return a table of the hospital with one row for each key."""
        table = Table(code, title, subject, columns)
        names = self._get_keys(section, level, labels)
        order = {key: place for place, key in enumerate(labels)}
        for key in sorted(names, key=lambda key: (order.get(key, -1), names[key])):
            cells = self._cells(columns, section, level, None, key)
            table.rows.append(Row(names[key], cells))
        return table

    def _get_departments(self, section, level, key):
        """Return {department id: its name when the report was made}."""
        wanted = (section, level, key)
        return {
            line.department_id.id: self._in_lang(line.department_names)
            for place, line in self.lines.items()
            if place[2] and (place[0], place[1], place[3]) == wanted
        }

    def _get_keys(self, section, level, labels):
        found = {}
        for place, line in self.lines.items():
            if place[:3] == (section, level, None) and place[3]:
                name = self._in_lang(line.key_names) if line.key_names else None
                found[place[3]] = name or labels.get(place[3], place[3])
        return found

    def _in_lang(self, names):
        names = names or {}
        lang = self.env.lang or "en_US"
        return names.get(lang) or names.get("en_US") or next(iter(names.values()), "")

    def _cells(self, columns, *place):
        return [self._cell(column, place) for column in columns]

    def _cell(self, column, place):
        what, _sep, code = column.key.rpartition(":")
        code, _sep, own_key = code.partition("@")
        section, level, department, key = place
        key = own_key or key
        found = (section, level, department, key, code)
        line = self.lines.get(found)
        if not line:
            state = "small" if found in self.hidden else "none"
            return Cell(column.kind, state=state)
        if what:
            return self._compared(what, column.kind, line)
        _name, _text, unit, lower = self.words[code]
        if column.kind == "count":
            unit = "count"
        return line._as_cell(unit, lower, line._get_rows_url(self.readable))

    def get_previous(self, line):
        """Return the figure of the period before, or False."""
        return self.before.get(self._place(line), False)

    def _compared(self, what, kind, line):
        """Return the cell of a comparison: target, previous, change or rank."""
        previous = self.get_previous(line)
        is_known = previous is not False and line.has_data
        value = {
            "target": line.has_target and line.target,
            "previous": previous,
            "change": is_known and line.value - previous,
            "rank": line.rank,
        }[what]
        known = value is not False and (what != "rank" or value)
        return Cell(kind, value) if known else Cell(kind, state="none")
