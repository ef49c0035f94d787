# SPDX-License-Identifier: EUPL-1.2
"""A house whose news leaves it: OutHouse(program, targets) has a hub and garde-respond, which runs as user 64212; Https takes it."""
import http.server
import json
import os
import ssl
import threading

from support.house import House, Sensor
from support.wait import wait_until

RESPOND_USER = 64212


class Collector:
    """What arrived, in order."""

    def __init__(self):
        self.arrived = []

    def wait(self, count, seconds=40):
        wait_until(lambda: len(self.arrived) >= count, seconds=seconds, what=f"{count} arrive")
        return self.arrived


class Https(Collector):
    """A webhook's receiver. `answers`: statuses of the first requests, then 200; None closes without a word."""

    def __init__(self, certificate, answers=()):
        super().__init__()
        self.answers = list(answers)
        self.gate = threading.Event()
        self.gate.set()
        outer = self

        class Handler(http.server.BaseHTTPRequestHandler):
            def do_POST(self):
                body = self.rfile.read(int(self.headers["Content-Length"]))
                outer.arrived.append((self.path, dict(self.headers), body))
                outer.gate.wait(60)
                status = outer.answers.pop(0) if outer.answers else 200
                if status is None:
                    self.connection.close()
                    return
                self.send_response(status)
                if status == 302:
                    self.send_header("Location", "https://127.0.0.1:1/elsewhere")
                self.send_header("Content-Length", "0")
                self.end_headers()

            def log_message(self, *_):
                pass

        self.server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(certificate["cert"], certificate["key"])
        self.server.socket = context.wrap_socket(self.server.socket, server_side=True)
        self.server.daemon_threads = True
        self.port = self.server.server_address[1]
        self.thread = threading.Thread(target=self.server.serve_forever, daemon=True)
        self.thread.start()

    def close(self):
        self.gate.set()
        self.server.shutdown()
        self.server.server_close()


class OutHouse(House):
    """A hub and garde-respond with these targets."""

    def __init__(self, program, targets, extra="", secrets=None):
        super().__init__(program, edge=False)
        self.targets, self.extra, self.secrets = targets, extra, secrets or {}

    def write_config(self, extra=""):
        lines = [f"    - {json.dumps(target, ensure_ascii=False)}\n" for target in self.targets]
        super().write_config(f"console: {{listen: \"off\"}}\nout:\n  secrets: {self.folder}/out.secrets\n  targets:\n"
                             + "".join(lines) + self.extra)
        text = self.config.read_text().replace('hub: "64211"}', f'hub: "64211", respond: "{RESPOND_USER}"}}')
        assert f"{RESPOND_USER}" in text
        self.config.write_text(text)
        path = self.folder / "out.secrets"
        path.write_text(json.dumps(self.secrets) if self.secrets else "{}\n")
        path.chmod(0o600)
        os.chown(path, RESPOND_USER, RESPOND_USER)

    def out(self, *words):
        return self.garde("out", "list", *words)

    def of(self, target):
        """The one item for a target; empty while there is none."""
        return next(iter(self.out("--target", target)["items"]), {})

    def wait_state(self, target, state):
        """Waits between tries double (exchange/retry.h): a server that was slow to come up is found with the fifth or sixth."""
        wait_until(lambda: self.of(target).get("state") == state, seconds=120, what=f"{target}: {state}")

    def wait_connected(self):
        wait_until(lambda: self.out()["connected"], seconds=30, what="garde-respond is connected")

    def start(self):
        self.launch()
        self.wait_hub()
        self.wait_connected()

    def open(self):
        with Sensor(self) as sensor:
            return sensor.finding("begins")
