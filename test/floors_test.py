# SPDX-License-Identifier: EUPL-1.2
"""Rooms and floors: a room includes only what lies under it, as docs/architecture.md says."""
import re

import pytest

INCLUDE = re.compile(r'^\s*#\s*include\s*"([^"]+)"', re.MULTILINE)

GROUND = {"base"}
WORDS = GROUND | {"flow"}
SERVED = WORDS | {"service"}
NAMED = SERVED | {"names"}  # what rooms that deal in domain names have in common
SIDE_ROOMS = {"edge", "journal", "incident", "obligation", "people", "exchange", "domains"}
# The hub joins the deciding rooms, not the sensors.
HUB_ROOMS = {"journal", "incident", "obligation", "people", "hub"}
TOP_ROOMS = {"daemon", "cli", "drill", "api"}
ALLOWED = {"base": GROUND, "flow": WORDS, "service": SERVED, "names": GROUND | {"names"}}
ALLOWED.update({room: SERVED | {room} for room in SIDE_ROOMS})
ALLOWED.update({room: NAMED | {room} for room in ("edge", "domains")})
ALLOWED["hub"] = SERVED | HUB_ROOMS
ALLOWED["api"] = SERVED | {"hub", "people", "api"}  # HTTP knows the hub's acts and who is logged in
ALLOWED.update({room: NAMED | SIDE_ROOMS | HUB_ROOMS | TOP_ROOMS for room in TOP_ROOMS - {"api"}})


def violations(src):
    """Every include that reaches a room its own room may not know, and every room without a floor."""
    found = []
    for path in sorted(src.rglob("*.[ch]")):
        room = path.relative_to(src).parts[0]
        if room not in ALLOWED:
            found.append(f"{path.relative_to(src)}: the room {room} has no floor")
            continue
        for name in INCLUDE.findall(path.read_text(encoding="utf-8")):
            reached = reached_room(src, path, name)
            if reached and reached not in ALLOWED[room]:
                found.append(f"{path.relative_to(src)}: {room} may not include {name}")
    return found


def reached_room(src, path, name):
    """The room an include leads to, whether it is written from src/ or relative to its file."""
    beside = (path.parent / name).resolve()
    if beside.is_relative_to(src.resolve()) and (beside.exists() or name.startswith("..")):
        return beside.relative_to(src.resolve()).parts[0]
    first = name.split("/")[0]
    return first if (src / first).is_dir() or first in ALLOWED else None


def test_rooms_keep_to_their_floors(source):
    assert not violations(source / "src")


def test_src_is_seen_at_all(source):
    rooms = {path.relative_to(source / "src").parts[0] for path in (source / "src").rglob("*.[ch]")}
    assert {"base", "flow"} <= rooms


@pytest.mark.parametrize(("room", "include"), [
    ("base", "flow/record.h"),
    ("flow", "service/loop.h"),
    ("service", "edge/detector.h"),
    ("edge", "journal/journal.h"),
    ("journal", "../incident/hub.h"),
    ("incident", "obligation/rule.h"),
    ("obligation", "cli/command.h"),
    ("obligation/documents", "journal/journal.h"),
    ("hub", "edge/detector.h"),
    ("attic", "base/error.h"),
])
def test_a_trespass_is_caught(tmp_path, room, include):
    (tmp_path / room).mkdir(parents=True)
    (tmp_path / room / "noun.c").write_text(f'#include <stdio.h>\n# include "{include}"\n')
    assert len(violations(tmp_path)) == 1


@pytest.mark.parametrize(("room", "include"), [
    ("base", "base/error.h"),
    ("flow", "base/id.h"),
    ("service", "flow/record.h"),
    ("edge", "shield.skel.h"),
    ("journal", "journal/merkle.h"),
    ("obligation/documents", "obligation/form.h"),
    ("hub", "obligation/duty.h"),
    ("daemon", "edge/detector.h"),
    ("drill", "journal/journal.h"),
    ("cli", "drill/drill.h"),
])
def test_what_lies_below_may_be_used(tmp_path, room, include):
    (tmp_path / room).mkdir(parents=True)
    (tmp_path / room / "noun.c").write_text(f'#include "{include}"\n')
    assert not violations(tmp_path)
