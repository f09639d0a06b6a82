# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Places, messages, and the one way to run another program."""

import contextlib
import ctypes
import errno
import fcntl
import hashlib
import os
import re
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
STATE = ROOT / ".run"
LOGS = STATE / "logs"
#: Free space a first run needs; a later one needs hardly any.
FIRST_RUN_BYTES = 2 * 1024**3
#: With less free space the disk is the cause of whatever failed.
FULL_BYTES = 16 * 1024**2
#: Stands for the exit code of a program that had to be ended.
HANGS = object()
#: prctl's option that names the signal for a program whose parent has ended.
PR_SET_PDEATHSIG = 1
#: How the line of a log begins that names the cause: Python, apt, git and uv.
CAUSE = re.compile(
    r"([\w.]+(Error|Exception)\b|psycopg2\.errors\.|E: |fatal: |error: )"
)


class Stop(Exception):
    """Ends the command; its text is the one sentence the user reads."""


def cache_dir():
    """Return the user's cache folder for our downloads, made when missing."""
    home = os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache"
    path = Path(home) / "patient-followup"
    path.mkdir(parents=True, exist_ok=True)
    return path


def addons(root=ROOT):
    """Return the folders of the addons in `root`, lowest dependency first."""
    found = {path.parent.name: path.parent for path in root.glob("*/__manifest__.py")}
    ordered = []

    def add(name):
        if found[name] in ordered:
            return
        for depend in manifest(found[name]).get("depends", []):
            if depend in found:
                add(depend)
        ordered.append(found[name])

    for name in sorted(found):
        add(name)
    if not ordered:
        raise Stop(f"No addon (a folder with __manifest__.py) was found in {root}.")
    return ordered


def manifest(addon):
    """Return the manifest of the addon in folder `addon` as a dict."""
    import ast

    path = addon / "__manifest__.py"
    try:
        return ast.literal_eval(path.read_text(encoding="utf-8"))
    except (SyntaxError, ValueError) as error:
        raise Stop(f"{path.relative_to(ROOT)} cannot be read: {error}.") from error


def fingerprint(*parts):
    """Return a short digest of strings and of the contents of files (Path)."""
    digest = hashlib.sha256()
    for part in parts:
        data = part.read_bytes() if isinstance(part, Path) else str(part).encode()
        digest.update(len(data).to_bytes(8, "big") + data)
    return digest.hexdigest()[:20]


def say(text):
    """Print one line of progress at once, also when the output is a pipe."""
    print(text, flush=True)


def stamped(name, key):
    """Tell whether step `name` was finished with the same inputs `key`."""
    path = STATE / "stamps" / name
    return path.is_file() and path.read_text() == key


def stamp(name, key):
    """Note that step `name` is finished with the inputs `key`."""
    path = STATE / "stamps" / name
    path.parent.mkdir(parents=True, exist_ok=True)
    part = path.with_suffix(".part")
    part.write_text(key)
    part.replace(path)


def remove(path):
    """Remove the file or folder `path`, whether or not it exists."""
    if path.is_dir() and not path.is_symlink():
        shutil.rmtree(path)
        return
    path.unlink(missing_ok=True)


def run(command, *, log, failed, what=None, patience=1800, **options):
    """Run `command` with its output in LOGS/`log`; on failure stop with `failed`.

    `what` is shown with the seconds it takes; after `patience` seconds the command is
    ended, as it hangs. Returns nothing; a full disk is raised as `OSError`.
    """
    LOGS.mkdir(parents=True, exist_ok=True)
    path = LOGS / log
    with path.open("ab") as output:
        begin = output.tell()
        process = subprocess.Popen(
            [str(part) for part in command],
            stdin=options.pop("stdin", subprocess.DEVNULL),
            stdout=output,
            stderr=subprocess.STDOUT,
            preexec_fn=end_with_parent,
            **options,
        )
        code = _wait(process, what, patience)
    if code == HANGS:
        raise Stop(f"{failed} It hung for {patience} s: see {path.relative_to(ROOT)}.")
    if code:
        _stop_when_full(path, begin)
        last = last_line(path, begin)
        raise Stop(f"{failed} {path.relative_to(ROOT)} says: {last}")


def _stop_when_full(path, begin):
    """Raise the error of a full disk when that made a program fail."""
    said = b"No space left on device" in path.read_bytes()[begin:]
    if said or shutil.disk_usage(path).free < FULL_BYTES:
        raise OSError(errno.ENOSPC, "full", str(path.parent))


def _wait(process, what, patience):
    """Wait for `process`, showing `what` and the seconds; return its code or HANGS."""
    begin = time.monotonic()
    alive = sys.stdout.isatty()
    step = (1 if alive else 30) if what else patience
    try:
        while (taken := time.monotonic() - begin) < patience:
            try:
                code = process.wait(timeout=min(step, patience - taken))
                break
            except subprocess.TimeoutExpired:
                if what:
                    _show(f"{what} ... {time.monotonic() - begin:.0f} s", alive)
        else:
            code = HANGS
    finally:
        if process.poll() is None:
            end(process)
    if what:
        _show(f"{what}: {time.monotonic() - begin:.1f} s\n", alive)
    return code


def end_with_parent():
    """Make the program being started end when this one is killed (`preexec_fn`)."""
    with contextlib.suppress(OSError, AttributeError):
        ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGTERM)


def _show(text, alive):
    """Print progress: over the line before on a terminal, else as a line."""
    start, end = ("\r", "") if alive else ("", "" if text.endswith("\n") else "\n")
    print(f"{start}{text}", end=end, flush=True)


def end(process):
    """End a program, by force when it does not listen."""
    process.terminate()
    try:
        process.wait(timeout=20)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()


def last_line(path, begin=0):
    """Return the line after byte `begin` of a log that most likely names the cause."""
    lines = path.read_bytes()[begin:].decode(errors="replace").split("\n")
    full = [line.strip() for line in lines if line.strip()]
    causes = [line for line in full if CAUSE.match(line)]
    return (causes or full or ["(empty)"])[-1]


@contextlib.contextmanager
def alone():
    """Hold the lock that lets only one command at a time build things in STATE."""
    STATE.mkdir(exist_ok=True)
    with (STATE / "lock").open("w") as handle:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            say("Waiting for another setup command in this folder to finish preparing.")
            fcntl.flock(handle, fcntl.LOCK_EX)
        yield


def check_disk(path, needed):
    """Stop when the disk of `path` has less than `needed` bytes free."""
    free = shutil.disk_usage(path).free
    if free < needed:
        raise Stop(
            f"The disk of {path} has {free / 1e9:.1f} GB free, "
            f"{needed / 1e9:.1f} GB are needed."
        )


def _interrupt(_number, _frame):
    raise KeyboardInterrupt


def entry(function):
    """Run `function(arguments)` as a command: sentences instead of tracebacks."""
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        # nohup ignores the hang-up on purpose; a script's background job ignores
        # Ctrl-C, yet must end in order when it is sent one.
        if number != signal.SIGHUP or signal.getsignal(number) != signal.SIG_IGN:
            signal.signal(number, _interrupt)
    try:
        sys.exit(function(sys.argv[1:]) or 0)
    except Stop as stop:
        sys.exit(f"{Path(sys.argv[0]).name}: {stop}")
    except KeyboardInterrupt:
        sys.exit(130)
    except OSError as error:
        if error.errno == errno.ENOSPC:
            sys.exit(f"The disk of {error.filename or STATE} is full.")
        if error.errno in (errno.EACCES, errno.EROFS):
            sys.exit(f"{error.filename} cannot be written by this user.")
        raise
