# SPDX-License-Identifier: EUPL-1.2
"""garde edge replay: the four captures beside ordinary traffic recorded here, through the real kernel programs."""
import json
import subprocess

import pytest

from support.record_benign import SERVER4, SERVER6, record

ATTACKS = ["pkt.TCP.synflood.spoofed.pcap", "amp.UDP.bacnet.IOT.37810.pcapng", "amp.dns.RRSIG.fragmented.pcap",
           "amp.TCP.syn.optionallyACK.optionallysamePort.pcapng"]


@pytest.fixture(scope="module")
def ordinary(tmp_path_factory):
    """Ten seconds of a small hospital server, both ways."""
    return record(tmp_path_factory.mktemp("ordinary") / "ordinary.pcap", 10)


def replay(program, *words):
    done = subprocess.run([program("garde"), "edge", "replay", *map(str, words), "--json"], stdin=subprocess.DEVNULL,
                          stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    return done.returncode, json.loads(done.stdout) if done.returncode == 0 else done.stderr


@pytest.mark.parametrize("attack", ATTACKS)
def test_attack_is_dropped_and_visitors_pass(root, program, captures, ordinary, attack):
    status, result = replay(program, "--attack", captures / attack, "--calm", ordinary)
    assert status == 0, result
    assert result["victims"] == [SERVER4, SERVER6]
    assert result["attack"]["packets"] == 1000000
    assert result["attack"]["dropped_fraction"] >= 0.97
    assert result["benign"]["packets"] > 1000
    assert result["benign"]["dropped_fraction"] <= 0.001
    assert result["calm"]["dropped"] == 0
    assert result["first_measure_ms"] <= 400 and 0 <= result["effective_ms"] <= 2000
    measures = result["measures"]
    assert 1 <= len([one for one in measures if one["state"] in ("standing", "probation")]) <= 16
    for measure in measures:
        assert measure["why"]["fr"] and measure["why"]["en"] and 0 <= measure["predicted_cost"] <= 0.01
    assert sum(measure["dropped"] for measure in measures) >= result["attack"]["dropped"]
    assert [one["phase"] for one in result["findings"]][0] == "begins"


def test_cold_start_needs_no_calm(root, program, captures):
    status, result = replay(program, "--attack", captures / ATTACKS[0], "--seconds", 5)
    assert status == 0, result
    assert result["attack"]["packets"] == 250000
    assert result["attack"]["dropped_fraction"] >= 0.95
    assert result["benign"]["packets"] == 0


def test_ordinary_traffic_alone_is_no_attack(root, program, ordinary):
    """The same traffic once more on top, at a pace like its own, is a busy hour and nothing else."""
    status, result = replay(program, "--attack", ordinary, "--calm", ordinary, "--rate", 500, "--seconds", 10)
    assert status == 0, result
    assert result["measures"] == []
    assert result["attack"]["dropped_fraction"] == 0 and result["benign"]["dropped_fraction"] == 0


def test_another_victim_and_rate(root, program, captures, ordinary):
    status, result = replay(program, "--attack", captures / ATTACKS[1], "--calm", ordinary, "--victim", "198.18.0.9",
                            "--rate", 20000, "--seconds", 4)
    assert status == 0, result
    assert result["victims"][0] == "198.18.0.9"
    assert result["attack"]["packets"] == 80000
    assert result["attack"]["dropped_fraction"] >= 0.9


@pytest.mark.parametrize("content", [b"", b"\xd4\xc3\xb2\xa1", b"no capture at all" * 9])
def test_bad_capture_is_one_sentence(root, program, tmp_path, content):
    path = tmp_path / "bad.pcap"
    path.write_bytes(content)
    status, said = replay(program, "--attack", path)
    assert status == 1
    assert str(path) in said and len(said.strip().splitlines()) == 1


def test_bad_victim_is_one_sentence(root, program, captures):
    status, said = replay(program, "--attack", captures / ATTACKS[0], "--victim", "not.an.address")
    assert status == 1 and "not.an.address" in said
