# SPDX-License-Identifier: EUPL-1.2
"""The console in Debian's Chromium. Each scenario is a script of its own (node, playwright-core from web/node_modules):

    stub_*.mjs  against a stand-in whose state is made up (support/stub.mjs): pages in every state, a storm of events
    hub_*.mjs   against a real hub, over TLS as it comes; GARDE_HUB tells them where it is and who is who

What they took pictures of lies in BUILD/screenshots.
"""
import json
import os
import pathlib
import re
import subprocess

import pytest

from support import console
from support.house import House, Sensor
from support.scripted import SHORT, Scripted

HERE = pathlib.Path(__file__).resolve().parent
STUB = sorted(path.name for path in HERE.glob("stub_*.mjs"))
HUB = sorted(path.name for path in HERE.glob("hub_*.mjs"))
DIRECTOR, RESPONDER, READER = "Claire Moreau", "Paul Durand", "Nadia Petit"


def play(script, build, told=None, seconds=300):
    done = subprocess.run(["node", HERE / script], stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
                          text=True, timeout=seconds, check=False,
                          env={**os.environ, "GARDE_BUILD": str(build), "GARDE_HUB": json.dumps(told)})
    assert done.returncode == 0, done.stdout[-6000:]


@pytest.mark.limit(520)
@pytest.mark.parametrize("script", STUB)
def test_stand_in(script, build):
    play(script, build, seconds=500)


def first_link(house):
    place = console.where(house)
    return {"url": place["url"], "setup": re.search(r"setup#(\S+)", house.said()).group(1), "people": {}, "incident": None}


def peopled(house):
    """A director, somebody who responds, somebody who reads, and an incident that a sensor opened."""
    director = console.set_up(house, DIRECTOR)
    console.member(director, RESPONDER, ["responder", "dpo", "director"])
    console.member(director, READER, ["auditor"])
    with Sensor(house) as sensor:
        incident = sensor.finding("begins")
    director.post(f"/incidents/{incident}/facts", {"name": "personal_data.contact", "value": "Le secrétariat, 01 00 00 00 00"})
    return {"url": console.where(house)["url"], "setup": None, "incident": incident,
            "people": {name: console.PASSWORD for name in (DIRECTOR, RESPONDER, READER)}}


def scripted(house):
    """Two who may do all, and a script in whatever can be typed."""
    director = console.set_up(house, DIRECTOR)
    one, two = (console.member(director, name, ["responder", "dpo", "director"]) for name in (RESPONDER, READER))
    return {"url": console.where(house)["url"], "setup": None, "incident": Scripted(house, one, two).incident, "typed": SHORT,
            "people": {RESPONDER: console.PASSWORD}}


def first_state(house, script):
    makers = {"hub_first_start.mjs": first_link, "hub_scripts.mjs": scripted}
    return makers.get(script, peopled)(house)


@pytest.mark.limit(320)
@pytest.mark.parametrize("script", HUB)
def test_hub(script, program, build):
    with House(program, edge=False) as house:
        house.write_config(console.CONFIG)
        house.start()
        play(script, build, first_state(house, script))
