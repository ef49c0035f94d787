# SPDX-License-Identifier: EUPL-1.2
"""garde check: every fault of the configuration and of each data file at once, by place, in both languages; nothing that is not one."""
import json
import os
import re
import shutil
import subprocess

import pytest

FOLDERS = ["facts", "obligations", "playbooks", "letters", "drills"]
GOOD = "structure: {name: Essai, kind: cabinet}\nusers: {edge: root, hub: root}\n"


class Bench:
    """A configuration and a copy of the data, to break."""

    def __init__(self, program, source, folder):
        self.program, self.config, self.data = program, folder / "garde.yaml", folder / "data"
        shutil.copytree(source / "data", self.data)
        self.config.write_text(f"{GOOD}state: {folder}/state\nrun: {folder}/run\n", encoding="utf-8")

    def change(self, name, before, after, count=1):
        """Replaces text in a data file; returns the line where it stood first."""
        path = self.data / name
        text = path.read_text(encoding="utf-8")
        assert before in text, (name, before)
        path.write_text(text.replace(before, after, count), encoding="utf-8")
        return 1 + text[:text.index(before)].count("\n")

    def check(self, *words):
        environment = {**os.environ, "GARDE_DATA": str(self.data), "LC_ALL": "C"}
        return subprocess.run([self.program("garde"), "--lang=en", *words, "check", self.config], env=environment,
                              capture_output=True, text=True, timeout=60, check=False)

    def faults(self):
        """The list of --json; what people read says the same, in the same order."""
        done, told = self.check(), self.check("--json")
        answer = json.loads(told.stdout)
        assert done.returncode == told.returncode == (1 if answer["faults"] else 0)
        assert answer["ok"] == (not answer["faults"]) and told.stderr == ""
        assert done.stderr.splitlines() == [f"garde: {one['en']}" for one in answer["faults"]]
        assert all(one["fr"] != one["en"] for one in answer["faults"])
        return answer["faults"]

    def places(self):
        """(file within the folder, line, key) of each fault."""
        return [(os.path.relpath(one["file"], self.data.parent), one["line"], one["key"]) for one in self.faults()]


@pytest.fixture
def bench(program, source, tmp_path):
    return Bench(program, source, tmp_path)


def test_nothing_is_wrong_with_what_ships(bench):
    assert bench.faults() == []
    done = bench.check()
    assert re.search(r"# data: \d+ facts, \d+ duties, \d+ playbooks, \d+ letters, \d+ exercise", done.stdout)
    assert json.loads(bench.check("--json").stdout)["data"]["playbooks"] >= 11


def test_every_fault_of_every_file_at_once(bench):
    bench.config.write_text("structure: {name: Essai, kind: hopital}\nstate: here\nlogg: {level: loud}\nlog: {level: loud}\n",
                            encoding="utf-8")
    drill = bench.change("drills/2020-03-22.yaml", "calm_s: 24", "calm_s: 0")
    fact = bench.change("facts/course.yaml", "question:", "qestion:")
    letter = bench.change("letters/patients.yaml", "{structure.name}", "{structure.nom}")
    duty = bench.change("obligations/cnil-33.yaml", "hours: 72", "hours: 0")
    (bench.data / "obligations" / "nouvelle.yaml").write_text("id: [\n", encoding="utf-8")
    clic = bench.change("playbooks/clic.yaml", "report.password_given: false", "report.rien: false")
    panne = bench.change("playbooks/panne.yaml", "role: dsi", "role: chef")
    places = bench.places()
    assert places[:4] == [("garde.yaml", 1, "structure.kind"), ("garde.yaml", 2, "state"), ("garde.yaml", 3, "logg"),
                          ("garde.yaml", 4, "log.level")]
    folders = [FOLDERS.index(file.split("/")[1]) for file, _line, _key in places[4:]]
    assert folders == sorted(folders)
    for name, line in (("drills/2020-03-22.yaml", drill), ("facts/course.yaml", fact), ("letters/patients.yaml", letter),
                       ("obligations/cnil-33.yaml", duty), ("playbooks/clic.yaml", clic), ("playbooks/panne.yaml", panne)):
        assert any(file == f"data/{name}" and at == line for file, at, _key in places), (name, line, places)
    assert any(file == "data/obligations/nouvelle.yaml" for file, _line, _key in places)
    by_key = {one["key"]: one["en"] for one in bench.faults()}
    assert "expected one of etablissement, cabinet" in by_key["structure.kind"]
    assert "report.rien" in next(text for text in by_key.values() if "clic.yaml" in text)
    assert "praticien, secretaire" in next(text for text in by_key.values() if "panne.yaml" in text)


def test_many_faults_in_one_file_are_counted(bench):
    bench.config.write_text(GOOD + "".join(f"surplus{number}: 1\n" for number in range(100)), encoding="utf-8")
    answer = json.loads(bench.check("--json").stdout)["faults"]
    assert [one["line"] for one in answer[:-1]] == list(range(3, 23)), "the first by place"
    assert answer[-1]["more"] == 80 and "80 more" in answer[-1]["en"] and "80 de plus" in answer[-1]["fr"]
    assert bench.check().stderr.splitlines()[-1] == f"garde: {answer[-1]['en']}"


def test_a_fact_with_a_fault_is_still_known(bench):
    """What is wrong with a fact is no fault of the duties and playbooks that name it."""
    line = bench.change("facts/course.yaml", "label:", "lable:")
    assert {(file, at) for file, at, _key in bench.places()} >= {("data/facts/course.yaml", line)}
    assert all(file == "data/facts/course.yaml" for file, _line, _key in bench.places())


def test_names_that_lead_nowhere(bench):
    """What only the files together show, each at its line."""
    duties = bench.data / "obligations"
    (duties / "eigs-partie-1.yaml").unlink()
    shutil.copy(duties / "cnil-33.yaml", duties / "copie.yaml")
    line = bench.change("obligations/nis2-alerte-24h.yaml", "clock:", "clock: {event: filed, rule: nis2-rapport-final}\nunused:")
    places = bench.places()
    assert any(file == "data/obligations/copie.yaml" and key == "id" for file, _line, key in places)
    assert any(file == "data/obligations/eigs-partie-2.yaml" and key == "clock.rule" for file, _line, key in places)
    assert any(file == "data/obligations/nis2-alerte-24h.yaml" and at >= line for file, at, _key in places)
    declare = [one for one in bench.faults() if one["file"].endswith("playbooks/declarer.yaml")]
    assert declare and all(one["line"] > 1 and "eigs-partie-1" in one["en"] for one in declare)


def test_duties_in_a_circle(bench):
    pair = ["nis2-alerte-24h", "nis2-notification-72h"]
    for name, other in zip(pair, reversed(pair)):
        path = bench.data / "obligations" / f"{name}.yaml"
        path.write_text(re.sub(r"^clock:.*?(?=^\S)", f"clock: {{event: filed, rule: {other}}}\n",
                               path.read_text(encoding="utf-8"), count=1, flags=re.M | re.S), encoding="utf-8")
    faults = bench.faults()
    assert {os.path.basename(one["file"]) for one in faults} >= {f"{name}.yaml" for name in pair}
    assert all("circle" in one["en"] and one["key"] == "clock.rule" for one in faults), faults


def test_a_file_that_cannot_be_made_out_blames_nobody(bench):
    """Whoever names what that file would define is not told to mend it."""
    (bench.data / "obligations" / "eigs-partie-1.yaml").write_text("id: eigs-partie-1\n\ttitle\n", encoding="utf-8")
    assert {file for file, _line, _key in bench.places()} == {"data/obligations/eigs-partie-1.yaml"}


def test_a_folder_that_is_missing_is_a_fault(bench):
    shutil.rmtree(bench.data / "letters")
    faults = bench.faults()
    assert len(faults) == 1 and "letters" in faults[0]["en"] and faults[0]["line"] == 0
