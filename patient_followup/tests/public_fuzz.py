# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Posts no browser sends: what a stranger may try on the public routes."""

import json
import random
import sys

ROUTES = (
    "open",
    "proof",
    "save",
    "finish",
    "question",
    "hours",
    "withdraw",
    "request",
    "appointment",
)
FIELDS = (
    "token",
    "key",
    "csrf_token",
    "birth_year",
    "birth_month",
    "birth_day",
    "number",
    "answers",
    "who",
    "text",
    "band",
    "scope",
    "kind",
    "wish",
    "answer",
    "lang",
    "website",
    "id",
)
TEXTS = (
    b"",
    b"\x00",
    b"a\x00b",
    b"\xff\xfe\xfd",
    b"\xed\xa0\x80",  # a lone surrogate
    b"\xf0\xa0\x80\x80\xf0\x9f\x98\x80",  # a rare sign, a smiling face
    "\u202e\u200f\u0301".encode(),  # right to left, a mark alone
    b"<script>alert(1)</script>",
    b"\"'><img src=x onerror=alert(1)>",
    b"{{7*7}}${7*7}<t t-out='1'/>",
    b"' OR 1=1; --",
    b"%00%0a%0d",
    b"../../etc/passwd",
    b"-1",
    b"999999999999999999999999",
    b"1e309",
    b"NaN",
    b"0000",
    "\uff11\uff19\uff15\uff16".encode(),
    b"[]",
    b"{}",
    b"null",
    b"=1+1",
    b"\r\nSet-Cookie: a=b",
)
VALUES = (None, True, -1, 1e308, "\ud800", "\x00", [], {}, [[]], {"refused": 1}, "x")
STATUSES = ("DELIVRD", "0", "1001", "", "\x00", "x" * 9999, *VALUES)
TYPES = (
    "application/x-www-form-urlencoded",
    "application/x-www-form-urlencoded; charset=utf-16",
    "application/x-www-form-urlencoded; charset=nonsense",
    "multipart/form-data",
    "multipart/form-data; boundary=x",
    "text/plain",
    "application/json",
    "",
)


def post(rng, hidden, ids):
    """Return (body, headers) of one strange post.

    :param random.Random rng: makes it repeatable
    :param dict hidden: fields that let a post through
    :param list ids: of questions and answers
    """
    kind = rng.random()
    if kind < 0.1:
        return _noise(rng), {"Content-Type": rng.choice(TYPES)}
    fields = dict(hidden) if rng.random() < 0.9 else {}
    for name in rng.sample(FIELDS, rng.randint(0, 5)):
        if name not in hidden or rng.random() < 0.1:
            fields[name] = _text(rng)
    for _count in range(rng.randint(0, 3)):
        fields[f"q{rng.choice(ids)}"] = _text(rng)
    if rng.random() < 0.4:
        fields["answers"] = _answers(rng, ids)
    if kind < 0.2:
        return _multipart(fields), {"Content-Type": "multipart/form-data; boundary=x"}
    pairs = [quote(name) + b"=" + quote(fields[name]) for name in fields]
    pairs += rng.sample(pairs, min(len(pairs), rng.randint(0, 2)))
    kind = TYPES[0] if rng.random() < 0.9 else rng.choice(TYPES)
    return b"&".join(pairs), {"Content-Type": kind}


def quote(value):
    value = value.encode(errors="surrogatepass") if isinstance(value, str) else value
    return b"".join(b"%%%02X" % byte for byte in value)


def _text(rng):
    text = rng.choice(TEXTS)
    if rng.random() < 0.05:
        text *= 500
    if rng.random() < 0.2:
        text += rng.choice(TEXTS)
    return text


def _noise(rng):
    return rng.randbytes(rng.randint(0, 200))


def _answers(rng, ids):
    known = [str(one) for one in ids]
    value = rng.choice((*VALUES, rng.choice(ids), [rng.choice(ids)]))
    key = rng.choice([f"q{rng.choice(known)}", "q", "q-1", "9" * 5000, "\ud800"])
    text = json.dumps({key: value})
    return rng.choice((text, text, text, "[" * 5000, "{", "1", '"x"'))


def _multipart(fields):
    parts = []
    for name, value in fields.items():
        value = value.encode(errors="replace") if isinstance(value, str) else value
        parts.append(
            b'--x\r\nContent-Disposition: form-data; name="%s"; filename="a.svg"'
            b"\r\n\r\n%s\r\n" % (name.encode(), value)
        )
    return b"".join(parts) + b"--x--\r\n"


def report(rng, refs):
    """Return (body, headers) of one strange delivery report.

    :param list refs: numbers of messages it may name
    """
    if rng.random() < 0.2:
        return post(rng, {"msgid": rng.choice(refs), "status": "DELIVRD"}, [1])
    row = {"msgid": rng.choice([*refs, *VALUES]), "status": rng.choice(STATUSES)}
    body = rng.choice((row, [row] * rng.randint(0, 3), {"reports": [row]}, [[row]]))
    text = json.dumps(body).encode()
    if rng.random() < 0.3:
        place = rng.randint(0, len(text))
        text = text[:place] + rng.choice(TEXTS) + text[place:]
    return text, {"Content-Type": rng.choice(TYPES)}


def routes(addon):
    """Return the addresses that its controllers define; overrides define none."""
    controllers = [
        value
        for name, module in tuple(sys.modules.items())
        if name.startswith(f"odoo.addons.{addon}.controllers.")
        for value in vars(module).values()
        if getattr(value, "__module__", None) == name
    ]
    methods = [way for one in controllers for way in vars(one).values()]
    routings = [getattr(way, "original_routing", {}) for way in methods]
    return {route for routing in routings for route in routing.get("routes") or ()}


def generator(seed):
    """Return a source of chance that repeats itself."""
    return random.Random(seed)
