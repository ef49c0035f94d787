# SPDX-License-Identifier: EUPL-1.2
"""People at a real hub: the first start, second factors, guessing, tokens, a second person's word, a kill -9 in between."""
import base64
import hashlib
import hmac
import json
import os
import re
import stat
import struct
import subprocess
import time
import urllib.parse

import pytest

from support import console
from support.house import House, Owner, Sensor, make_id
from support.wait import wait_until

STEP_SECONDS = 30


def totp(secret, moment=None):
    """RFC 6238 as a telephone does it, written anew here so that the hub is not checked against itself."""
    step = struct.pack(">Q", int((moment or time.time()) // STEP_SECONDS))
    mac = hmac.new(base64.b32decode(secret), step, hashlib.sha1).digest()
    at = mac[-1] & 15
    return f"{(struct.unpack('>I', mac[at:at + 4])[0] & 0x7fffffff) % 1_000_000:06d}"


def next_code(secret, after):
    """The code of the step that follows `after`, as soon as the hub takes it: a step before its time is allowed."""
    return totp(secret, after + STEP_SECONDS)


class Place:
    """A hub that listens to people, and addresses to come from that nobody used yet."""

    def __init__(self, house):
        self.house = house
        self.director = console.set_up(house)
        self.count = 0

    def stranger(self):
        self.count += 1
        return self.director.stranger(f"127.0.{10 + self.count // 200}.{1 + self.count % 200}")

    def member(self, name, roles):
        client = console.member(self.director, name, roles)
        client.source = self.stranger().source
        client.close()
        return client

    def records(self, kind):
        """Bodies of the records of a type, as the journal exports them."""
        path = self.house.folder / "export.jsonl"
        path.unlink(missing_ok=True)
        done = self.house.command("journal", "export", path)
        assert done.returncode == 0, done.stderr
        lines = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]
        return [line["record"] for line in lines if "record" in line and line["record"]["type"] == kind]


@pytest.fixture(scope="module")
def place(program):
    if os.geteuid() != 0:
        pytest.skip("needs root: daemons run as users of their own")
    with House(program, edge=False) as house:
        house.write_config(console.CONFIG)
        house.start()
        yield Place(house)


def enrol(client):
    """A second factor; its secret, and the moment whose code was used."""
    begun = client.post("/accounts/me/totp")
    moment = time.time()
    answer = client.ask("PUT", "/accounts/me/totp", {"code": totp(begun["secret"], moment)})
    assert answer.status == 200, answer
    assert answer.json["account"]["second_factor"] is True
    return begun, moment


# ---- the first start ----

def test_the_link_is_new_at_each_start_until_there_is_an_account(program, root):
    with House(program, edge=False) as house:
        house.write_config(console.CONFIG)
        house.start()
        stranger = console.Client(console.where(house))
        assert stranger.get("/session")["setup"] is True
        first = wait_until(lambda: re.search(r"(https://\S+/)setup#(\S+)", house.said()), seconds=30, what="the link")
        assert first.group(1).rstrip("/") == stranger.place["url"].rstrip("/")
        house.kill("garde-hub")
        links = wait_until(lambda: (found := re.findall(r"setup#(\S+)", house.said())) if
                           len(re.findall(r"setup#(\S+)", house.said())) > 1 else None, seconds=30, what="another link")
        assert links[0] != links[1]
        stranger = console.Client(wait_until(lambda: (at := console.where(house))["url"] and at, seconds=30, what="where"))
        values = {"name": "directrice", "password": console.PASSWORD}

        def answers():
            try:
                return stranger.ask("POST", "/setup", {"token": links[0], **values}).status
            except OSError:
                stranger.place = console.where(house)
                stranger.url = urllib.parse.urlsplit(stranger.place["url"])
                return None
        assert wait_until(answers, seconds=30, what="the hub answers") == 401
        assert stranger.ask("POST", "/setup", {"token": links[1], **values, "password": "Motdepasse123"}).status == 422
        done = stranger.ask("POST", "/setup", {"token": links[1], **values})
        assert done.status == 200 and done.json["roles"] == ["director"]
        assert stranger.get("/session")["setup"] is False
        assert stranger.ask("POST", "/setup", {"token": links[1], **values, "name": "eve"}).status == 409


def test_the_file_is_the_hubs_alone(place):
    folder = place.house.folder / "state" / "hub"
    for path in folder.glob("people.db*"):
        status = path.stat()
        assert stat.S_IMODE(status.st_mode) == 0o600, path
        assert status.st_uid == 64211, path
    assert (folder / "people.db").exists()


# ---- coming in ----

def test_a_second_factor_and_its_sheet(place):
    nurse = place.member("Nadia Benali", ["responder"])
    begun, moment = enrol(nurse)
    assert begun["uri"].startswith("otpauth://totp/H%C3%B4pital")
    assert all(len(row) == len(begun["qr"]) and set(row) <= {True, False} for row in begun["qr"])
    door = place.stranger()
    values = {"name": "nadia benali", "password": console.PASSWORD}
    half = door.ask("POST", "/session", values)
    assert half.status == 200 and half.json["must"] == ["code"] and half.json["account"] is None
    assert half.headers["Set-Cookie"] is None
    assert door.ask("POST", "/session", {**values, "code": totp(begun["secret"], moment)}).status == 401  # used at enrolment
    assert door.ask("POST", "/session", {**values, "code": next_code(begun["secret"], moment)}).status == 200
    sheet = nurse.ask("POST", "/accounts/me/recovery", {"format": "pdf"})
    assert sheet.status == 200 and sheet.headers["Content-Type"].startswith("application/pdf")
    text = subprocess.run(["pdftotext", "-layout", "-", "-"], input=sheet.body, stdout=subprocess.PIPE, check=True).stdout.decode()
    codes = re.findall(r"\b[0-9A-HJKMNP-TV-Z]{4}(?:-[0-9A-HJKMNP-TV-Z]{4}){3}\b", text)
    assert len(codes) == 10 and "Nadia Benali" in text and "Feuille de secours" in text
    again = place.stranger()
    assert again.ask("POST", "/session", {**values, "code": codes[4].lower()}).status == 200
    assert again.ask("POST", "/session", {**values, "code": codes[4]}).status == 401
    shown = nurse.get("/session")["account"]
    assert shown["second_factor"] is True and shown["recovery_left"] == 9


def test_guessing_is_slowed_and_told_in_few_records(place):
    place.member("Paul Renard", ["responder"])
    before = len(place.records("session.refused"))
    seen = set()
    for name in ("Paul Renard", "Personne"):
        for _ in range(12):
            answer = place.stranger().ask("POST", "/session", {"name": name, "password": "ce n’est pas le bon"})
            seen.add((name, answer.status, re.sub(r"\d+", "n", answer.json["detail_fr"])))
    assert {(status, text) for name, status, text in seen if name == "Personne"} == \
        {(status, text) for name, status, text in seen if name == "Paul Renard"}
    assert {status for _, status, _ in seen} == {401, 429}
    told = place.records("session.refused")[before:]
    assert 1 <= len(told) <= 4
    assert "127.0." not in json.dumps(told) and "Personne" not in json.dumps(told)


def test_a_session_outlives_a_kill(program, root):
    with House(program, edge=False) as house:
        house.write_config('console: {listen: "127.0.0.1:0"}\n')
        house.start()
        director = console.set_up(house)
        script = console.token(director, ["director"])
        before = director.place["url"]
        house.kill("garde-hub")
        wait_until(lambda: console.where(house)["url"] != before, seconds=30, what="the hub listens again")
        for client in (director, script):
            client.place = console.where(house)
            client.url = urllib.parse.urlsplit(client.place["url"])
            client.close()
        assert director.get("/session")["account"]["name"] == "directrice"
        assert director.ask("POST", "/incidents", {"kind": "outage"}).status == 200  # the CSRF value is still the one
        assert script.get("/status")["incidents"]


def test_a_new_password_ends_what_was_open(place):
    first = place.member("Léa Petit", ["responder"])
    second = place.stranger()
    second.log_in("Léa Petit")
    assert second.ask("GET", "/status").status == 200
    answer = first.ask("POST", "/accounts/me/password", {"old": console.PASSWORD, "password": "un autre matin à la mer"})
    assert answer.status == 200 and answer.json["account"]["name"] == "Léa Petit"
    assert second.ask("GET", "/status").status == 401
    assert first.ask("GET", "/status").status == 200  # in the session that came with the answer
    assert place.stranger().ask("POST", "/session", {"name": "Léa Petit", "password": console.PASSWORD}).status == 401


def test_who_is_disabled_is_out_at_once(place):
    client = place.member("Omar Diallo", ["responder"])
    script = console.token(client, ["responder"])
    account = client.get("/session")["account"]["id"]
    assert script.ask("GET", "/status").status == 200
    assert place.director.ask("PUT", f"/accounts/{account}", {"enabled": False}).status == 200
    assert client.ask("GET", "/status").status == 401
    assert script.ask("GET", "/status").status == 401
    assert place.stranger().ask("POST", "/session", {"name": "Omar Diallo", "password": console.PASSWORD}).status == 401
    me = place.director.get("/session")["account"]["id"]
    assert place.director.ask("PUT", f"/accounts/{me}", {"enabled": False}).status == 409  # the last director


def test_a_token_does_what_it_may_and_no_more(place):
    script = console.token(place.director, ["director"], "sauvegarde")
    assert script.get("/accounts")["accounts"]
    assert script.ask("POST", "/accounts", {"name": "Eve", "roles": ["director"]}).status == 403
    assert script.ask("POST", "/accounts/me/totp", {}).status == 403
    listed = next(one for one in place.director.get("/tokens")["tokens"] if one["name"] == "sauvegarde")
    assert listed["signs"] == "directrice/sauvegarde" and "secret" not in listed
    assert place.director.ask("DELETE", f"/tokens/{listed['id']}").status == 200
    assert script.ask("GET", "/accounts").status == 401


# ---- a second person ----

def ask_measure(client):
    return client.ask("POST", "/measures", {
        "kind": "throttle", "subject": "portail", "selector": {"rate_pps": 100}, "until": console.in_days(1),
        "why": {"fr": "Pour un essai.", "en": "For a test."}})


def test_a_measure_waits_for_a_second_person(place):
    one, two = place.member("Rose Klein", ["responder"]), place.member("Hugo Blanc", ["responder"])
    auditor = place.member("Inès Roux", ["auditor"])
    with Sensor(place.house) as sensor:
        sensor.finding("begins")
    asked = ask_measure(one)
    assert asked.status == 202 and asked.json["approval"]["state"] == "waiting"
    approval = asked.json["approval"]["id"]
    shown = next(each for each in two.get("/approvals")["approvals"] if each["id"] == approval)
    assert shown["act"] == "measure.ask" and shown["name"] == "Rose Klein" and shown["in"]["kind"] == "throttle"
    assert shown["title"]["fr"]
    assert one.ask("POST", f"/approvals/{approval}/agree", {}).status == 403
    assert auditor.ask("POST", f"/approvals/{approval}/agree", {}).status == 403
    agreed = two.ask("POST", f"/approvals/{approval}/agree", {})
    assert agreed.status == 200, agreed
    measure = agreed.json["result"]["measure"]
    assert measure["owner"] == "Rose Klein" and measure["kind"] == "throttle"
    assert two.ask("POST", f"/approvals/{approval}/agree", {}).status == 404
    given = [record for record in place.records("approval.given") if record["subject"] == approval]
    assert [record["author"] for record in given] == ["Hugo Blanc"]
    refused = ask_measure(two).json["approval"]["id"]
    assert one.ask("POST", f"/approvals/{refused}/refuse", {"reason": "Pas pendant les consultations."}).status == 200
    assert all(each["id"] != refused for each in two.get("/approvals")["approvals"])


def test_no_second_person_is_asked_for_nonsense(place):
    one = place.member("Ève Simon", ["responder"])
    waiting = len(one.get("/approvals")["approvals"])
    for change, wanted in (({"until": "2020-03-22T10:00:00Z"}, "avenir"), ({"selector": {"countries": ["ZZ"]}, "kind": "fence"}, "ZZ"),
                           ({"selector": {"pays": ["ES"]}, "kind": "fence"}, "countries"), ({"selector": {}, "kind": "fence"}, "countries"),
                           ({"kind": "wall"}, "wall"), ({"selector": {"packets_per_second": 5}}, "rate_pps")):
        refused = one.ask("POST", "/measures", {"kind": "throttle", "subject": "portail", "selector": {"rate_pps": 100},
                                                "until": console.in_days(1), "why": {"fr": "x", "en": "x"}, **change})
        assert refused.status == 422 and wanted in refused.json["detail_fr"], refused
    assert len(one.get("/approvals")["approvals"]) == waiting


def test_a_service_the_edge_does_not_know_is_refused(place):
    with Sensor(place.house) as sensor:
        sensor.send({"type": "traffic", "at": console.in_days(0), "services": [{"name": "portail", "packets": 1}, {"name": "visio", "packets": 2}]})
        with Owner(place.house) as owner:
            def ask(service):
                return owner.ask(type="measure.ask", kind="challenge", subject=service, selector={}, until=console.in_days(1),
                                 why={"fr": "x", "en": "x"}, author="Anne Martin")
            wait_until(lambda: owner.ask(type="status")["edge"]["services"], seconds=20, what="the report is there")
            assert "portal" in ask("portal")["error"]["fr"]
            asked = ask("visio")["measure"]
            assert asked["state"] == "proposed" and asked["lift_asked"] is False
            lifted = owner.ask(type="measure.lift", measure=asked["id"], author="Anne Martin")["measure"]
            assert lifted["state"] == "proposed" and lifted["lift_asked"] is True


def test_that_its_end_is_asked_for_is_seen_while_the_edge_is_away(place):
    with Owner(place.house) as owner:
        listed = owner.ask(type="measure.list", all=True, limit=1000)["measures"]
    leaving = [one for one in listed if one.get("lift_asked")]
    assert leaving
    said = place.house.command("measure", "list").stdout
    line = next(line for line in said.splitlines() if line.startswith(leaving[-1]["id"]))
    assert "levée demandée" in line and "proposée" not in line


# ---- the machine's owner ----

def test_the_socket_helps_who_lost_everything(place):
    client = place.member("Yves Morel", ["dpo"])
    enrol(client)
    account = client.get("/session")["account"]["id"]
    with Owner(place.house) as owner:
        assert "fr" in owner.ask(type="account.totp.end", account=account)["error"]
        answer = owner.ask(type="account.totp.end", account=account, author="Denis, informatique")
        assert answer["account"]["second_factor"] is False, answer
        given = owner.ask(type="account.password", account=account, author="Denis, informatique")
    back = place.stranger()
    session = back.log_in("Yves Morel", given["password"])
    assert session["must"] == ["password"] and session["roles"] == []
    assert back.ask("GET", "/status").status == 403
    authors = {record["author"] for record in place.records("account.changed")
               if record["subject"] == account and record["body"]["changed"] == "second-factor-removed"}
    assert authors == {"Denis, informatique"}


def test_the_command_keeps_accounts(place):
    garde = place.house.garde
    made = garde("account", "make", "Éric Simon", "responder,dpo", "--author", "Denis, informatique")
    assert made["account"]["roles"] == ["responder", "dpo"] and made["account"]["password_given"] is True
    client = place.stranger()
    assert client.log_in("Éric Simon", made["password"])["must"] == ["password"]
    assert client.post("/accounts/me/password", {"old": made["password"], "password": console.PASSWORD})["roles"] == \
        ["responder", "dpo"]
    client = place.stranger()
    client.log_in("Éric Simon")
    enrol(client)
    again = garde("account", "reset", "Éric Simon", "--second-factor", "--author", "Denis, informatique")
    assert again["account"]["second_factor"] is False
    assert client.ask("GET", "/status").status == 401
    assert place.stranger().log_in("Éric Simon", again["password"])["must"] == ["password"]
    assert garde("account", "disable", "Éric Simon", "--author", "Denis")["account"]["enabled"] is False
    assert garde("account", "enable", "Éric Simon", "--author", "Denis")["account"]["enabled"] is True
    shown = place.house.command("account", "list")
    assert shown.returncode == 0 and "Éric Simon" in shown.stdout and "responder, dpo" in shown.stdout
    for words in (("make", "Eve", "emperor"), ("reset", "Personne"), ("disable", "directrice")):
        refused = place.house.command("account", *words, "--author", "Denis")
        assert refused.returncode == 1 and len(refused.stderr.strip().splitlines()) == 1, refused


def test_nothing_secret_in_the_log_nor_the_journal(place):
    path = place.house.folder / "whole.jsonl"
    assert place.house.command("journal", "export", path).returncode == 0
    for text in (place.house.said(), path.read_text(encoding="utf-8")):
        assert console.PASSWORD not in text and "argon2" not in text and "garde_" not in text and "otpauth" not in text
        assert (place.director.cookie or "").split("=", 1)[1] not in text


def test_ids_of_others_tell_nothing(place):
    client = place.member("Zoé Lambert", ["responder"])
    assert client.ask("POST", f"/accounts/{make_id('a')}/password", {"password": "x" * 20}).status == 404
    other = place.director.get("/session")["account"]["id"]
    assert client.ask("POST", f"/accounts/{other}/password", {"password": "neuf mille chevaux"}).status == 403
    session = place.director.get("/session")["session"]
    assert client.ask("DELETE", f"/sessions/{session}").status == 404
    assert client.ask("DELETE", f"/tokens/{make_id('t')}").status == 404
