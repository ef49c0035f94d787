# SPDX-License-Identifier: EUPL-1.2
"""The counting behind "N passed, N failed": nothing that went wrong may pass uncounted."""
import json

from support.tally import count_junit, count_meson

PASS = '<testcase classname="s" name="good"/>'
FAIL = '<testcase classname="s" name="bad"><failure/></testcase>'
ERROR = '<testcase classname="s" name="broken"><error/></testcase>'
SKIP = '<testcase classname="s" name="absent"><skipped/></testcase>'


def write_junit(path, *cases):
    path.write_text(f'<testsuites><testsuite name="s">{"".join(cases)}</testsuite></testsuites>')
    return path


def write_meson(folder, cases, *programs):
    write_junit(folder / "testlog.junit.xml", *cases)
    (folder / "testlog.json").write_text("".join(json.dumps(program) + "\n" for program in programs))
    return folder


def test_cases_are_counted(tmp_path):
    tally = count_junit(write_junit(tmp_path / "j.xml", PASS, PASS, FAIL, ERROR), True)
    assert tally.line() == "2 passed, 2 failed"


def test_a_skip_fails_only_where_nothing_excuses_it(tmp_path):
    path = write_junit(tmp_path / "j.xml", PASS, SKIP)
    assert count_junit(path, True).line() == "1 passed, 1 failed"
    assert count_junit(path, False).line() == "1 passed, 0 failed"


def test_missing_results_are_a_failure(tmp_path):
    assert count_junit(tmp_path / "absent.xml", True).failed == 1
    (tmp_path / "cut.xml").write_text("<testsuites><testsuite")
    assert count_junit(tmp_path / "cut.xml", True).failed == 1


def test_a_program_that_dies_after_good_subtests_is_a_failure(tmp_path):
    logs = write_meson(tmp_path, [PASS], {"name": "g:unit / x", "result": "ERROR", "returncode": -6})
    assert count_meson(logs, True).line() == "1 passed, 1 failed"


def test_a_failed_subtest_is_counted_once(tmp_path):
    failed = '<testcase classname="g.g:unit / x" name="2 - b"><failure/></testcase>'
    logs = write_meson(tmp_path, [PASS, failed], {"name": "g:unit / x", "result": "ERROR", "returncode": 1})
    assert count_meson(logs, True).line() == "1 passed, 1 failed"


def test_a_dead_program_does_not_hide_behind_a_longer_name(tmp_path):
    failed = '<testcase classname="g.g:unit / file_x" name="2 - b"><failure/></testcase>'
    logs = write_meson(tmp_path, [failed], {"name": "g:unit / file_x", "result": "ERROR", "returncode": 1},
                       {"name": "g:unit / file", "result": "ERROR", "returncode": -6})
    assert count_meson(logs, True).line() == "0 passed, 2 failed"


def test_good_programs_add_nothing(tmp_path):
    logs = write_meson(tmp_path, [PASS], {"name": "g:unit / x", "result": "OK", "returncode": 0})
    assert count_meson(logs, True).line() == "1 passed, 0 failed"
