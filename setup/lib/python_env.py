# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""The private virtual environment with the pinned requirements."""

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

from .base import ROOT, STATE, Stop, fingerprint, remove, run, stamp, stamped

REQUIREMENTS = ROOT / "requirements.txt"
SUPPORTED = [(3, 10), (3, 11), (3, 12), (3, 13)]
VENV = STATE / "venv"
PYTHON = VENV / "bin" / "python"


def site_packages():
    """Return the folder of the installed Python packages."""
    return next((VENV / "lib").glob("python3*")) / "site-packages"


def tool(name):
    """Return the path of a command installed in the environment."""
    return VENV / "bin" / name


def pinned(name):
    """Return the version that requirements.txt pins for package `name`."""
    found = re.search(rf"(?m)^{re.escape(name)}==(\S+)", REQUIREMENTS.read_text())
    return found[1]


def ensure():
    """Make the environment unless it is there with the same requirements."""
    key = fingerprint(REQUIREMENTS)
    if stamped("venv", key) and PYTHON.exists():
        return
    python = _interpreter()
    remove(VENV)
    run(
        [python, "-m", "venv", "--without-pip", VENV],
        log="python.log",
        failed="The virtual environment could not be made.",
    )
    try:
        _install_with_uv(python)
    except Stop:
        _install_with_pip()
    stamp("venv", key)


def _interpreter():
    """Return the path of a Python that Odoo 19 supports."""
    if sys.version_info[:2] in SUPPORTED:
        # Not the Python of a virtual environment, which may be the one to replace.
        return getattr(sys, "_base_executable", sys.executable)
    names = [f"python{major}.{minor}" for major, minor in reversed(SUPPORTED)]
    for name in names:
        path = shutil.which(name)
        if path:
            return path
    raise Stop("Python 3.10 to 3.13 is needed and none of them was found.")


def _install_with_uv(python):
    """Install the requirements by uv, which is fetched first when missing."""
    uv = STATE / "uv" / "bin" / "uv"
    if not uv.exists():
        _fetch_uv(python, uv.parents[1])
    run(
        [uv, "pip", "install", "--python", PYTHON]
        + ["--only-binary", ":all:", "-r", REQUIREMENTS],
        log="python.log",
        what="Installing the Python packages",
        failed="uv could not install the Python packages.",
        env=uv_env(),
    )


def uv_env():
    """Return the environment for uv: the machine's certificates and index."""
    env = dict(os.environ, UV_SYSTEM_CERTS="1", UV_NO_PROGRESS="1")
    # uv does not read pip's configuration, where companies name their mirror.
    if "UV_DEFAULT_INDEX" not in env and "PIP_INDEX_URL" in env:
        env["UV_DEFAULT_INDEX"] = env["PIP_INDEX_URL"]
    return env


def _fetch_uv(python, target):
    """Install uv into the folder `target` with whatever pip can be had."""
    part = target.with_suffix(".part")
    remove(part)
    run(
        [*_pip(python), "install", "--quiet", "--target", part, f"uv=={pinned('uv')}"],
        log="python.log",
        what="Fetching the installer (uv)",
        failed="uv could not be fetched.",
        env=dict(os.environ, PIP_ROOT_USER_ACTION="ignore"),
    )
    remove(target)
    part.rename(target)


def _pip(python):
    """Return a command that runs pip: the interpreter's own or a private one."""
    if _works([python, "-m", "pip", "--version"]):
        return [python, "-m", "pip"]
    own = STATE / "pip"
    if not _works([own / "bin" / "python", "-m", "pip", "--version"]):
        remove(own)
        run(
            [python, "-m", "venv", own],
            log="python.log",
            failed="Python has neither pip nor ensurepip: install python3-venv.",
        )
    return [own / "bin" / "python", "-m", "pip"]


def _works(command):
    """Tell whether `command` exists and exits with 0."""
    try:
        return not subprocess.run(
            [str(part) for part in command],
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            check=False,
        ).returncode
    except OSError:
        return False


def _install_with_pip():
    """Install the requirements by pip: slower, but it reads pip's configuration."""
    run(
        [PYTHON, "-m", "ensurepip"],
        log="python.log",
        failed="Python has no ensurepip: install python3-venv.",
    )
    run(
        [PYTHON, "-m", "pip", "install", "--only-binary", ":all:", "-r", REQUIREMENTS],
        log="python.log",
        what="Installing the Python packages with pip",
        failed="The Python packages could not be installed; is the network there?",
        env=dict(os.environ, PIP_ROOT_USER_ACTION="ignore"),
    )


def link(name, folder):
    """Make the Python packages in `folder` importable, by a file `name`.pth."""
    path = site_packages() / f"{name}.pth"
    if not path.is_file() or path.read_text() != f"{folder}\n":
        path.write_text(f"{folder}\n")


def path_with_tools(*first):
    """Return PATH with the folders `first` and the environment's commands in front."""
    folders = [*first, VENV / "bin", os.environ.get("PATH", os.defpath)]
    return os.pathsep.join(str(Path(folder)) for folder in folders[:-1]) + (
        os.pathsep + folders[-1]
    )
