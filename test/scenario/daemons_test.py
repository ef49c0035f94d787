# SPDX-License-Identifier: EUPL-1.2
"""The daemons as they live: started, watched, killed, starved of disk. Topology: support/house.py."""
import contextlib
import fcntl
import json
import os
import pathlib
import pty
import signal
import subprocess
import termios

import pytest

from support.house import EDGE_USER, HUB_USER, PORTAL4, House, Sensor
from support.wait import wait_until

ICMP = '{"protocol":1}'


@pytest.fixture
def house(root, program):
    with House(program) as standing:
        standing.start()
        yield standing


def stop_pings(house):
    """A person's measure against echo requests; its id. Harmless, and easy to see from outside."""
    assert house.ping()
    asked = house.garde("measure", "ask", "signature", "portail", "--selector", ICMP, "--for", "600",
                        "--author", "Anne Martin")
    wait_until(lambda: not house.ping(), seconds=20, what="pings are dropped")
    return asked["measure"]["id"]


def states(house, measure):
    return [one["state"] for one in house.garde("measure", "list", "--all")["measures"] if one["id"] == measure]


def test_stops_in_order_and_leaves_no_socket(house):
    socket = house.folder / "run" / "hub.sock"
    assert socket.exists()
    assert house.stop() == 0
    assert not socket.exists()


def test_a_closed_terminal_ends_nothing(root, program):
    """An SSH session that is cut: the kernel hangs up on garde run and on all it started, and nobody reads the log any more."""
    with House(program, edge=False) as house:
        near, far = pty.openpty()
        house.running = subprocess.Popen([program("garde"), "-c", str(house.config), "run"], stdin=far, stdout=far, stderr=far,
                                         start_new_session=True, preexec_fn=lambda: fcntl.ioctl(0, termios.TIOCSCTTY, 0))
        house.net.children.append(house.running)
        os.close(far)
        house.wait_hub()
        hub = house.pid("garde-hub")
        os.close(near)
        records = house.status()["journal"]["records"]
        with Sensor(house) as sensor:
            sensor.finding("begins")
        wait_until(lambda: house.status()["journal"]["records"] > records, seconds=20, what="the hub goes on")
        assert house.pid("garde-hub") == hub and house.running.poll() is None
        assert house.stop() == 0


def test_a_hangup_is_passed_on_and_told(root, program):
    with House(program, edge=False) as house:
        house.start()
        hub = house.pid("garde-hub")
        house.running.send_signal(signal.SIGHUP)
        wait_until(lambda: "this daemon has nothing to read again" in house.said(), seconds=20, what="the hub heard of it")
        assert "SIGHUP: passed on" in house.said() and house.pid("garde-hub") == hub and house.status()
        assert house.stop() == 0


def test_daemons_hold_no_more_than_they_need(house):
    for daemon, user, capabilities in (("garde-edge", EDGE_USER, {12, 38, 39}), ("garde-hub", HUB_USER, set())):
        status = dict(line.split(":\t", 1) for line in
                      pathlib.Path(f"/proc/{house.pid(daemon)}/status").read_text().splitlines() if ":\t" in line)
        assert set(status["Uid"].split()) == {str(user)}
        effective = int(status["CapEff"], 16)
        assert {bit for bit in range(64) if effective >> bit & 1} == capabilities
        assert int(status["CapBnd"], 16) & ~effective == 0
        assert status["Seccomp"].strip() == "2" and status["NoNewPrivs"].strip() == "1"


def test_a_persons_measure_stands_and_is_lifted(house):
    measure = stop_pings(house)
    assert house.ping("2001:db8:d::10"), "IPv6 echo is another protocol"
    assert states(house, measure) == ["standing"]
    house.garde("measure", "lift", measure, "--author", "Anne Martin", "--reason", "exercice")
    wait_until(house.ping, seconds=20, what="pings pass again")
    wait_until(lambda: states(house, measure) == ["lifted"], seconds=20, what="the edge told that it is lifted")


def test_the_kernel_goes_on_when_the_edge_is_killed(house):
    measure = stop_pings(house)
    house.kill("garde-edge")
    assert not house.ping()
    house.wait_connected()
    assert not house.ping()
    assert states(house, measure) == ["standing"], "adopted under its own id"
    assert len([one for one in house.garde("measure", "list")["measures"]]) == 1
    house.garde("measure", "lift", measure, "--author", "Anne Martin")
    wait_until(house.ping, seconds=20, what="what was adopted can be lifted")


def test_nothing_written_is_lost_when_the_hub_is_killed(house):
    measure = stop_pings(house)
    wait_until(lambda: states(house, measure) == ["standing"], seconds=20, what="the measure is written down")
    records = house.status()["journal"]["records"]
    house.kill("garde-hub")
    house.wait_connected()
    assert house.status()["journal"]["records"] >= records
    assert states(house, measure) == ["standing"] and not house.ping()
    assert house.garde("journal", "verify")["ok"]


def test_the_edge_acts_while_the_hub_is_away_and_tells_it_later(house):
    measure = stop_pings(house)
    supervisor = house.running.pid
    os.kill(supervisor, 19)  # SIGSTOP: nobody starts the hub again for now
    hub = house.pid("garde-hub")
    try:
        os.kill(hub, 9)
        assert not house.ping(), "the kernel needs neither hub nor supervisor"
    finally:
        os.kill(supervisor, 18)
    house.wait_connected()
    house.garde("measure", "lift", measure, "--author", "Anne Martin")
    wait_until(lambda: states(house, measure) == ["lifted"], seconds=20, what="what happened meanwhile is told")


def test_a_wrong_configuration_starts_nothing(root, program):
    with House(program) as standing:
        standing.write_config("  learn_secnds: 3\n")
        done = standing.garde("run", check=False)
        assert done.returncode == 1
        assert str(standing.config) in done.stderr and "learn_secnds" in done.stderr
        assert "learn_seconds" in done.stderr, "says what would be right"
        assert not standing.pin.exists() and not (standing.folder / "run").exists()


def test_journal_travels(house):
    stop_pings(house)
    export = house.folder / "export.jsonl"
    head = house.garde("journal", "head")
    (house.folder / "head.json").write_text(json.dumps(head))
    house.garde("journal", "export", export)
    report = house.garde("journal", "verify", export, "--head", house.folder / "head.json")
    assert report["ok"] and report["records"] >= 3
    lines = export.read_bytes().splitlines(keepends=True)
    export.write_bytes(b"".join(lines[:2] + lines[3:]))
    done = house.garde("journal", "verify", export, check=False)
    assert done.returncode == 1 and not json.loads(done.stdout)["ok"]
    proof = house.garde("journal", "prove", 1)
    assert proof["proof"] == "inclusion"


def test_the_edge_goes_on_when_the_disk_is_full(root, program):
    with House(program) as standing:
        hub = standing.folder / "state" / "hub"
        hub.mkdir(parents=True)
        subprocess.run(["mount", "-t", "tmpfs", "-o", "size=8m", "none", hub], check=True)
        try:
            standing.start()
            measure = stop_pings(standing)
            wait_until(lambda: states(standing, measure) == ["standing"], seconds=20, what="written down")
            filler = hub / "filler"
            with open(filler, "wb", buffering=0) as file, contextlib.suppress(OSError):
                while True:
                    file.write(b"x" * 4096)
            refused = None
            for _ in range(2000):  # until the journal's own file has no room left in it either
                refused = standing.garde("journal", "head", check=False)
                if refused.returncode:
                    break
            assert refused.returncode == 1 and refused.stderr.strip(), "the journal says so"
            assert not standing.ping(), "the edge goes on"
            filler.unlink()
            wait_until(lambda: standing.garde("journal", "head", check=False).returncode == 0, seconds=20,
                       what="writing works again")
            assert standing.garde("journal", "verify")["ok"]
            standing.stop()
        finally:
            standing.stop()
            subprocess.run(["umount", hub], check=True)
