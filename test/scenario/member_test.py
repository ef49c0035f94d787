# SPDX-License-Identifier: EUPL-1.2
"""A member of hub.owner_group: no root, no way into the hub's folder, and yet the register and the declarations.

The hub alone (support/house.py); the test plays the edge.
"""
import grp
import json
import os
import pathlib
import shutil
import subprocess
import time

import pytest

from support.folders import open_folder
from support.house import STRANGER, House, Sensor
from support.wait import wait_until

MEMBER = 64212  # no account has this number
GROUP = "operator"  # Debian has it, without members
ANNE = ["--author", "Anne Martin"]


@pytest.fixture(scope="module")
def house(program, source):
    if os.geteuid() != 0:
        pytest.skip("needs root")
    with House(program, edge=False) as standing:
        with standing.config.open("a", encoding="utf-8") as config:
            config.write(f"hub: {{owner_group: {GROUP}}}\n")
        shutil.copytree(source / "data", standing.folder / "data")  # the tree may be closed to strangers
        standing.start()
        with Sensor(standing) as sensor:
            standing.incident = sensor.finding("begins")
        standing.garde("incident", "fact", standing.incident, "care.safety_hit", "oui", *ANNE)
        yield standing


@pytest.fixture
def mine():
    """A folder of the member's own, in one that he may enter."""
    with open_folder("member") as above:
        folder = above / "mine"
        folder.mkdir()
        os.chown(folder, MEMBER, MEMBER)
        yield folder


def member(house, *words, uid=MEMBER, groups=None):
    """A finished command, as somebody in the group and no other."""
    return subprocess.run([house.program_for_all("garde"), "-c", str(house.config), *map(str, words)], user=uid, group=uid,
                          extra_groups=[grp.getgrnam(GROUP).gr_gid] if groups is None else groups, cwd="/",
                          env={**os.environ, "GARDE_DATA": str(house.folder / "data")},
                          stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, timeout=60)


def answer(done):
    assert (done.returncode, done.stderr) == (0, ""), done
    return json.loads(done.stdout)


def test_the_folder_stays_closed(house):
    assert (house.folder / "state" / "hub").stat().st_mode & 0o777 == 0o700
    for path in ("state/hub", "state/hub/journal.db"):
        done = subprocess.run(["cat", house.folder / path], user=MEMBER, group=MEMBER,
                              extra_groups=[grp.getgrnam(GROUP).gr_gid], stdout=subprocess.PIPE, stderr=subprocess.PIPE)
        assert done.returncode != 0 and not done.stdout


def test_head_export_prove_and_verify(house, mine):
    head = answer(member(house, "journal", "head", "--json"))
    export = mine / "export"
    told = answer(member(house, "journal", "export", export, "--json"))
    assert told["file"] == str(export) and told["records"] >= head["size"]
    status = export.stat()
    assert (status.st_uid, status.st_mode & 0o777) == (MEMBER, 0o600), "it holds personal text"
    assert not list(mine.glob("*.part"))
    direct = house.command("journal", "export").stdout
    assert export.read_text(encoding="utf-8") == direct == member(house, "journal", "export").stdout
    (mine / "head.json").write_text(json.dumps(head))
    (mine / "head.json").chmod(0o644)
    for words in ([export], []):
        report = answer(member(house, "journal", "verify", *words, "--head", mine / "head.json", "--json"))
        assert report["ok"] and report["records"] == told["records"]
    proof = answer(member(house, "journal", "prove", 1, "--json"))
    assert proof["proof"] == "inclusion" and proof == house.garde("journal", "prove", 1)


def test_declarations_land_in_the_members_folder(house, mine):
    before = house.status()["journal"]["records"]
    told = answer(member(house, "declare", house.incident, "--out", mine / "papers", *ANNE, "--json"))
    assert told["incident"] == house.incident and told["declarations"]
    for declaration in told["declarations"]:
        for kind in ("pdf", "json", "text"):
            path = pathlib.Path(declaration[kind])
            assert path.parent == mine / "papers" and path.stat().st_uid == MEMBER and path.stat().st_size > 200
        form = json.loads(pathlib.Path(declaration["json"]).read_text(encoding="utf-8"))
        assert house.incident in json.dumps(form)
    assert house.status()["journal"]["records"] >= before + len(told["declarations"]), "and the journal knows"
    papers = house.garde("declare", house.incident, "--out", house.folder / "papers", *ANNE)
    assert [one["rule"] for one in papers["declarations"]] == [one["rule"] for one in told["declarations"]]
    done = member(house, "declare", "i_none", "--out", mine)
    assert done.returncode == 1 and "incident list" in done.stderr
    done = member(house, "declare", house.incident, "--out", house.folder / "state")
    assert done.returncode == 1 and done.stderr.strip(), "not where he may not write"


def test_a_stranger_gets_nothing(house, mine):
    mine.chmod(0o777)
    for words in (["journal", "head"], ["journal", "export"], ["journal", "export", mine / "stolen"], ["journal", "verify"],
                  ["journal", "prove", 1], ["declare", house.incident, "--out", mine / "papers"]):
        done = member(house, *words, uid=STRANGER, groups=[])
        assert done.returncode == 1 and done.stdout == "", words
        assert len(done.stderr.strip().splitlines()) == 1 and ("owner_group" in done.stderr), done.stderr
    assert not list(mine.iterdir())


def test_a_long_journal_holds_nobody_up(house, mine):
    with Sensor(house) as sensor:
        for _ in range(300):
            sensor.finding("continues", padding="é" * 6000)
        words = [house.program_for_all("garde"), "-c", str(house.config), "journal", "export"]
        with subprocess.Popen(words, user=MEMBER, group=MEMBER, extra_groups=[grp.getgrnam(GROUP).gr_gid],
                              stdin=subprocess.DEVNULL, stdout=subprocess.PIPE) as slow:
            assert slow.stdout.read(1000)  # and then nothing is taken for a while
            begun = time.monotonic()
            assert sensor.finding("continues") and house.status()["journal"]["records"] > 300
            assert time.monotonic() - begun < 5, "neither the edge nor the command waits"
            lines = slow.stdout.read().splitlines()
        assert slow.returncode == 0
    end = json.loads(lines[-1])["end"]
    (mine / "export").write_bytes(house.command("journal", "export").stdout.encode())
    assert answer(member(house, "journal", "verify", "--json"))["records"] >= end["records"] > 300


def test_without_a_hub_a_member_is_told_what_to_do(program):
    if os.geteuid() != 0:
        pytest.skip("needs root")
    with House(program, edge=False) as standing:
        standing.start()
        standing.stop()
        wait_until(lambda: not (standing.folder / "run" / "hub.sock").exists(), seconds=10, what="the hub is gone")
        for words in (["journal", "export"], ["journal", "verify"], ["journal", "prove", 1], ["declare", "i_1"]):
            done = member(standing, *words)
            assert done.returncode == 1 and "garde run" in done.stderr and len(done.stderr.splitlines()) == 1, done
