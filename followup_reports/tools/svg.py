# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Bars as SVG, drawn on the server: any printer and any language (section 2)."""

from html import escape

ROW = 22
LABEL = 190
WIDTH = 640
TOP = 6
BAR = "#2f7f79"
BAD = "#b5483a"
LINE = "#333333"
PAPER = "#ffffff"


def bars(rows, target=None, full=None, unit=""):
    """Return horizontal bars as an SVG element.

    :param rows: [(label, value or None, text)]; None draws no bar
    :param target: a line at this value
    :param full: the value at the right edge; the largest if not given
    :param unit: stands behind the target
    """
    values = [value for _label, value, _shown in rows if value is not None]
    top = full or max([*values, target or 0, 1e-9])
    room = WIDTH - LABEL - 60
    height = TOP * 2 + ROW * len(rows) + (14 if target is not None else 0)
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{WIDTH}" height="{height}"'
        f' viewBox="0 0 {WIDTH} {height}" role="img">'
    ]
    for number, (label, value, _shown) in enumerate(rows):
        parts += _bar(number, label, value, top, room, target)
    line = None
    if target is not None:
        line = LABEL + room * min(target / top, 1)
        parts += _target(line, height, target, unit)
    for number, (_label, value, text) in enumerate(rows):
        parts += _value(number, _width(value, top, room), text, line)
    return "".join([*parts, "</svg>"])


def _width(value, top, room):
    return room * max(min((value or 0) / top, 1), 0)


def _bar(number, label, value, top, room, target):
    y = TOP + number * ROW
    yield _text(LABEL - 8, y + 15, _short(label), "end")
    if value is not None:
        width = _width(value, top, room)
        colour = BAD if target is not None and value < target else BAR
        yield (
            f'<rect x="{LABEL}" y="{y + 3}" width="{width:.1f}" height="{ROW - 7}"'
            f' fill="{colour}"/>'
        )


def _value(number, width, text, line):
    """Write the figure behind its bar; the line of the target ends before it."""
    x, y = LABEL + width + 6, TOP + number * ROW
    size = 7 * len(str(text)) + 2
    if line is not None and x - 1 < line < x + size:
        yield (
            f'<rect x="{x - 1:.1f}" y="{y + 3}" width="{size}" height="{ROW - 6}"'
            f' fill="{PAPER}"/>'
        )
    yield _text(x, y + 15, text, "start")


def _target(x, height, target, unit):
    yield (
        f'<line x1="{x:.1f}" y1="0" x2="{x:.1f}" y2="{height - 14}"'
        f' stroke="{LINE}" stroke-dasharray="4 3"/>'
    )
    yield _text(x, height - 3, f"{target:g}{unit}", "middle")


def _text(x, y, text, anchor):
    return (
        f'<text x="{x:.1f}" y="{y:.1f}" font-size="12" text-anchor="{anchor}"'
        f' font-family="Noto Sans CJK SC, Noto Sans SC, sans-serif"'
        f' fill="{LINE}">{escape(str(text))}</text>'
    )


def _short(text, size=26):
    """Return a label that fits: Chinese characters are as wide as two."""
    width = 0
    for number, character in enumerate(text):
        width += 2 if ord(character) > 0x2E7F else 1
        if width > size:
            return text[: max(number - 1, 1)] + "…"
    return text
