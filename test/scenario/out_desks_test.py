# SPDX-License-Identifier: EUPL-1.2
"""News to other houses' desks, DFIR-IRIS and FIR: what garde-respond sends is held to what their makers publish (desks/*.schema.json).

Neither is in Debian, so no server of theirs runs here: the schemas name their sources, and the receiver answers as they do.
"""
import json

import jsonschema
import pytest

from support.certificates import Authority
from support.folders import open_folder
from support.messenger import Https, OutHouse
from support.house import Sensor
from support.wait import wait_until

EVENTS = ["incident.opened", "incident.closed", "gravity", "obligation.due", "measure.applied", "measure.ended"]
TITLE = {"fr": "Panne générale de l’établissement", "en": "Outage of the whole hospital"}


@pytest.fixture
def place():
    with open_folder("desks") as folder:
        yield folder


@pytest.fixture
def authority(place):
    return Authority(place)


@pytest.fixture
def schema(source):
    def read(name):
        found = json.loads((source / "test/scenario/desks" / f"{name}.schema.json").read_text(encoding="utf-8"))
        jsonschema.Draft202012Validator.check_schema(found)
        return jsonschema.Draft202012Validator(found)
    return read


def peer_of(authority, name, answers=()):
    issued = authority.issue(name, "IP:127.0.0.1")
    return Https({"cert": str(issued.certificate), "key": str(issued.key)}, answers)


def target(kind, peer, authority, **more):
    return {"name": kind, "kind": kind, "address": f"https://127.0.0.1:{peer.port}", "private": "yes", "tls": {"ca": str(authority.certificate)},
            "events": EVENTS, "tlp": "amber+strict", **more}


class Person(Sensor):
    """Over the socket, as the command does."""
    ROLE = "cli"


def tell_a_story(house):
    """An incident that a sensor saw, one that a person opened, whose gravity sets off a duty."""
    house.open()
    with Person(house) as person:
        incident = person.ask(type="incident.open", kind="outage", title=TITLE, author="Anne Martin")["incident"]["id"]
        answer = person.ask(type="incident.gravity", incident=incident, gravity="grave", author="Anne Martin")
        assert "error" not in answer, answer
    return incident


def wait_all_sent(house, name, least):
    def sent():
        items = house.out("--target", name)["items"]
        return len(items) >= least and all(item["state"] == "sent" for item in items)
    wait_until(sent, seconds=40, what=f"all that is for {name} has left")


def test_iris_gets_alerts_as_it_publishes_them(program, authority, schema):
    peer = peer_of(authority, "iris")
    with OutHouse(program, [target("iris", peer, authority, customer=3)], secrets={"iris": {"token": "cle-de-iris"}}) as house:
        house.start()
        incident = tell_a_story(house)
        wait_all_sent(house, "iris", 3)
        for path, headers, body in peer.arrived:
            assert path == "/alerts/add" and headers["Authorization"] == "Bearer cle-de-iris" and headers["Content-Type"] == "application/json"
            schema("iris-alert").validate(json.loads(body))
        bodies = [json.loads(body) for _, _, body in peer.arrived]
        assert {body["alert_customer_id"] for body in bodies} == {3}
        assert any(body["alert_source_ref"] == incident and body["alert_severity_id"] == 6 for body in bodies), "grave is critical there"
    peer.close()


def test_fir_gets_incidents_as_it_takes_them(program, authority, schema):
    peer = peer_of(authority, "fir", [201])
    more = {"category": "DoS", "detection": "External", "business_line": "Hôpital"}
    with OutHouse(program, [target("fir", peer, authority, **more)], secrets={"fir": {"token": "401f7ac837da42b97f613d789819ff93537bee6a"}}) as house:
        house.start()
        tell_a_story(house)
        wait_all_sent(house, "fir", 3)
        for path, headers, body in peer.arrived:
            assert path == "/api/incidents" and headers["X-Api"] == "Token 401f7ac837da42b97f613d789819ff93537bee6a"
            schema("fir-incident").validate(json.loads(body))
        bodies = [json.loads(body) for _, _, body in peer.arrived]
        assert {(body["confidentiality"], body["tlp"]) for body in bodies} == {("C2", "AMBER+STRICT")}
        assert any(TITLE["fr"] in body["subject"] for body in bodies)
        assert bodies[0]["concerned_business_lines"] == ["Hôpital"]
    peer.close()


@pytest.mark.parametrize("name, wrong", [
    ("iris-alert", {"alert_title": "x", "alert_severity_id": 9, "alert_status_id": 2, "alert_customer_id": 1}),
    ("iris-alert", {"alert_title": "x", "alert_severity_id": 4, "alert_status_id": 2}),
    ("iris-alert", {"alert_title": "x", "alert_severity_id": 4, "alert_status_id": 2, "alert_customer_id": 1, "alert_sources": "y"}),
    ("fir-incident", {"subject": "x" * 257, "detection": "CERT", "category": "DoS", "severity": "4", "confidentiality": "C1", "tlp": "GREEN"}),
    ("fir-incident", {"subject": "x", "detection": "CERT", "category": "DoS", "severity": 4, "confidentiality": "C1", "tlp": "GREEN"}),
])
def test_the_schemas_would_see_what_is_wrong(schema, name, wrong):
    with pytest.raises(jsonschema.ValidationError):
        schema(name).validate(wrong)


def test_what_fir_refuses_is_given_up_and_said(program, authority):
    """A category that its house does not have: trying again would not help."""
    peer = peer_of(authority, "fir", [400])
    more = {"category": "Absente", "detection": "External"}
    with OutHouse(program, [{**target("fir", peer, authority, **more), "events": ["incident.opened"]}], secrets={"fir": {"token": "t"}}) as house:
        house.start()
        house.open()
        house.wait_state("fir", "given-up")
        assert "400" in house.of("fir")["why"]["en"]
    peer.close()
