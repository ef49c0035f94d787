# SPDX-License-Identifier: EUPL-1.2
"""OpenID Connect stands in the proxy (docs/decisions/0018): who signs in at the provider is that account at the hub, and nobody else is.

    browser ── TLS ── Apache httpd, mod_auth_openidc ── HTTP on loopback ── garde-hub
       └────── TLS ── Glewlwyd (the provider) ── TLS ──┘
"""
import http.client
import os
import re

import pytest

from support import console
from support.certificates import Authority
from support.folders import open_folder
from support.house import House
from support.oidc import APACHE, Apache, Browser, Glewlwyd
from support.wait import wait_until

PASSWORDS = {"nadia": "phrase de nadia", "inconnue": "phrase d'une inconnue", "partie": "phrase de qui est partie"}
SECRET = "0123456789abcdef0123456789abcdef"
CONFIG = """\
console:
  listen: "127.0.0.1:0"
  tls: off
  proxy: {{addresses: [127.0.0.1], header: X-Remote-User, secret: {secret}}}
"""


class Place:
    def __init__(self, house, folder):
        self.house, self.authority = house, Authority(folder)
        self.director = console.set_up(house)
        self.nadia = console.member(self.director, "nadia", ["responder"])
        self.gone = console.member(self.director, "partie", ["responder"])
        self.provider = Glewlwyd(folder / "provider", self.authority.issue("provider", "DNS:localhost"), self.authority, PASSWORDS)
        self.apache = Apache(folder / "apache", self.authority.issue("apache", "DNS:localhost"), self.authority, self.provider,
                             self.director.place["url"], SECRET)

    def browser(self, name=None):
        """Of somebody who has signed in at the provider, or of nobody."""
        browser = Browser(self.authority)
        if name:
            browser.sign_in(self.apache, self.provider, name, PASSWORDS[name])
        return browser

    def url(self, path):
        return f"{self.apache.url}/api/v1{path}"


@pytest.fixture(scope="module")
def place(program):
    if os.geteuid() != 0:
        pytest.skip("needs root: daemons run as users of their own")
    with open_folder("oidc") as folder, House(program, edge=False) as house:
        secret = house.folder / "proxy.secret"
        secret.write_text(SECRET + "\n")
        secret.chmod(0o600)
        house.write_config(CONFIG.format(secret=secret))
        house.start()
        place = Place(house, folder)
        with place.provider:
            place.provider.configure(f"{place.apache.url}/oidc")
            with place.apache:
                yield place


def test_who_signs_in_at_the_provider_has_his_account(place):
    browser = Browser(place.authority)
    page = browser.sign_in(place.apache, place.provider, "nadia", PASSWORDS["nadia"])
    assert page.status == 200 and b"<html" in page.body, "the console's page"
    session = browser.get(place.url("/session")).json
    assert session["account"]["id"] == place.nadia.get("/session")["account"]["id"]
    assert (session["account"]["name"], session["roles"], session["must"]) == ("nadia", ["responder"], [])
    assert not [name for jar in browser.jars.values() for name in jar if "garde" in name], "the hub made no session of its own"
    assert browser.get(place.url("/status")).status == 200


def test_the_proxy_asks_for_pkce_and_comes_back_once(place):
    """What the browser is sent away with: a code, a challenge of S256, a state and a nonce; a code cannot be shown twice."""
    browser = Browser(place.authority)
    away = browser.get(place.apache.url + "/").headers["Location"]
    assert away.startswith(place.provider.issuer + "/auth?")
    for wanted in ("response_type=code", "client_id=garde", "code_challenge_method=S256", "code_challenge=", "state=", "nonce=", "scope=openid"):
        assert wanted in away
    thief = Browser(place.authority)
    forged = thief.get(f"{place.apache.url}/oidc?code=stolen&state=made-up")
    assert forged.status >= 400 and thief.get(place.url("/status")).status in (302, 401)


def test_a_write_is_signed_with_the_account(place):
    browser = place.browser("nadia")
    asked = {"kind": "outage", "title": {"fr": "Panne du mandataire", "en": "Outage of the proxy"}}
    assert browser.send("POST", place.url("/incidents"), asked).status == 403, "another site could have made it"
    foreign = {"X-Garde-CSRF": "proxy", "Origin": "https://evil.example"}
    assert browser.send("POST", place.url("/incidents"), asked, foreign).status == 403
    ours = {"X-Garde-CSRF": browser.get(place.url("/session")).json["csrf"], "Origin": place.apache.url, "Sec-Fetch-Site": "same-origin"}
    answer = browser.send("POST", place.url("/incidents"), asked, ours)
    assert answer.status == 200, answer
    incident = answer.json["incident"]["id"]
    timeline = place.director.get(f"/incidents/{incident}/timeline")
    assert "nadia" in str(timeline)


def test_changes_are_told_through_the_proxy(place):
    browser = place.browser("nadia")
    connection = http.client.HTTPSConnection(f"localhost:{place.apache.port}", context=browser.context, timeout=30)
    connection.request("GET", "/api/v1/events", headers={"Cookie": browser.cookies(f"localhost:{place.apache.port}")})
    response = connection.getresponse()
    assert response.status == 200 and response.headers["Content-Type"].startswith("text/event-stream")
    incident = place.nadia.post("/incidents", {"kind": "outage"})["incident"]["id"]
    line = ""
    while incident not in line:
        line = response.readline().decode()
        assert line, "the stream ended"
    connection.close()


def test_who_has_not_signed_in_does_not_reach_the_hub(place):
    browser = place.browser()
    assert browser.get(place.apache.url + "/").headers["Location"].startswith(place.provider.issuer)
    answer = browser.get(place.url("/status"), **{"X-Remote-User": "directrice", "X-Garde-Proxy": SECRET, "X-Requested-With": "XMLHttpRequest"})
    assert answer.status == 401 and b"garde" not in answer.body.lower()


def test_the_buttons_and_the_public_page_need_no_signing_in(place):
    browser = place.browser()
    for path in ("/aide", "/etat", "/api/v1/report", "/api/v1/public/status", "/api/v1/openapi.json"):
        answer = browser.get(place.apache.url + path, **{"X-Remote-User": "directrice"})
        assert answer.status == 200, (path, answer)
    for path in ("/api/v1/reports", "/api/v1/public/status/x", "/api/v1/status?/aide", "/aide/../api/v1/status", "/etat%2f..%2fapi/v1/status"):
        assert browser.get(place.apache.url + path, **{"X-Remote-User": "directrice"}).status in (302, 400, 401, 404), path


def test_nobody_names_another_through_the_proxy(place):
    """The proxy overwrites what a client says of itself."""
    browser = place.browser("nadia")
    for headers in ({"X-Remote-User": "directrice"}, {"x-remote-user": "directrice", "X-Garde-Proxy": "x"}, {"X_Remote_User": "directrice"}):
        assert browser.get(place.url("/session"), **headers).json["account"]["name"] == "nadia"
    assert browser.get(place.url("/accounts")).status == place.nadia.ask("GET", "/accounts").status


@pytest.mark.parametrize("headers", [
    {}, {"X-Garde-Proxy": ""}, {"X-Garde-Proxy": SECRET[:-1]}, {"X-Garde-Proxy": SECRET + "0"}, {"X-Garde-Proxy": SECRET.upper()},
])
def test_a_forged_header_straight_to_the_hub_is_refused(place, headers):
    """From the proxy's own address: whoever runs something on this machine can speak from there."""
    stranger = place.director.stranger()
    answer = stranger.ask("GET", "/status", headers={"X-Remote-User": "directrice", **headers})
    assert answer.status == 401
    answer = stranger.ask("POST", "/incidents", {"kind": "outage"}, headers={"X-Remote-User": "directrice", "X-Garde-CSRF": "proxy", **headers})
    assert answer.status == 401
    assert stranger.get("/session", **{"X-Remote-User": "directrice", **headers})["account"] is None


def test_it_is_the_secret_that_counts(place):
    """The same header with it, which root can read: else the tests above would pass for another reason."""
    stranger = place.director.stranger()
    by_proxy = {"X-Remote-User": "directrice", "X-Garde-Proxy": SECRET}
    assert stranger.ask("GET", "/status", headers=by_proxy).status == 200
    elsewhere = place.director.stranger("127.0.0.5")
    assert elsewhere.ask("GET", "/status", headers=by_proxy).status == 401, "the secret from another address"


def test_a_subject_without_an_account_is_nobody(place):
    browser = place.browser("inconnue")
    assert browser.get(place.url("/session")).json["account"] is None
    assert browser.get(place.url("/status")).status == 401


def test_an_account_that_is_disabled_is_nobody(place):
    browser = place.browser("partie")
    assert browser.get(place.url("/status")).status == 200
    account = place.gone.get("/session")["account"]["id"]
    changed = place.director.ask("PUT", f"/accounts/{account}", {"enabled": False})
    assert changed.status == 200, changed
    assert browser.get(place.url("/status")).status == 401


def test_signing_out_at_the_proxy(place):
    browser = place.browser("nadia")
    assert browser.get(place.url("/status")).status == 200
    out = browser.get(f"{place.apache.url}/oidc?logout={place.apache.url.replace(':', '%3A').replace('/', '%2F')}%2F")
    assert out.status == 302, out
    assert browser.get(place.url("/status")).status in (302, 401)


def test_the_hub_called_nobody(place):
    """The provider was asked by the proxy alone: the hub's process has no connection but those it accepted."""
    pid = place.house.pid("garde-hub")
    text = open(f"/proc/{pid}/net/tcp", encoding="ascii").read()
    inodes = {os.readlink(f"/proc/{pid}/fd/{name}") for name in os.listdir(f"/proc/{pid}/fd") if os.path.islink(f"/proc/{pid}/fd/{name}")}
    port = place.director.url.port
    for line in text.splitlines()[1:]:
        fields = line.split()
        if f"socket:[{fields[9]}]" in inodes:
            assert int(fields[1].split(":")[1], 16) == port, line


@pytest.mark.parametrize("manual", ["en", "fr"])
def test_the_recipe_of_the_manual_is_what_is_tried_here(source, manual):
    """The same directives, and the same words where they are no names of this test's."""
    text = (source / "docs/manual" / manual / "README.md").read_text(encoding="utf-8")
    recipe = re.search(r"```apache\n(.*?)```", text, re.DOTALL).group(1)

    def directives(lines):
        found = [line.strip().split(None, 1) for line in lines.splitlines() if line.strip() and not re.match(r"\s*(</?Virtual|\{)", line)]
        return [(words[0], words[1] if len(words) > 1 else "") for words in found]

    def steady(rows):
        """Without what differs from house to house."""
        own = ("SSLCert", "OIDCProvider", "OIDCClientSecret", "OIDCRedirectURI", "OIDCCrypto", "ServerName")
        return [(name, "" if name.startswith(own) or value.startswith(("set X-Garde-Proxy ", "/ http", "/ {")) else value) for name, value in rows]

    tried = APACHE[APACHE.index("SSLEngine"):].replace("{{", "{").replace("}}", "}")
    here = {"OIDCCABundlePath"}  # the provider's certificate is signed by the system's authorities in a house
    assert [row for row in steady(directives(recipe)) if row[0] != "ServerName"] == [
        row for row in steady(directives(tried)) if row[0] not in here]


@pytest.mark.parametrize("text, mode", [("short\n", 0o600), (SECRET + "\n", 0o644)])
def test_a_secret_that_is_none_keeps_the_hub_from_starting(program, text, mode):
    with House(program, edge=False) as house:
        secret = house.folder / "proxy.secret"
        secret.write_text(text)
        secret.chmod(mode)
        house.write_config(CONFIG.format(secret=secret))
        house.launch()
        wait_until(lambda: re.search(r"garde-hub\[\d+\] error: .*proxy\.secret", house.said()), seconds=20, what="it says why")
        assert text.strip() not in house.said()
