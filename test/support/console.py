# SPDX-License-Identifier: EUPL-1.2
"""Speaking HTTP with a hub: one Client is one person, one script or nobody.

    with House(program, edge=False) as house:
        house.write_config(console.CONFIG)
        house.start()
        director = console.set_up(house)          # the first account, made by the one-time link of the log
        nurse = console.member(director, "nurse", ["declarant"])
        nurse.ask("POST", "/incidents", {"kind": "outage"}).json["incident"]["id"]
"""
import datetime
import hashlib
import http.client
import json
import re
import ssl
import urllib.parse

from support.wait import wait_until

CONFIG = 'console: {listen: "127.0.0.1:0"}\n'
CONFIG_PLAIN = 'console: {listen: "127.0.0.1:0", tls: off}\n'
PASSWORD = "une phrase assez longue pour un essai"
WAIT_SECONDS = 30


class Answer:
    def __init__(self, response, body):
        self.status = response.status
        self.headers = response.headers
        self.body = body

    @property
    def json(self):
        return json.loads(self.body)

    def __repr__(self):
        return f"{self.status} {self.body[:300]!r}"


class Client:
    def __init__(self, place, source="127.0.0.1", token=None):
        """`place` is what the hub says in RUN/console.json; `source` the address asked from, any of 127/8."""
        self.place = place
        self.url = urllib.parse.urlsplit(place["url"])
        self.fingerprint = place["fingerprint"].replace(":", "").lower()
        self.source = source
        self.cookie = self.csrf = None
        self.token = token
        self.open_one = None

    def elsewhere(self, source):
        """The same person from another address."""
        other = Client(self.place, source, self.token)
        other.cookie, other.csrf = self.cookie, self.csrf
        return other

    def stranger(self, source=None):
        """Somebody else at the same hub."""
        return Client(self.place, source or self.source)

    def connect(self):
        if self.url.scheme == "http":
            connection = http.client.HTTPConnection(self.url.hostname, self.url.port, timeout=WAIT_SECONDS,
                                                    source_address=(self.source, 0))
            connection.connect()
            return connection
        context = ssl.create_default_context()
        context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
        connection = http.client.HTTPSConnection(self.url.hostname, self.url.port, timeout=WAIT_SECONDS, context=context,
                                                 source_address=(self.source, 0))
        connection.connect()
        seen = hashlib.sha256(connection.sock.getpeercert(binary_form=True)).hexdigest()
        assert seen == self.fingerprint, "the certificate is not the one the hub told of"
        return connection

    def headers(self, method, body, extra):
        headers = {}
        if body is not None:
            headers["Content-Type"] = "application/json"
        if self.cookie:
            headers["Cookie"] = self.cookie
            if method not in ("GET", "HEAD") and self.csrf:
                headers["X-Garde-CSRF"] = self.csrf
        if self.token:
            headers["Authorization"] = f"Bearer {self.token}"
        headers.update(extra or {})
        return {name: value for name, value in headers.items() if value is not None}

    def send(self, method, target, body=None, headers=None):
        """Any target; the connection is kept. `body` is bytes, or something for JSON. A header of None is left out."""
        data = body if body is None or isinstance(body, bytes) else json.dumps(body).encode()
        for attempt in (1, 2):
            if self.open_one is None:
                self.open_one = self.connect()
            try:
                self.open_one.request(method, target, data, self.headers(method, data, headers))
                response = self.open_one.getresponse()
                answer = Answer(response, response.read())
            except (http.client.RemoteDisconnected, ConnectionResetError, BrokenPipeError):
                self.close()
                if attempt == 2:
                    raise
                continue
            except BaseException:
                self.close()
                raise
            self.take_cookie(answer)
            return answer

    def ask(self, method, path, body=None, headers=None):
        """A path below /api/v1."""
        return self.send(method, "/api/v1" + path, body, headers)

    def get(self, path, **headers):
        answer = self.ask("GET", path, headers=headers)
        assert answer.status == 200, answer
        return answer.json

    def post(self, path, body=None):
        answer = self.ask("POST", path, body or {})
        assert answer.status in (200, 202), answer
        return answer.json

    def take_cookie(self, answer):
        for value in answer.headers.get_all("Set-Cookie") or []:
            pair = value.split(";")[0]
            self.cookie = pair if pair.split("=", 1)[1] else None

    def close(self):
        if self.open_one is not None:
            self.open_one.close()
            self.open_one = None

    def log_in(self, name, password=PASSWORD):
        answer = self.ask("POST", "/session", {"name": name, "password": password})
        assert answer.status == 200, answer
        self.csrf = answer.json["csrf"]
        return answer.json


def where(house):
    """What RUN/console.json says, once it is there."""
    path = house.folder / "run" / "console.json"
    wait_until(path.exists, seconds=WAIT_SECONDS, what="the console listens")
    return json.loads(path.read_text())


def set_up(house, name="directrice"):
    """The first account, by the link in the log."""
    client = Client(where(house))
    link = wait_until(lambda: re.search(r"setup#(\S+)", house.said()), seconds=WAIT_SECONDS, what="the first link")
    answer = client.ask("POST", "/setup", {"token": link.group(1), "name": name, "password": PASSWORD})
    assert answer.status == 200, answer
    client.csrf = answer.json["csrf"]
    return client


def member(director, name, roles):
    """Another account, logged in; its first password, which the director knows, is changed as it must be."""
    answer = director.ask("POST", "/accounts", {"name": name, "roles": roles, "language": "fr",
                                                "password": PASSWORD + " au début"})
    assert answer.status == 200, answer
    client = director.stranger()
    session = client.log_in(name, PASSWORD + " au début")
    if "password" in session["must"]:
        changed = client.ask("POST", "/accounts/me/password", {"old": PASSWORD + " au début", "password": PASSWORD})
        assert changed.status == 200, changed
        client.log_in(name)
    return client


def token(person, roles, name="script"):
    """A script's client, with a token of this person's."""
    answer = person.ask("POST", "/tokens", {"name": name, "roles": roles, "expires": in_days(30)})
    assert answer.status == 200, answer
    return Client(person.place, person.source, answer.json["secret"])


def in_days(days):
    moment = datetime.datetime.now(datetime.timezone.utc) + datetime.timedelta(days=days)
    return moment.strftime("%Y-%m-%dT%H:%M:%SZ")
