# SPDX-License-Identifier: EUPL-1.2
"""Answers in gzip: for who is at another machine and takes it, and never where a secret stands (docs/decisions/0019).

The other machine is what a trusted proxy on 127.0.0.1 says in X-Forwarded-For; whoever asks from 127.0.0.2 is here.
"""
import concurrent.futures
import gzip
import json
import os

import pytest

from support import console
from support.house import House

FAR = {"Accept-Encoding": "gzip", "X-Forwarded-For": "192.0.2.7"}
NEAR = {"Accept-Encoding": "gzip"}
SECRETS = {"csrf", "secret", "codes", "uri"}
CONFIG = 'console: {listen: "127.0.0.1:0", proxy: {addresses: ["127.0.0.1"]}}\n'


class Desk:
    def __init__(self, house):
        self.director = console.set_up(house)
        self.incident = self.director.post("/incidents", {"kind": "outage", "title": {"fr": "Panne", "en": "Outage"}})["incident"]["id"]
        self.document = self.director.get("/openapi.json")
        self.near = self.director.elsewhere("127.0.0.2")


@pytest.fixture(scope="module")
def desk(program):
    if os.geteuid() != 0:
        pytest.skip("needs root: daemons run as users of their own")
    with House(program, edge=False) as house:
        house.write_config(CONFIG)
        house.start()
        yield Desk(house)


def coding(answer):
    return answer.headers.get("Content-Encoding")


@pytest.mark.parametrize("path", ["/facts", "/openapi.json", "/obligations"])
def test_who_is_far_gets_the_same_in_less(desk, path):
    plain = desk.director.ask("GET", path)
    small = desk.director.ask("GET", path, headers=FAR)
    assert small.status == 200 and coding(plain) is None and coding(small) == "gzip"
    assert small.headers["Vary"] == plain.headers["Vary"] == "Accept-Encoding"
    assert gzip.decompress(small.body) == plain.body
    assert len(small.body) < len(plain.body) / 2 and int(small.headers["Content-Length"]) == len(small.body)


def test_who_is_here_or_does_not_take_it_gets_it_plain(desk):
    assert coding(desk.near.ask("GET", "/facts", headers=NEAR)) is None
    # A stranger's word for where he is counts for nothing.
    assert coding(desk.near.ask("GET", "/facts", headers=FAR)) is None
    for wish in ("br", "gzip;q=0", "identity", None):
        assert coding(desk.director.ask("GET", "/facts", headers={**FAR, "Accept-Encoding": wish})) is None


def test_what_is_short_or_a_paper_stays_as_it_is(desk):
    short = desk.director.ask("GET", "/approvals", headers=FAR)
    assert short.status == 200 and len(short.body) < 1024 and coding(short) is None
    duty = desk.director.get(f"/obligations?incident={desk.incident}")["obligations"][0]["id"]
    paper = desk.director.ask("GET", f"/obligations/{duty}/declaration?format=pdf", headers=FAR)
    assert paper.status == 200 and paper.body.startswith(b"%PDF") and coding(paper) is None
    spoken = desk.director.ask("GET", f"/obligations/{duty}/declaration?format=text", headers=FAR)
    assert coding(spoken) == "gzip" and "TÉLÉPHONE" in gzip.decompress(spoken.body).decode()


def test_tags_say_that_the_bytes_differ(desk):
    plain, small = desk.director.ask("GET", "/facts"), desk.director.ask("GET", "/facts", headers=FAR)
    assert small.headers["ETag"] == "W/" + plain.headers["ETag"]
    again = desk.director.ask("GET", "/facts", headers={**FAR, "If-None-Match": small.headers["ETag"]})
    assert again.status == 304 and again.body == b"" and coding(again) is None and again.headers["ETag"] == small.headers["ETag"]
    tag = desk.director.ask("GET", "/incidents", headers=FAR).headers["ETag"]
    assert desk.director.ask("POST", "/incidents", {"kind": "outage"}, headers={"If-Match": tag}).status == 200
    assert desk.director.ask("POST", "/incidents", {"kind": "outage"}, headers={"If-Match": tag}).status == 412


def test_a_head_says_what_a_get_would(desk):
    head = desk.director.ask("HEAD", "/facts", headers=FAR)
    assert head.status == 200 and coding(head) == "gzip" and head.body == b""


def secrets_in(document, schema, seen=()):
    """Names of members that are secrets, wherever they stand in the schema."""
    if "$ref" in schema:
        name = schema["$ref"].split("/")[-1]
        return set() if name in seen else secrets_in(document, document["components"]["schemas"][name], (*seen, name))
    found = SECRETS & set(schema.get("properties", {}))
    for inner in (*schema.get("properties", {}).values(), *schema.get("oneOf", ()), *schema.get("anyOf", ()), schema.get("items", {})):
        if inner and isinstance(inner, dict):
            found |= secrets_in(document, inner, seen)
    return found


def test_no_secret_is_ever_compressed(desk):
    """Every operation whose answer can hold one: a write, or the one that says who is signed in. Those that can be asked are asked."""
    holders = set()
    for path, item in desk.document["paths"].items():
        for method, operation in item.items():
            content = operation["responses"]["200"].get("content", {}).get("application/json", {})
            if secrets_in(desk.document, content.get("schema", {})):
                holders.add(operation["operationId"])
                assert method != "get" or operation["operationId"] == "session.show", (method, path)
    assert {"session.open", "session.show", "setup", "token.make", "account.totp.begin", "account.recovery"} <= holders
    far = console.Client(desk.director.place)
    key = desk.director.ask("POST", "/accounts/me/totp", {}, headers=FAR)
    assert len(key.body) > 1024, "long enough to be worth it, were it not a secret"
    for answer in (key, far.ask("POST", "/session", {"name": "directrice", "password": console.PASSWORD}, headers=FAR),
                   desk.director.ask("GET", "/session", headers=FAR),
                   desk.director.ask("POST", "/tokens", {"name": "x", "roles": ["director"], "expires": console.in_days(1)}, headers=FAR)):
        assert answer.status == 200 and coding(answer) is None and json.loads(answer.body)


def test_lengths_are_noisy(desk):
    """The same answer has many lengths, so that one try tells nobody whether his guess stood beside what he wrote."""
    lengths = {len(desk.director.ask("GET", "/facts", headers=FAR).body) for _ in range(60)}
    assert len(lengths) > 20


def test_many_at_once_get_it_whole(desk):
    """Long answers are compressed beside the loop, sixteen at a time; who finds no room gets the same plain."""
    plain = desk.director.get("/openapi.json")
    assert len(json.dumps(plain)) > 32 * 1024

    def ask(_):
        client = desk.director.stranger()
        answers = [client.ask("GET", "/openapi.json", headers=FAR) for _ in range(5)]
        client.close()
        return [json.loads(gzip.decompress(one.body) if coding(one) else one.body) for one in answers]

    with concurrent.futures.ThreadPoolExecutor(24) as pool:
        for bodies in pool.map(ask, range(24)):
            assert all(body == plain for body in bodies)


def test_who_leaves_while_it_is_compressed_costs_nothing(desk):
    """The connection goes with the work under way; the hub answers the next one."""
    for _ in range(20):
        client = desk.director.stranger()
        client.open_one = client.connect()
        client.open_one.request("GET", "/api/v1/openapi.json", headers=client.headers("GET", None, FAR))
        client.close()
    assert desk.director.ask("GET", "/openapi.json", headers=FAR).status == 200
