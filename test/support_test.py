# SPDX-License-Identifier: EUPL-1.2
"""The tools that scenarios stand on."""
import json
import os
import subprocess
import time

import pytest

from support.netns import Namespaces
from support.wait import wait_until


def test_wait_returns_the_first_true_value():
    values = iter([0, None, "here", "later"])
    assert wait_until(lambda: next(values), 5, "a value") == "here"


def test_wait_says_what_it_waited_for():
    with pytest.raises(AssertionError, match="waited 0.05 s for the moon"):
        wait_until(lambda: False, 0.05, "the moon")


def test_a_test_that_hangs_is_ended(source, tmp_path):
    (tmp_path / "hang_test.py").write_text(
        "import time, pytest\n\n@pytest.mark.limit(0.3)\ndef test_hang():\n    time.sleep(60)\n")
    before = time.monotonic()
    done = subprocess.run(
        ["/usr/bin/python3", "-m", "pytest", "-q", "-c", source / "test/pytest.ini", "--rootdir", tmp_path, "-p",
         "conftest", "-p", "no:cacheprovider", tmp_path / "hang_test.py"], capture_output=True, text=True, check=False,
        env={**os.environ, "PYTHONPATH": str(source / "test"), "PYTHONDONTWRITEBYTECODE": "1"})
    assert done.returncode == 1
    assert "TookTooLong" in done.stdout
    assert time.monotonic() - before < 30


def known_namespaces():
    listed = subprocess.run(["ip", "-j", "netns", "list"], check=True, capture_output=True, text=True).stdout
    return {row["name"] for row in json.loads(listed or "[]")}


def test_namespaces_are_linked_without_an_uplink_and_gone_afterwards(root):
    with Namespaces() as net:
        one, other = net.add("one"), net.add("other")
        net.link(one, "a0", other, "b0")
        assert {one.name, other.name} <= known_namespaces()
        links = {row["ifname"]: row for row in json.loads(one.output("ip", "-j", "link"))}
        assert set(links) == {"lo", "a0"}
        assert "UP" in links["a0"]["flags"]
        sleeper = net.start(other, "sleep", "600")
    assert sleeper.poll() is not None
    assert not {one.name, other.name} & known_namespaces()


def test_namespaces_go_although_the_test_fails(root):
    with pytest.raises(RuntimeError):
        with Namespaces() as net:
            name = net.add("doomed").name
            raise RuntimeError("as tests do")
    assert name not in known_namespaces()
