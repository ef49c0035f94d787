# SPDX-License-Identifier: EUPL-1.2
""".ci/run: both doors are tried, their counts are added, and nothing that broke passes as good."""
import os
import shutil
import subprocess

import pytest


@pytest.fixture
def ci(source, tmp_path):
    """ci(test=(output, exit), lint=(output, exit)): what .ci/run makes of two such doors."""
    (tmp_path / ".ci").mkdir()
    shutil.copy(source / ".ci/run", tmp_path / ".ci/run")
    fake = tmp_path / "bin" / "make"
    fake.parent.mkdir()
    fake.write_text('#!/bin/sh\ncat "$DOORS/$1.says"\nexit "$(cat "$DOORS/$1.exits")"\n')
    fake.chmod(0o755)

    def run(**doors):
        for door, (says, exits) in doors.items():
            (tmp_path / f"{door}.says").write_text(says)
            (tmp_path / f"{door}.exits").write_text(str(exits))
        done = subprocess.run([tmp_path / ".ci/run"], stdin=subprocess.DEVNULL, capture_output=True, text=True,
                              check=False, env={**os.environ, "DOORS": str(tmp_path),
                                                "PATH": f"{fake.parent}:{os.environ['PATH']}"})
        return done.returncode, done.stdout.splitlines()[-1]

    return run


def test_counts_are_added(ci):
    assert ci(test=("x\n10 passed, 0 failed\n", 0), lint=("9 passed, 0 failed\n", 0)) == (0, "19 passed, 0 failed")


def test_lint_runs_although_a_test_failed(ci):
    assert ci(test=("10 passed, 2 failed\n", 2), lint=("8 passed, 1 failed\n", 2)) == (1, "18 passed, 3 failed")


def test_a_door_that_breaks_before_it_counts_is_a_failure(ci):
    assert ci(test=("no rule\n", 2), lint=("9 passed, 0 failed\n", 0)) == (1, "9 passed, 1 failed")


def test_an_exit_code_is_not_outshone_by_a_good_line(ci):
    assert ci(test=("10 passed, 0 failed\n", 1), lint=("9 passed, 0 failed\n", 0)) == (1, "19 passed, 1 failed")


def test_only_the_last_count_of_a_door_counts(ci):
    says = "3 passed, 4 failed\nmore talk\n10 passed, 0 failed\n"
    assert ci(test=(says, 0), lint=("9 passed, 0 failed\n", 0)) == (0, "19 passed, 0 failed")
