# SPDX-License-Identifier: EUPL-1.2
"""Garde standing between two namespaces, as a test needs it.

    outside (198.51.100.1) -- wan0 [edge: garde run] lan0 -- inside (203.0.113.10, 2001:db8:d::10)

The configuration is made up; daemons run as users 64210 and 64211, who have no account.
"""
import json
import os
import pathlib
import shutil
import signal
import subprocess
import tempfile

from support.netns import Namespaces
from support.wait import wait_until

EDGE_USER, HUB_USER = 64210, 64211
PORTAL4, PORTAL6 = "203.0.113.10", "2001:db8:d::10"

CONFIG = """\
structure: {{name: "Hôpital de l’exercice", kind: etablissement}}
people:
  declarant: {{name: "Anne Martin", function: RSSI, phone: "01 00 00 00 00", mail: rssi@hopital.example}}
state: {folder}/state
run: {folder}/run
pin: /sys/fs/bpf/garde-test-{pid}
users: {{edge: "{edge}", hub: "{hub}"}}
edge:
  interface: wan0
  learn_seconds: 3
  hold_seconds: 2
  services:
    - {{name: portail, addresses: [{portal4}, "{portal6}"], ports: [tcp/80]}}
"""


class House:
    def __init__(self, program):
        self.program = program
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix="garde-house-"))
        self.folder.chmod(0o755)
        self.config = self.folder / "garde.yaml"
        self.pin = pathlib.Path(f"/sys/fs/bpf/garde-test-{os.getpid()}")
        self.net = Namespaces()
        self.running = None
        self.log = self.folder / "log"

    def __enter__(self):
        self.net.__enter__()
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
        self.write_config()
        return self

    def __exit__(self, *what):
        self.stop()
        shutil.rmtree(self.pin, ignore_errors=True)
        self.net.__exit__(*what)
        if what[0]:
            print(self.log.read_text() if self.log.exists() else "(no log)")
        shutil.rmtree(self.folder, ignore_errors=True)

    @staticmethod
    def _address(namespace, device, *addresses):
        for address in addresses:
            namespace.run("ip", "addr", "add", address, "dev", device, *(["nodad"] if ":" in address else []))

    def write_config(self, extra=""):
        self.config.write_text(CONFIG.format(folder=self.folder, pid=os.getpid(), edge=EDGE_USER, hub=HUB_USER,
                                             portal4=PORTAL4, portal6=PORTAL6) + extra)

    def start(self):
        """garde run in the edge's namespace, until both daemons work together."""
        with open(self.log, "ab") as log:
            self.running = self.net.start(self.edge, self.program("garde"), "-c", self.config, "run",
                                          stdout=log, stderr=log)
        self.wait_connected()

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

    def garde(self, *words, check=True):
        """A command's JSON answer; with check=False the finished process."""
        done = subprocess.run([self.program("garde"), "-c", str(self.config), *map(str, words), "--json"],
                              stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
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
