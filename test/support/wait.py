# SPDX-License-Identifier: EUPL-1.2
"""Waiting on conditions: tests never sleep for a fixed time and hope."""
import os
import time

POLL_SECONDS = 0.02
PATIENCE = float(os.environ.get("GARDE_PATIENCE", "1"))  # how many times slower than usual the machine is (emulated ones)


def wait_until(condition, seconds, what):
    """The first true value of condition(); fails after `seconds`, naming `what` was awaited."""
    seconds *= PATIENCE
    end = time.monotonic() + seconds
    while True:
        value = condition()
        if value:
            return value
        assert time.monotonic() < end, f"waited {seconds} s for {what}"
        time.sleep(POLL_SECONDS)
