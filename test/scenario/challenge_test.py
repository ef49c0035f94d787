# SPDX-License-Identifier: EUPL-1.2
"""What a challenge costs a real visitor, with a real server behind a real edge; topology: support/house.py.

The client's system decides when it tries again after the wrong acknowledgement: Linux at once, as long as it has not yet sent a
second SYN (tcp_rcv_synsent_state_process() arms its timer anew), others after the second of RFC 6298. So the sentence by which a
person decides on a challenge speaks of a second, and this test of what is the same for all: one try more, once.
"""
import os
import subprocess

import pytest

from support.house import PORTAL4, House
from support.netns import wait_for_port
from support.wait import wait_until

ANNE = ("--author", "Anne Martin")


@pytest.fixture(scope="module")
def house(program):
    if os.geteuid() != 0:
        pytest.skip("needs root: namespaces")
    with House(program) as standing:
        standing.start()
        yield standing


PASS = """
__attribute__((section("xdp"), used)) int pass(void *context) { return 2; }
char _license[] __attribute__((section("license"), used)) = "GPL";
"""


def let_frames_in(namespace, device, folder):
    """A veth end takes what the other end's XDP program sends back only while it has a program itself (veth_xdp_flush())."""
    source = folder / "pass.c"
    source.write_text(PASS)
    subprocess.run(["clang", "-O2", "-g", "-target", "bpf", "-c", source, "-o", folder / "pass.o"], check=True)
    namespace.run("ip", "link", "set", "dev", device, "xdp", "obj", str(folder / "pass.o"), "sec", "xdp")


VISIT = f"""
import socket, time
begun = time.monotonic()
with socket.create_connection(("{PORTAL4}", 80), timeout=20) as connection:
    stood = time.monotonic() - begun
    connection.sendall(b"GET / HTTP/1.0\\r\\n\\r\\n")
    assert connection.makefile("rb").readline().startswith(b"HTTP/1.0 200")
print(stood)
"""


def visit(house):
    """Seconds until the connection stood, on which the server then answered."""
    return float(house.outside.output("python3", "-c", VISIT))


def test_a_challenge_costs_one_try_more_once(house, tmp_path):
    let_frames_in(house.outside, "out0", tmp_path)
    house.net.start(house.inside, "python3", "-m", "http.server", "80", "--directory", str(tmp_path))
    wait_for_port(house.inside, 80)
    measure = house.garde("measure", "ask", "challenge", "portail", "--for", "600", *ANNE)["measure"]["id"]

    def one(*words):
        return next((each for each in house.garde("measure", "list", *words)["measures"] if each["id"] == measure), None)

    wait_until(lambda: one()["state"] == "standing", seconds=30, what="the challenge stands")
    first = visit(house)
    wait_until(lambda: one()["dropped"], seconds=30, what="the edge tells of the SYN that was answered wrongly")
    assert one()["dropped"] == 1, "one try more, which the client's own system makes"
    second = visit(house)
    # A plain request is no news of the challenge: it ends with it, and its last count is final.
    house.garde("measure", "lift", measure, *ANNE)
    wait_until(lambda: one("--all")["state"] == "lifted", seconds=30, what="the challenge is lifted")
    assert one("--all")["dropped"] == 1, "known from then on"
    # What the playbook tells of evidence: measures and counts are in the journal, who came is not.
    house.garde("journal", "export", tmp_path / "all")
    text = (tmp_path / "all").read_text(encoding="utf-8")
    assert "challenge" in text and "portail" in text and "198.51.100.1" not in text
    print(f"first connection {first * 1000:.1f} ms, second {second * 1000:.1f} ms")


def test_the_playbook_and_the_manual_say_what_it_may_cost(source):
    """Who decides reads of a second; src/edge/guard_words_test.c has the measure's own words."""
    places = {"data/playbooks/ddos.yaml": ("jusqu’à une seconde", "up to a second"),
              "docs/manual/fr/README.md": ("jusqu'à une seconde",), "docs/manual/en/README.md": ("up to a second",)}
    for name, wanted in places.items():
        text = " ".join((source / name).read_text(encoding="utf-8").split())
        for words in wanted:
            assert words in text, (name, words)
        assert "millisecondes de plus" not in text and "more milliseconds" not in text, name
