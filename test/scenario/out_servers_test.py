# SPDX-License-Identifier: EUPL-1.2
"""What leaves the house, to servers as others run them: Postfix with Dovecot's passwords, rsyslog; all on loopback.

    garde-hub ── hub.sock ── garde-respond ──┬─ SMTP, STARTTLS, AUTH ── Postfix ── Dovecot's auth
                                             └─ RFC 5425 ────────────── rsyslog
"""
import pytest

from support.certificates import Authority
from support.folders import open_folder
from support.messenger import RESPOND_USER, OutHouse
from support.servers import Postfix, Rsyslog
from support.wait import wait_until

PASSWORD = "mot de passe du courriel"
SECRETS = {"courrier": {"user": "garde", "password": PASSWORD}}


@pytest.fixture
def place():
    """A folder that the servers' and garde-respond's users may enter."""
    with open_folder("servers") as folder:
        yield folder


@pytest.fixture
def authority(place):
    return Authority(place)


def mail(post, authority, **more):
    return {"name": "courrier", "kind": "mail", "address": f"smtp://127.0.0.1:{post.port}", "tls": {"ca": str(authority.certificate)},
            "from": "garde@hopital.example", "to": ["soc@region.example"], "events": ["incident.opened"], **more}


def syslog(log, authority, **more):
    return {"name": "siem", "kind": "syslog", "address": f"tls://127.0.0.1:{log.port}",
            "tls": {"ca": str(authority.certificate), **more.pop("tls", {})}, "events": ["incident.opened"], **more}


def why(house, target, words):
    """Waits until it is said that the target fails, with these words, in both languages."""
    wait_until(lambda: house.of(target).get("why"), seconds=30, what=f"{target} fails")
    told = house.of(target)["why"]
    assert words in told["en"] and told["fr"] != told["en"], told
    return told


# ---- mail ----

def test_mail_arrives_by_starttls_with_a_password(program, place, authority):
    with Postfix(place / "postfix", authority.issue("mail", "IP:127.0.0.1"), {"garde": PASSWORD}) as post, \
            OutHouse(program, [mail(post, authority)], secrets=SECRETS) as house:
        house.start()
        incident = house.open()
        house.wait_state("courrier", "sent")
        wait_until(post.messages, seconds=20, what="the message is in the mailbox")
        message = post.messages()[0]
        assert message["To"] == "soc@region.example" and message["Return-Path"] == "<garde@hopital.example>"
        assert message["Subject"].startswith("[Garde] Incident ouvert : ") and message["Auto-Submitted"] == "auto-generated"
        assert " with ESMTPSA " in message["Received"]
        body = message.get_content()
        assert "Incident ouvert : " in body and "Incident opened: " in body and incident in body
        assert "sasl_username=garde" in post.said() and "TLS connection established" in post.said()
        assert PASSWORD not in house.said()


def test_mail_waits_for_a_server_that_is_down(program, place, authority):
    post = Postfix(place / "postfix", authority.issue("mail", "IP:127.0.0.1"), {"garde": PASSWORD})
    with OutHouse(program, [mail(post, authority)], secrets=SECRETS) as house:
        house.start()
        house.open()
        why(house, "courrier", "does not answer")
        with post:
            house.wait_state("courrier", "sent")
            wait_until(post.messages, seconds=20, what="the message is in the mailbox")
            assert len(post.messages()) == 1
        assert house.of("courrier")["attempts"] >= 2


@pytest.mark.parametrize("case", ["of nobody", "of another name"])
def test_a_mail_server_with_a_wrong_certificate_gets_nothing(program, place, authority, case):
    """Signed by somebody we were not told of; or by whom we trust, for another server."""
    other = Authority(place, "other")
    certificate = other.issue("mail", "IP:127.0.0.1") if case == "of nobody" else authority.issue("mail", "IP:192.0.2.1", "DNS:mail.example")
    with Postfix(place / "postfix", certificate, {"garde": PASSWORD}) as post, \
            OutHouse(program, [mail(post, authority)], secrets=SECRETS) as house:
        house.start()
        house.open()
        why(house, "courrier", "certificate is not trusted, or not of this name")
        assert "sasl_username" not in post.said() and post.messages() == []
        assert house.of("courrier")["state"] == "waiting"


def test_a_mail_server_without_starttls_gets_neither_password_nor_news(program, place, authority):
    """Somebody on the way can take the word STARTTLS out of the greeting."""
    with Postfix(place / "postfix", authority.issue("mail", "IP:127.0.0.1"), {"garde": PASSWORD}, smtpd_tls_security_level="none",
                 smtpd_tls_auth_only="no") as post, OutHouse(program, [mail(post, authority)], secrets=SECRETS) as house:
        house.start()
        house.open()
        why(house, "courrier", "does not offer TLS")
        assert "sasl_username" not in post.said() and post.messages() == []


def test_a_wrong_password_is_said_and_the_right_one_delivers(program, place, authority):
    with Postfix(place / "postfix", authority.issue("mail", "IP:127.0.0.1"), {"garde": PASSWORD}) as post, \
            OutHouse(program, [mail(post, authority)], secrets={"courrier": {"user": "garde", "password": "faux"}}) as house:
        house.start()
        house.open()
        told = why(house, "courrier", "refuses the name or the password")
        assert "faux" not in told["en"] + told["fr"] and "SASL" in post.said()
        house.stop()
        house.secrets = SECRETS
        house.write_config()
        house.start()
        house.wait_state("courrier", "sent")
        wait_until(post.messages, seconds=20, what="the message is in the mailbox")


def test_a_mailbox_that_is_not_there_is_given_up(program, place, authority):
    with Postfix(place / "postfix", authority.issue("mail", "IP:127.0.0.1"), {"garde": PASSWORD}) as post, \
            OutHouse(program, [mail(post, authority, to=["personne@region.example"])], secrets=SECRETS) as house:
        house.start()
        house.open()
        house.wait_state("courrier", "given-up")
        assert "550" in house.of("courrier")["why"]["en"] and house.of("courrier")["attempts"] == 1


# ---- syslog ----

def test_syslog_arrives_as_rsyslog_understands_it(program, place, authority):
    """And only with our own certificate, where the receiver asks for one."""
    ours = authority.issue("garde", "DNS:garde.hopital.example", owner=RESPOND_USER)
    with Rsyslog(place / "rsyslog", authority.issue("log", "IP:127.0.0.1"), authority, peer="garde.hopital.example") as log:
        tls = {"certificate": str(ours.certificate), "key": str(ours.key)}
        with OutHouse(program, [syslog(log, authority, tls=tls, tlp="green")]) as house:
            house.start()
            incident = house.open()
            house.wait_state("siem", "sent")
            wait_until(log.lines, seconds=20, what="rsyslog has it")
            line = log.lines()[0]
            assert (line["facility"], line["app"], line["msgid"]) == ("audit", "garde", "incident.opened")
            assert f'incident="{incident}"' in line["data"] and 'tlp="green"' in line["data"]
            assert "Incident ouvert : " in line["text"]


def test_syslog_waits_for_a_receiver_that_is_down(program, place, authority):
    log = Rsyslog(place / "rsyslog", authority.issue("log", "IP:127.0.0.1"), authority)
    with OutHouse(program, [syslog(log, authority)]) as house:
        house.start()
        house.open()
        why(house, "siem", "does not answer")
        with log:
            house.wait_state("siem", "sent")
            wait_until(log.lines, seconds=20, what="rsyslog has it")
            assert len(log.lines()) == 1


def test_a_syslog_receiver_with_a_wrong_certificate_gets_nothing(program, place, authority):
    with Rsyslog(place / "rsyslog", Authority(place, "other").issue("log", "IP:127.0.0.1"), authority) as log, \
            OutHouse(program, [syslog(log, authority)]) as house:
        house.start()
        house.open()
        why(house, "siem", "certificate is not trusted, or not of this name")
        assert log.lines() == []


def test_a_syslog_receiver_that_refuses_us_has_not_got_it(program, place, authority):
    """With TLS 1.3 it says so only after we sent: what it never read does not count as sent."""
    with Rsyslog(place / "rsyslog", authority.issue("log", "IP:127.0.0.1"), authority, peer="garde.hopital.example") as log, \
            OutHouse(program, [syslog(log, authority)]) as house:
        house.start()
        house.open()
        why(house, "siem", "TLS")
        assert log.lines() == [] and house.of("siem")["state"] == "waiting"
