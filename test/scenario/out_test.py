# SPDX-License-Identifier: EUPL-1.2
"""What leaves the house: a real hub, a real garde-respond, and peers on loopback that fail, refuse, vanish."""
import email
import email.policy
import hashlib
import hmac
import json
import os
import re
import signal
import socket
import ssl
import subprocess
import threading

import pytest
from aiosmtpd.controller import Controller

from support.house import Sensor
from support.messenger import RESPOND_USER, Collector, Https, OutHouse
from support.wait import wait_until

SIGNING = "clé".encode().hex()


class SyslogTls(Collector):
    """RFC 5425: frames counted in octets, over TLS."""

    def __init__(self, certificate):
        super().__init__()
        self.context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        self.context.load_cert_chain(certificate["cert"], certificate["key"])
        self.socket = socket.create_server(("127.0.0.1", 0))
        self.port = self.socket.getsockname()[1]
        threading.Thread(target=self.serve, daemon=True).start()

    def serve(self):
        while True:
            try:
                plain, _ = self.socket.accept()
            except OSError:
                return
            try:
                with self.context.wrap_socket(plain, server_side=True) as peer:
                    data = b""
                    while piece := peer.recv(65536):
                        data += piece
                    self.take(data)
            except (ssl.SSLError, OSError):
                pass

    def take(self, data):
        while data:
            length, _, rest = data.partition(b" ")
            self.arrived.append(rest[:int(length)].decode())
            data = rest[int(length):]

    def close(self):
        self.socket.close()


class Smtp(Collector):
    def __init__(self):
        super().__init__()
        outer = self

        class Handler:
            async def handle_DATA(self, _server, _session, envelope):
                outer.arrived.append(envelope)
                return "250 OK"

        with socket.create_server(("127.0.0.1", 0)) as probe:
            self.port = probe.getsockname()[1]
        self.controller = Controller(Handler(), hostname="127.0.0.1", port=self.port)
        self.controller.start()

    def close(self):
        self.controller.stop()


@pytest.fixture(scope="module")
def certificate(tmp_path_factory):
    """For 127.0.0.1, signed by itself; readable by garde-respond's user."""
    folder = tmp_path_factory.mktemp("tls")
    names = {"cert": f"/tmp/garde-out-{os.getpid()}.crt", "key": str(folder / "key.pem")}
    subprocess.run(["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-days", "2",
                    "-keyout", names["key"], "-out", names["cert"], "-subj", "/CN=garde-test",
                    "-addext", "subjectAltName=IP:127.0.0.1"], check=True, capture_output=True)
    os.chmod(names["cert"], 0o644)
    yield names
    os.unlink(names["cert"])


def webhook(port, certificate, **more):
    return {"name": "soc", "kind": "webhook", "address": f"https://127.0.0.1:{port}/in", "private": "yes",
            "tls": {"ca": certificate["cert"]}, "events": ["incident.opened"], **more}


def test_a_webhook_that_fails_twice_gets_it_with_one_key(program, certificate):
    peer = Https(certificate, [503, None])
    with OutHouse(program, [webhook(peer.port, certificate)], secrets={"soc": {"token": "jeton", "signing": SIGNING}}) as house:
        house.start()
        incident = house.open()
        arrived = peer.wait(3)
        house.wait_state("soc", "sent")
        keys = {headers["Idempotency-Key"] for _, headers, _ in arrived}
        assert len(keys) == 1 and len(arrived) == 3
        path, headers, body = arrived[-1]
        assert path == "/in" and headers["Authorization"] == "Bearer jeton" and headers["X-Garde-Event"] == "incident.opened"
        signed = hmac.new(SIGNING.encode(), headers["X-Garde-Timestamp"].encode() + b"." + body, hashlib.sha256).hexdigest()
        assert headers["X-Garde-Signature"] == f"sha256={signed}"
        payload = json.loads(body)
        assert payload["incident"]["id"] == incident and payload["tlp"] == "amber" and "personal" not in payload
        assert "portail" not in json.dumps({**payload, "incident": {**payload["incident"], "title": None}})
        item = house.out()["items"][0]
        assert item["attempts"] == 3 and item["why"] is None
        records = house.command("journal", "export").stdout
        sent = [json.loads(line)["record"] for line in records.splitlines() if '"out.sent"' in line]
        assert len(sent) == 1
        assert sent[0]["body"] == {"attempts": 3, "event": "incident.opened", "item": item["id"], "outcome": "sent", "target": "soc"}
        assert "jeton" not in records and SIGNING not in records
    peer.close()


def test_a_killed_messenger_delivers_again_with_the_same_key(program, certificate):
    peer = Https(certificate)
    peer.gate.clear()
    with OutHouse(program, [webhook(peer.port, certificate)]) as house:
        house.start()
        house.open()
        peer.wait(1)
        os.kill(house.pid("garde-respond"), signal.SIGKILL)
        wait_until(lambda: len(peer.arrived) >= 2, seconds=40, what="its successor delivers")
        peer.gate.set()
        house.wait_state("soc", "sent")
        assert len({headers["Idempotency-Key"] for _, headers, _ in peer.arrived}) == 1
        assert len(house.out()["items"]) == 1
    peer.close()


def test_a_killed_hub_loses_no_news(program, certificate):
    peer = Https(certificate, [503])
    with OutHouse(program, [webhook(peer.port, certificate)]) as house:
        house.start()
        house.open()
        peer.wait(1)
        house.kill("garde-hub")
        house.wait_hub()
        peer.wait(2)
        house.wait_state("soc", "sent")
        assert len({headers["Idempotency-Key"] for _, headers, _ in peer.arrived}) == 1
    peer.close()


def test_redirects_and_private_addresses_are_refused(program, certificate):
    peer = Https(certificate, [302])
    closed = {**webhook(peer.port, certificate), "name": "closed", "private": "no"}
    with OutHouse(program, [webhook(peer.port, certificate), closed]) as house:
        house.start()
        house.open()
        house.wait_state("soc", "given-up")
        wait_until(lambda: house.of("closed").get("why"), seconds=20, what="a private address fails")
        assert "302" in house.of("soc")["why"]["en"]
        assert "private" in house.of("closed")["why"]["en"]
        assert len(peer.arrived) == 1
        house.garde("out", "retry", house.of("soc")["id"])
        peer.wait(2)
        house.wait_state("soc", "sent")
    peer.close()


def test_a_certificate_of_nobody_is_refused(program, certificate):
    peer = Https(certificate)
    target = webhook(peer.port, certificate)
    del target["tls"]
    with OutHouse(program, [target]) as house:
        house.start()
        house.garde("out", "test", "soc")
        wait_until(lambda: house.of("soc").get("why"), seconds=20, what="the certificate is refused")
        assert peer.arrived == []
    peer.close()


def test_syslog_over_tls_and_mail_in_both_languages(program, certificate):
    log, post = SyslogTls(certificate), Smtp()
    targets = [{"name": "siem", "kind": "syslog", "address": f"tls://127.0.0.1:{log.port}", "tls": {"ca": certificate["cert"]},
                "events": ["incident.opened", "obligation.due"], "tlp": "green"},
               {"name": "courrier", "kind": "mail", "address": f"smtp://127.0.0.1:{post.port}", "from": "garde@hopital.example",
                "to": ["soc@region.example"], "events": ["incident.opened"]}]
    try:
        with OutHouse(program, targets) as house:
            house.start()
            incident = house.open()
            wait_until(lambda: any("incident.opened" in one for one in log.arrived), seconds=20, what="the opening arrives")
            line = next(one for one in log.arrived if " incident.opened " in one)
            assert re.match(r"<\d+>1 \d{4}-\d\d-\d\dT[\d:.]+Z \S+ garde - incident\.opened \[garde@32473 id=\"out_", line)
            assert f'incident="{incident}"' in line and 'tlp="green"' in line and "\ufeffIncident ouvert : " in line
            envelope = post.wait(1)[0]
            message = email.message_from_bytes(envelope.content, policy=email.policy.default)
            assert envelope.rcpt_tos == ["soc@region.example"] and message["To"] == "soc@region.example"
            assert message["Subject"].startswith("[Garde] Incident ouvert : ")
            body = message.get_content()
            assert "Incident ouvert : " in body and "Incident opened: " in body and incident in body
            wait_until(lambda: all(item["state"] == "sent" for item in house.out()["items"]), seconds=20, what="all arrived")
    finally:
        log.close()
        post.close()


def test_secrets_that_others_could_read_are_refused(program, certificate):
    with OutHouse(program, [webhook(9, certificate)], secrets={"soc": {"token": "jeton"}}) as house:
        (house.folder / "out.secrets").chmod(0o644)
        house.launch()
        house.wait_hub()
        wait_until(lambda: "out.secrets" in house.said() and "0600" in house.said(), seconds=20, what="it says why")
        assert house.out()["connected"] is False
        assert "jeton" not in house.said()


def test_the_messenger_holds_no_privilege(program, certificate):
    with OutHouse(program, [webhook(9, certificate)]) as house:
        house.start()
        status = open(f"/proc/{house.pid('garde-respond')}/status", encoding="utf-8").read()
        assert re.search(rf"^Uid:\s+{RESPOND_USER}\s+{RESPOND_USER}\s+{RESPOND_USER}", status, re.MULTILINE)
        assert re.search(r"^CapEff:\s+0+$", status, re.MULTILINE)
        assert re.search(r"^Seccomp:\s+2$", status, re.MULTILINE)
        assert re.search(r"^NoNewPrivs:\s+1$", status, re.MULTILINE)


def test_a_stranger_is_not_the_messenger(program, certificate):
    with OutHouse(program, [webhook(9, certificate)]) as house:
        house.start()
        code = ("import socket,sys; s=socket.socket(socket.AF_UNIX); s.settimeout(10); s.connect(sys.argv[1]);"
                "s.sendall(b'{\"hello\":\"respond\"}\\n'); sys.stdout.write(s.recv(100).decode())")
        done = subprocess.run(["/usr/bin/python3", "-c", code, str(house.folder / "run/hub.sock")], user=65534, group=65534,
                              extra_groups=[], capture_output=True, text=True, check=False)
        assert "welcome" not in done.stdout


def test_exports_are_safe_in_a_spreadsheet(program, certificate, tmp_path):
    with OutHouse(program, [webhook(9, certificate)]) as house:
        house.start()
        with Sensor(house) as sensor:
            sensor.finding("begins", subject="=cmd|'x'!A1")
        assert house.command("export", "incidents", str(tmp_path / "incidents.csv")).returncode == 0
        text = (tmp_path / "incidents.csv").read_bytes().decode()
        assert text.startswith("id,kind,subject,") and text.endswith("\r\n")
        assert "\"'=cmd|'x'!A1\"" in text
        house.command("export", "incidents", str(tmp_path / "i.json"), "--format", "json")
        assert json.loads((tmp_path / "i.json").read_text())[0]["subject"] == "=cmd|'x'!A1"
        assert not list((house.folder / "state/hub").glob("export-*"))
