# SPDX-License-Identifier: EUPL-1.2
"""What a hostile neighbour may try on the console's port: each is refused, and the hub stays as small as it was."""
import concurrent.futures
import json
import os
import pathlib
import re
import socket
import ssl
import time

import pytest

from scenario.papers_test import pdf_text
from support import console
from support.house import House, make_id
from support.scripted import FIXED, SECRET, SHORT, Scripted
from support.wait import wait_until

GROWTH_MAX_KB = 16 * 1024

# Checked by what they mean: a service of the configuration, numbers and words of the selector.
FIGURES = {("measure.ask", "subject"), ("measure.ask", "selector")}


class Fort:
    def __init__(self, house):
        self.house = house
        self.place = console.where(house)
        self.director = console.set_up(house)
        self.port = self.director.url.port

    @property
    def process(self):
        return pathlib.Path("/proc") / str(self.house.pid("garde-hub"))

    def resident_kb(self):
        for line in (self.process / "status").read_text().splitlines():
            if line.startswith("VmRSS:"):
                return int(line.split()[1])
        raise AssertionError("no VmRSS")

    def descriptors(self):
        return len(list((self.process / "fd").iterdir()))

    def raw(self, source="127.0.0.66"):
        """A TLS connection of bytes."""
        context = ssl.create_default_context()
        context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
        plain = socket.create_connection(("127.0.0.1", self.port), timeout=30, source_address=(source, 0))
        return context.wrap_socket(plain)

    def say(self, data, source="127.0.0.66"):
        """All that is answered to these bytes; the connection's end is part of it."""
        with self.raw(source) as connection:
            connection.sendall(data)
            connection.settimeout(5)
            answer = b""
            try:
                while piece := connection.recv(65536):
                    answer += piece
            except (TimeoutError, ConnectionError, ssl.SSLError):
                pass
            return answer


@pytest.fixture(scope="module")
def fort(program):
    if os.geteuid() != 0:
        pytest.skip("needs root: daemons run as users of their own")
    with House(program, edge=False) as house:
        house.write_config(console.CONFIG)
        house.start()
        yield Fort(house)


HOST = b"Host: localhost\r\n"


@pytest.mark.parametrize("request_bytes", [
    # Two lengths, a length and chunks, chunks that are none, lengths that are no numbers (RFC 9112 section 6).
    b"POST /api/v1/report HTTP/1.1\r\n" + HOST + b"Content-Length: 5\r\nContent-Length: 6\r\n\r\nhello!",
    b"POST /api/v1/report HTTP/1.1\r\n" + HOST + b"Content-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
    b"POST /api/v1/report HTTP/1.1\r\n" + HOST + b"Transfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n0\r\n\r\n",
    b"POST /api/v1/report HTTP/1.1\r\n" + HOST + b"Transfer-Encoding: xchunked\r\n\r\n0\r\n\r\n",
    b"POST /api/v1/report HTTP/1.1\r\n" + HOST + b"Transfer-Encoding : chunked\r\n\r\n0\r\n\r\n",
    b"POST /api/v1/report HTTP/1.1\r\n" + HOST + b"Content-Length: +5\r\n\r\nhello",
    b"POST /api/v1/report HTTP/1.1\r\n" + HOST + b"Content-Length: 0x5\r\n\r\nhello",
    b"POST /api/v1/report HTTP/1.1\r\n" + HOST + b"Content-Length: 5, 5\r\n\r\nhello",
    b"POST /api/v1/report HTTP/1.1\r\n" + HOST + b"Content-Length: -1\r\n\r\n",
    b"POST /api/v1/report HTTP/1.1\r\n" + HOST + b"Content-Length: 99999999999999999999\r\n\r\n",
    # Two hosts, none, a header that is none, a NUL.
    b"GET / HTTP/1.1\r\n" + HOST + b"Host: evil.example\r\n\r\n",
    b"GET / HTTP/1.1\r\n\r\n",
    b"GET / HTTP/1.1\r\n" + HOST + b"no colon\r\n\r\n",
    b"GET http://evil.example/ HTTP/1.1\r\n" + HOST + b"\r\n",
    b"GET /../../etc/passwd HTTP/1.1\r\n" + HOST + b"\r\n",
    b"GET /%2e%2e/%2e%2e/etc/passwd HTTP/1.1\r\n" + HOST + b"\r\n",
    b"GET /assets/..%2f..%2fetc/passwd HTTP/1.1\r\n" + HOST + b"\r\n",
    b"GET /%00/etc/passwd HTTP/1.1\r\n" + HOST + b"\r\n",
    b"GET /api/v1/incidents/..%5c..%5c HTTP/1.1\r\n" + HOST + b"\r\n",
    b"GET /a%0d%0aSet-Cookie:%20x=y HTTP/1.1\r\n" + HOST + b"\r\n",
    b"GET /" + b"a" * 5000 + b" HTTP/1.1\r\n" + HOST + b"\r\n",
    b"GET / HTTP/1.1\r\n" + HOST + b"X: " + b"a" * 60000 + b"\r\n\r\n",
    b"GET / HTTP/1.1\r\n" + HOST + b"X: y\r\n" * 5000 + b"\r\n",
    b"GET / HTTP/9.9\r\n" + HOST + b"\r\n",
    b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03",
    b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n",
    b"CONNECT evil.example:443 HTTP/1.1\r\n" + HOST + b"\r\n",
])
def test_malformed_requests_are_refused(fort, request_bytes):
    """Whatever is smuggled behind the first request is never answered as a second one."""
    answer = fort.say(request_bytes + b"GET /api/v1/openapi.json HTTP/1.1\r\n" + HOST + b"\r\n")
    assert b"root:" not in answer and b"Set-Cookie" not in answer
    if answer:
        assert answer.startswith(b"HTTP/1.1 4") or answer.startswith(b"HTTP/1.1 5"), answer[:200]
    if b"Content-Length" in request_bytes or b"Transfer-Encoding" in request_bytes:
        assert b"openapi" not in answer


def test_what_lies_behind_a_nul_is_not_read(fort):
    """libmicrohttpd cuts a value at a NUL and answers; a credential behind it is nobody's, and no second request is made of it."""
    def status(cookie):
        answer = fort.say(b"GET /api/v1/status HTTP/1.1\r\n" + HOST + b"Connection: close\r\nCookie: " + cookie + b"\r\n\r\n")
        assert answer.count(b"HTTP/1.1 ") == 1
        return answer[:12]
    cookie = fort.director.cookie.encode()
    assert status(cookie) == b"HTTP/1.1 200"
    assert status(b"a\x00; " + cookie) == b"HTTP/1.1 401"
    assert status(cookie[:-4] + b"\x00" + cookie[-4:]) == b"HTTP/1.1 401"


def test_headers_cannot_be_injected(fort):
    """What people type comes back in bodies alone."""
    answer = fort.director.send("GET", "/api/v1/incidents?after=x%250d%250aSet-Cookie:%2520a=b&limit=1")
    assert "Set-Cookie" not in answer.headers


def test_names_are_not_told(fort):
    """An account that does not exist is refused with the same words as one that does."""
    asker = fort.director.stranger("127.0.0.78")
    one = asker.ask("POST", "/session", {"name": "directrice", "password": "faux"})
    other = asker.ask("POST", "/session", {"name": "personne", "password": "faux"})
    assert (one.status, one.json["detail"]) == (other.status, other.json["detail"])


def test_guessing_is_slowed(fort):
    """Wrong passwords soon cost time; who knows the right one still gets in from elsewhere."""
    guesser = fort.director.stranger("127.0.0.77")
    statuses = [guesser.ask("POST", "/session", {"name": "directrice", "password": f"essai {number}"}).status
                for number in range(40)]
    assert set(statuses) <= {401, 429} and statuses.count(429) >= 20
    assert statuses[-1] == 429
    refused = guesser.ask("POST", "/session", {"name": "directrice", "password": console.PASSWORD})
    assert refused.status == 429


def test_oversized_bodies(fort):
    answer = fort.director.ask("POST", "/incidents", b'{"kind":"' + b"x" * 900_000 + b'"}')
    assert answer.status == 413
    claimed = fort.say(b"POST /api/v1/session HTTP/1.1\r\n" + HOST + b"Content-Type: application/json\r\nContent-Length: 2000000000\r\n\r\n{")
    assert claimed.startswith(b"HTTP/1.1 413")


@pytest.fixture(scope="module")
def scripted(program):
    """A hub of its own, in which everything that can be typed is a script."""
    with House(program, edge=False) as house:
        house.write_config(console.CONFIG)
        house.start()
        director = console.set_up(house)
        one, two = (console.member(director, name, ["responder", "dpo", "director"]) for name in ("Rose Klein", "Hugo Blanc"))
        yield Scripted(house, one, two)


def text_fields(scripted):
    """Every parameter of a body that can hold text."""
    for operation, (method, _, told) in scripted.operations.items():
        schema = told.get("requestBody", {}).get("content", {}).get("application/json", {}).get("schema", {})
        for name, kind in schema.get("properties", {}).items():
            if method != "GET" and kind.get("type", "string") == "string" and kind.get("format") != "date-time":
                yield operation, name


def test_a_script_is_stored_in_every_text(scripted):
    """Each text that the API takes was stored as a script, or is a word of a list, or a secret that nobody is shown."""
    fields = set(text_fields(scripted))
    known = scripted.stored | set(FIXED) | SECRET | FIGURES
    assert fields - known == set(), "nobody tried a script there"
    assert known - fields == set(), "these are no fields any more"
    assert len(scripted.stored) >= 30


@pytest.mark.parametrize("field", sorted(FIXED), ids=".".join)
def test_a_word_of_a_list_is_no_script(scripted, field):
    operation, name = field
    method, path, told = scripted.operations[operation]
    schema = told["requestBody"]["content"]["application/json"]["schema"]
    body = {one: FIXED.get((operation, one), console.in_days(1) if one == "until" else "x") for one in schema.get("required", [])}
    body[name] = SHORT
    target = re.sub(r"\{(\w+)\}", lambda found: scripted.ids.get(found.group(1), "x"), path)
    answer = scripted.one.ask(method, target, body)
    assert 400 <= answer.status < 500, answer
    assert answer.headers["Content-Type"].split(";")[0] == "application/problem+json"


def test_scripts_are_data(scripted):
    """It comes back as JSON text, from wherever it can be read; no answer is HTML but those that are files."""
    seen = 0
    for path, item in scripted.document["paths"].items():
        if "get" not in item or path == "/events":
            continue
        target = re.sub(r"\{(\w+)\}", lambda found: scripted.ids.get(found.group(1), "x"), path)
        answer = scripted.one.ask("GET", target)
        assert answer.status < 500 and answer.headers["X-Content-Type-Options"] == "nosniff", (path, answer)
        kind = answer.headers["Content-Type"].split(";")[0]
        if kind == "text/html":
            assert answer.headers["Content-Disposition"].startswith("attachment") and b"<svg" not in answer.body and b"<script" not in answer.body
        elif kind == "application/json":
            seen += SHORT in json.dumps(answer.json, ensure_ascii=False)
    assert seen >= 10, "it is told in many places"


@pytest.mark.parametrize("paper", ["/obligations/{duty}/declaration?format=pdf", "/incidents/{incident}/closing?format=pdf",
                                   "/incidents/{incident}/handover/paper", "/register/paper", "/kit", "/letters/{letters}/file",
                                   "/letters/{table}/file", "/letters/{letters}/proof"])
def test_papers_print_a_script_as_it_stands(scripted, paper):
    """Not a tag of Pango's either: what was typed is what is read, letter by letter."""
    answer = scripted.one.ask("GET", paper.format(duty=scripted.duty, incident=scripted.incident, letters=scripted.made[0], table=scripted.made[1]))
    assert answer.status == 200 and answer.headers["Content-Type"] == "application/pdf", answer
    text = re.sub(r"\s+", "", pdf_text(answer.body))
    assert SHORT.replace(" ", "") in text, text


def test_scripts_in_html_are_text(scripted):
    for path in (f"/incidents/{scripted.incident}/closing?format=html", "/public/page"):
        answer = scripted.one.ask("GET", path)
        assert answer.status == 200 and b"&lt;svg onload=s()&gt;" in answer.body and b"<svg" not in answer.body, answer


@pytest.mark.limit(240)
def test_slow_clients_are_ended_and_others_served(fort):
    """Sixty connections that send a byte now and then: each is shut within the time for a head; meanwhile others are answered."""
    slow = [fort.raw("127.0.0.88") for _ in range(60)]
    began = time.monotonic()
    gone = set()

    def drip():
        for connection in slow:
            if connection in gone:
                continue
            try:
                connection.settimeout(0.001)
                connection.sendall(b"X")
                if connection.recv(1) == b"":
                    gone.add(connection)
            except (TimeoutError, ssl.SSLWantReadError):
                pass
            except (ConnectionError, ssl.SSLError, OSError):
                gone.add(connection)
        asked = time.monotonic()
        assert fort.director.ask("GET", "/status").status == 200
        assert time.monotonic() - asked < 2
        return len(gone) == len(slow)

    wait_until(drip, seconds=60, what="slow clients are shut")
    assert time.monotonic() - began < 40
    for connection in slow:
        connection.close()


def test_one_address_takes_no_more_than_its_share(fort):
    """More connections than one address may have: they are closed; another address is served."""
    held = []
    for _ in range(100):
        try:
            held.append(fort.raw("127.0.0.99"))
        except (ConnectionError, ssl.SSLError, OSError):
            break
    assert 50 <= len(held) <= 64
    assert fort.director.stranger("127.0.0.98").ask("GET", "/openapi.json").status == 200
    for connection in held:
        connection.close()


def flood(fort, number):
    """A few hundred requests of all kinds from one address."""
    client = fort.director.stranger(f"127.0.{10 + number // 250}.{1 + number % 250}")
    statuses = set()
    for turn in range(120):
        kinds = [("GET", "/api/v1/status", None), ("POST", "/api/v1/session", {"name": f"n{turn}", "password": "x"}),
                 ("GET", f"/{make_id('x')}", None), ("POST", "/api/v1/incidents", {"kind": "y" * 1000}),
                 ("GET", f"/api/v1/incidents/{make_id('i')}", None), ("PUT", "/api/v1/nothing", {"a": turn})]
        method, target, body = kinds[turn % len(kinds)]
        statuses.add(client.send(method, target, body).status)
    client.close()
    return statuses


@pytest.mark.limit(300)
def test_a_flood_of_requests_grows_nothing(fort):
    """Twenty addresses, then another forty: the hub is no larger after the second wave than after the first."""
    def wave(numbers):
        with concurrent.futures.ThreadPoolExecutor(8) as pool:
            return set().union(*pool.map(lambda number: flood(fort, number), numbers))

    wave(range(20))
    wait_until(lambda: fort.descriptors() < 40, seconds=90, what="connections of the first wave are closed")
    resident, descriptors = fort.resident_kb(), fort.descriptors()
    statuses = wave(range(20, 60))
    assert statuses <= {200, 401, 404, 405, 429, 503} and 500 not in statuses
    wait_until(lambda: fort.descriptors() <= descriptors + 2, seconds=90, what="connections of the second wave are closed")
    assert fort.resident_kb() <= resident + GROWTH_MAX_KB
    assert fort.director.stranger("127.0.200.1").ask("GET", "/openapi.json").status == 200
