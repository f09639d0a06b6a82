# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""The demo hospital: its database, its log-ins and its server."""

import contextlib
import http.client
import socket
import subprocess
import time

from . import browser, database
from .base import LOGS, Stop, addons, check_disk, end, end_with_parent, last_line, say

LOG = LOGS / "odoo.log"
#: Seconds that a slow machine may take to start Odoo.
PATIENCE = 180


def check_port(port):
    """Stop when something already listens on `port`."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except (OSError, OverflowError) as error:
            raise Stop(
                f"Port {port} is taken by another program or not allowed: "
                "choose one with --port."
            ) from error


def make(name, odoo, demo, language):
    """Make the database `name`, or bring an earlier one to the present sources."""
    folders = addons()
    notes = database.comment(name)
    if notes is None or "code" not in notes:
        database.drop(name)
        _make_new(name, odoo, demo)
        notes = database.comment(name)
    if notes["demo"] != demo:
        other = "with" if notes["demo"] else "without"
        raise Stop(
            f"The database {name} was made {other} demo data: "
            "choose another with --database, or start anew with --reset."
        )
    code = database.code_key(folders)
    if notes["code"] != code:
        database.update(name, [folder.name for folder in folders])
        database.note(name, code=code)
    if language and notes.get("language") != language:
        database.shell(name, "set_language.py", LANGUAGE=language)
        database.note(name, language=language)


def _make_new(name, odoo, demo):
    """Make the database `name` with our addons."""
    check_disk(LOGS, 1024**3)
    folders = addons()
    if demo:
        template = database.template("zh", odoo)
        database.assets(template)
        database.create(name, template)
    else:
        database.create(name, database.base("plain", odoo))
        database.install(name, [folder.name for folder in folders])
    database.note(name, demo=demo, code=database.code_key(folders))


def logins(name):
    """Return lines that list who can log in to the demo, with what right."""
    modules = ", ".join(f"'{folder.name}'" for folder in addons())
    rows = database.query(name, _LOGINS.format(modules=modules))
    lines = [("log-in", "password", ""), ("admin", "admin", "Administrator of Odoo")]
    for login, person, roles in rows:
        lines.append((login, "demo", f"{person}: {roles or 'no role here'}"))
    width = max(len(line[0]) for line in lines)
    return [f"  {line[0]:<{width}}  {line[1]:<8}  {line[2]}".rstrip() for line in lines]


_LOGINS = """
    SELECT u.login, p.name,
           string_agg(DISTINCT g.name->>'en_US', ', ' ORDER BY g.name->>'en_US')
      FROM res_users u
      JOIN res_partner p ON p.id = u.partner_id
      LEFT JOIN (res_groups_users_rel r
                 JOIN ir_model_data d ON d.model = 'res.groups' AND d.res_id = r.gid
                                     AND d.module IN ({modules})
                 JOIN res_groups g ON g.id = r.gid) ON r.uid = u.id
     WHERE u.active AND u.login LIKE '%@demo'
     GROUP BY u.login, p.name ORDER BY u.login
"""


def warn_about_extras():
    """Say what will not work here without a system package."""
    if not browser.has_wkhtmltopdf():
        packages = " ".join(browser.PDF_LIBRARIES)
        say(f"PDF reports will not work: apt-get install {packages}")
    if not browser.has_chinese_fonts():
        say("PDF reports lack Chinese characters: apt-get install fonts-noto-cjk")


@contextlib.contextmanager
def served(name, port):
    """Run Odoo for the `with` block; give the process once it answers."""
    check_port(port)  # preparing took a while
    LOG.write_text("")
    command = database.odoo_command(
        *("-d", name, "--db-filter", f"^{name}$", "--no-database-list"),
        *("--http-port", port, "--max-cron-threads", 1, "--logfile", LOG),
    )
    # Its own session: Ctrl-C reaches this program alone, which then stops it in order.
    process = subprocess.Popen(
        command,
        stdin=subprocess.DEVNULL,
        stderr=LOG.open("ab"),
        start_new_session=True,
        preexec_fn=end_with_parent,
    )
    try:
        _wait_until_answering(process, port)
        yield process
    finally:
        end(process)


def _wait_until_answering(process, port):
    """Return when the log-in page is there; stop when Odoo ends or hangs."""
    end = time.monotonic() + PATIENCE
    while time.monotonic() < end:
        if process.poll() is not None:
            raise Stop(f"Odoo ended at its start. {LOG} says: {last_line(LOG)}")
        if _status(port) == 200:
            return
        time.sleep(0.3)
    raise Stop(f"Odoo does not answer after {PATIENCE} s: see {LOG}.")


def _status(port):
    """Return the HTTP status of the log-in page, None while nobody answers."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
    try:
        connection.request("GET", "/web/login")
        return connection.getresponse().status
    except (OSError, http.client.HTTPException):
        return None
    finally:
        connection.close()


def database_name(text):
    """Return `text` when it is a plain database name, else stop."""
    if text.replace("_", "a").replace("-", "a").isalnum() and text.isascii():
        return text
    raise Stop(f"{text!r} is no database name: use letters, digits, - and _.")
