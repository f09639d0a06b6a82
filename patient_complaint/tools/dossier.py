# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""The ZIP of a complaint file: paper, attachments, and a list with their hashes."""

import hashlib
import io
import json
import zipfile

from .uploads import BAD_NAME

NAME_LENGTH = 60
FIRST_DAY = (1980, 1, 1, 0, 0, 0)


def digest(content):
    """Return the SHA-256 of bytes as text."""
    return hashlib.sha256(content).hexdigest()


def place(number, name):
    """Return the path of the how manieth attachment in the ZIP."""
    text = str(name or "").replace("\\", "/").rpartition("/")[2]
    text = BAD_NAME.sub("_", text.encode(errors="ignore").decode()).strip(" .")
    stem, dot, ending = text.rpartition(".")
    text = f"{stem[:NAME_LENGTH]}{dot}{ending[:10]}" if stem else text[:NAME_LENGTH]
    return f"attachments/{number:03}_{text or 'file'}"


def manifest(files):
    """Return the list of a ZIP as bytes: path, size and SHA-256 of each file.

    :param files: [(path, bytes)]
    """
    rows = [
        {"path": path, "size": len(content), "sha256": digest(content)}
        for path, content in files
    ]
    return json.dumps(rows, ensure_ascii=False, indent=1).encode()


def pack(files):
    """Return the ZIP of these files, with their list as `manifest.json`.

    :param files: [(path, bytes)]
    """
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for path, content in (*files, ("manifest.json", manifest(files))):
            archive.writestr(zipfile.ZipInfo(path, FIRST_DAY), content)
    return buffer.getvalue()
