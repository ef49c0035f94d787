# SPDX-License-Identifier: EUPL-1.2
"""The words people type: exit codes, streams, languages, what is said of a wrong configuration. Topology: support/house.py."""
import json
import os
import re
import select
import signal
import subprocess

import pytest

from support.house import STRANGER, House, Owner, Sensor
from support.wait import wait_until

ANNE = ("--author", "Anne Martin")
HUB_WORDS = [("status",), ("status", "--watch"), ("incident", "list"), ("incident", "show", "i"),
             ("incident", "fact", "i", "name", "?"), ("incident", "close", "i"), ("incident", "reopen", "i", "--reason", "x"), ("measure", "list"),
             ("measure", "lift", "m"), ("measure", "ask", "signature", "portail"), ("journal", "head"),
             ("declare", "i", "cnil-33", "--filed"), ("journal", "erase", "1", "value", "--reason", "x")]


@pytest.fixture(scope="module")
def house(program):
    if os.geteuid() != 0:
        pytest.skip("needs root")
    with House(program) as standing:
        standing.start()
        with Sensor(standing) as sensor:  # the edge is back as soon as this one leaves
            standing.incident = sensor.finding("begins")
        standing.wait_connected()
        yield standing


@pytest.fixture(scope="module")
def empty(program):
    """A configuration, and nothing that runs."""
    with House(program, edge=False) as standing:
        yield standing


@pytest.fixture(scope="module")
def commands(empty):
    return empty.garde("help")["commands"]


def one_value(text):
    """Exactly one JSON value and its line's end."""
    value, end = json.JSONDecoder().raw_decode(text)
    assert text[end:] == "\n", text
    return value


def sentence(done, code=1):
    """The one line of talk of a command that failed; with --json stdout says the same."""
    assert done.returncode == code, (done.stdout, done.stderr)
    lines = done.stderr.strip().splitlines()
    assert len(lines) == 1, done.stderr
    return lines[0]


# ---- the table of commands ----

def test_every_command_of_the_issue_is_there(commands):
    words = {one["command"] for one in commands}
    assert {"run", "check", "status", "drill", "incident list", "incident show", "incident fact", "incident close", "incident reopen",
            "measure list", "measure lift", "declare", "journal verify", "journal head", "journal prove",
            "journal export", "journal rebuild", "edge replay"} <= words


def test_every_command_explains_itself_in_both_languages(empty, commands):
    for one in commands:
        words = one["command"].split()
        french, english = (empty.command(*words, "--help", f"--lang={language}") for language in ("fr", "en"))
        assert french.returncode == english.returncode == 0
        assert french.stderr == english.stderr == ""
        assert one["command"] in french.stdout and french.stdout != english.stdout
        for option in one["options"]:
            assert f"--{option['name']}" in french.stdout


def test_misuse_is_exit_2_and_says_how_it_goes(empty, commands):
    for one in commands:
        words = one["command"].split()
        least = 0 if one["usage"].startswith("[") or one["command"] == "edge replay" else len(
            [word for word in one["usage"].split() if not word.startswith("[")])
        wrong = [[*words, *["x"] * least, "--no-such-option"], [*words, *["x"] * 9]]
        if least:
            wrong.append([*words, *["x"] * (least - 1)])
        wrong += [[*words, *["x"] * least, f"--{option['name']}"] for option in one["options"] if option.get("value")]
        for line in wrong:
            done = empty.command(*line)
            assert done.returncode == 2, (line, done)
            assert done.stdout == "" and f"garde {one['command']}" in done.stderr, (line, done)
    for line in (["no-such-command"], ["incident"], ["incident", "lst"], ["--no-such-option"], ["--lang=de", "status"],
                 ["status", "--log=xml"], ["status", "--log-level=loud"]):
        done = empty.command(*line)
        assert (done.returncode, done.stdout) == (2, ""), (line, done)
        assert "help" in done.stderr or "--l" in done.stderr
        assert done.stderr != empty.command("--lang=en", *line).stderr


@pytest.mark.parametrize("group", ["incident", "journal", "edge", "measure", "playbook", "account", "out", "fact"])
def test_half_a_command_lists_what_begins_so(empty, commands, group):
    """Whoever knows "garde incident" and no more is told how it goes on: asked for, as an answer; else as misuse."""
    belonging = [command for command in (one["command"] for one in commands) if command.startswith(group + " ")]
    assert belonging
    for words in ([group, "--help"], [group, "-h"], ["--help", group]):
        asked = empty.command(*words)
        assert asked.returncode == 0 and all(f"garde {one} " in asked.stdout for one in belonging), asked
    for words in ([group], [group, "nonsense"], [group, "--nonsense"]):
        done = empty.command(*words)
        assert done.returncode == 2 and not done.stdout and all(one in done.stderr for one in belonging), done
    assert "nonsense" in empty.command(group, "nonsense").stderr


def test_values_that_make_no_sense_are_misuse(empty):
    for line in (["measure", "ask", "signature", "portail", "--for", "soon"],
                 ["measure", "ask", "signature", "portail", "--for", "-1"],
                 ["measure", "ask", "signature", "portail", "--for", "60x"],
                 ["measure", "ask", "signature", "portail", "--for", "9999999999999999"],
                 ["measure", "ask", "signature", "portail", "--selector", "[1]"],
                 ["measure", "ask", "signature", "portail", "--selector", "{"],
                 ["journal", "prove", "first"], ["journal", "prove", "1", "--size", "-1"],
                 ["edge", "replay"], ["edge", "replay", "--attack", "x", "--rate", "0"],
                 ["edge", "replay", "--attack", "x", "--seconds", "nan"],
                 ["drill", "2020-03-22", "--policy", "none"]):
        assert sentence(empty.command(*line), code=2), line


def test_without_a_hub_one_sentence_says_what_to_do(empty):
    for line in HUB_WORDS:
        said = sentence(empty.command(*line))
        assert "garde run" in said and "hub.sock" in said, said
        done = empty.command(*line, "--json")
        assert done.returncode == 1 and "garde run" in one_value(done.stdout)["error"]
        assert "start" in sentence(empty.command(*line, "--lang=en"))


def test_without_a_journal_one_sentence_says_so(empty):
    for line in (["journal", "verify"], ["journal", "export"], ["journal", "prove", "1"], ["journal", "rebuild"],
                 ["declare", "i_1"]):
        done = empty.command(*line)
        assert done.returncode == 1 and done.stdout == "" and "journal.db" in done.stderr, (line, done)
    assert not (empty.folder / "state").exists(), "asking makes nothing"


def test_drill_and_replay_name_what_is_missing(empty, tmp_path):
    assert "2020-03-23" in sentence(empty.command("drill", "2020-03-23", "--out", tmp_path / "out"))
    assert "nowhere" in sentence(empty.command("drill", "compare", tmp_path / "nowhere", tmp_path))
    assert "nowhere" in sentence(empty.command("edge", "replay", "--attack", tmp_path / "nowhere"))


def test_version_is_one_everywhere(empty, program):
    version = empty.garde("version")["version"]
    for words in (["garde", "--version"], ["garde", "version"], ["garde-hub", "--version"], ["garde-edge", "--version"]):
        done = subprocess.run([program(words[0]), *words[1:]], stdout=subprocess.PIPE, text=True, check=True)
        assert version in done.stdout


# ---- refusals in both languages ----

def both(house, *words):
    """What a refusal says, in French and in English; --json gives the one that was asked for."""
    french, english = (sentence(house.command(*words, f"--lang={language}")) for language in ("fr", "en"))
    for language, said in (("fr", french), ("en", english)):
        done = house.command(*words, f"--lang={language}", "--json")
        assert f"garde: {one_value(done.stdout)['error']}" == said
    return french, english


def test_a_wrong_fact_is_told_in_both_languages(house):
    french, english = both(house, "incident", "fact", house.incident, "personal_data.persons_count", "beaucoup", *ANNE)
    assert "n’est pas une réponse\u202f; attendu\u00a0: un nombre d’au moins 0" in french and "beaucoup" in french
    assert '"beaucoup" is not an answer; expected a number' in english
    french, english = both(house, "incident", "fact", house.incident, "no.such.fact", "oui", *ANNE)
    assert "il n’y a pas de fait" in french and "there is no fact" in english


def test_facts_are_listed_and_a_near_one_is_named(house):
    facts = house.garde("fact", "list")["facts"]
    assert len(facts) > 40 and {"name", "type", "question", "choices"} <= set(facts[0])
    risk = house.command("fact", "list", "personal_data.risk", "--lang=en").stdout
    assert "personal_data.risk  (one of these words)" in risk and "eleve" in risk and "a high risk" in risk and "What is the risk" in risk
    assert "care.safety_hit" not in risk
    assert "aucun fait" in house.command("fact", "list", "xyzzy").stdout
    incident = house.garde("incident", "list")["incidents"][0]["id"]
    for language, wanted in (("fr", "«\u00a0personal_data.risk\u00a0» peut-être"), ("en", '"personal_data.risk" perhaps')):
        done = house.command("incident", "fact", incident, "personal_data.risc", "eleve", *ANNE, f"--lang={language}")
        assert done.returncode == 1 and wanted in done.stderr and "garde fact list" in done.stderr
    assert "“a high risk”" in house.command("incident", "fact", incident, "personal_data.risk", "high", *ANNE, "--lang=en").stderr


def test_what_is_missing_is_told_in_both_languages(house):
    with Owner(house) as owner:
        refused = owner.ask(type="incident.revise", incident="i_x")["error"]
    assert refused == {"fr": "il manque «\u00a0next\u00a0»\u00a0: prochain point de situation", "en": "“next” is missing: next review"}


def test_a_refused_call_is_told_in_both_languages(house):
    french, english = both(house, "measure", "lift", "m_none", *ANNE)
    assert "aucune mesure" in french and "no measure" in english
    french, english = both(house, "incident", "close", house.incident, *ANNE)
    assert "doit encore" in french and "still owes" in english


def test_a_damaged_capture_is_told_in_both_languages(house, tmp_path):
    cut = tmp_path / "cut.pcap"
    cut.write_bytes(bytes.fromhex("d4c3b2a1020004000000000000000000ffff000001000000") + b"\0\0\0\0\0\0\0\0\x3c\0\0\0")
    french, english = both(house, "edge", "replay", "--attack", cut)
    assert f"la capture {cut}" in french and f"the capture {cut}" in english


def test_a_damaged_journal_is_told_in_both_languages(empty, tmp_path):
    broken = tmp_path / "journal.db"
    broken.write_bytes(b"SQLite format 3\0" + 100 * b"\xff")
    french, english = both(empty, "journal", "verify", broken)
    assert str(broken) in french and str(broken) in english and french != english
    missing = tmp_path / "nowhere"
    french, english = both(empty, "journal", "verify", missing)
    assert "aucun fichier ni dossier de ce nom" in french and "No such file or directory" in english


# ---- against daemons that run ----

def answers(house):
    """Commands that succeed, in the order in which they may be given."""
    yield ["status"]
    yield ["incident", "list"]
    yield ["incident", "list", "--all"]
    yield ["incident", "show", house.incident]
    yield ["incident", "fact", house.incident, "care.safety_hit", "non", *ANNE]
    measure = house.garde("measure", "ask", "signature", "portail", "--selector", '{"protocol":1}', *ANNE)["measure"]["id"]
    yield ["measure", "list"]
    yield ["measure", "lift", measure, *ANNE, "--reason", "essai"]
    yield ["measure", "list", "--all"]
    yield ["measure", "ask", "throttle", "portail", "--selector", '{"rate_pps":100000}', "--for", "5", *ANNE]
    yield ["declare", house.incident, "--out", house.folder / "papers", *ANNE]
    yield ["declare", house.incident, "cert-sante-grave", "--filed", *ANNE]
    yield ["journal", "head"]
    yield ["journal", "verify"]
    yield ["journal", "prove", "1"]
    yield ["journal", "export", house.folder / "export"]
    yield ["journal", "verify", house.folder / "export"]
    yield ["incident", "close", house.incident, *ANNE, "--reason", "essai"]
    yield ["incident", "reopen", house.incident, *ANNE, "--reason", "essai"]
    yield ["check"]
    yield ["help"]
    yield ["version"]


def test_json_is_one_value_and_silence(house):
    for line in answers(house):
        done = house.command(*line, "--json")
        assert (done.returncode, done.stderr) == (0, ""), (line, done)
        one_value(done.stdout)


def test_words_for_people_are_in_their_language(house):
    for line in (["status"], ["incident", "show", house.incident], ["measure", "list", "--all"], ["journal", "verify"],
                 ["journal", "head"], ["help"]):
        french, english = (house.command(*line, f"--lang={language}") for language in ("fr", "en"))
        assert (french.returncode, french.stderr) == (english.returncode, english.stderr) == (0, ""), line
        assert french.stdout != english.stdout, line
        environment = {**os.environ, "LC_ALL": "en_US.UTF-8"}
        done = subprocess.run([house.program("garde"), "-c", str(house.config), *line], env=environment,
                              stdout=subprocess.PIPE, text=True, check=True)
        if line[0] in ("incident", "measure", "help"):  # the others tell the time
            assert done.stdout == english.stdout


def test_data_goes_to_stdout_and_talk_to_stderr(house):
    export = house.command("journal", "export")
    assert export.returncode == 0 and export.stderr == ""
    lines = [json.loads(line) for line in export.stdout.splitlines()]
    assert lines[0]["format"] == "garde.journal" and "end" in lines[-1]
    for line in (["incident", "show", "i_none"], ["measure", "lift", "m_none", *ANNE],
                 ["measure", "ask", "signature", "portal", *ANNE], ["journal", "verify", house.folder / "nowhere"]):
        assert sentence(house.command(*line))
        done = house.command(*line, "--json")
        assert done.returncode == 1 and one_value(done.stdout)["error"] in done.stderr


def test_a_measure_nobody_can_put_up_is_refused(house):
    said = sentence(house.command("measure", "ask", "signature", "portal", "--selector", '{"protocol":1}', *ANNE))
    assert "portal" in said and "portail" in said, "says which services there are"
    before = len(house.garde("measure", "list", "--all")["measures"])
    for kind, selector, wanted in (("signature", '{"protcol":1}', "protcol"), ("signature", "{}", "condition"), ("fence", '{"countries":["ZZZ"]}', "ZZZ"),
                                   ("fence", '{"pays":["ES"]}', "countries"), ("fence", "{}", "countries"), ("throttle", "{}", "rate_pps"),
                                   ("challenge", '{"ports":[443]}', "vide"), ("wall", "{}", "wall")):
        assert wanted in sentence(house.command("measure", "ask", kind, "portail", "--selector", selector, *ANNE))
    assert len(house.garde("measure", "list", "--all")["measures"]) == before, "nothing of it was written down"
    # What only the edge can judge is refused by the edge.
    asked = house.garde("measure", "ask", "signature", "portail", "--selector", '{"class":"carrier-pigeon"}', *ANNE)["measure"]["id"]

    def state():
        return [one["state"] for one in house.garde("measure", "list", "--all")["measures"] if one["id"] == asked]

    wait_until(lambda: state() == ["refused"], seconds=20, what="the edge said no")
    assert asked not in [one["id"] for one in house.garde("measure", "list")["measures"]]


def test_watch_goes_on_line_by_line(house):
    words = [house.program("garde"), "-c", str(house.config), "status", "--watch", "--json"]
    with subprocess.Popen(words, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, text=True) as watching:
        for _ in range(3):
            assert select.select([watching.stdout], [], [], 20)[0], "another line"
            assert json.loads(watching.stdout.readline())["structure"]
        watching.send_signal(signal.SIGINT)
        assert watching.wait(timeout=10) in (0, 130, -signal.SIGINT)


def test_reader_that_leaves_is_no_crash(house):
    words = f"{house.program('garde')} -c {house.config} journal export | head -c 10"
    done = subprocess.run(["bash", "-c", f"{words}; exit ${{PIPESTATUS[0]}}"], stdout=subprocess.PIPE, timeout=30)
    assert done.stdout and done.returncode in (0, 1, 128 + signal.SIGPIPE)


def test_what_needs_no_root_needs_none(house, tmp_path):
    export = house.folder / "stranger-export"
    house.garde("journal", "export", export)
    export.chmod(0o644)
    for line in (["check"], ["help"], ["version"], ["journal", "verify", export]):
        done = house.command(*line, "--json", user=STRANGER)
        assert done.returncode == 0, (line, done)
        one_value(done.stdout)
    for line in (["status"], ["journal", "verify"], ["measure", "list"]):
        said = sentence(house.command(*line, user=STRANGER))
        assert "rôle" in said or "journal.db" in said or "permission" in said.lower(), said


# ---- the configuration ----

GOOD = """\
structure: {name: "Hôpital de l’exercice", kind: etablissement}
edge:
  interface: wan0
  services:
    - {name: portail, addresses: [203.0.113.10], ports: [tcp/80]}
"""
BOMB = "a: &a [x, x, x, x, x, x, x, x, x]\n" + "".join(
    f"{name}: &{name} [*{before}, *{before}, *{before}, *{before}, *{before}, *{before}, *{before}, *{before}]\n"
    for before, name in zip("abcdefgh", "bcdefghi"))
WRONG = {
    "unknown key": (GOOD + "  floor_ppss: 10\n", 6, ["floor_ppss", "floor_pps"]),
    "key one level off": (GOOD + "floor_pps: 3000\n", 6, ["floor_pps", "edge.floor_pps"]),
    "wrong type": (GOOD + "  floor_pps: beaucoup\n", 6, ["floor_pps", "beaucoup"]),
    "a list where a word goes": (GOOD + "  mode: [auto]\n", 6, ["mode"]),
    "a word not in the list": (GOOD + "  mode: natif\n", 6, ["mode", "natif", "native"]),
    "out of range": (GOOD + "  learn_seconds: 99999999999\n", 6, ["learn_seconds", "99999999999"]),
    "missing key": ("structure: {name: Hôpital}\n", 1, ["structure", "kind"]),
    "duplicate key": (GOOD + "  interface: wan1\n", 6, ["interface"]),
    "duplicate service": (GOOD + "    - {name: portail, addresses: [203.0.113.11]}\n", 6, ["portail"]),
    "no address": (GOOD.replace("203.0.113.10", "203.0.113.300"), 5, ["addresses", "203.0.113.300"]),
    "bits beyond the prefix": (GOOD.replace("203.0.113.10", "203.0.113.10/24"), 5, ["203.0.113.10/24"]),
    "no port": (GOOD.replace("tcp/80", "tcp/99999"), 5, ["ports", "tcp/99999"]),
    "not YAML": (GOOD + "  mode: [\n", None, []),
    "a tab": (GOOD + "\tmode: auto\n", 6, []),
    "alias bomb": (BOMB, None, []),
    "empty": ("", None, []),
    "only a comment": ("# nothing\n", None, []),
    "a list": ("- structure\n", 1, []),
    "binary": (bytes(range(256)) * 16, None, []),
    "not UTF-8": (GOOD.encode().replace("ô".encode(), b"\xf4"), None, []),
}


@pytest.mark.parametrize("kind", WRONG)
def test_a_wrong_configuration_names_file_line_and_key(empty, tmp_path, kind):
    text, line, words = WRONG[kind]
    file = tmp_path / "garde.yaml"
    file.write_bytes(text if isinstance(text, bytes) else text.encode())
    faults = empty.command("check", file)
    assert faults.returncode == 1
    first = faults.stderr.splitlines()[0]
    for command in (["-c", file, "run"], ["-c", file, "status"]):
        said = sentence(empty.command(*command))
        assert said == first, "what stops a program is the first of what check names"
        assert re.search(re.escape(str(file)) + (f":{line}:" if line else "[: ]"), said), said
        assert all(word in said for word in words), said
    done = empty.command("check", file, "--json")
    assert done.returncode == 1 and str(file) in one_value(done.stdout)["error"]
    english, french = (empty.command("check", file, f"--lang={language}").stderr for language in ("en", "fr"))
    assert str(file) in english
    if line:
        assert english != french


def test_a_good_configuration_is_told_back(empty, tmp_path):
    file = tmp_path / "garde.yaml"
    file.write_text(GOOD)
    told = empty.garde("check", file)
    assert (told["ok"], told["services"], told["structure"]) == (True, 1, "Hôpital de l’exercice")
    lines = empty.command("check", file).stdout
    assert "floor_pps" in lines and "wan0" in lines, "what is in force, defaults included"
    again = tmp_path / "again.yaml"
    again.write_text(lines)
    assert empty.command("check", again).stdout == lines, "what it prints is a configuration that says the same"


def test_a_configuration_that_cannot_be_read_is_said(empty, tmp_path):
    assert "nowhere.yaml" in sentence(empty.command("check", tmp_path / "nowhere.yaml"))
    assert str(tmp_path) in sentence(empty.command("check", tmp_path))
    secret = empty.folder / "secret.yaml"
    secret.write_text(GOOD)
    secret.chmod(0o600)
    assert "secret.yaml" in sentence(empty.command("check", secret, user=STRANGER))
