# SPDX-License-Identifier: EUPL-1.2
"""Damaged files, missing privileges, wrong devices, sudden deaths: one clear sentence each, and nothing half done.

Topology: support/house.py. Every capture, database and flood here is made by the test and says so.
"""
import json
import os
import random
import shutil
import signal
import socket
import sqlite3
import struct
import subprocess

import pytest

from support.house import PORTAL4, STRANGER, House, Sensor
from support.wait import wait_until

ANNE = ("--author", "Anne Martin")
ICMP = '{"protocol":1}'


@pytest.fixture
def house(root, program):
    with House(program) as standing:
        yield standing


@pytest.fixture
def hub(root, program):
    with House(program, edge=False) as standing:
        standing.start()
        with Sensor(standing) as sensor:
            standing.incident = sensor.finding("begins")
        yield standing


def sentence(done):
    """The one line of talk of a command that said no."""
    assert done.returncode == 1, (done.returncode, done.stdout, done.stderr)
    lines = done.stderr.strip().splitlines()
    assert len(lines) == 1, done.stderr
    assert len(lines[0]) < 600
    return lines[0]


def said(house, *words):
    wait_until(lambda: all(word in house.said() for word in words), seconds=30, what=f"the log says {words}")


def stop_pings(house):
    """A person's measure against echo requests, once it stands; its id."""
    measure = house.garde("measure", "ask", "signature", "portail", "--selector", ICMP, "--for", "600",
                          *ANNE)["measure"]["id"]
    wait_until(lambda: not house.ping(), seconds=20, what="pings are dropped")
    return measure


# ---- captures ----

ETHERNET = bytes.fromhex("020000000001" "020000000002" "0800")


def packet(number):
    """A made-up UDP packet of the documentation's addresses."""
    udp = struct.pack(">HHHH", 1024 + number % 60000, 53, 8 + 32, 0) + bytes(32)
    ip = struct.pack(">BBHHHBBH4s4s", 0x45, 0, 20 + len(udp), number & 0xffff, 0, 64, 17, 0,
                     socket.inet_aton(f"198.51.100.{number % 250 + 1}"), socket.inet_aton(PORTAL4))
    return ETHERNET + ip + udp


def pcap(packets, link=1):
    lines = [struct.pack("<IHHiIII", 0xa1b2c3d4, 2, 4, 0, 0, 65535, link)]
    for number, data in enumerate(packets):
        lines.append(struct.pack("<IIII", number // 1000, number % 1000 * 1000, len(data), len(data)) + data)
    return b"".join(lines)


GOOD_CAPTURE = pcap(packet(n) for n in range(400))
BROKEN_CAPTURES = {
    "empty": b"",
    "header cut": GOOD_CAPTURE[:11],
    "no packet": GOOD_CAPTURE[:24],
    "another kind of file": b"\x89PNG\r\n\x1a\n" + bytes(4000),
    "text": "Ceci n’est pas une capture.\n".encode() * 50,
    "packet cut": GOOD_CAPTURE[:24 + 16 + 40],
    "length a lie": GOOD_CAPTURE[:24] + struct.pack("<IIII", 0, 0, 0x7fffffff, 0x7fffffff) + bytes(64),
    "unknown link type": pcap([packet(1)], link=250),
    "noise": random.Random(1).randbytes(5000),
}


@pytest.mark.parametrize("kind", BROKEN_CAPTURES)
def test_a_broken_capture_is_named(root, program, tmp_path, kind):
    file = tmp_path / "attack.pcap"
    file.write_bytes(BROKEN_CAPTURES[kind])
    done = subprocess.run([program("garde"), "edge", "replay", "--attack", file, "--seconds", "1", "--json"],
                          stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, timeout=60)
    assert str(file) in sentence(done)
    assert json.loads(done.stdout)["error"] in done.stderr, "and no half report"


def test_a_replay_that_makes_no_sense_is_refused(root, program, tmp_path):
    file = tmp_path / "attack.pcap"
    file.write_bytes(GOOD_CAPTURE)
    for words in (["--victim", "300.1.1.1"], ["--victim", ""], ["--calm", tmp_path / "nowhere"], ["--calm", tmp_path]):
        done = subprocess.run([program("garde"), "edge", "replay", "--attack", file, "--seconds", "1", *words],
                              stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, timeout=60)
        assert sentence(done) and done.stdout == ""


# ---- country databases ----

BROKEN_COUNTRIES = {
    "not there": (None, ""),
    "empty": (b"", ""),
    "binary": (bytes(range(256)) * 8, ", ligne 1"),
    "cut in a line": (b"16777216,16777471,AU\n16777472,1677", ", ligne 2"),
    "backwards": (b"16777471,16777216,AU\n", ", ligne 1"),
    "overlapping": (b"16777216,16777471,AU\n16777300,16777600,CN\n", ", ligne 2"),
    "no country": (b"16777216,16777471,Atlantis\n", ", ligne 1"),
}


@pytest.mark.parametrize("kind", BROKEN_COUNTRIES)
def test_a_broken_country_database_is_named_and_the_hub_lives_on(house, kind):
    content, line = BROKEN_COUNTRIES[kind]
    file = house.folder / "geo.txt"
    if content is not None:
        file.write_bytes(content)
    house.write_config(f"  geo: {{ipv4: {file}}}\n")
    house.launch()
    house.wait_hub()
    said(house, "garde-edge", f"{file}{line}")
    assert not house.status()["edge"]["connected"]
    assert not (house.pin / "link").exists(), "nothing is attached with half a database"
    assert house.garde("journal", "verify")["ok"]
    assert house.stop() == 0


def test_a_database_that_breaks_later_changes_nothing(house):
    file = house.folder / "geo.txt"
    file.write_bytes(b"3325256704,3325256959,FR\n")  # 198.51.100.0/24, the documentation's; made up
    house.write_config(f"  geo: {{ipv4: {file}}}\n")
    house.start()
    assert house.ping()
    file.write_bytes(b"3325256704,3325256959,FR\nbroken\n")
    os.kill(house.pid("garde-edge"), signal.SIGHUP)
    said(house, f"{file}, ligne 2", "reste telle quelle")
    assert house.ping() and house.status()["edge"]["connected"]
    file.write_bytes(b"3325256704,3325256959,DE\n")
    os.kill(house.pid("garde-edge"), signal.SIGHUP)
    said(house, "a new country database is in force")
    assert house.ping() and house.status()["edge"]["connected"]


# ---- the journal ----

def test_a_bit_flipped_in_the_journal_is_found_and_named(hub):
    database = hub.folder / "state" / "hub" / "journal.db"
    hub.stop()
    assert hub.garde("journal", "verify")["ok"]
    with sqlite3.connect(database) as store:
        tables = [name for name, in store.execute("select name from sqlite_master where type = 'table'")]
    store.close()
    assert "records" in tables
    content = bytearray(database.read_bytes())
    spot = content.find(b"malveillante")
    assert spot > 0
    content[spot] ^= 1
    database.write_bytes(bytes(content))
    done = hub.command("journal", "verify", "--json")
    report = json.loads(done.stdout)
    assert done.returncode == 1 and not report["ok"] and report["faults"], "one bit is found"
    words = hub.command("journal", "verify").stdout
    assert "ALTÉRÉ" in words and len(words.splitlines()) >= 2


@pytest.mark.parametrize("damage", ["empty", "foreign", "cut", "noise", "a folder"])
def test_a_journal_that_is_none_starts_nothing(hub, damage):
    database = hub.folder / "state" / "hub" / "journal.db"
    hub.stop()
    content = database.read_bytes()
    for file in (database.with_name("journal.db-wal"), database.with_name("journal.db-shm")):
        file.unlink(missing_ok=True)
    if damage == "a folder":
        database.unlink()
        database.mkdir()
    else:
        database.write_bytes({"empty": b"", "foreign": b"Not a journal at all.\n" * 400, "cut": content[:5000],
                              "noise": content[:100] + random.Random(2).randbytes(len(content) - 100)}[damage])
    before = None if database.is_dir() else database.read_bytes()
    for words in (["journal", "verify"], ["journal", "export"], ["journal", "rebuild"], ["declare", hub.incident]):
        assert "journal.db" in sentence(hub.command(*words)), words
    seen = len(hub.said())
    hub.launch()
    wait_until(lambda: "journal.db" in hub.said()[seen:], seconds=30, what="the hub names the journal")
    assert not hub.status()
    assert hub.stop() == 0
    assert (None if database.is_dir() else database.read_bytes()) == before, "nothing is made over it"


def test_an_export_with_a_flipped_bit_is_found_wherever_it_is(hub):
    export = hub.folder / "export"
    hub.garde("journal", "export", export)
    content = export.read_bytes()
    chance = random.Random(3)
    for _ in range(12):
        spot = chance.randrange(len(content))
        flipped = bytearray(content)
        flipped[spot] ^= 1 << chance.randrange(8)
        export.write_bytes(bytes(flipped))
        done = hub.command("journal", "verify", export)
        assert done.returncode == 1, f"byte {spot}"
        assert "ALTÉRÉ" in done.stdout or str(export) in done.stderr, done
    for cut in (0, 1, 100, len(content) // 2, len(content) - 2):
        export.write_bytes(content[:cut])
        assert hub.command("journal", "verify", export).returncode == 1, f"cut at {cut}"


def test_a_lost_key_is_said(hub):
    key = hub.folder / "state" / "hub" / "journal.key"
    hub.stop()
    key.unlink()
    seen = len(hub.said())
    hub.launch()
    wait_until(lambda: "journal.key" in hub.said()[seen:], seconds=30, what="the hub names the key")
    assert not key.exists(), "another key would break the chain of heads"
    assert hub.garde("journal", "verify")["ok"], "what was signed still verifies"


# ---- the spool ----

@pytest.mark.parametrize("damage", ["torn", "flipped", "foreign", "empty", "a folder"])
def test_a_damaged_spool_is_repaired_or_named(house, damage):
    house.start()
    lifted = stop_pings(house)
    house.garde("measure", "lift", lifted, *ANNE)
    wait_until(house.ping, seconds=20, what="the measure is lifted")
    house.stop()
    spool = house.folder / "state" / "edge" / "hub.spool"
    content = spool.read_bytes()
    assert content.startswith(b"GARDE-SPOOL-1\n")
    if damage == "torn":
        spool.write_bytes(content + b"FRM1\xff\x00")
    elif damage == "flipped":
        assert len(content) > 200, "frames lie in it"
        spool.write_bytes(content[:100] + bytes([content[100] ^ 4]) + content[101:])
    elif damage == "foreign":
        spool.write_bytes(b"Not a spool at all.\n" * 10)
    elif damage == "empty":
        spool.write_bytes(b"")
    else:
        spool.unlink()
        spool.mkdir()
    seen = len(house.said())
    house.launch()
    house.wait_hub()
    if damage in ("foreign", "a folder"):
        wait_until(lambda: "hub.spool" in house.said()[seen:], seconds=30, what="the edge names the spool")
        if damage == "foreign":
            assert spool.read_bytes() == b"Not a spool at all.\n" * 10, "what is not ours is left alone"
    else:
        house.wait_connected()
        if damage == "flipped":
            assert "hub.spool" in house.said()[seen:] and spool.with_name("hub.spool.bad").exists()
        measure = stop_pings(house)
        assert measure in json.dumps(house.garde("measure", "list"))
    assert house.stop() == 0


# ---- no root, no device, no room ----

def test_without_root_it_says_what_is_missing(root, program, tmp_path):
    with House(program) as house:
        file = house.folder / "attack.pcap"
        file.write_bytes(GOOD_CAPTURE)
        file.chmod(0o644)
        replay = house.command("edge", "replay", "--attack", file, "--seconds", "1", user=STRANGER)
        assert "root" in sentence(replay) or "CAP_BPF" in sentence(replay)
        edge = subprocess.run([house.program_for_all("garde-edge"), "-c", str(house.config)], user=STRANGER,
                              group=STRANGER, extra_groups=[], stdin=subprocess.DEVNULL, stderr=subprocess.PIPE,
                              text=True, timeout=30)
        assert edge.returncode == 1 and len(edge.stderr.strip().splitlines()) <= 2, edge.stderr
        run = house.command("run", user=STRANGER)
        assert str(house.folder) in sentence(run)
        assert house.command("check", user=STRANGER).returncode == 0, "what needs no root works"
        assert not house.pin.exists() and not (house.folder / "run").exists()


def test_an_interface_that_is_not_there_is_named(house):
    house.config.write_text(house.config.read_text().replace("wan0", "wan9"))
    house.launch()
    house.wait_hub()
    said(house, "garde-edge", "wan9")
    assert not house.status()["edge"]["connected"]
    assert house.garde("incident", "list")["incidents"] == []
    assert house.stop() == 0


def test_a_device_without_native_xdp_falls_back_and_says_so(house):
    house.edge.run("ip", "link", "add", "wan8", "type", "bridge")
    house.edge.run("ip", "link", "set", "wan8", "up")
    house.config.write_text(house.config.read_text().replace("wan0", "wan8"))
    house.start()
    said(house, "wan8", "generic mode")
    house.stop()
    shutil.rmtree(house.pin)
    house.config.write_text(house.config.read_text() + "  mode: native\n")
    seen = len(house.said())
    house.launch()
    house.wait_hub()
    wait_until(lambda: "natif" in house.said()[seen:], seconds=30, what="native mode is refused")
    assert not house.status()["edge"]["connected"]


def test_a_run_folder_too_long_for_a_socket_is_refused(root, program):
    with House(program, edge=False) as house:
        folder = house.folder / ("a" * 60) / ("b" * 60)
        house.config.write_text(house.config.read_text().replace(f"run: {house.folder}/run", f"run: {folder}"))
        refused = sentence(house.command("check"))
        assert f"{house.config}:" in refused and "run" in refused
        assert sentence(house.command("run")) and not folder.exists()


def test_a_second_run_is_refused_and_harms_nothing(house):
    house.start()
    measure = stop_pings(house)
    second = subprocess.run(house.edge.command(house.program("garde"), "-c", house.config, "run"),
                            stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
                            timeout=30)
    assert "garde run" in sentence(second)
    for daemon in ("garde-edge", "garde-hub"):
        done = subprocess.run(house.edge.command(house.program(daemon), "-c", house.config), stdin=subprocess.DEVNULL,
                              stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, timeout=30)
        assert done.returncode == 1 and done.stderr.strip()
    assert house.status()["edge"]["connected"] and not house.ping()
    assert [one["id"] for one in house.garde("measure", "list")["measures"]] == [measure]
    assert house.stop() == 0


# ---- sudden deaths ----

def test_killed_again_and_again_states_agree_with_the_kernel(house):
    house.start()
    chance = random.Random(5)
    deaths = ["garde-edge"] * 5 + ["garde-hub"] * 5
    chance.shuffle(deaths)
    asked, wanted = {}, None

    def garde(*words):
        """People try again until the hub is back."""
        done = wait_until(lambda: (lambda d: d if d.returncode == 0 else None)(house.garde(*words, check=False)),
                          seconds=30, what=f"{words[:2]} is taken")
        return json.loads(done.stdout)

    for number, daemon in enumerate(deaths):
        if wanted is None:
            wanted = garde("measure", "ask", "signature", "portail", "--selector", ICMP, "--for", "600",
                           *ANNE)["measure"]["id"]
            asked[wanted] = "standing"
        else:
            garde("measure", "lift", wanted, *ANNE, "--reason", f"essai {number}")
            asked[wanted] = "lifted"
            wanted = None
        house.kill(daemon)
    house.wait_connected()

    def states():
        return {one["id"]: one["state"] for one in house.garde("measure", "list", "--all")["measures"]}

    wait_until(lambda: states() == asked, seconds=30, what=f"states are {asked}")
    assert house.ping() == (wanted is None), "the kernel does what the hub says"
    assert {one["owner"] for one in house.garde("measure", "list", "--all")["measures"]} == {"Anne Martin"}
    assert house.garde("incident", "list", "--all")["incidents"] == [], "there was no attack"
    assert house.garde("journal", "verify")["ok"]


FLOOD = r"""
import os, socket, struct, sys, time
# A made-up flood: %(rate)d UDP packets a second for %(seconds)d s, from addresses of 198.18.0.0/15 (RFC 2544).
line = socket.socket(socket.AF_PACKET, socket.SOCK_RAW)
line.bind(("out0", 0))
target, source = bytes.fromhex("%(target)s"), line.getsockname()[4]
end, sent, begun = time.monotonic() + %(seconds)d, 0, time.monotonic()
payload = b"\x00" * 64
while time.monotonic() < end:
    due = (time.monotonic() - begun) * %(rate)d
    while sent < due:
        address = struct.pack(">I", 0xc6120000 | (sent * 2654435761 & 0x1ffff))
        udp = struct.pack(">HHHH", 1900, 80, 8 + len(payload), 0) + payload
        ip = struct.pack(">BBHHHBBH", 0x45, 0, 20 + len(udp), sent & 0xffff, 0, 245, 17, 0) + address + socket.inet_aton("%(portal)s")
        total = sum(struct.unpack(">10H", ip))
        total = (total & 0xffff) + (total >> 16)
        total = (total & 0xffff) + (total >> 16)
        ip = ip[:10] + struct.pack(">H", ~total & 0xffff) + ip[12:]
        line.send(target + source + b"\x08\x00" + ip + udp)
        sent += 1
    time.sleep(0.002)
print(sent)
"""


def received(house):
    """UDP packets that reached the inside, by its own counter."""
    for line in house.inside.output("cat", "/proc/net/dev").splitlines():
        if line.strip().startswith("in0:"):
            return int(line.split()[2])
    raise AssertionError("in0 has no counter")


@pytest.mark.limit(120)
def test_what_is_dropped_stays_dropped_when_the_edge_is_killed_under_a_flood(house):
    house.start()
    assert house.ping()
    wait_until(lambda: all(one["state"] == "calm" for one in house.status()["edge"].get("services") or [{"state": ""}]),
               seconds=30, what="the edge has seen the calm")
    target = json.loads(house.edge.output("ip", "-json", "link", "show", "wan0"))[0]["address"].replace(":", "")
    flood = FLOOD % {"rate": 20000, "seconds": 30, "target": target, "portal": PORTAL4}
    sender = house.net.start(house.outside, "/usr/bin/python3", "-c", flood, stdout=subprocess.PIPE, text=True)

    def standing():
        return [one for one in house.garde("measure", "list")["measures"] if one["state"] in ("standing", "probation")]

    wait_until(standing, seconds=20, what="a measure against the flood stands")

    def through():
        """Packets in a short while that came through."""
        before = received(house)
        house.ping()
        house.ping("2001:db8:d::10")
        return received(house) - before

    wait_until(lambda: through() < 100, seconds=8, what="the flood is dropped")
    measures = {one["id"] for one in standing()}
    before = received(house)
    house.kill("garde-edge")
    house.wait_connected()
    leaked = received(house) - before
    assert leaked < 2000, f"{leaked} packets came through while the edge was dead"
    assert house.ping(), "people still come in"
    assert measures & {one["id"] for one in house.garde("measure", "list", "--all")["measures"]}
    assert sender.wait(timeout=60) == 0
    incidents = house.garde("incident", "list")["incidents"]
    assert len(incidents) == 1 and incidents[0]["kind"] == "flood"
    assert house.garde("journal", "verify")["ok"]
