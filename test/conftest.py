# SPDX-License-Identifier: EUPL-1.2
"""What every Python test of Garde shares: where things lie, and a limit on how long a test may take."""
import os
import pathlib
import signal

import pytest

from support.wait import PATIENCE

SOURCE = pathlib.Path(__file__).resolve().parent.parent
LIMIT_SECONDS = 180

# For programs built with sanitizers (make asan); others do not read it. What was freed is not kept for long: tests look at sizes.
os.environ.setdefault("ASAN_OPTIONS", "quarantine_size_mb=4:thread_local_quarantine_size_kb=64")
os.environ.setdefault("UBSAN_OPTIONS", "print_stacktrace=1")
os.environ.setdefault("LSAN_OPTIONS", "print_suppressions=0")

# Whoever starts the tests in a shell's background hands down an ignored SIGINT, and tests interrupt programs as people do.
signal.signal(signal.SIGINT, signal.default_int_handler)


class TookTooLong(Exception):
    """The test's time limit; see the marker `limit`."""


@pytest.hookimpl(hookwrapper=True)
def pytest_runtest_protocol(item):
    marker = item.get_closest_marker("limit")
    seconds = (marker.args[0] if marker else LIMIT_SECONDS) * PATIENCE

    def stop(_signal, _frame):
        raise TookTooLong(f"{item.nodeid}: more than {seconds} s")

    before = signal.signal(signal.SIGALRM, stop)
    signal.setitimer(signal.ITIMER_REAL, seconds)
    yield
    signal.setitimer(signal.ITIMER_REAL, 0)
    signal.signal(signal.SIGALRM, before)


@pytest.fixture(scope="session")
def source():
    """The root of the sources."""
    return SOURCE


@pytest.fixture(scope="session")
def build():
    """The build folder under test."""
    return pathlib.Path(os.environ.get("GARDE_BUILD", SOURCE / "build"))


@pytest.fixture(scope="session")
def program(build):
    """program("garde") is the path of that program; a program that was not built is a failure."""

    def find(name):
        path = build / "bin" / name
        assert path.exists(), f"{path} was not built"
        return str(path)

    return find


@pytest.fixture(scope="session")
def captures():
    """The folder of real attack captures, or a skip where it is not at hand."""
    folder = os.environ.get("GARDE_CAPTURES")
    if not folder or not pathlib.Path(folder).is_dir():
        pytest.skip("GARDE_CAPTURES names no folder of captures")
    return pathlib.Path(folder)


@pytest.fixture
def root():
    """For tests that need the kernel's network: where root is there nothing is skipped."""
    if os.geteuid() != 0:
        pytest.skip("needs root")
