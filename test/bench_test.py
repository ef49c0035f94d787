# SPDX-License-Identifier: EUPL-1.2
"""bench/run.py reads only whole rows and says what is wrong with the others."""
import importlib.util
import json

import pytest

ROW = {"name": "geo.lookup_ns", "value": 8.1, "unit": "ns", "better": "less", "peer": "lpm", "peer_value": 210,
       "ratio": 25.9, "runs": 9}


@pytest.fixture
def bench(source):
    spec = importlib.util.spec_from_file_location("bench_run", source / "bench" / "run.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_whole_rows_are_taken(bench):
    alone = {**ROW, "peer": None, "peer_value": None, "ratio": None}
    rows, complaints = bench.read_rows(json.dumps(ROW) + "\n\n" + json.dumps(alone) + "\n")
    assert rows == [ROW, alone]
    assert not complaints


@pytest.mark.parametrize("change", [
    {"value": "8.1"}, {"value": True}, {"better": "lower"}, {"runs": 1.5}, {"peer": 3}, {"colour": "blue"}])
def test_broken_rows_are_named(bench, change):
    rows, complaints = bench.read_rows(json.dumps({**ROW, **change}))
    assert not rows
    assert len(complaints) == 1


def test_missing_fields_and_talk_are_named(bench):
    short = dict(ROW)
    del short["runs"]
    rows, complaints = bench.read_rows(json.dumps(short) + "\nwarming up\n[1]\n")
    assert not rows
    assert len(complaints) == 3


def test_a_program_that_fails_or_says_nothing_is_named(bench, tmp_path):
    quiet = tmp_path / "quiet.py"
    quiet.write_text("import sys\nsys.exit(3)\n")
    rows, complaints = bench.run_program(quiet, tmp_path)
    assert not rows
    assert complaints == ["exit 3", "no rows"]


def test_the_table_shows_every_row(bench):
    text = bench.table([ROW, {**ROW, "name": "journal.append_per_s", "value": 61234.5}])
    assert "geo.lookup_ns" in text
    assert "61,23" in text
