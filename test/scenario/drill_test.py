# SPDX-License-Identifier: EUPL-1.2
"""The exercise: played whole, it ends with an open incident, papers and nothing standing; it cleans up behind itself on
every way out, and says in one sentence why it cannot begin. Topology: src/drill/drill.h.

The bars here are low on purpose: they tell a defence from none. The figures that count are in its report.
"""
import json
import os
import pathlib
import re
import signal
import subprocess

import pytest

from support import console
from support.wait import wait_until

NAMES = ("gi", "ge", "gh")


def traces(pid):
    """What an exercise of this process would leave."""
    places = [pathlib.Path("/run/netns", f"{name}-{pid}") for name in NAMES]
    places += [pathlib.Path(f"/run/garde-drill-{pid}"), pathlib.Path(f"/sys/fs/bpf/garde-drill-{pid}")]
    return [str(place) for place in places if place.exists()]


def children(pid):
    """Processes below `pid`, with theirs."""
    try:
        direct = pathlib.Path(f"/proc/{pid}/task/{pid}/children").read_text(encoding="ascii").split()
    except OSError:
        return []
    return direct + [below for child in direct for below in children(child)]


def is_running(pid):
    try:
        status = pathlib.Path(f"/proc/{pid}/status").read_text(encoding="utf-8")
    except OSError:
        return False
    return "State:\tZ" not in status


@pytest.fixture
def exercise(root, program, captures, tmp_path):
    """Starts an exercise, and ends it if the test did not."""
    garde, started = program("garde"), []

    def start(*options):
        """Returns once it plays."""
        talk = (tmp_path / f"talk-{len(started)}").open("w+", encoding="utf-8")
        process = subprocess.Popen([garde, "drill", "2020-03-22", "--captures", str(captures), "--out",
                                    str(tmp_path / "out"), *options], stdout=talk,
                                   stderr=subprocess.STDOUT, text=True)
        process.said = lambda: pathlib.Path(talk.name).read_text(encoding="utf-8")
        started.append(process)
        wait_until(lambda: "visites" in process.said() or process.poll() is not None, seconds=60,
                   what="the first visits")
        assert process.poll() is None, process.said()
        return process

    yield start
    for process in started:
        if process.poll() is None:
            process.terminate()
            process.wait(timeout=30)


CLASSES = ("known_europe", "new_europe", "known_elsewhere", "new_elsewhere")


@pytest.mark.limit(300)
def test_played_whole(root, program, captures, tmp_path):
    out = tmp_path / "out"
    played = subprocess.run([program("garde"), "drill", "2020-03-22", "--captures", str(captures), "--out", str(out),
                             "--json"], capture_output=True, text=True, check=False)
    assert played.returncode == 0, played.stderr[-2000:]
    report = json.loads(played.stdout)
    assert report == json.loads((out / "report.json").read_text(encoding="utf-8"))
    assert report["attack"]["packets"] > 1000000 and report["attack"]["countries"] > 100
    assert report["detected_ms"] is not None and report["effective_ms"] is not None
    assert report["attack_dropped"] > 0.9
    for phase in ("calm", "during"):
        for people in CLASSES:
            assert report[phase][people]["ok"] > 0.8 * report[phase][people]["tried"] > 0, (phase, people)
    assert report["measures"] and report["reopened_s"] is not None
    assert all(one["state"] in ("lifted", "expired", "refused") for one in report["measures"])
    assert all(one["why"]["fr"] and one["why"]["en"] for one in report["measures"])
    assert report["incident"]["gravity"] == "grave"
    assert "cert-sante-grave" in [one["rule"] for one in report["incident"]["obligations"] if one["state"] == "due"]
    check_papers(report["files"], program("garde"))


def check_papers(files, garde):
    for one in files["declarations"]:
        assert pathlib.Path(one["pdf"]).read_bytes().startswith(b"%PDF-")
        json.loads(pathlib.Path(one["json"]).read_text(encoding="utf-8"))
        assert pathlib.Path(one["text"]).stat().st_size > 0
    assert pathlib.Path(files["report"]).read_bytes().startswith(b"%PDF-")
    assert pathlib.Path(files["plot"]).read_bytes().startswith(b"\x89PNG")
    subprocess.run([garde, "journal", "verify", files["journal"]], check=True, stdout=subprocess.DEVNULL)


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_interrupted_it_leaves_nothing(exercise, number):
    process = exercise()
    below = children(process.pid)
    assert traces(process.pid) and below
    process.send_signal(number)
    assert process.wait(timeout=30) == 1
    assert traces(process.pid) == []
    assert [pid for pid in below if is_running(pid)] == []


def onlooker(process):
    """Somebody who follows the link that the exercise printed."""
    url, token = re.search(r"(http://127\.0\.0\.1:\d+/)setup#(\S+)", process.said()).groups()
    person = console.Client({"url": url, "fingerprint": ""})
    made = person.ask("POST", "/setup", {"token": token, "name": "Camille Essai", "password": console.PASSWORD})
    assert made.status == 200, made
    return person


@pytest.mark.limit(300)
def test_it_can_be_watched_in_a_browser_and_looked_at_afterwards(exercise):
    process = exercise("--stay")
    person = onlooker(process)

    def seen():
        assert process.poll() is None, process.said()
        status = person.get("/status")
        return status if status["incidents"] else None

    services = wait_until(lambda: person.get("/status")["edge"]["services"], seconds=30, what="traffic at the console")
    assert [one["name"] for one in services] == ["portail", "messagerie"]
    status = wait_until(seen, seconds=90, what="the incident at the console")
    assert status["edge"]["connected"] and status["incidents"][0]["obligations"]
    wait_until(lambda: any(one["dropped"] > 0 for one in person.get("/status")["edge"]["services"]), seconds=60,
               what="dropped packets at the console")
    wait_until(lambda: "Ctrl-C" in process.said() or process.poll() is not None, seconds=120, what="the end of what is played")
    assert process.poll() is None, process.said()
    incident = person.get("/incidents/" + status["incidents"][0]["id"])
    assert incident["incident"]["gravity"] == "grave" and incident["tasks"]
    process.send_signal(signal.SIGINT)
    assert process.wait(timeout=30) == 0
    assert traces(process.pid) == []
    with pytest.raises(ConnectionRefusedError):
        person.elsewhere("127.0.0.1").get("/status")


def test_killed_its_children_die_and_the_next_one_sweeps(exercise):
    first = exercise()
    below = children(first.pid)
    first.kill()
    first.wait(timeout=30)
    wait_until(lambda: not any(is_running(pid) for pid in below), seconds=30, what="its children are gone")
    assert traces(first.pid)
    second = exercise()
    assert traces(first.pid) == []
    second.terminate()
    assert second.wait(timeout=30) == 1
    assert traces(second.pid) == []


def refuse(program, *words, **environment):
    return subprocess.run([program("garde"), "drill", *words], capture_output=True, text=True, check=False, timeout=30,
                          env={**os.environ, **environment})


def test_without_captures_one_sentence(root, program, tmp_path):
    result = refuse(program, "2020-03-22", GARDE_CAPTURES=str(tmp_path / "nowhere"))
    assert result.returncode == 1 and result.stdout == ""
    assert "nowhere" in result.stderr and "--captures" in result.stderr
    assert result.stderr.count("\n") == 1


@pytest.mark.parametrize("content", [b"", b"no capture at all, only words of a person\n"])
def test_a_broken_capture_is_named(root, program, tmp_path, content):
    for name in ("pkt.TCP.synflood.spoofed.pcap", "amp.UDP.bacnet.IOT.37810.pcapng", "amp.dns.RRSIG.fragmented.pcap",
                 "amp.TCP.syn.optionallyACK.optionallysamePort.pcapng"):
        (tmp_path / name).write_bytes(content)
    result = refuse(program, "2020-03-22", "--captures", str(tmp_path), "--out", str(tmp_path / "out"))
    assert result.returncode == 1
    assert "pkt.TCP.synflood.spoofed.pcap" in result.stderr.splitlines()[-1]


def test_an_unknown_exercise_and_policy(root, program, tmp_path):
    assert refuse(program, "../2020-03-22", "--captures", str(tmp_path), "--out", str(tmp_path)).returncode == 1
    assert refuse(program, "2020-03-22", "--policy", "hope").returncode == 2
