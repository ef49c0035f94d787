# SPDX-License-Identifier: EUPL-1.2
"""Counts what the runners themselves reported: meson's testlog and JUnit file, pytest's JUnit file."""
import json
import pathlib
import xml.etree.ElementTree as xml
from dataclasses import dataclass, field


@dataclass
class Tally:
    passed: int = 0
    failed: int = 0
    complaints: list = field(default_factory=list)

    def fail(self, name):
        self.failed += 1
        self.complaints.append(name)

    def add(self, other):
        self.passed += other.passed
        self.failed += other.failed
        self.complaints += other.complaints
        return self

    def line(self):
        return f"{self.passed} passed, {self.failed} failed"


def count_cases(suite, skip_fails):
    """One JUnit suite. A skipped case fails where nothing excuses it, and else counts as neither."""
    tally = Tally()
    for case in suite.iter("testcase"):
        name = "{} {}".format(case.get("classname", ""), case.get("name", "")).strip()
        if case.find("failure") is not None or case.find("error") is not None:
            tally.fail(name)
        elif case.find("skipped") is not None:
            if skip_fails:
                tally.fail(name + " (skipped)")
        else:
            tally.passed += 1
    return tally


def count_junit(path, skip_fails):
    """A JUnit file. One that is missing or broken is a failure: its runner died."""
    try:
        root = xml.parse(path).getroot()
    except (OSError, xml.ParseError) as error:
        tally = Tally()
        tally.fail(f"no results: {error}")
        return tally
    tally = Tally()
    for suite in [root] if root.tag == "testsuite" else root.findall("testsuite"):
        tally.add(count_cases(suite, skip_fails))
    return tally


def failed_programs(path):
    """meson's names of the programs that have a failed case: the suite's for TAP, the case's for exit codes."""
    names = set()
    try:
        cases = xml.parse(path).getroot().iter("testcase")
    except (OSError, xml.ParseError):
        return names
    for case in cases:
        if case.find("failure") is not None or case.find("error") is not None:
            names.add(case.get("name", ""))
            names.add(case.get("classname", "").split(".", 1)[-1])
    return names


def count_meson(logs, skip_fails):
    """meson-logs/ of a build folder. A program that died or lied after good subtests is one more failure."""
    logs = pathlib.Path(logs)
    tally = count_junit(logs / "testlog.junit.xml", skip_fails)
    told = failed_programs(logs / "testlog.junit.xml")
    try:
        lines = (logs / "testlog.json").read_text(encoding="utf-8").splitlines()
    except OSError as error:
        tally.fail(f"no results: {error}")
        return tally
    for line in lines:
        program = json.loads(line)
        good = program["result"] in ("OK", "EXPECTEDFAIL") or (program["result"] == "SKIP" and not skip_fails)
        if not good and program["name"] not in told:
            tally.fail(f"{program['name']} ({program['result'].lower()}, exit {program.get('returncode')})")
    return tally
