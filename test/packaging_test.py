# SPDX-License-Identifier: EUPL-1.2
"""What a system is given to run Garde: units, users, dependencies."""
import configparser
import os
import re
import stat
import subprocess

import pytest

DAEMONS = ["garde-edge", "garde-hub", "garde-respond"]


class Unit:
    """A unit file: keys may stand more than once, so configparser's strictness is off and the last one counts."""

    def __init__(self, path):
        self.parser = configparser.ConfigParser(strict=False, interpolation=None, delimiters=("=",))
        self.parser.optionxform = str
        self.parser.read(path, encoding="utf-8")

    def get(self, key):
        return self.parser["Service"].get(key)


@pytest.fixture(params=DAEMONS)
def unit(request, source):
    found = Unit(source / "packaging/systemd" / f"{request.param}.service.in")
    found.name = request.param
    return found


def test_systemd_waits_for_readiness_and_watches(unit):
    assert unit.get("Type") == "notify"
    assert int(unit.get("WatchdogSec")) > 0
    assert unit.get("Restart") == "always"
    assert unit.get("ExecStart").startswith(f"@bindir@/{unit.name} ")


def test_a_unit_gives_no_more_than_its_daemon_needs(unit):
    bounding = set(unit.get("CapabilityBoundingSet").split())
    data_path = {"CAP_BPF", "CAP_NET_ADMIN", "CAP_PERFMON"}
    assert "CAP_SYS_ADMIN" not in bounding
    assert bool(bounding & data_path) == (unit.name == "garde-edge")
    assert unit.get("NoNewPrivileges") == "yes"
    assert unit.get("ProtectSystem") == "strict"
    assert unit.get("MemoryDenyWriteExecute") == "yes"


def test_the_hub_listens_and_no_more(source):
    """The console's socket is opened before the sandbox, which then lets no other family than Unix sockets through."""
    hub = Unit(source / "packaging/systemd/garde-hub.service.in")
    assert hub.get("RestrictAddressFamilies") == "AF_UNIX AF_INET AF_INET6"
    sandbox = (source / "src/service/sandbox_seccomp.c").read_text(encoding="utf-8")
    assert "hub_families[] = {AF_UNIX};" in sandbox


def test_each_daemon_has_a_user_of_its_own(source):
    """And so has the reader of lists, whom the command starts."""
    text = (source / "packaging/systemd/garde.sysusers").read_text(encoding="utf-8")
    assert sorted(re.findall(r"^u (\S+)", text, re.MULTILINE)) == sorted([*DAEMONS, "garde-domains"])


def fake_dpkg(folder, missing):
    """A dpkg-query that knows every package but these, an apt-get that notes what it is asked, an id that is root."""
    tools = {
        "dpkg-query": 'shift 3\nfor package; do case " %s " in *" $package "*) ;; '
                      '*) echo "$package installed" ;; esac; done\n' % " ".join(missing),
        "apt-get": 'echo "$@" >>"$NOTES"\n',
        "id": 'echo "${FAKE_UID:-0}"\n',
    }
    for name, body in tools.items():
        path = folder / name
        path.write_text("#!/bin/sh\n" + body)
        path.chmod(path.stat().st_mode | stat.S_IXUSR)


def run_deps(source, folder, missing, uid=0):
    fake_dpkg(folder, missing)
    notes = folder / "notes"
    notes.write_text("")
    done = subprocess.run([source / "tools/deps"], capture_output=True, text=True, check=False, env={
        **os.environ, "PATH": f"{folder}:{os.environ['PATH']}", "NOTES": str(notes), "FAKE_UID": str(uid)})
    return done, notes.read_text().splitlines()


def test_deps_is_silent_when_nothing_is_missing(source, tmp_path):
    done, asked = run_deps(source, tmp_path, [])
    assert (done.returncode, done.stdout, done.stderr, asked) == (0, "", "", [])


def test_deps_installs_what_is_missing_and_says_so_in_one_line(source, tmp_path):
    done, asked = run_deps(source, tmp_path, ["meson", "clang"])
    assert done.returncode == 0
    assert done.stdout.splitlines() == ["installing Debian packages: clang meson"]
    assert asked == ["update", "install -y --no-install-recommends clang meson"]


def test_deps_takes_what_another_package_provides(source, tmp_path):
    """A nodejs from elsewhere brings npm along, and Debian's npm cannot be installed beside it."""
    fake_dpkg(tmp_path, ["npm"])
    query = tmp_path / "dpkg-query"
    query.write_text(query.read_text() + 'echo "nodejs installed nodejs-dev (= 20), npm, nodejs-doc"\n')
    done = subprocess.run([source / "tools/deps"], capture_output=True, text=True, check=False,
                          env={**os.environ, "PATH": f"{tmp_path}:{os.environ['PATH']}"})
    assert (done.returncode, done.stdout) == (0, "")


def test_deps_without_root_says_what_to_install(source, tmp_path):
    done, asked = run_deps(source, tmp_path, ["meson"], uid=1000)
    assert done.returncode == 1
    assert not asked
    assert "apt-get install --no-install-recommends meson" in done.stderr
