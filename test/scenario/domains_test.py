# SPDX-License-Identifier: EUPL-1.2
"""garde domains: lists compiled, judged, explained, given to the programs that read them (Unbound, dnsmasq, Postfix)."""
import json
import os
import subprocess

import pytest

from support.servers import Dnsmasq, Unbound

CONFIG = """\
structure: {{name: Essai, kind: etablissement}}
users: {{edge: root, hub: root, domains: root}}
state: {folder}/state
run: {folder}/run
domains:
  own: [chu-exemple.fr]
  partners: [{partner}]
  answer: {answer}
  garden: {{ipv4: 192.0.2.80, ipv6: "2001:db8::80"}}
  lists:
    - {{name: cert, address: "file://{folder}/cert", trust: block, tlp: green, why_column: "2", format: csv}}
    - {{name: reservee, address: "file://{folder}/reservee", trust: block, tlp: amber}}
    - {{name: veille, address: "file://{folder}/veille", trust: watch}}
"""
CERT = "nom,raison\r\nhxxps://Mal[.]example.com/x,hameçonnage\r\npas un nom,\r\n*.pire.example.net,rançongiciel\r\n"


class Bench:
    def __init__(self, program, folder):
        self.program, self.folder, self.config = program, folder, folder / "garde.yaml"
        self.configure("nxdomain")
        (folder / "cert").write_text(CERT)
        (folder / "reservee").write_text("secret.example.org\n")
        (folder / "veille").write_text("bizarre.example.org\n")

    def configure(self, answer, partner="labo.example.org"):
        self.config.write_text(CONFIG.format(folder=self.folder, answer=answer, partner=partner), encoding="utf-8")

    def garde(self, *words, text="", code=0):
        done = subprocess.run([self.program("garde"), "-c", self.config, "--lang=en", "domains", *words], input=text,
                              capture_output=True, text=True, timeout=60, check=False, env={**os.environ, "LC_ALL": "C"})
        assert done.returncode == code, (done.returncode, done.stdout, done.stderr)
        return done

    def json(self, *words, text="", code=0):
        return json.loads(self.garde(*words, "--json", text=text, code=code).stdout)


@pytest.fixture
def bench(program, tmp_path):
    """The partner below a listed name came after the list: a list that means all below it would have been held back."""
    one = Bench(program, tmp_path)
    one.garde("compile")
    one.configure("nxdomain", "labo.pire.example.net")
    one.garde("compile")
    return one


def test_nothing_compiled_is_said(program, tmp_path):
    one = Bench(program, tmp_path)
    assert one.garde("status").stdout.startswith("no generation: nothing was compiled yet\n")
    assert one.json("why", "mal.example.com")["verdict"] == "clean"


def test_lists_are_taken_in_and_told(bench):
    state = bench.json("status")
    assert state["generation"] == 2 and state["names"] == 6
    cert, reserved, watched = state["lists"]
    assert (cert["names"], cert["refused"], cert["tlp"], cert["held"]) == (2, {"character": 1}, "green", None)
    assert [one["text"] for one in cert["shown"]] == ["pas un nom"] and cert["shown"][0]["line"] == 3
    assert (reserved["names"], watched["trust"]) == (1, "watch")
    told = bench.garde("status").stdout
    assert "cert" in told and "1 unusable" in told


def test_judge_reads_lines(bench):
    names = "mal.example.com\nWWW[.]pire.example.net\nbizarre.example.org\nlabo.pire.example.net\narneli.fr\nchu-exemple.fr\n192.0.2.1\n\n"
    lines = [json.loads(line) for line in bench.garde("judge", "--json", text=names).stdout.splitlines()]
    assert [one["verdict"] for one in lines] == ["block", "block", "watch", "clean", "suspect", "clean", None]
    assert lines[0]["sources"] == ["cert"] and lines[4]["imitates"] == "ameli.fr" and lines[4]["class"] == "homoglyph"
    assert lines[6]["refused"] == "address"
    plain = bench.garde("judge", "mal.example.com", "arneli.fr").stdout.splitlines()
    assert plain[0] == 'block    mal.example.com  on the block list "cert"' and plain[1].startswith("suspect  arneli.fr")
    assert bench.json("imitates", "arneli.fr")["imitates"] == "ameli.fr"
    assert bench.json("imitates", "ameli.fr", code=1)["verdict"] == "clean"


def test_any_octets_are_an_answer(bench):
    done = subprocess.run([bench.program("garde"), "-c", bench.config, "--json", "domains", "judge"],
                          input=b"\xff\xfe\x80\n" + b"a" * 70000 + b"\nmal.example.com\nx\0y.example\n", capture_output=True, timeout=60,
                          check=True)
    lines = [json.loads(line) for line in done.stdout.splitlines()]
    assert [one["verdict"] for one in lines] == [None, None, "block", None]


def test_why_remembers_what_left(bench):
    below = bench.json("why", "a.b.pire.example.net")
    assert below["verdict"] == "block" and below["lists"][0]["name"] == "pire.example.net"
    assert below["lists"][0]["why"] == "rançongiciel"
    assert bench.json("why", "labo.pire.example.net")["verdict"] == "clean"
    (bench.folder / "cert").write_text("nom,raison\nautre.example.com,hameçonnage\n")
    bench.garde("compile")
    why = bench.json("why", "mal.example.com")
    assert why["verdict"] == "clean" and why["lists"][0]["list"] == "cert" and not why["lists"][0]["present"]


def test_what_must_not_be_blocked_waits_for_a_person(bench):
    (bench.folder / "cert").write_text("nom,raison\nwww.chu-exemple.fr,erreur\n")
    assert "the list cert waits for a person" in bench.garde("compile").stderr
    cert = bench.json("status")["lists"][0]
    assert cert["names"] == 2 and cert["offences"] == ["www.chu-exemple.fr"] and "must not be blocked" in cert["held"]["en"]
    assert bench.json("why", "mal.example.com")["verdict"] == "block", "the last good version stays"


def test_a_list_that_cannot_be_had_leaves_the_others(bench):
    (bench.folder / "cert").unlink()
    (bench.folder / "veille").write_text("bizarre.example.org\nnouveau.example.org\n")
    done = bench.garde("compile", code=1)
    assert "the list cert" in done.stderr and "No such file" in done.stderr
    assert bench.json("status")["names"] == 7 and bench.json("why", "mal.example.com")["verdict"] == "block"


def test_a_list_that_is_read_otherwise_is_read_again(bench):
    assert bench.json("why", "www.bizarre.example.org")["verdict"] == "clean"
    bench.config.write_text(bench.config.read_text().replace("trust: watch", "trust: block, below: yes"))
    bench.garde("compile")
    assert bench.json("why", "www.bizarre.example.org")["verdict"] == "block"


def test_files_are_compiled_without_a_configuration(bench):
    out = bench.folder / "one.set"
    answer = bench.json("compile", "--out", str(out), "--format", "plain", str(bench.folder / "veille"), str(bench.folder / "reservee"))
    assert answer == {"file": str(out), "names": 2} and out.stat().st_size > 0
    assert "--out FILE is missing" in bench.garde("compile", "x", code=2).stderr
    assert "No such file" in bench.garde("compile", "--out", str(out), "/nowhere", code=1).stderr


def test_reserved_names_stay_in_the_house(bench):
    given = bench.garde("export", "plain")
    assert given.stdout == "mal.example.com\n*.pire.example.net\n"
    assert "1 reserved by their list (TLP)" in given.stderr
    assert "secret.example.org" in bench.garde("export", "plain", "--all").stdout
    event = json.loads(bench.garde("export", "misp").stdout)["Event"]
    assert [one["value"] for one in event["Attribute"]] == ["mal.example.com", "pire.example.net"] and event["Orgc"]["name"] == "Essai"
    assert "forms:" in bench.garde("export", "word", code=2).stderr


@pytest.mark.parametrize("answer", ["nxdomain", "garden", "drop", "watch"])
def test_unbound_answers_as_the_zone_says(bench, answer, tmp_path):
    bench.configure(answer, "labo.pire.example.net")
    zone = tmp_path / "rpz.zone"
    bench.garde("export", "rpz", str(zone))
    other = ("NOERROR", ["192.0.2.1"])
    expected = {"nxdomain": ("NXDOMAIN", []), "garden": ("NOERROR", ["192.0.2.80"]), "watch": other}
    with Dnsmasq(tmp_path / "dnsmasq") as upstream, \
            Unbound(tmp_path / "unbound", "rpz.garde.internal", zone, upstream.port) as resolver:
        if answer == "drop":
            with pytest.raises(subprocess.CalledProcessError):
                resolver.ask("mal.example.com")
        else:
            assert resolver.ask("mal.example.com") == expected[answer]
            assert resolver.ask("www.pire.example.net") == expected[answer]
        if answer == "garden":
            assert resolver.ask("mal.example.com", "AAAA") == ("NOERROR", ["2001:db8::80"])
        assert resolver.ask("www.mal.example.com") == other, "only the name itself is listed"
        assert resolver.ask("labo.pire.example.net") == other, "a partner's, although below a blocked name"
        assert resolver.ask("ailleurs.example.com") == other


def test_dnsmasq_and_postfix_read_what_is_theirs(bench, tmp_path):
    bench.garde("export", "dnsmasq", str(tmp_path / "dnsmasq.conf"))
    subprocess.run(["dnsmasq", "--test", "-C", str(tmp_path / "dnsmasq.conf")], check=True, capture_output=True, timeout=30)
    bench.garde("export", "postfix", str(tmp_path / "map"))
    (tmp_path / "main.cf").write_text("compatibility_level = 3.6\n")
    found = subprocess.run(["/usr/sbin/postmap", "-c", tmp_path, "-q", "mal.example.com", f"texthash:{tmp_path}/map"], check=True, capture_output=True,
                           text=True, timeout=30)
    assert found.stdout == "REJECT\n"
    assert bench.garde("export", "hosts").stdout == "0.0.0.0 mal.example.com\n0.0.0.0 pire.example.net\n"
    assert bench.garde("export", "squid").stdout == "mal.example.com\n.pire.example.net\n"
