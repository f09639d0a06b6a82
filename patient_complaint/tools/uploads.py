# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Files that strangers send: what they are is read from their first bytes.

Pictures, sound and PDF are taken; whatever a browser could run is refused, whatever
its name says.
"""

import re
import unicodedata

MAX_FILES = 5
MAX_BYTES = 10 * 1024 * 1024
NAME_LENGTH = 80
ATOMS = {
    b"heic": ("image/heic", "heic"),
    b"heix": ("image/heic", "heic"),
    b"mif1": ("image/heic", "heic"),
    b"hevc": ("image/heic", "heic"),
    b"msf1": ("image/heic", "heic"),
    b"M4A ": ("audio/mp4", "m4a"),
    # recorders of many phones name their sound as if it were a film
    b"mp41": ("video/mp4", "mp4"),
    b"mp42": ("video/mp4", "mp4"),
    b"isom": ("video/mp4", "mp4"),
    b"iso2": ("video/mp4", "mp4"),
    b"3gp4": ("video/3gpp", "3gp"),
    b"3gp5": ("video/3gpp", "3gp"),
}
MARKS = (
    (b"\xff\xd8\xff", "image/jpeg", "jpg"),
    (b"\x89PNG\r\n\x1a\n", "image/png", "png"),
    (b"GIF87a", "image/gif", "gif"),
    (b"GIF89a", "image/gif", "gif"),
    (b"%PDF-", "application/pdf", "pdf"),
    (b"ID3", "audio/mpeg", "mp3"),
    (b"#!AMR", "audio/amr", "amr"),
    (b"\xff\xfb", "audio/mpeg", "mp3"),
    (b"\xff\xf3", "audio/mpeg", "mp3"),
    (b"\xff\xf1", "audio/aac", "aac"),
    (b"\xff\xf9", "audio/aac", "aac"),
)
BAD_NAME = re.compile(r"[^\w .()\[\]-]+")


class BadFile(ValueError):
    """A file that is not taken; `code` says why: kind, size, count."""

    def __init__(self, code):
        super().__init__(code)
        self.code = code


def sniff(content):
    """Return (media type, ending) of the first bytes, (None, None) for others."""
    for mark, media, ending in MARKS:
        if content.startswith(mark):
            return media, ending
    if content[:4] == b"RIFF" and content[8:12] == b"WEBP":
        return "image/webp", "webp"
    if content[:4] == b"RIFF" and content[8:12] == b"WAVE":
        return "audio/wav", "wav"
    if content[4:8] == b"ftyp":
        return ATOMS.get(content[8:12], (None, None))
    return None, None


def safe_name(name, ending, fallback="file"):
    """Return a file name without path, marks or a second ending."""
    text = unicodedata.normalize("NFC", str(name or ""))
    text = text.encode(errors="ignore").decode().replace("\\", "/").rpartition("/")[2]
    stem = BAD_NAME.sub("_", text).strip(" ._").rsplit(".", 1)[0].replace(".", "_")
    return f"{stem[:NAME_LENGTH].strip(' _') or fallback}.{ending}"


def read_files(storages, limit=MAX_FILES, max_bytes=MAX_BYTES):
    """Return [(name, media type, bytes)] of uploaded files; empty fields are none.

    :param storages: werkzeug FileStorage objects
    :raises BadFile: too many, too large, or none of the kinds that are taken
    """
    found = []
    for storage in storages:
        storage.stream.seek(0)  # the server repeats a request that met another one
        content = storage.stream.read(max_bytes + 1)
        if not content and not storage.filename:
            continue
        if len(found) >= limit:
            raise BadFile("count")
        if len(content) > max_bytes:
            raise BadFile("size")
        media, ending = sniff(content)
        if not media:
            raise BadFile("kind")
        found.append((safe_name(storage.filename, ending), media, content))
    return found
