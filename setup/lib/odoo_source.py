# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Where Odoo 19 comes from: ODOO_HOME, the distribution's package, or a clone."""

import hashlib
import os
import re
import shutil
import subprocess
from pathlib import Path

from . import apt, python_env
from .base import STATE, Stop, cache_dir, fingerprint, remove, run, say, stamp, stamped

SERIES = "19.0"
REPOSITORY = "https://github.com/odoo/odoo.git"
#: Odoo links to these packages' fonts and scripts instead of carrying them.
PACKAGES = [
    "odoo-19",
    "fonts-inconsolata",
    "fonts-montserrat",
    "fonts-roboto-unhinted",
    "libjs-jquery",
    "libjs-jquery-form",
    "libjs-underscore",
]
UNPACKED = STATE / "odoo"
#: 1.2 GB become 0.3 GB: other countries' accounting, other languages, and a stale
#: second copy of the addons (dist-packages/addons) that would shadow the real ones.
LEFT_OUT = """\
./usr/lib/python3/dist-packages/odoo/addons/l10n_*
./usr/lib/python3/dist-packages/addons
./usr/lib/python3/dist-packages/setup
./usr/lib/python3/dist-packages/doc
./etc
*/i18n/[a-y]*.po
*/i18n/z[a-gi-z]*.po
"""
#: Debian removes this file for its licence, Odoo's asset bundle still lists it.
STUB = "mail/static/lib/selfie_segmentation/selfie_segmentation.js"


def ensure():
    """Make Odoo importable in the environment; return the folder that holds odoo/."""
    folder = _from_home() or _from_package() or _from_repository()
    _check_series(folder)
    python_env.link("odoo", folder)
    return folder


def version(folder):
    """Return a text that changes whenever another Odoo is used."""
    return fingerprint(str(folder), folder / "odoo" / "release.py")


def _from_home():
    """Return the folder of the Odoo that ODOO_HOME names, or None when unset."""
    home = os.environ.get("ODOO_HOME")
    if not home:
        return None
    inside = ("", "usr/lib/python3/dist-packages", "..")
    for folder in (Path(home).resolve() / part for part in inside):
        if (folder / "odoo" / "release.py").is_file():
            return folder.resolve()
    raise Stop(f"ODOO_HOME={home} holds no Odoo (odoo/release.py is missing).")


def _check_series(folder):
    """Stop unless the Odoo in `folder` is of our series."""
    text = (folder / "odoo" / "release.py").read_text()
    found = re.search(r"version_info\s*=\s*\((\d+),\s*(\d+)", text)
    series = f"{found[1]}.{found[2]}" if found else "of unknown version"
    if series != SERIES:
        raise Stop(
            f"The Odoo in {folder} is {series}, {SERIES} is needed: "
            f"set ODOO_HOME to an Odoo {SERIES}."
        )


def _from_package():
    """Return the folder of the unpacked distribution's package, or None."""
    debs = _packages()
    if not debs:
        return None
    folder = UNPACKED / "usr/lib/python3/dist-packages"
    key = fingerprint(*sorted(deb.name for deb in debs), LEFT_OUT, STUB)
    if stamped("odoo", key) and folder.is_dir():
        return folder
    part = UNPACKED.with_suffix(".part")
    remove(part)
    part.mkdir(parents=True)
    _unpack(debs, part)
    stub = part / "usr/lib/python3/dist-packages/odoo/addons" / STUB
    if not stub.exists():
        stub.parent.mkdir(parents=True, exist_ok=True)
        stub.write_text("/* not in this distribution */\n")
    remove(UNPACKED)
    part.rename(UNPACKED)
    stamp("odoo", key)
    return folder


def _unpack(debs, target):
    """Unpack Odoo without the left-out files and the others whole, without root."""
    exclude = target.with_suffix(".exclude")
    exclude.write_text(LEFT_OUT)
    script = 'dpkg-deb --fsys-tarfile "$0" | tar -x -C "$1" --wildcards -X "$2"'
    for deb in debs:
        run(
            ["bash", "-o", "pipefail", "-c", script, deb, target, exclude],
            log="odoo.log",
            what=f"Unpacking {deb.name}" if deb.name.startswith("odoo") else None,
            failed=f"{deb} could not be unpacked.",
        )
    exclude.unlink()


def _packages():
    """Return the .deb files of Odoo and its assets from the cache or the mirror."""
    kept = cache_dir() / "odoo-debs"
    if kept.is_dir() and _intact(kept):
        return sorted(kept.glob("*.deb"))
    if not shutil.which("apt-get") or not shutil.which("dpkg-deb"):
        return []
    part = kept.with_suffix(".part")
    remove(part)
    part.mkdir()
    try:
        apt.download(PACKAGES, part)
    except Stop as stop:
        say(f"No Odoo package: {stop}")
        return []
    sums = [f"{_sha256(deb)}  {deb.name}\n" for deb in sorted(part.glob("*.deb"))]
    (part / "SHA256SUMS").write_text("".join(sums))
    remove(kept)
    part.rename(kept)
    return sorted(kept.glob("*.deb"))


def _intact(folder):
    """Tell whether the kept packages still have the sums noted at download."""
    sums = folder / "SHA256SUMS"
    if not sums.is_file():
        return False
    noted = dict(reversed(line.split()) for line in sums.read_text().splitlines())
    files = {deb.name: deb for deb in folder.glob("*.deb")}
    if noted.keys() != files.keys():
        return False
    # Reading 130 MB at every start would be slow: the stamp vouches for it.
    key = fingerprint(*noted, *(deb.stat().st_mtime_ns for deb in files.values()))
    if stamped("debs", key):
        return True
    if any(_sha256(deb) != noted[name] for name, deb in files.items()):
        return False
    stamp("debs", key)
    return True


def _sha256(path):
    """Return the SHA-256 of a file in hex."""
    digest = hashlib.sha256()
    with path.open("rb") as handle:
        while block := handle.read(1 << 20):
            digest.update(block)
    return digest.hexdigest()


def _from_repository():
    """Return the folder of a shallow clone of Odoo's own repository."""
    kept = cache_dir() / f"odoo-{SERIES}"
    if (kept / "odoo" / "release.py").is_file():
        return kept
    part = kept.with_name(kept.name + ".part")
    remove(part)
    clone = ["git", "clone", "--depth", "1", "--branch", SERIES, REPOSITORY, part]
    if not shutil.which("git") or not _reachable():
        raise Stop(
            f"Odoo {SERIES} was found neither as a package (odoo-19) of this machine's "
            "mirror nor in Odoo's repository: set ODOO_HOME to an Odoo "
            f"{SERIES}, or DEBIAN_MIRROR to a Debian mirror."
        )
    run(
        clone,
        log="odoo.log",
        what=f"Cloning Odoo {SERIES}",
        failed=f"Odoo {SERIES} could not be cloned.",
    )
    part.rename(kept)
    return kept


def _reachable():
    """Tell whether Odoo's repository answers within some seconds."""
    command = ["git", "ls-remote", "--heads", REPOSITORY, SERIES]
    env = dict(os.environ, GIT_TERMINAL_PROMPT="0")
    try:
        done = subprocess.run(
            command, env=env, capture_output=True, timeout=20, check=False
        )
    except subprocess.TimeoutExpired:
        return False
    return not done.returncode and bool(done.stdout)
