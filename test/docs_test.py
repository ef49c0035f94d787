# SPDX-License-Identifier: EUPL-1.2
"""The documents agree with each other and with what is there."""
import json
import re
import subprocess

import pytest

LINK = re.compile(r"\]\(([^)#]+)(?:#[^)]*)?\)")


def documents(source):
    return [source / "README.md", source / "NEWS.md", *sorted((source / "docs").rglob("*.md"))]


def test_links_lead_somewhere(source):
    broken = [f"{document.relative_to(source)}: {target}" for document in documents(source)
              for target in LINK.findall(document.read_text(encoding="utf-8"))
              if "://" not in target and not (document.parent / target).exists()]
    assert not broken


def test_a_broken_link_would_be_seen():
    assert LINK.findall("see [there](docs/nowhere.md#part) and [here](a.md)") == ["docs/nowhere.md", "a.md"]


@pytest.mark.parametrize("page", ["garde.1", "garde-edge.8", "garde-hub.8", "garde-respond.8"])
def test_french_and_english_pages_say_as_much(source, page):
    english = (source / "docs/man" / page).read_text(encoding="utf-8")
    french = (source / "docs/man/fr" / page).read_text(encoding="utf-8")
    for macro in ("Sh", "Ss", "It", "Dl"):
        pattern = re.compile(rf"^\.{macro} ", re.MULTILINE)
        assert len(pattern.findall(english)) == len(pattern.findall(french)), macro


@pytest.mark.parametrize("page", ["docs/man/garde.1", "docs/man/fr/garde.1"])
def test_facts_in_examples_exist(source, page):
    used = re.findall(r"incident fact i_\w+ (\S+)", (source / page).read_text(encoding="utf-8"))
    facts = "\n".join(path.read_text(encoding="utf-8") for path in (source / "data/facts").glob("*.yaml"))
    assert used
    assert set(used) <= set(re.findall(r"- name: (\S+)", facts))


def test_decisions_are_numbered_without_gaps(source):
    numbers = sorted(int(path.name[:4]) for path in (source / "docs/decisions").glob("[0-9]*.md"))
    assert numbers == list(range(1, len(numbers) + 1))


def test_every_room_is_in_the_architecture(source):
    text = (source / "docs/architecture.md").read_text(encoding="utf-8")
    rooms = {path.parts[len(source.parts) + 1] for path in (source / "src").rglob("*.[ch]")}
    assert not [room for room in rooms if f"`src/{room}/`" not in text]


@pytest.fixture(scope="module")
def commands(program):
    """What the command itself says that it can do."""
    said = subprocess.run([program("garde"), "help", "--json"], check=True, capture_output=True, text=True).stdout
    return {row["command"]: [option["name"] for option in row["options"]] for row in json.loads(said)["commands"]}


@pytest.mark.parametrize("page", ["docs/man/garde.1", "docs/man/fr/garde.1"])
def test_every_command_and_option_has_its_place_in_the_manual(source, commands, page):
    text = (source / page).read_text(encoding="utf-8")
    for command, options in commands.items():
        entries = re.findall(rf"^\.It Ic {command}\b.*$", text, re.MULTILINE)
        assert entries, f"{page} says nothing of {command}"
        for option in options:
            assert f"Fl Fl {option}" in " ".join(entries), f"{page}: {command} --{option}"


def test_the_manual_promises_nothing_that_is_not_there(source, commands):
    text = (source / "docs/man/garde.1").read_text(encoding="utf-8")
    for entry in re.findall(r"^\.It Ic (.*)$", text, re.MULTILINE):
        assert any(entry == command or entry.startswith(command + " ") for command in commands), entry


def completions(source, *words):
    run = f'source "{source}/packaging/completion/garde.bash"; COMP_WORDS=({" ".join(words)} ""); ' \
          f'COMP_CWORD={len(words)}; _garde; printf "%s\\n" "${{COMPREPLY[@]}}"'
    return subprocess.run(["bash", "-euc", run], check=True, capture_output=True, text=True).stdout.split()


def test_completion_offers_every_command_and_option(source, commands):
    for command, options in commands.items():
        words = command.split()
        for depth, word in enumerate(words):
            assert word in completions(source, "garde", *words[:depth])
        example = ["garde", *words, *(["2020-03-22"] if command == "drill" else [])]
        missing = [option for option in options if f"--{option}" not in completions(source, *example)]
        assert not missing, command


def test_completion_offers_values(source):
    assert "as-in-2020" in completions(source, "garde", "drill", "2020-03-22", "--policy")
    assert "--all" in completions(source, "garde", "-c", "other.yaml", "incident", "list")


@pytest.mark.parametrize("language", ["fr", "en"])
def test_the_manuals_first_configuration_is_right(source, program, tmp_path, language):
    text = (source / f"docs/manual/{language}/README.md").read_text(encoding="utf-8")
    example = tmp_path / "garde.yaml"
    example.write_text(re.search(r"```yaml\n(.*?)```", text, re.DOTALL).group(1), encoding="utf-8")
    done = subprocess.run([program("garde"), "check", example], capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (0, "")
