# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Odoo with workers, as hospitals run it, and people who use it over HTTP."""

import socket
import subprocess
import sys
import time
from collections import defaultdict
from contextlib import contextmanager
from pathlib import Path

import requests

PATIENCE = 60  # seconds for an answer
START = 300  # seconds for the server: a busy machine loads the addons slowly


class Refused(Exception):
    """Odoo said no in words: a rule of the house, no fault of the program."""


class Person:
    """Somebody who is logged in; `seconds` keeps how long each call took."""

    def __init__(self, url, database, login, password):
        self.url = url
        self.session = requests.Session()
        # An idle connection that is kept holds a worker; web servers in front of
        # Odoo close theirs as well.
        self.session.headers["Connection"] = "close"
        self.seconds = defaultdict(list)
        params = {"db": database, "login": login, "password": password}
        self._post("/web/session/authenticate", params)

    def call(self, model, method, *args, **kwargs):
        """Call a method as the web client does; return its answer."""
        params = {"model": model, "method": method, "args": args, "kwargs": kwargs}
        started = time.monotonic()
        try:
            return self._post("/web/dataset/call_kw", params)
        finally:
            self.seconds[method].append(time.monotonic() - started)

    def _post(self, path, params):
        request = {"jsonrpc": "2.0", "method": "call", "params": params}
        response = self.session.post(self.url + path, json=request, timeout=PATIENCE)
        response.raise_for_status()
        answer = response.json()
        if "error" not in answer:
            return answer.get("result")  # left out where a method returns nothing
        data = answer["error"]["data"]
        in_words = data["name"].startswith("odoo.exceptions.")
        raise (Refused if in_words else RuntimeError)(data["message"])


@contextmanager
def serving(config_file, database, workers=2):
    """Run Odoo for the `with` block and give its address."""
    port = _free_port()
    options = {
        "-c": config_file,
        "-d": database,
        "--http-port": port,
        "--workers": workers,
        "--max-cron-threads": 0,
        "--log-level": "critical",
    }
    script = str(Path(__file__).with_name("serve.py"))
    words = [str(word) for option in options.items() for word in option]
    server = subprocess.Popen([sys.executable, script, *words])
    try:
        url = f"http://127.0.0.1:{port}"
        _wait(url)
        yield url
    finally:
        server.terminate()
        server.wait(30)


def _free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def _wait(url):
    deadline = time.monotonic() + START
    while time.monotonic() < deadline:
        try:
            requests.get(f"{url}/web/health", timeout=2)
            return
        except requests.RequestException:
            time.sleep(0.5)
    raise TimeoutError(f"the server did not start within {START} s")
