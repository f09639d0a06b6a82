# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""A hospital whose gateway is a small server on loopback."""

import json
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from unittest.mock import patch

from odoo.tests import freeze_time

from ..tools import gateway_http
from .common import FollowupCase

# Thursday 10:00 in Shanghai
MORNING = "2026-03-05 02:00:00"
KEY = "gateway-key-0001"
SECRET = "report-secret-0001"


class FakeGateway:
    """Takes messages and answers as `mode` says; `posts` is what it was sent."""

    def __init__(self):
        gateway = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self):
                size = int(self.headers.get("Content-Length", 0))
                gateway.posts.append((self.rfile.read(size), dict(self.headers)))
                getattr(gateway, f"_answer_{gateway.mode}")(self)

            def do_GET(self):
                gateway.followed += 1
                gateway._answer_ok(self)

            def log_message(self, *args):
                """Nothing of it belongs into the log."""

        self.mode = "ok"
        self.posts = []
        self.followed = 0
        self.code = "0"
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._server.daemon_threads = True
        self.url = f"http://127.0.0.1:{self._server.server_address[1]}/send"
        self._thread = threading.Thread(target=self._server.serve_forever, daemon=True)
        self._thread.start()

    def close(self):
        self._server.shutdown()
        self._server.server_close()
        self._thread.join(timeout=5)

    @property
    def messages(self):
        return [json.loads(body) for body, _headers in self.posts]

    # ------------------------------------------------------------
    # ANSWERS
    # ------------------------------------------------------------

    def _send(self, handler, status, body, **headers):
        handler.send_response(status)
        for name, value in headers.items():
            handler.send_header(name, value)
        handler.send_header("Content-Length", str(len(body)))
        handler.end_headers()
        try:
            handler.wfile.write(body)
        except OSError:
            return

    def _answer_ok(self, handler):
        number = f"G{len(self.posts):04}"
        body = json.dumps({"code": self.code, "msgid": number}).encode()
        self._send(handler, 200, body)

    def _answer_error(self, handler):
        self._send(handler, 500, b"{}")

    def _answer_refused(self, handler):
        self._send(handler, 403, b"{}")

    def _answer_busy(self, handler):
        self._send(handler, 503, b"{}")

    def _answer_redirect(self, handler):
        self._send(handler, 302, b"", Location=self.url)

    def _answer_garbage(self, handler):
        self._send(handler, 200, b"\xff\xfe<html>not json")

    def _answer_big(self, handler):
        self._send(handler, 200, b"x" * 10 * 1024 * 1024)

    def _answer_slow(self, handler):
        time.sleep(1)
        self._answer_ok(handler)

    def _answer_drip(self, handler):
        handler.send_response(200)
        handler.end_headers()
        for _number in range(40):
            try:
                handler.wfile.write(b" ")
                handler.wfile.flush()
            except OSError:
                return
            time.sleep(0.1)

    def _answer_last_drip(self, handler):
        """An answer that says it is the last one, and then drips for 8 seconds."""
        handler.send_response(200)
        handler.send_header("Connection", "close")
        handler.send_header("Content-Length", "1000")
        handler.end_headers()
        for _number in range(80):
            try:
                handler.wfile.write(b" ")
                handler.wfile.flush()
            except OSError:
                return
            time.sleep(0.1)

    def _answer_cut(self, handler):
        handler.connection.close()


class MessageCase(FollowupCase):
    """SMS and e-mail switched on; the clock stands at `MORNING`."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.gateway = FakeGateway()
        cls.addClassCleanup(cls.gateway.close)
        cls.startClassPatcher(patch.object(gateway_http, "TIMEOUT", 0.5))
        cls.startClassPatcher(
            patch.object(
                cls.registry["ir.cron"], "_commit_progress", lambda *a, **k: 60
            )
        )
        cls.company.write(
            {
                "followup_sms_url": cls.gateway.url,
                "followup_sms_inside": True,
                "followup_sms_active": True,
                "followup_sms_key": KEY,
                "followup_sms_signature": "【Test】",
                "followup_sms_number_codes": "1001",
                "followup_sms_report_secret": SECRET,
            }
        )
        cls.messages = cls.env["followup.message"]
        cls.startClassPatcher(freeze_time(MORNING))

    def setUp(self):
        super().setUp()
        self.gateway.mode = "ok"
        self.gateway.code = "0"
        self.gateway.posts.clear()
        self.gateway.followed = 0

    def _call(self, **vals):
        """Return a task of a patient who can prove who he is."""
        patient = vals.pop("patient", None) or self._patient(birthdate="1960-05-01")
        return self._task(self._encounter(patient), **vals)

    def _invite(self, task=None, code="task_invitation", link=True, **kwargs):
        task = self._call() if task is None else task
        return self.messages._queue(task, code, link=link, **kwargs)

    def _run_queue(self):
        self.messages._cron_send()
        self.env.invalidate_all()

    def _states(self, messages):
        return [(row.state, row.failure) for row in messages]
