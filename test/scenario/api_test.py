# SPDX-License-Identifier: EUPL-1.2
"""The HTTP API of a real hub: what it says of itself, who may do what, and that it does as it says.

The authorisation matrix and the schemas come from the hub's own OpenAPI document, so an act that is added is tested
without a line here.
"""
import json
import os
import re
import socket
import time

import jsonschema
import pytest

from support import console
from support.house import House, Sensor, make_id
from support.wait import wait_until

ROLES = ["declarant", "responder", "dpo", "director", "auditor"]
SCRIPT = "<script>alert(1)</script>"


class Desk:
    """A hub, an account of each role, a script's token of each role, nobody."""

    def __init__(self, house):
        self.house = house
        self.director = console.set_up(house)
        self.clients = {"director": self.director}
        for role in ROLES:
            if role != "director":
                self.clients[role] = console.member(self.director, f"compte {role}", [role])
        for role in ROLES:
            self.clients[f"token of {role}"] = console.token(self.clients[role], [role])
        self.clients["nobody"] = self.director.stranger("127.0.0.9")
        self.document = self.clients["nobody"].get("/openapi.json")

    def operations(self):
        """(path, method, operation) of all."""
        return [(path, method.upper(), operation) for path, item in self.document["paths"].items()
                for method, operation in item.items()]

    def operation(self, name):
        return next(found for found in self.operations() if found[2]["operationId"] == name)


@pytest.fixture(scope="module")
def desk(program):
    if os.geteuid() != 0:
        pytest.skip("needs root: daemons run as users of their own")
    with House(program, edge=False) as house:
        house.write_config(console.CONFIG)
        house.start()
        yield Desk(house)


# ---- the document ----

def references(value):
    if isinstance(value, dict):
        if "$ref" in value:
            yield value["$ref"]
        for one in value.values():
            yield from references(one)
    elif isinstance(value, list):
        for one in value:
            yield from references(one)


def test_the_document_is_whole(desk):
    document = desk.document
    assert document["openapi"] == "3.1.0"
    names = [operation["operationId"] for _, _, operation in desk.operations()]
    assert len(names) == len(set(names)) > 20
    for reference in references(document):
        place = document
        for part in reference.removeprefix("#/").split("/"):
            assert part in place, reference
            place = place[part]
    for name, schema in document["components"]["schemas"].items():
        jsonschema.Draft202012Validator.check_schema(schema)
        assert name == "Empty" or set(schema) != {"type"}, f"{name} is not in data/api/schemas.json"
    for path, method, operation in desk.operations():
        named = {one["name"] for one in operation["parameters"] if one["in"] == "path"}
        assert named == set(re.findall(r"{(\w+)}", path)), (path, method)
        assert operation["summary"] and operation["x-garde-summary-fr"], (path, method)
        assert operation["x-garde-roles"], (path, method)


def test_every_row_is_documented(desk, source):
    """The rows as they stand in the sources: each name with a path is an operation."""
    rows = set()
    for file in (source / "src" / "hub").glob("act_*.c"):
        text = re.sub(r"\s+", " ", file.read_text(encoding="utf-8"))
        for name, rest in re.findall(r'{ ?\.name = "([a-z.-]+)", \.method = (.*?)\.run =', text):
            if "ACT_SOCKET_ONLY" not in rest and ".path =" in rest:
                rows.add(name)
    documented = {operation["operationId"] for _, _, operation in desk.operations()}
    assert len(rows) > 20
    assert rows - documented == set()


# ---- who may ----

def allowed(operation, who):
    roles = operation["x-garde-roles"]
    if "public" in roles:
        return True
    if who == "nobody":
        return False
    return "account" in roles or who.removeprefix("token of ") in roles


def try_operation(client, path, method):
    """Asked with a name that no act knows: whoever may is told so (422), whoever may not is refused before."""
    target = re.sub(r"{(\w+)}", "unknown", path)
    if method in ("GET", "DELETE"):
        return client.ask(method, target + "?no-act-knows-this=1")
    return client.ask(method, target, {"no-act-knows-this": 1})


def test_matrix(desk):
    """Every route by every role, by a script with that role, and by nobody."""
    wrong, tried = [], 0
    for path, method, operation in desk.operations():
        if operation["operationId"].startswith("api."):
            continue
        for number, (who, client) in enumerate(desk.clients.items()):
            # Attempts to sign in are counted by address.
            asking = client if "public" not in operation["x-garde-roles"] else client.stranger(f"127.0.1.{number + 1}")
            expected = 422 if allowed(operation, who) else 401 if who == "nobody" else 403
            status = try_operation(asking, path, method).status
            tried += 1
            if status != expected:
                wrong.append(f"{method} {path} by {who}: {status}, not {expected}")
    assert wrong == []
    assert tried >= 11 * 20


def test_events_need_an_account(desk):
    assert desk.clients["nobody"].ask("GET", "/events").status == 401


def test_a_dead_session_is_nobody(desk):
    client = console.member(desk.director, "partie", ["responder"])
    cookie = client.cookie
    assert client.ask("GET", "/status").status == 200
    gone = client.ask("DELETE", "/session")
    assert gone.status == 200 and client.cookie is None
    client.cookie = cookie
    assert client.ask("GET", "/status").status == 401


def test_cookie_flags(desk):
    answer = desk.director.stranger("127.0.2.1").ask("POST", "/session", {"name": "directrice", "password": console.PASSWORD})
    cookie = answer.headers["Set-Cookie"]
    assert cookie.startswith("__Host-garde=")
    assert {"Secure", "HttpOnly", "SameSite=Strict", "Path=/"} == set(cookie.split("; ")[1:])


@pytest.mark.parametrize("headers", [
    {"X-Garde-CSRF": None}, {"X-Garde-CSRF": ""}, {"X-Garde-CSRF": "proxy"}, {"Origin": "https://evil.example"},
    {"Origin": "null"}, {"Sec-Fetch-Site": "cross-site"}, {"Sec-Fetch-Site": "same-site"},
])
def test_a_write_that_another_site_could_make(desk, headers):
    before = len(desk.director.get("/incidents?limit=1000")["incidents"])
    assert desk.director.ask("POST", "/incidents", {"kind": "outage"}, headers=headers).status == 403
    assert len(desk.director.get("/incidents?limit=1000")["incidents"]) == before


def test_our_own_origin_may_write(desk):
    origin = f"https://{desk.director.url.netloc}"
    answer = desk.director.ask("POST", "/incidents", {"kind": "outage"}, headers={"Origin": origin, "Sec-Fetch-Site": "same-origin"})
    assert answer.status == 200


def test_a_token_needs_no_csrf_and_a_wrong_one_is_refused(desk):
    script = desk.clients["token of responder"]
    assert script.ask("POST", "/incidents", {"kind": "outage"}).status == 200
    for text in ("wrong", "", "x" * 4000):
        answer = desk.director.stranger("127.0.2.2").ask("GET", "/status", headers={"Authorization": f"Bearer {text}"})
        assert answer.status == 401


# ---- what is answered ----

class Checker:
    def __init__(self, desk):
        self.desk = desk
        self.checked = set()

    def schema_of(self, operation, status):
        response = operation["responses"].get(str(status)) or operation["responses"]["default"]
        if "$ref" in response:
            response = self.desk.document["components"]["responses"][response["$ref"].split("/")[-1]]
        return response.get("content", {})

    def check(self, operation, answer):
        content = self.schema_of(operation, answer.status)
        kind = answer.headers["Content-Type"].split(";")[0]
        if kind not in content and "*/*" in content:
            return
        assert kind in content, f"{operation['operationId']} answers {answer.status} with {kind}, not {list(content)}"
        schema = content[kind].get("schema")
        if schema:
            whole = {**schema, "components": self.desk.document["components"]}
            jsonschema.Draft202012Validator(whole).validate(answer.json)
        if answer.status in (200, 202):
            self.checked.add(operation["operationId"])

    def ask(self, client, name, body=None, query="", **params):
        path, method, operation = self.desk.operation(name)
        target = re.sub(r"{(\w+)}", lambda match: params[match.group(1)], path) + query
        answer = client.ask(method, target, body if method in ("POST", "PUT") else None)
        self.check(operation, answer)
        return answer


def tell_a_story(desk, checker):
    """Something of each noun; what is made is what the lists then show. Returns ids by the name of their param."""
    director, responder = desk.director, desk.clients["responder"]
    with Sensor(desk.house) as sensor:
        incident = sensor.finding("begins")
    checker.ask(responder, "incident.open", {"kind": "outage", "title": {"fr": "Panne", "en": "Outage"}})
    fact = next(one["name"] for one in desk.director.get("/facts")["facts"] if one["type"] == "boolean")
    checker.ask(responder, "incident.fact", {"name": fact, "value": "je ne sais pas"}, incident=incident)
    checker.ask(director, "incident.gravity", {"gravity": "grave"}, incident=incident)
    obligations = checker.ask(director, "obligation.list").json["obligations"]
    due = next(one for one in obligations if one["state"] == "due")
    checker.ask(director, "obligation.file", {"receipt": "R-1"}, obligation=due["id"])
    asked = checker.ask(responder, "measure.ask", {
        "kind": "throttle", "subject": "portail", "selector": {"rate_pps": 100}, "until": console.in_days(1),
        "why": {"fr": "Pour un essai.", "en": "For a test."}})
    ids = {"incident": incident, "obligation": due["id"], "account": "me", "measure": make_id("m")}
    if asked.status == 202:
        ids["approval"] = asked.json["approval"]["id"]
    ids["token"] = checker.ask(director, "token.make", {"name": "autre", "roles": ["director"],
                                                        "expires": console.in_days(1)}).json["token"]["id"]
    return ids


def test_answers_are_as_documented(desk):
    checker = Checker(desk)
    ids = tell_a_story(desk, checker)
    for path, method, operation in desk.operations():
        needed = re.findall(r"{(\w+)}", path)
        required = [one for one in operation["parameters"] if one["in"] == "query" and one["required"]]
        if method == "GET" and operation["operationId"] != "api.events" and not required and set(needed) <= set(ids):
            checker.ask(desk.director, operation["operationId"], **{name: ids[name] for name in needed})
    assert {"status", "incident.list", "incident.show", "incident.open", "incident.fact", "incident.gravity",
            "obligation.list", "obligation.file", "measure.list", "measure.ask", "fact.list", "journal.head",
            "account.list", "session.show", "session.list", "token.list", "token.make",
            "approval.list"} - checker.checked == set()


def test_problems_are_as_documented(desk):
    checker = Checker(desk)
    checker.ask(desk.director, "incident.show", incident=make_id("i"))
    checker.ask(desk.director, "incident.open", {})
    checker.ask(desk.clients["auditor"], "incident.open", {"kind": "outage"})
    checker.ask(desk.clients["nobody"], "status")


def test_both_languages_and_the_one_that_was_asked_for(desk):
    target = f"/incidents/{make_id('i')}"
    for wish, language in (("en", "en"), ("fr-FR, en;q=0.5", "fr"), ("de", "fr"), ("de, en;q=0.1", "en")):
        problem = desk.director.ask("GET", target, headers={"Accept-Language": wish}).json
        assert problem["status"] == 404 and problem["detail"] == problem[f"detail_{language}"]
        assert problem["detail_fr"] != problem["detail_en"]


def test_pages(desk):
    for _ in range(5):
        desk.clients["responder"].post("/incidents", {"kind": "outage"})
    everything = [one["id"] for one in desk.director.get("/incidents?all=true&limit=1000")["incidents"]]
    seen, target = [], "/api/v1/incidents?all=true&limit=2"
    while target:
        answer = desk.director.send("GET", target)
        assert answer.status == 200 and len(answer.json["incidents"]) <= 2
        seen += [one["id"] for one in answer.json["incidents"]]
        link = answer.headers.get("Link")
        assert bool(link) == bool(answer.json["next"])
        target = re.fullmatch(r'<(.*)>; rel="next"', link).group(1) if link else None
    assert seen == everything


def test_tags(desk):
    first = desk.director.ask("GET", "/incidents")
    tag = first.headers["ETag"]
    again = desk.director.ask("GET", "/incidents", headers={"If-None-Match": tag})
    assert again.status == 304 and again.body == b"" and again.headers["ETag"] == tag
    desk.clients["responder"].post("/incidents", {"kind": "outage"})
    changed = desk.director.ask("GET", "/incidents", headers={"If-None-Match": tag})
    assert changed.status == 200 and changed.headers["ETag"] != tag


def test_a_write_on_what_has_changed_is_refused(desk):
    """If-Match is of the GET of the same path: here of the list that the POST adds to."""
    tag = desk.director.ask("GET", "/incidents").headers["ETag"]
    assert desk.director.ask("POST", "/incidents", {"kind": "outage"}, headers={"If-Match": '"other"'}).status == 412
    assert desk.director.ask("POST", "/incidents", {"kind": "outage"}, headers={"If-Match": tag}).status == 200
    assert desk.director.ask("POST", "/incidents", {"kind": "outage"}, headers={"If-Match": tag}).status == 412


def test_methods(desk):
    head = desk.director.ask("HEAD", "/status")
    assert head.status == 200 and head.body == b"" and int(head.headers["Content-Length"]) > 100
    options = desk.director.ask("OPTIONS", "/incidents")
    assert options.status == 204 and options.headers["Allow"] == "GET, HEAD, POST, OPTIONS"
    for method in ("DELETE", "PATCH", "TRACE", "PROPFIND"):
        answer = desk.director.ask(method, "/incidents")
        assert answer.status == 405 and "POST" in answer.headers["Allow"]
    assert desk.director.ask("GET", "/no/such/thing").status == 404
    assert desk.director.send("GET", "/api/v2/status").status == 404


def test_bodies(desk):
    ask = desk.director.ask
    assert ask("POST", "/incidents", b'{"kind":"outage"}', headers={"Content-Type": "text/plain"}).status == 415
    assert ask("POST", "/incidents", b'{"kind":"outage"}', headers={"Content-Type": None}).status == 415
    assert ask("POST", "/incidents", b"kind=outage",
               headers={"Content-Type": "application/x-www-form-urlencoded"}).status == 415
    assert ask("POST", "/incidents", b"{", headers={}).status == 400
    assert ask("POST", "/incidents", b'{"kind":"a","kind":"b"}').status == 400
    assert ask("POST", "/incidents?kind=a", {"kind": "b"}).status == 400
    assert ask("POST", "/incidents", b"[" * 10000).status == 400
    assert ask("POST", "/incidents", {"kind": "x" * 20000}).status == 413
    assert ask("GET", "/incidents?limit=many").status == 422
    assert ask("POST", "/incidents", {"kind": "outage", "unknown": 1}).status == 422


STRICT = {"X-Content-Type-Options": "nosniff", "Referrer-Policy": "no-referrer", "X-Frame-Options": "DENY",
          "Cross-Origin-Opener-Policy": "same-origin", "Cross-Origin-Resource-Policy": "same-origin"}


@pytest.mark.parametrize("target", ["/", "/incidents/x", "/nothing.js", "/api/v1/status", "/api/v1/nothing", "/api/v1/openapi.json",
                                    "/%zz", "/../etc/passwd"])
def test_strict_headers_on_everything(desk, target):
    answer = desk.director.send("GET", target)
    policy = answer.headers["Content-Security-Policy"]
    assert policy.startswith("default-src 'none'; script-src 'self';") and "unsafe" not in policy
    assert "frame-ancestors 'none'" in policy
    assert STRICT.items() <= dict(answer.headers).items()
    assert answer.headers["Strict-Transport-Security"]


@pytest.mark.parametrize("host", ["evil.example", "garde.evil.example:8443", "localhost.evil.example", "", "[::1", "a b"])
def test_a_rebound_name_is_refused(desk, host):
    assert desk.director.stranger().send("GET", "/api/v1/openapi.json", headers={"Host": host}).status in (400, 421)


def test_names_of_ours(desk):
    for host in ("localhost", f"127.0.0.1:{desk.director.url.port}", "[::1]:8443", socket.gethostname()):
        assert desk.director.stranger().send("GET", "/api/v1/openapi.json", headers={"Host": host}).status == 200


# ---- as it happens ----

class Stream:
    def __init__(self, client):
        self.connection = client.connect()
        self.connection.request("GET", "/api/v1/events", headers=client.headers("GET", None, None))
        self.response = self.connection.getresponse()
        self.status = self.response.status

    def next(self):
        """(event, data) of the next event; None at the end of the stream."""
        event = data = None
        while True:
            line = self.response.readline()
            if not line:
                return None
            line = line.decode().rstrip("\n")
            if line.startswith("event: "):
                event = line[7:]
            elif line.startswith("data: "):
                data = json.loads(line[6:])
            elif not line and event:
                return event, data

    def close(self):
        self.connection.close()


def test_changes_are_told(desk):
    stream = Stream(desk.clients["auditor"])
    assert stream.status == 200 and stream.response.headers["Content-Type"] == "text/event-stream"
    incident = desk.clients["responder"].post("/incidents", {"kind": "outage"})["incident"]["id"]
    event = stream.next()
    while event[0] == "traffic":
        event = stream.next()
    assert event == ("changed", {"incident": incident, "act": "incident.open"})
    stream.close()


def test_traffic_is_told_ten_times_a_second_at_most(desk):
    stream = Stream(desk.clients["auditor"])
    with Sensor(desk.house) as sensor:
        for number in range(200):
            sensor.send({"type": "traffic", "at": time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime()), "services": [
                {"name": "portail", "packets": number, "known": 0, "dropped": 0, "state": "calm", "classes": {}, "countries": {},
                 "measures": {}}]})
        began, told = time.monotonic(), []
        while not told or told[-1]["services"][0]["packets"] != 199:
            event, data = stream.next()
            if event == "traffic" and data["services"]:
                told.append(data)
        took = time.monotonic() - began
    assert len(told) <= 3 + 10 * took
    stream.close()


def test_a_stream_ends_with_its_session(desk):
    client = console.member(desk.director, "qui part", ["responder"])
    stream = Stream(client)
    assert client.ask("DELETE", "/session").status == 200
    while stream.next():
        pass
    stream.close()


def test_streams_are_few(desk):
    """64 of them; the next one is told to come back. Their places are free when they leave."""
    streams = [Stream(desk.clients["auditor"].elsewhere(f"127.0.3.{number + 1}")) for number in range(66)]
    assert [stream.status for stream in streams].count(503) >= 2
    assert streams[0].status == 200
    for stream in streams:
        stream.close()
    wait_until(lambda: takes_stream(desk), seconds=40, what="there is room for a stream again")


def takes_stream(desk):
    stream = Stream(desk.clients["auditor"])
    stream.close()
    return stream.status == 200


# ---- plain HTTP on this machine, and the end ----

def test_plain_http_has_its_own_cookie_and_the_end_is_told(program):
    with House(program, edge=False) as house:
        house.write_config(console.CONFIG_PLAIN)
        house.start()
        director = console.set_up(house)
        assert director.cookie.startswith("garde=")
        answer = director.ask("GET", "/status")
        assert answer.status == 200 and "Strict-Transport-Security" not in answer.headers
        stream = Stream(director)
        for _ in range(3): # each by itself: none waits for the next one to push it out
            incident = director.post("/incidents", {"kind": "outage"})["incident"]["id"]
            assert stream.next() == ("changed", {"incident": incident, "act": "incident.open"})
        house.running.terminate()
        events = []
        while (event := stream.next()) is not None:
            events.append(event[0])
        assert events[-1] == "ending"
        assert house.running.wait(timeout=30) == 0


def test_the_certificate_stays(program):
    with House(program, edge=False) as house:
        house.write_config(console.CONFIG)
        house.start()
        first = console.where(house)["fingerprint"]
        key = house.folder / "state" / "hub" / "tls.key"
        assert key.stat().st_mode & 0o777 == 0o600
        house.stop()
        (house.folder / "run" / "console.json").unlink()
        house.start()
        assert console.where(house)["fingerprint"] == first


def test_a_port_that_is_taken_leaves_the_hub_working(program):
    with socket.create_server(("127.0.0.1", 0)) as taken, House(program, edge=False) as house:
        house.write_config(f'console: {{listen: "127.0.0.1:{taken.getsockname()[1]}"}}\n')
        house.start()
        assert house.status()["incidents"] == []
        assert "goes on without a console" in house.said()
