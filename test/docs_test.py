# SPDX-License-Identifier: EUPL-1.2
"""The documents agree with each other and with what is there."""
import re
import subprocess

import pytest

LINK = re.compile(r"\]\(([^)#]+)(?:#[^)]*)?\)")
COMMANDS = ["run", "check", "status", "drill", "drill compare", "incident list", "incident show", "incident fact",
            "incident close", "measure list", "measure lift", "declare", "journal verify", "journal head",
            "journal prove", "journal export", "journal rebuild", "journal erase", "edge replay"]


def documents(source):
    return [source / "README.md", source / "NEWS.md", *sorted((source / "docs").rglob("*.md"))]


def test_links_lead_somewhere(source):
    broken = [f"{document.relative_to(source)}: {target}" for document in documents(source)
              for target in LINK.findall(document.read_text(encoding="utf-8"))
              if "://" not in target and not (document.parent / target).exists()]
    assert not broken


def test_a_broken_link_would_be_seen():
    assert LINK.findall("see [there](docs/nowhere.md#part) and [here](a.md)") == ["docs/nowhere.md", "a.md"]


@pytest.mark.parametrize("page", ["docs/man/garde.1", "docs/man/fr/garde.1"])
def test_every_command_has_its_place_in_the_manual(source, page):
    text = (source / page).read_text(encoding="utf-8")
    missing = [command for command in COMMANDS if not re.search(rf"^\.It Ic {command}\b", text, re.MULTILINE)]
    assert not missing


@pytest.mark.parametrize("page", ["garde.1", "garde-edge.8", "garde-hub.8"])
def test_french_and_english_pages_say_as_much(source, page):
    english = (source / "docs/man" / page).read_text(encoding="utf-8")
    french = (source / "docs/man/fr" / page).read_text(encoding="utf-8")
    for macro in ("Sh", "Ss", "It", "Dl"):
        pattern = re.compile(rf"^\.{macro} ", re.MULTILINE)
        assert len(pattern.findall(english)) == len(pattern.findall(french)), macro


def test_decisions_are_numbered_without_gaps(source):
    numbers = sorted(int(path.name[:4]) for path in (source / "docs/decisions").glob("[0-9]*.md"))
    assert numbers == list(range(1, len(numbers) + 1))


def test_every_room_is_in_the_architecture(source):
    text = (source / "docs/architecture.md").read_text(encoding="utf-8")
    rooms = {path.parts[len(source.parts) + 1] for path in (source / "src").rglob("*.[ch]")}
    assert not [room for room in rooms if f"`src/{room}/`" not in text]


def test_completion_is_valid_bash_and_knows_the_commands(source):
    script = source / "packaging/completion/garde.bash"

    def offers(*words):
        run = f'source "{script}"; COMP_WORDS=({" ".join(words)} ""); COMP_CWORD={len(words)}; _garde; ' \
              'printf "%s\\n" "${COMPREPLY[@]}"'
        return subprocess.run(["bash", "-euc", run], check=True, capture_output=True, text=True).stdout.split()

    for command in COMMANDS:
        first, _, second = command.partition(" ")
        assert first in offers("garde")
        if second:
            assert second in offers("garde", first)
    assert "as-in-2020" in offers("garde", "drill", "2020-03-22", "--policy")
