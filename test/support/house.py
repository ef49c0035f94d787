# SPDX-License-Identifier: EUPL-1.2
"""Garde standing between two namespaces, as a test needs it.

    outside (198.51.100.1) -- wan0 [edge: garde run] lan0 -- inside (203.0.113.10, 2001:db8:d::10)

The configuration is made up; daemons run as users 64210 and 64211, who have no account. House(program, edge=False) is
the hub alone, without network; the test then plays the edge through Sensor.
"""
import itertools
import json
import os
import pathlib
import re
import shutil
import signal
import socket
import subprocess
import tempfile
import time

from support.netns import Namespaces
from support.wait import wait_until

EDGE_USER, HUB_USER = 64210, 64211
PORTAL4, PORTAL6 = "203.0.113.10", "2001:db8:d::10"

# What a daemon built with sanitizers says of itself, while it runs and at its end.
SANITIZER = re.compile(r"(Address|Leak|UndefinedBehavior)Sanitizer|runtime error: ")

STRANGER = 65534  # nobody: neither root nor one of ours

_numbers = itertools.count()

CONFIG = """\
structure: {{name: "Hôpital de l’exercice", kind: etablissement}}
people:
  declarant: {{name: "Anne Martin", function: RSSI, phone: "01 00 00 00 00", mail: rssi@hopital.example}}
state: {folder}/state
run: {folder}/run
pin: {pin}
users: {{edge: "{edge}", hub: "{hub}"}}
"""

# A port of the kernel's choice, so that houses can stand beside each other; RUN/console.json says which.
CONFIG_CONSOLE = 'console: {{listen: "127.0.0.1:0"}}\n'

CONFIG_EDGE = """\
edge:
  interface: wan0
  learn_seconds: 3
  hold_seconds: 2
  services:
    - {{name: portail, addresses: [{portal4}, "{portal6}"], ports: [tcp/80]}}
"""


class House:
    def __init__(self, program, edge=True):
        self.program = program
        self.with_edge = edge
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix="garde-house-"))
        self.folder.chmod(0o755)
        self.config = self.folder / "garde.yaml"
        self.pin = pathlib.Path(f"/sys/fs/bpf/garde-test-{os.getpid()}-{next(_numbers)}")
        self.net = Namespaces()
        self.running = None
        self.log = self.folder / "log"

    def __enter__(self):
        self.net.__enter__()
        if self.with_edge:
            self._join_networks()
        self.write_config()
        return self

    def _join_networks(self):
        self.outside, self.edge, self.inside = (self.net.add(name) for name in ("outside", "edge", "inside"))
        self.net.link(self.outside, "out0", self.edge, "wan0")
        self.net.link(self.edge, "lan0", self.inside, "in0")
        self._address(self.outside, "out0", "198.51.100.1/24", "2001:db8:ffff::1/64")
        self._address(self.edge, "wan0", "198.51.100.2/24", "2001:db8:ffff::2/64")
        self._address(self.edge, "lan0", "203.0.113.1/24", "2001:db8:d::1/64")
        self._address(self.inside, "in0", f"{PORTAL4}/24", f"{PORTAL6}/64")
        self.edge.run("sysctl", "-q", "-w", "net.ipv4.ip_forward=1", "net.ipv6.conf.all.forwarding=1")
        self.outside.run("ip", "route", "add", "default", "via", "198.51.100.2")
        self.outside.run("ip", "-6", "route", "add", "default", "via", "2001:db8:ffff::2")
        self.inside.run("ip", "route", "add", "default", "via", "203.0.113.1")
        self.inside.run("ip", "-6", "route", "add", "default", "via", "2001:db8:d::1")
        for namespace, device in ((self.outside, "out0"), (self.edge, "lan0")):
            namespace.run("ethtool", "-K", device, "gro", "on", check=False, stderr=subprocess.DEVNULL)

    def __exit__(self, *what):
        self.stop()
        shutil.rmtree(self.pin, ignore_errors=True)
        self.net.__exit__(*what)
        said = self.said()
        shutil.rmtree(self.folder, ignore_errors=True)
        if what[0]:
            print(said or "(no log)")
        else:
            assert not SANITIZER.search(said), said

    @staticmethod
    def _address(namespace, device, *addresses):
        for address in addresses:
            namespace.run("ip", "addr", "add", address, "dev", device, *(["nodad"] if ":" in address else []))

    def write_config(self, extra=""):
        """`extra` goes on in the group edge; it may have a console of its own."""
        text = CONFIG + ("" if "console:" in extra else CONFIG_CONSOLE) + (CONFIG_EDGE if self.with_edge else "")
        self.config.write_text(text.format(folder=self.folder, pin=self.pin, edge=EDGE_USER, hub=HUB_USER,
                                           portal4=PORTAL4, portal6=PORTAL6) + extra)

    def launch(self):
        """garde run, in the edge's namespace if there is one; returns at once."""
        words = [self.program("garde"), "-c", str(self.config), "run"]
        with open(self.log, "ab") as log:
            if self.with_edge:
                self.running = self.net.start(self.edge, *words, stdout=log, stderr=log)
            else:
                self.running = subprocess.Popen(words, stdin=subprocess.DEVNULL, stdout=log, stderr=log,
                                                start_new_session=True)
                self.net.children.append(self.running)

    def start(self):
        """Until the daemons work together."""
        self.launch()
        if self.with_edge:
            self.wait_connected()
        else:
            self.wait_hub()

    def wait_hub(self):
        wait_until(self.status, seconds=30, what="the hub answers")

    def said(self):
        """What the daemons have said so far."""
        return self.log.read_text(errors="replace") if self.log.exists() else ""

    def wait_connected(self):
        wait_until(lambda: self.status().get("edge", {}).get("connected"), seconds=30,
                   what="the edge is connected to the hub")

    def stop(self):
        """The exit status of garde run."""
        if self.running is None:
            return None
        self.net.stop(self.running)
        status, self.running = self.running.returncode, None
        return status

    def program_for_all(self, name):
        """A copy that a stranger may run: the tree may lie in a home folder that is closed to them."""
        path = self.folder / "bin" / name
        if not path.exists():
            path.parent.mkdir(exist_ok=True)
            path.parent.chmod(0o755)
            shutil.copy(self.program(name), path)
            path.chmod(0o755)
            data = self.folder / "share" / "garde"
            if not data.exists():
                shutil.copytree(pathlib.Path(__file__).resolve().parents[2] / "data", data)
                for folder in (data.parent, data, *(path for path in data.rglob("*") if path.is_dir())):
                    folder.chmod(0o755)
                for file in (path for path in data.rglob("*") if path.is_file()):
                    file.chmod(0o644)
        return str(path)

    def command(self, *words, user=None):
        """A finished garde command, as somebody else if `user` is given."""
        garde = self.program_for_all("garde") if user else self.program("garde")
        return subprocess.run([garde, "-c", str(self.config), *map(str, words)], user=user,
                              group=user, extra_groups=[] if user else None, stdin=subprocess.DEVNULL,
                              stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, timeout=60)

    def garde(self, *words, check=True):
        """A command's JSON answer; with check=False the finished process."""
        done = self.command(*words, "--json")
        if not check:
            return done
        assert done.returncode == 0, done.stderr
        return json.loads(done.stdout)

    def status(self):
        done = self.garde("status", check=False)
        return json.loads(done.stdout) if done.returncode == 0 else {}

    def pid(self, daemon):
        """Of garde-edge or garde-hub under our own garde run; None while it is down."""
        done = subprocess.run(["pgrep", "-P", str(self.running.pid), "-x", daemon], stdout=subprocess.PIPE, text=True)
        return int(done.stdout.split()[0]) if done.stdout.split() else None

    def kill(self, daemon):
        """kill -9, and the process that took its place."""
        before = self.pid(daemon)
        assert before
        os.kill(before, signal.SIGKILL)
        wait_until(lambda: self.pid(daemon) not in (None, before), seconds=30, what=f"{daemon} is started again")

    def ping(self, address=PORTAL4):
        """Whether one echo request is answered."""
        return self.outside.run("ping", "-n", "-c", "1", "-W", "1", address, check=False,
                                stdout=subprocess.DEVNULL).returncode == 0


ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"


def make_id(prefix):
    """As base/id.h: 48 bits of milliseconds, 80 bits of chance, in Crockford's base 32."""
    number = int(time.time() * 1000) << 80 | int.from_bytes(os.urandom(10), "big")
    return prefix + "_" + "".join(ALPHABET[number >> shift & 31] for shift in range(125, -1, -5))


class Sensor:
    """A client that says it is the edge, which root may: findings that no packet made. Made up and labelled so."""

    ROLE = "edge"

    def __init__(self, house):
        self.socket = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        self.socket.settimeout(20)
        self.socket.connect(str(house.folder / "run" / "hub.sock"))
        self.lines = self.socket.makefile("r", encoding="utf-8")
        self.number = 0
        self.send({"hello": self.ROLE})
        assert self.read()["welcome"] == self.ROLE

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.lines.close()
        self.socket.close()

    def send(self, message):
        self.socket.sendall(json.dumps(message).encode() + b"\n")

    def read(self):
        return json.loads(self.lines.readline())

    def ask(self, **message):
        """The answer to this very message; what the hub says on its own is passed over."""
        self.number += 1
        self.send({**message, "id": self.number})
        while True:
            answer = self.read()
            if answer.get("id") == self.number:
                return answer

    def finding(self, phase, subject="portail", finding=None, seen=None, **evidence):
        """The incident it was filed under."""
        answer = self.ask(type="finding", finding={
            "id": finding or make_id("f"), "seen": seen or time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime()),
            "sensor": "edge", "kind": "flood", "subject": subject, "phase": phase, "confidence": 0.98,
            "why": {"fr": "Inondation imaginée pour un essai.", "en": "A flood made up for a test."},
            "evidence": {"peak_pps": 20000, "sources": 4000, **evidence}})
        assert "incident" in answer, answer
        return answer["incident"]


class Owner(Sensor):
    """The machine's owner over the socket, as the command is."""

    ROLE = "cli"
