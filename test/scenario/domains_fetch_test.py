# SPDX-License-Identifier: EUPL-1.2
"""Lists over HTTPS from a real nginx: asked for only if they changed, bounded, verified, with secrets; MISP feeds, TAXII, RPZ and its hook."""
import gzip
import json
import os
import shutil
import subprocess

import pytest

from support.certificates import Authority
from support.folders import open_folder
from support.servers import Server

NGINX = """\
daemon off; user root; worker_processes 1; pid {folder}/pid; error_log {folder}/error.log; events {{}}
http {{
  log_format asked "$request_uri $status"; access_log {folder}/access.log asked;
  client_body_temp_path {folder}/t1; proxy_temp_path {folder}/t2; fastcgi_temp_path {folder}/t3; uwsgi_temp_path {folder}/t4; scgi_temp_path {folder}/t5;
  server {{
    listen 127.0.0.1:{port} ssl; ssl_certificate {certificate}; ssl_certificate_key {key}; root {folder}/www;
    location /packed {{ gzip_static always; gunzip off; }}
    location /moved {{ return 302 https://127.0.0.1:{port}/list; }}
    location /open {{ return 302 http://127.0.0.1:1/list; }}
    location /round {{ return 302 https://127.0.0.1:{port}/round; }}
    location /kept {{ if ($http_authorization != "Bearer jeton") {{ return 401; }} }}
    location /keyed {{ if ($http_authorization != "cle") {{ return 403; }} }}
    location /slow {{ limit_rate 10; }}
    location = /taxii/objects/ {{
      if ($http_accept != "application/taxii+json;version=2.1") {{ return 406; }}
      if ($arg_next = "p-2") {{ rewrite ^ /taxii-2.json last; }}
      rewrite ^ /taxii-1.json last;
    }}
  }}
}}
"""


class Nginx(Server):
    def __init__(self, folder, issued):
        super().__init__(folder)
        self.www = self.folder / "www"
        self.www.mkdir()
        (self.folder / "nginx.conf").write_text(NGINX.format(folder=self.folder, port=self.port, certificate=issued.certificate, key=issued.key))

    def command(self):
        return ["/usr/sbin/nginx", "-p", self.folder, "-c", self.folder / "nginx.conf"]

    def asked(self):
        return [line.split()[:2] for line in (self.folder / "access.log").read_text().splitlines()]


class Bench:
    def __init__(self, program, folder, server, ca):
        self.program, self.folder, self.server, self.ca = program, folder, server, ca
        self.config = folder / "garde.yaml"

    def configure(self, path, more="", extra=""):
        self.config.write_text(f"""\
structure: {{name: Essai, kind: etablissement}}
users: {{edge: root, hub: root, domains: root}}
state: {self.folder}/state
run: {self.folder}/run
domains:
  own: [chu-exemple.fr]
  lists:
    - {{name: cert, address: "https://127.0.0.1:{self.server.port}{path}", trust: block{more}}}
{extra}""", encoding="utf-8")
        if "ca:" not in more:
            self.config.write_text(self.config.read_text().replace("trust: block", f"trust: block, ca: {self.ca}"))

    def garde(self, *words, code=0):
        done = subprocess.run([self.program("garde"), "-c", self.config, "--lang=en", "domains", *words], capture_output=True, text=True,
                              timeout=60, check=False, env={**os.environ, "LC_ALL": "C"})
        assert done.returncode == code, (done.returncode, done.stdout, done.stderr)
        return done

    def compile(self, code=0):
        return self.garde("compile", "--now", code=code)

    def state(self):
        return json.loads(self.garde("status", "--json").stdout)["lists"][0]

    def blocks(self, name):
        return json.loads(self.garde("why", "--json", name).stdout)["verdict"] == "block"

    def refused(self, path, sentence, more=""):
        """Nothing new comes of it, what stood stands, and it is said."""
        self.configure(path, more)
        assert sentence in self.compile(code=1).stderr
        assert sentence in self.state()["error"]["en"]
        assert self.blocks("mal.example.com")


@pytest.fixture(scope="module")
def authority(tmp_path_factory):
    return Authority(tmp_path_factory.mktemp("authority"))


@pytest.fixture
def bench(program, tmp_path, authority):
    """In a folder that any user may enter, as real ones are."""
    if os.geteuid() != 0:
        pytest.skip("needs root: lists are taken in by a user of their own")
    with open_folder("fetch") as folder, Nginx(tmp_path / "nginx", authority.issue("lists", "IP:127.0.0.1")) as server:
        (server.www / "list").write_text("mal.example.com\n")
        one = Bench(program, folder, server, shutil.copy(authority.certificate, folder))
        one.configure("/list")
        one.compile()
        yield one


def test_a_list_is_asked_for_only_if_it_changed(bench):
    assert bench.blocks("mal.example.com") and bench.state()["etag"]
    bench.compile()
    assert bench.server.asked() == [["/list", "200"], ["/list", "304"]]
    (bench.server.www / "list").write_text("mal.example.com\npire.example.com\n")
    bench.compile()
    assert bench.server.asked()[2] == ["/list", "200"] and bench.blocks("pire.example.com")


def test_what_is_not_due_is_not_asked_for(bench):
    bench.garde("compile")
    bench.garde("compile", "--offline")
    assert len(bench.server.asked()) == 1
    done = bench.garde("compile", "--offline", "--format", "plain", code=2)
    assert "go with files" in done.stderr


def test_bounds_and_doors(bench):
    (bench.server.www / "big").write_text("mal.example.com\n" + "# long\n" * 200_000)
    bench.refused("/big", "larger than is allowed (megabytes_max)", ", megabytes_max: 1")
    (bench.server.www / "packed.gz").write_bytes(gzip.compress(b"# long\n" * 2_000_000))
    bench.refused("/packed", "larger than is allowed (megabytes_max)", ", megabytes_max: 1")
    (bench.server.www / "slow").write_text("mal.example.com\n" * 1000)
    bench.refused("/slow", "too slow: given up (seconds_max)", ", seconds_max: 1")
    bench.refused("/nothing", "it is not at this address any more")
    bench.refused("/kept", "its host wants another secret (secret)")
    bench.refused("/open", "redirected to an address without encryption")
    bench.refused("/round", "redirected without end")
    bench.refused("/list", "is not trusted, or not of this name", ", ca: /etc/ssl/certs/ca-certificates.crt")
    bench.configure("/moved")
    bench.compile()
    assert bench.state()["error"] is None


def test_what_is_no_list_is_refused(bench):
    (bench.server.www / "list").write_text("<!DOCTYPE html><html><body>Maintenance</body></html>\n")
    assert bench.compile(code=1).stderr
    assert bench.blocks("mal.example.com") and bench.state()["error"]


def test_secrets_open_doors_and_go_to_nobody_else(bench):
    secret = bench.folder / "secret"
    secret.write_text("bearer jeton\n")
    secret.chmod(0o644)
    bench.refused("/kept", "secret", f", secret: {secret}")
    secret.chmod(0o600)
    (bench.server.www / "kept").write_text("garde.example.com\n")
    bench.configure("/kept", f", secret: {secret}")
    bench.compile()
    assert bench.blocks("garde.example.com")
    secret.write_text("key cle\n")
    (bench.server.www / "keyed").write_text("cle.example.com\n")
    bench.configure("/keyed", f", secret: {secret}")
    bench.compile()
    assert bench.blocks("cle.example.com")
    bench.configure("/moved", f", secret: {secret}")
    assert "HTTP answer 302" in bench.compile(code=1).stderr, "a secret is meant for one address"
    secret.write_text("mot de passe\n")
    assert 'expected "bearer TOKEN"' in bench.compile(code=1).stderr


def event(uuid, value):
    return json.dumps({"Event": {"uuid": uuid, "info": "x", "Attribute": [
        {"type": "domain", "category": "Network activity", "to_ids": True, "value": value}]}})


def test_a_misp_feed_comes_in_pieces(bench):
    uuids = ["5e7b7a3c-0000-4000-8000-000000000001", "5e7b7a3c-0000-4000-8000-000000000002"]
    feed = bench.server.www / "feed"
    feed.mkdir()
    for number, uuid in enumerate(uuids):
        (feed / f"{uuid}.json").write_text(event(uuid, f"n{number}.example.net"))
    (feed / "manifest.json").write_text(json.dumps({uuid: {"timestamp": "1584871200"} for uuid in uuids}))
    bench.configure("/feed/", ", format: misp-feed")
    bench.compile()
    assert bench.blocks("n0.example.net") and bench.blocks("n1.example.net")
    (feed / "manifest.json").write_text(json.dumps({"../../etc/passwd": {}}))
    assert "not the JSON that was expected" in bench.compile(code=1).stderr
    assert bench.blocks("n0.example.net")


def envelope(value, **more):
    return json.dumps({**more, "objects": [{
        "type": "indicator", "spec_version": "2.1", "id": "indicator--00000000-0000-4000-8000-000000000001", "created": "2020-03-22T00:00:00Z",
        "modified": "2020-03-22T00:00:00Z", "valid_from": "2020-03-22T00:00:00Z", "pattern_type": "stix",
        "pattern": f"[domain-name:value = '{value}']"}]})


def test_a_taxii_collection_comes_in_pages(bench):
    (bench.server.www / "taxii-1.json").write_text(envelope("un.example.net", more=True, next="p-2"))
    (bench.server.www / "taxii-2.json").write_text(envelope("deux.example.net"))
    bench.configure("/taxii", ", format: taxii")
    bench.compile()
    assert bench.blocks("un.example.net") and bench.blocks("deux.example.net")
    (bench.server.www / "taxii-1.json").write_text(envelope("trois.example.net", more=True, next="?&#/"))
    assert "not the JSON that was expected" in bench.compile(code=1).stderr
    assert bench.blocks("un.example.net") and not bench.blocks("trois.example.net")


def test_the_zone_is_written_and_the_hook_run(bench):
    zone, mark, hook = bench.folder / "garde.rpz", bench.folder / "mark", bench.folder / "hook"
    hook.write_text(f"#!/bin/sh\ncp {zone} {mark}\n")
    hook.chmod(0o755)
    bench.configure("/list", extra=f"  rpz: {{file: {zone}, hook: {hook}}}\n")
    bench.compile()
    assert "mal.example.com CNAME .\n" in zone.read_text() and mark.read_text() == zone.read_text()
    hook.write_text("#!/bin/sh\nexit 3\n")
    assert "may still have the old zone" in bench.compile(code=1).stderr
    hook.unlink()
    assert "domains.rpz.hook: " in bench.compile(code=1).stderr


def test_lists_are_read_by_a_user_of_their_own(bench):
    """What a list's reader may touch is its own; the folder is that user's alone."""
    shutil.rmtree(bench.folder / "state")
    bench.config.write_text(bench.config.read_text().replace("domains: root", "domains: nobody"))
    bench.compile()
    folder = bench.folder / "state" / "domains"
    assert folder.stat().st_mode & 0o777 == 0o700 and (folder / "names.set").owner() == "nobody"
    bench.config.write_text(bench.config.read_text().replace("domains: nobody", "domains: no-such-user"))
    assert "no-such-user" in bench.compile(code=1).stderr
