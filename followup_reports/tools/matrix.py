# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""One report as plain data; screen, PDF and XLSX print nothing else (section 2).

A figure without data is `none`, one kept back for protection is `small`; neither
is ever a zero.
"""

from dataclasses import dataclass, field

NONE_TEXT = "–"
# few, or a neighbour that would tell the few: nobody learns which
SMALL_TEXT = "*"


@dataclass(frozen=True)
class Cell:
    """One figure or word of a table."""

    kind: str = "text"  # text, count, rate, number
    value: object = None
    numerator: float | None = None
    denominator: float | None = None
    state: str = "data"  # data, none, small
    mark: str = ""  # good, bad: against the target
    link: str = ""  # where its rows are shown, on screen

    @property
    def text(self):
        """Return the figure as it is printed."""
        if self.state != "data":
            return NONE_TEXT if self.state == "none" else SMALL_TEXT
        if self.kind == "rate":
            return f"{self.value:.1f}%"
        if self.kind == "number":
            return f"{self.value:.1f}"
        if self.kind == "difference":
            return f"{self.value:+.1f}"
        return plain(self.value) if self.kind == "count" else str(self.value or "")

    @property
    def fraction(self):
        """Return what a rate divides, as it is printed beside it (I-11)."""
        if self.kind != "rate" or self.state != "data":
            return ""
        return f"{plain(self.numerator)}/{plain(self.denominator)}"


@dataclass(frozen=True)
class Column:
    """A column: its label, and the labels of numerator and denominator."""

    key: str
    label: str
    kind: str = "count"
    counted: str = ""
    of: str = ""

    @property
    def width(self):
        """Return how wide the column is on paper, relative to a number."""
        return {"rate": 21, "text": 70}.get(self.kind, 10)


@dataclass
class Row:
    """A line of a table."""

    label: str
    cells: list
    is_total: bool = False
    department: int | None = None  # its id, where the line is of one


@dataclass
class Table:
    """A section: what its lines are, its columns and lines."""

    code: str
    title: str
    subject: str
    columns: list
    rows: list = field(default_factory=list)
    note: str = ""
    chart: object = None

    @property
    def holds_back(self):
        """Tell whether a figure of it is kept back for protection."""
        return any(cell.state == "small" for row in self.rows for cell in row.cells)

    def share(self, column=None):
        """Return the width of a column in percent; without one, of the labels."""
        whole = 26 + sum(other.width for other in self.columns)
        return 100 * (column.width if column else 26) / whole


@dataclass
class Matrix:
    """A whole report."""

    title: str
    subtitle: str
    facts: list = field(default_factory=list)
    sentences: list = field(default_factory=list)
    tables: list = field(default_factory=list)
    definitions: list = field(default_factory=list)


def plain(value):
    """Return a number without needless decimals."""
    return f"{value:.0f}" if float(value).is_integer() else f"{value:.1f}"
