# SPDX-License-Identifier: EUPL-1.2
"""What people are told of the traffic: rates, shortages, one object a line, and the log in their language.

Topology: support/house.py; where no packets are needed the test plays the edge itself.
"""
import html.parser
import json
import signal
import subprocess

import pytest

from support.house import House, Owner, Sensor
from support.wait import wait_until

ICMP = '{"protocol":1}'
PING_BYTES = 84  # of one echo request, as an IP packet
ANNE = ["--author", "Anne Martin"]
KEYS = {"time", "structure", "edge", "measures", "incidents", "journal"}


@pytest.fixture
def house(root, program):
    with House(program) as standing:
        standing.start()
        yield standing


@pytest.fixture
def desk(root, program):
    """The hub alone."""
    with House(program, edge=False) as standing:
        standing.start()
        yield standing


def pings(house, count):
    return house.net.start(house.outside, "ping", "-q", "-n", "-i", "0.01", "-c", str(count), "203.0.113.10",
                           stdout=subprocess.DEVNULL)


def portal(status):
    return status["edge"]["services"][0]


def report(read_ms, packets, **more):
    """As the edge would say it, with a quarter dropped."""
    return {"type": "traffic", "at": "2020-03-22T10:00:00.000Z", "read_ms": read_ms, "unprotected": 0, "malformed": 0,
            "known_evicted": 0, "samples_lost": 0,
            "services": [{"name": "portail", "packets": packets, "bytes": packets * 100, "known": 0,
                          "dropped": packets // 4, "dropped_bytes": packets * 25, "state": "attack", "normal_pps": 10,
                          "classes": {}, "countries": {"FR": [packets // 4, 0], "US": [packets // 4 * 3, packets // 4]},
                          "measures": {}}], **more}


def test_rates_are_those_of_the_packets(house):
    measure = house.garde("measure", "ask", "signature", "portail", "--selector", ICMP, "--for", "600", *ANNE)["measure"]["id"]
    wait_until(lambda: house.status()["edge"]["services"], seconds=20, what="the first report")
    first = house.status()
    running = pings(house, 1500)

    def enough():
        return portal(house.status())["packets"] - portal(first)["packets"] >= 400

    wait_until(enough, seconds=60, what="some hundred packets were sent")
    status = house.status()
    rates = portal(status)["rates"]
    house.net.stop(running)
    assert 0 < rates["seconds"] <= 6
    assert 20 < rates["in_pps"] <= 200, "a hundred a second at most were sent"
    assert rates["passed_pps"] == pytest.approx(rates["in_pps"] - rates["dropped_pps"], abs=0.2)
    assert rates["dropped_pps"] == pytest.approx(rates["in_pps"], rel=0.05), "all of them are dropped"
    assert rates["dropped_bps"] == pytest.approx(rates["dropped_pps"] * PING_BYTES * 8, rel=0.05)
    assert rates["in_bps"] == pytest.approx(rates["dropped_bps"] + rates["passed_bps"], abs=2)
    assert sum(one["in_pps"] for one in rates["countries"].values()) == pytest.approx(rates["in_pps"], rel=0.05)
    assert status["edge"]["rates"]["in_pps"] == rates["in_pps"], "one service is all"
    standing, = [one for one in status["measures"] if one["id"] == measure]
    assert standing["dropped"] >= 300, "what it drops now, not what it had when it was reported"
    assert standing["rates"]["dropped_pps"] == pytest.approx(rates["dropped_pps"], rel=0.1)
    assert standing["rates"]["dropped_bps"] == pytest.approx(rates["dropped_bps"], rel=0.1)
    for counter in ("known_evicted", "samples_lost", "unprotected", "malformed"):
        assert status["edge"][counter] >= 0
    wait_until(lambda: portal(house.status())["rates"]["in_pps"] == 0, seconds=20, what="no packets, no rate")
    assert portal(house.status())["packets"] >= 400, "totals stay"


def test_rates_come_from_the_times_of_the_readings(desk):
    with Sensor(desk) as sensor:
        sensor.send(report(50_000, 1_000_000))
        wait_until(lambda: desk.status()["edge"]["services"], seconds=10, what="the report arrived")
        assert portal(desk.status())["rates"] is None, "one reading is no rate"
        sensor.send(report(54_000, 2_234_568))  # four seconds of the edge's clock, an instant of ours
        wait_until(lambda: portal(desk.status())["rates"], seconds=10, what="two readings")
        status = desk.status()
        rates = portal(status)["rates"]
        assert (rates["seconds"], rates["in_pps"], rates["dropped_pps"], rates["passed_pps"]) == (4, 308642, 77160.5,
                                                                                                 231481.5)
        assert rates["in_bps"] == 308642 * 800
        assert list(rates["countries"]) == ["US", "FR"], "greatest first"
        french, english = (desk.command("status", f"--lang={language}").stdout for language in ("fr", "en"))
        assert "2\u202f234\u202f568" in french and "308\u202f642 paquets/s" in french and "246,9\u00a0Mbit/s" in french
        assert "2,234,568" in english and "308,642 packets/s" in english and "246.9\u00a0Mbit/s" in english
        assert "known" not in english and "lost" not in english, "nothing to say of what is nothing"
    wait_until(lambda: portal(desk.status())["rates"] is None, seconds=10, what="the edge is gone, and its rates")
    assert portal(desk.status())["packets"] == 2_234_568


def test_shortages_are_said_with_what_to_do(desk):
    with Sensor(desk) as sensor:
        sensor.send(report(50_000, 1000, known_evicted=12345, samples_lost=1))
        wait_until(lambda: desk.status()["edge"]["known_evicted"] == 12345, seconds=10, what="the report arrived")
        assert desk.status()["edge"]["samples_lost"] == 1
        french, english = (desk.command("status", f"--lang={language}").stdout for language in ("fr", "en"))
        assert "12\u202f345. Elles repassent pour inconnues" in french and "edge.known_good" in french
        assert "Échantillons" in french and "edge.sample_ring_kib" in french
        assert "12,345. They count as unknown again" in english and "edge.known_good" in english
        assert "samples lost" in english and "edge.sample_ring_kib" in english


def test_each_line_of_watch_is_a_status(desk):
    words = [desk.program("garde"), "-c", str(desk.config), "status", "--watch", "--json"]
    with Sensor(desk) as sensor, subprocess.Popen(words, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                                                  text=True) as watching:
        first = json.loads(watching.stdout.readline())
        sensor.send(report(50_000, 1000))
        second = json.loads(watching.stdout.readline())
        watching.send_signal(signal.SIGINT)
        watching.wait(timeout=10)
    assert set(first) == set(second) == set(desk.status()) and KEYS <= set(first)
    assert not {"id", "more", "type"} & set(first), "what the channel added is left out"


def test_an_edge_that_was_killed_tells_no_end_of_a_persons_measure(house):
    measure = house.garde("measure", "ask", "signature", "portail", "--selector", ICMP, "--for", "600", *ANNE)["measure"]["id"]
    wait_until(lambda: not house.ping(), seconds=20, what="pings are dropped")
    house.kill("garde-edge")
    house.wait_connected()
    wait_until(lambda: portal(house.status())["rates"], seconds=20, what="it judges again")
    house.garde("measure", "lift", measure, *ANNE)
    wait_until(house.ping, seconds=20, what="pings pass again")
    wait_until(lambda: [one["state"] for one in house.garde("measure", "list", "--all")["measures"]] == ["lifted"],
               seconds=20, what="the edge told that it is lifted")
    lines = house.command("journal", "export").stdout.splitlines()
    types = [json.loads(line)["record"]["type"] for line in lines if line.startswith('{"hash"')]
    assert "measure.ended" in types and not [one for one in types if one.startswith("finding") or one == "note"], types


@pytest.mark.parametrize("language, words", [("fr", "demandée par une personne"), ("en", "asked for by a person")])
def test_the_log_speaks_the_structures_language(root, program, language, words):
    with House(program) as standing:
        standing.config.write_text(standing.config.read_text().replace("kind: etablissement",
                                                                       f"kind: etablissement, language: {language}"))
        standing.start()
        standing.garde("measure", "ask", "signature", "portail", "--selector", ICMP, *ANNE)
        wait_until(lambda: f"applied signature: {words}" in standing.said(), seconds=20, what="the log says why")


def test_one_is_not_many(desk):
    """A journal that was just opened has one record, in either language."""
    assert desk.status()["journal"]["records"] == 1
    for words, french, english in ((["status"], "1 enregistrement\n", "1 record\n"), (["journal", "head"], "1 enregistrement,", "1 record,"),
                                   (["journal", "verify"], "1 enregistrement, ", "1 record, ")):
        assert french in desk.command(*words).stdout.replace("\u00a0", " "), words
        assert english in desk.command(*words, "--lang=en").stdout, words


# ---- what is owed ----

def test_what_is_owed_comes_first(desk):
    """Five plain reports owe little: a line each. What is owed stands on top, the most urgent first; the rest on request."""
    with Owner(desk) as owner:
        for number in range(5):
            assert "error" not in owner.ask(type="incident.open", kind="outage", subject=f"service-{number}", author="Anne Martin")
        calm = desk.command("status").stdout
        assert "Ce qui est dû" not in calm and "[possible]" not in calm and calm.count("peuvent le devenir") == 5
        assert len(calm.splitlines()) < 40, calm
        leak = owner.ask(type="incident.open", kind="leak", subject="dossiers", author="Anne Martin")["incident"]["id"]
        for name, value in (("personal_data.confidentiality_hit", "oui"), ("personal_data.risk", "eleve"), ("gravity", "grave"),
                            ("personal_data.breach_qualified_at", "2020-03-22T10:00:00Z")):
            done = desk.command("incident", "fact", leak, name, value, *ANNE)
            assert done.returncode == 0 and "[possible]" not in done.stdout, "an answer does not bring it all back"
        owed = [one for one in owner.ask(type="incident.show", incident=leak)["obligations"] if one["state"] == "due"]
    told = desk.command("status").stdout
    lines = told.splitlines()
    first = next(number for number, line in enumerate(lines) if line.startswith("Ce qui est dû"))
    assert first < 4, "before the services, the measures, the incidents"
    duties = [line for line in lines[first:] if line.startswith("o_")]
    assert len(duties) == len(owed) >= 3 and all("[due]" in line for line in duties)
    urgency = ["SANS DÉLAI" in line and 1 or "DÉPASSÉE" in line and 2 or "encore" in line and 3 or 4 for line in duties]
    assert urgency == sorted(urgency) and {1, 2} <= set(urgency), duties
    everything = desk.command("status", "--all").stdout
    assert everything.count("[possible]") > 10
    whole, short = (desk.command("incident", "show", leak, *more).stdout for more in (["--all"], []))
    assert "[possible]" in whole and "[possible]" not in short and f"garde incident show {leak} --all" in short
    assert short.index("[due]") < short.index("peuvent le devenir")


# ---- the public page as a file ----

class Page(html.parser.HTMLParser):
    """What stands in it: every tag, every address, its text."""

    def __init__(self, text):
        super().__init__()
        self.tags, self.addresses, self.handlers, self.text, self.open = set(), [], [], "", []
        self.feed(text)
        assert not self.open, f"never closed: {self.open}"

    def handle_starttag(self, tag, attrs):
        self.tags.add(tag)
        self.addresses += [value for name, value in attrs if name in ("src", "href", "action", "srcset")]
        self.handlers += [name for name, _ in attrs if name.startswith("on")]
        if tag not in ("meta", "br", "link", "img"):
            self.open.append(tag)

    def handle_endtag(self, tag):
        assert self.open.pop() == tag

    def handle_data(self, data):
        self.text += data if self.open[-1:] != ["style"] else ""


def test_the_public_page_is_one_file(desk, tmp_path):
    calm = desk.command("status", "page")
    assert calm.returncode == 0 and "Aucun incident en cours" in Page(calm.stdout).text
    told = "Le portail est <script>alert(1)</script> ralenti.\nLes urgences répondent."
    with Sensor(desk) as sensor:
        incident = sensor.finding("begins")
    with Owner(desk) as owner:
        assert "error" not in owner.ask(type="incident.publish", incident=incident, author="Anne Martin", text={"fr": "La première phrase."})
        assert "error" not in owner.ask(type="incident.publish", incident=incident, author="Anne Martin", at="2026-07-02T08:30:00Z",
                                        text={"fr": told, "en": "The portal is slow & steady."})
    target = tmp_path / "etat.html"
    assert desk.command("status", "page", target).returncode == 0
    assert target.stat().st_mode & 0o777 == 0o644, "a web server reads it"
    page = Page(target.read_text(encoding="utf-8"))
    assert not page.tags & {"script", "link", "img", "iframe", "object", "form"} and page.addresses == ["#en"] and not page.handlers
    text = page.text.replace("\u00a0", " ").replace("\u202f", " ")
    for wanted in ("Hôpital de l’exercice", "<script>alert(1)</script> ralenti.", "Les urgences répondent.", "slow & steady",
                   "La première phrase.", "2 juillet 2026 à 10 h 30", "État des services", "State of the services"):
        assert wanted in text, text
    assert text.index("La première phrase.") < text.index("ralenti"), "the newest first, by the hour that was said"
    refused = desk.command("status", "page", tmp_path / "nowhere" / "etat.html")
    assert refused.returncode == 1 and "nowhere" in refused.stderr
