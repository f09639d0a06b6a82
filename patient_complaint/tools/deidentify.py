# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Names, numbers and addresses taken out of a text before others read it (K-13).

What is known is replaced wherever it stands; what looks like a number or an address
is replaced whatever it is. A person reads it afterwards all the same.
"""

import re

MARK = "***"
EMAIL = re.compile(r"[\w.+-]+@[\w-]+(?:\.[\w-]+)+")
LINK = re.compile(r"https?://\S+", re.I)
# five digits and more, however they are grouped; full-width ones, too
NUMBER = re.compile(
    r"(?<![0-9A-Za-z.])[+＋]?[0-9０-９](?:[ \-－()（）]{0,2}[0-9０-９]){4,}[xX]?"
)
DAY = re.compile(
    r"(?:19|20)[0-9]{2}\s*[-/.年]\s*[0-9]{1,2}(?:\s*[-/.月]\s*[0-9]{1,2}\s*[日号號]?)?"
)
BED = re.compile(r"[0-9]{1,3}\s*(?:床|号床|號床|病床)")
# a Chinese name is used with a title: 王大夫, 李阿姨
TITLES = ("医生", "醫生", "大夫", "主任", "护士长", "護士長", "护士", "護士", "先生")
TITLES += ("女士", "阿姨", "老师", "老師", "教授", "院长", "院長", "小姐", "某")
CHINESE = re.compile(r"[\u4e00-\u9fff]{2,4}")
SHORTEST = 2


def known_names(names):
    """Return what is looked for in a text, the longest first.

    A Chinese name gives its given name, too, and the family name with a title; other
    names give each of their words.
    """
    found = set()
    for name in filter(None, names):
        name = name.strip()
        found.add(name)
        if CHINESE.fullmatch(name):
            if len(name) > 2:
                found.add(name[-2:])
            found.update(name[0] + title for title in TITLES)
        else:
            found.update(re.split(r"[\s·•.,]+", name))
    return sorted((one for one in found if len(one) >= SHORTEST), key=len, reverse=True)


def mask(text, names=()):
    """Return the text with `***` for names, numbers, addresses, days and beds."""
    text = text or ""
    for name in known_names(names):
        text = _pattern(name).sub(MARK, text)
    for pattern in (LINK, EMAIL, DAY, NUMBER, BED):
        text = pattern.sub(MARK, text)
    return re.sub(r"(?:\*{3}\s*){2,}", MARK + " ", text).strip()


def find(text, names=()):
    """Return what of this still stands in a text, each once, in its order."""
    text = text or ""
    found = []
    for name in known_names(names):
        found += _pattern(name).findall(text)
    for pattern in (LINK, EMAIL, DAY, NUMBER, BED):
        found += pattern.findall(text)
    return list(dict.fromkeys(one.strip() for one in found))


def _pattern(name):
    """Match a name; one in letters only as a whole word."""
    edge = r"\b" if name.isascii() else ""
    return re.compile(edge + re.escape(name) + edge, re.IGNORECASE)
