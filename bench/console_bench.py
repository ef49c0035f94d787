#!/usr/bin/python3
# SPDX-License-Identifier: EUPL-1.2
"""How long the console takes to be of use, what it costs on the wire and whether it keeps still: Debian's Chromium,
headless, against a real hub over TLS on the loopback.

    hub.page_ms           from asking for the address to the first paint that shows the present state, nothing cached
    hub.page_bytes        everything that was sent for that, as it crossed the wire
    hub.help_bytes        the same of the help page that an old telephone opens
    hub.page_task_ms      the longest task of the page while a hundred reports of traffic a second reach the hub

There is no peer: no other desk of this kind runs on a small box.
"""
import json
import os
import pathlib
import subprocess
import sys
import threading
import time

SOURCE = pathlib.Path(__file__).resolve().parent.parent
sys.path.insert(0, str(SOURCE / "test"))
from support import console  # noqa: E402
from support.house import House, Sensor  # noqa: E402

BUILD = pathlib.Path(os.environ.get("GARDE_BUILD", SOURCE / "build"))
LOADS = 15
STORM_SECONDS = 15
REPORTS_A_SECOND = 100


def row(name, value, unit, runs):
    print(json.dumps({"name": name, "value": value, "unit": unit, "better": "less", "peer": None, "peer_value": None,
                      "ratio": None, "runs": runs}), flush=True)


def storm(house, over):
    """Traffic of an attack as the edge reports it. Made up; two services."""
    with Sensor(house) as sensor:
        for tick in range((STORM_SECONDS + 60) * REPORTS_A_SECOND):
            if over.wait(1 / REPORTS_A_SECOND):
                return
            sensor.send({"type": "traffic", "at": time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime()),
                         "mono_ms": int(time.monotonic() * 1000), "services": [
                             {"name": name, "packets": tick * 9000, "known": tick, "dropped": tick * 7000,
                              "state": "attack", "classes": {"udp": tick * 9000},
                              "countries": {"FR": [tick * 1000, 0]}, "measures": {}} for name in ("portail", "mail")]})


def measure(told):
    done = subprocess.run(["node", SOURCE / "bench/console_bench.mjs", str(LOADS), str(STORM_SECONDS)],
                          stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, text=True, timeout=600, check=True,
                          env={**os.environ, "GARDE_BUILD": str(BUILD), "GARDE_HUB": json.dumps(told)})
    return json.loads(done.stdout)


def main():
    with House(lambda name: str(BUILD / "bin" / name), edge=False) as house:
        house.write_config(console.CONFIG)
        house.start()
        console.set_up(house, "Banc")
        with Sensor(house) as sensor:
            sensor.finding("begins")
        over = threading.Event()
        sender = threading.Thread(target=storm, args=(house, over))
        sender.start()
        try:
            found = measure({"url": console.where(house)["url"], "setup": None, "incident": None,
                             "people": {"Banc": console.PASSWORD}})
        finally:
            over.set()
            sender.join()
    row("hub.page_ms", found["page_ms"], "ms", LOADS)
    row("hub.page_bytes", found["page_bytes"], "B", LOADS)
    row("hub.help_bytes", found["help_bytes"], "B", 1)
    row("hub.page_task_ms", found["task_ms"], "ms", 1)


if __name__ == "__main__":
    main()
