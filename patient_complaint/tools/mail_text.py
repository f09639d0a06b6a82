# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Mails as they really come: mislabelled charsets, automatic answers, odd files."""

import codecs
import re
from email.utils import parseaddr

from . import uploads

# what says GB 2312 mostly is GBK, of which GB 18030 is the whole
CHINESE = {"gb2312", "gb_2312-80", "gb231280", "gbk", "x-gbk", "cp936", "ms936"}
CHINESE |= {"windows-936", "euc-cn", "euc_cn", "hz-gb-2312-x"}
GUESSES = ("utf-8", "gb18030", "big5hkscs")
WORD = re.compile(r"=\?([^?\s]{1,40})\?", re.ASCII)
HEADERS = ("Subject", "From")
AUTOMATIC = ("X-Autoreply", "X-Autorespond", "X-Auto-Reply")
NOBODY = re.compile(r"(?:no-?reply|do-?not-?reply|mailer-daemon|postmaster)\b", re.I)
# endings of papers people send: kept, never shown, only downloaded
PAPERS = {
    b"PK\x03\x04": ("docx", "xlsx", "pptx", "wps"),
    b"\xd0\xcf\x11\xe0": ("doc", "xls", "ppt", "wps"),
}


def mend(message):
    """Give every part of a mail the charset its bytes really have.

    A label nobody knows would stop the whole mail, a wrong one its words.

    :param message: an EmailMessage, changed in place
    """
    for part in message.walk():
        if part.get_content_maintype() != "text":
            continue
        content = part.get_payload(decode=True) or b""
        declared = part.get_content_charset() or ""
        found = choose(content, declared)
        if found != declared:
            part.set_param("charset", found)
    for name in HEADERS:
        _mend_header(message, name)


def _mend_header(message, name):
    raw = dict(message.raw_items()).get(name)
    if not isinstance(raw, str):
        return
    text = "".join(raw.splitlines())
    content = text.encode(errors="surrogateescape")
    if any(byte > 127 for byte in content):
        text = content.decode(choose(content, ""), "replace")
    text = WORD.sub(lambda word: f"=?{_known(word[1])}?", text)
    if text != raw:
        message.replace_header(name, text)


def _known(label):
    return "gb18030" if label.lower() in CHINESE else label


def choose(content, declared):
    """Return the charset in which bytes are text; a declared one that fits is kept."""
    label = _known(declared)
    for name in (label, *GUESSES):
        try:
            content.decode(codecs.lookup(name).name)
        except (LookupError, UnicodeDecodeError, ValueError):
            continue
        return name
    return "utf-8"


def is_automatic(message):
    """Whether a machine sent this, as an answer or about one: nobody complains."""
    submitted = str(message.get("Auto-Submitted") or "no").strip().lower()
    precedence = str(message.get("Precedence") or "").strip().lower()
    return (
        submitted != "no"
        or precedence in ("auto_reply", "junk", "bulk")
        or any(message.get(name) for name in AUTOMATIC)
        or str(message.get("Return-Path") or "").strip() == "<>"
    )


def wants_no_answer(message):
    """Whether an automatic answer would only start a loop or reach nobody."""
    sender = parseaddr(str(message.get("From") or ""))[1]
    return bool(
        message.get("X-Auto-Response-Suppress")
        or message.get("List-Id")
        or message.get("List-Unsubscribe")
        or NOBODY.match(sender)
    )


def read_files(attachments, limit, max_bytes):
    """Return ([(name, media type, bytes)] that are kept, how many are not).

    :param attachments: (name, content, ...) as the gateway of Odoo gives them
    """
    kept, refused = [], 0
    for name, content, *_more in attachments:
        data = content.encode() if isinstance(content, str) else content
        found = _judge(name, data, max_bytes) if isinstance(data, bytes) else None
        if found and len(kept) < limit:
            kept.append(found)
        else:
            refused += 1
    return kept, refused


def _judge(name, content, max_bytes):
    if not content or len(content) > max_bytes:
        return None
    media, ending = uploads.sniff(content)
    if not media:
        wanted = str(name or "").rpartition(".")[2].lower()
        if wanted not in PAPERS.get(content[:4], ()):
            return None
        media, ending = "application/octet-stream", wanted
    return uploads.safe_name(name, ending), media, content
