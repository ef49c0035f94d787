# SPDX-License-Identifier: EUPL-1.2
"""A house whose news leaves it: OutHouse(program, targets) has a hub and garde-respond, which runs as user 64212."""
import json
import os

from support.house import House, Sensor
from support.wait import wait_until

RESPOND_USER = 64212


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
        wait_until(lambda: self.of(target).get("state") == state, seconds=20, what=f"{target}: {state}")

    def wait_connected(self):
        wait_until(lambda: self.out()["connected"], seconds=30, what="garde-respond is connected")

    def start(self):
        self.launch()
        self.wait_hub()
        self.wait_connected()

    def open(self):
        with Sensor(self) as sensor:
            return sensor.finding("begins")
