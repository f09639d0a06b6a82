# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Debian packages: fetched privately without root, or installed as root."""

import getpass
import os
import subprocess
from pathlib import Path

from .base import STATE, Stop, run

KEYRINGS = [
    "/usr/share/keyrings/debian-archive-keyring.gpg",
    "/usr/share/keyrings/debian-archive-keyring.pgp",
]
#: Odoo 19 is only in Debian's unstable suite.
SUITE = "sid"


def download(packages, target):
    """Fetch `packages` into the folder `target`; apt checks Debian's signature."""
    keyring = next((path for path in KEYRINGS if os.path.exists(path)), None)
    if not keyring:
        raise Stop("the package debian-archive-keyring is not installed.")
    mirrors = _mirrors()
    if not mirrors:
        raise Stop("this machine has no Debian mirror configured (see DEBIAN_MIRROR).")
    for mirror in mirrors:
        options = _private_state(mirror, keyring)
        if _updated(options):
            run(
                ["apt-get", *options, "-q", "download", *packages],
                log="apt.log",
                what="Downloading Odoo (130 MB)",
                failed="the mirror does not offer it any more.",
                cwd=target,
            )
            return
    raise Stop("no configured mirror offers a signed Debian " + SUITE + ".")


def _mirrors():
    """Return the addresses of the mirrors that this machine is configured with."""
    if os.environ.get("DEBIAN_MIRROR"):
        return [os.environ["DEBIAN_MIRROR"]]
    listed = subprocess.run(
        ["apt-get", "indextargets", "--format", "$(COMPONENT) $(REPO_URI)"]
        + ["Created-By: Packages"],
        capture_output=True,
        text=True,
        check=False,
    ).stdout
    # The security archive carries no unstable suite; others' archives have no "main"
    # or fail the signature check.
    rows = [line.split(" ", 1) for line in listed.splitlines() if " " in line]
    uris = [uri for component, uri in rows if component == "main"]
    return list(dict.fromkeys(uri for uri in uris if "security" not in uri))


def _private_state(mirror, keyring):
    """Make apt folders of our own for one mirror; return the options that use them."""
    base = STATE / "apt"
    for folder in ("lists/partial", "archives/partial", "sources", "preferences"):
        (base / folder).mkdir(parents=True, exist_ok=True)
    for name in ("status", "sources.list"):
        (base / name).write_text("")
    (base / "sources" / "odoo.sources").write_text(
        f"Types: deb\nURIs: {mirror}\nSuites: {SUITE}\nComponents: main\n"
        f"Signed-By: {keyring}\n"
    )
    settings = {
        "Dir::State": base,
        "Dir::State::lists": base / "lists",
        "Dir::State::status": base / "status",
        "Dir::Cache": base,
        "Dir::Cache::pkgcache": "",
        "Dir::Cache::srcpkgcache": "",
        "Dir::Etc::sourcelist": base / "sources.list",
        "Dir::Etc::sourceparts": base / "sources",
        "Dir::Etc::preferencesparts": base / "preferences",
        "Acquire::Languages": "none",
        "APT::Update::Error-Mode": "any",
        "APT::Sandbox::User": getpass.getuser(),
        "Debug::NoLocking": "1",
    }
    return [
        part for name, value in settings.items() for part in ("-o", f"{name}={value}")
    ]


def _updated(options):
    """Read the mirror's signed index; tell whether that worked."""
    try:
        run(
            ["apt-get", *options, "-q", "update"],
            log="apt.log",
            what="Reading the package index",
            failed="The index could not be read.",
        )
    except Stop:
        return False
    return True


def install(*packages):
    """Install system packages as root; tell whether that was possible."""
    if os.geteuid() or not Path("/usr/bin/apt-get").exists():
        return False
    env = dict(os.environ, DEBIAN_FRONTEND="noninteractive")
    command = ["apt-get", "-q", "-y", "--no-install-recommends", "install", *packages]
    try:
        run(["apt-get", "-q", "update"], log="apt.log", failed="No index.", env=env)
        run(
            command,
            log="apt.log",
            what="Installing " + " ".join(packages),
            failed="Not installed.",
            env=env,
        )
    except Stop:
        return False
    return True
