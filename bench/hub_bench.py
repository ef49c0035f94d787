#!/usr/bin/python3
# SPDX-License-Identifier: EUPL-1.2
"""The hub under load, as a real process with its sandbox, its journal on disk and its socket.

hub.rss_mb          resident memory with 10,000 open incidents, each opened by a finding of its own kind.
hub.findings_per_s  then a storm: 20,000 findings on a hundred services, each answered when it is on disk.
hub.api_p99_ms      500 requests a second for 20 s, from a schedule that does not wait for answers, as mixture() has
                    them. Peer: nginx giving a file as long as the median answer, asked by the same client at the same
                    rate, so that what the client itself and the machine cost can be seen.
"""
import asyncio
import json
import os
import pathlib
import random
import shutil
import socket
import subprocess
import sys
import tempfile
import time

SOURCE = pathlib.Path(__file__).resolve().parent.parent
sys.path.insert(0, str(SOURCE / "test"))
from support import console  # noqa: E402
from support.house import House, Sensor, make_id  # noqa: E402
from support.wait import wait_until  # noqa: E402

INCIDENTS, STORM, SERVICES = 10_000, 20_000, 100
RATE, SECONDS, CONNECTIONS = 500, 20, 32
WINDOW = 256  # findings on the way at once
BUILD = pathlib.Path(os.environ.get("GARDE_BUILD", SOURCE / "build"))


def row(name, value, unit, better, peer=None, peer_value=None, runs=1):
    ratio = None if not peer_value else round(value / peer_value, 3)
    print(json.dumps({"name": name, "value": value, "unit": unit, "better": better, "peer": peer, "peer_value": peer_value,
                      "ratio": ratio, "runs": runs}), flush=True)


# ---- findings ----

def finding_line(number, kind, subject, phase):
    seen = time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime())
    return json.dumps({"type": "finding", "id": number, "finding": {
        "id": make_id("f"), "seen": seen, "sensor": "edge", "kind": kind, "subject": subject, "phase": phase,
        "confidence": 0.98, "why": {"fr": "Inondation imaginée pour une mesure.", "en": "A flood made up for a measurement."},
        "evidence": {"peak_pps": 20000, "sources": 4000}}}).encode() + b"\n"


def matters():
    """One finding each: nothing joins, so each opens an incident."""
    return [finding_line(number, f"made-up-{number}", "portail", "begins") for number in range(1, INCIDENTS + 1)]


def storm():
    """One flood over many services, told again and again."""
    return [finding_line(number, "flood", f"service-{number % SERVICES}", "begins" if number <= SERVICES else "continues")
            for number in range(1, STORM + 1)]


def load(house, lines):
    """Findings a second, and the incidents they are in."""
    with Sensor(house) as sensor:
        incidents, sent = {}, 0
        began = time.monotonic()
        while len(incidents) < len(lines):
            if sent < len(lines) and sent - len(incidents) < WINDOW:
                chunk = lines[sent:sent + WINDOW // 2]
                sensor.socket.sendall(b"".join(chunk))
                sent += len(chunk)
            answer = sensor.read()
            if "incident" in answer:
                incidents[answer["id"]] = answer["incident"]
            elif "error" in answer:
                raise SystemExit(f"a finding was refused: {answer}")
        return len(lines) / (time.monotonic() - began), sorted(set(incidents.values()))


def resident_mb(house):
    for line in pathlib.Path(f"/proc/{house.pid('garde-hub')}/status").read_text().splitlines():
        if line.startswith("VmRSS:"):
            return int(line.split()[1]) / 1024
    raise SystemExit("no VmRSS")


# ---- requests ----

async def one_request(stream, text):
    """Bytes of the body of a 200; the connection stays."""
    reader, writer = stream
    writer.write(text)
    head = await reader.readuntil(b"\r\n\r\n")
    status = int(head[9:12])
    length = next(int(line.split(b":")[1]) for line in head.split(b"\r\n") if line.lower().startswith(b"content-length:"))
    await reader.readexactly(length)
    if status != 200:
        raise SystemExit(f"{text[:120]!r} was answered with {status}")
    return length


async def drive(port, requests):
    """Latencies in ms from when each request was due, and the lengths of the answers."""
    streams = [await asyncio.open_connection("127.0.0.1", port) for _ in range(CONNECTIONS)]
    free = asyncio.Queue()
    for stream in streams:
        free.put_nowait(stream)
    took, lengths, tasks = [], [], []
    began = time.monotonic() + 0.1

    async def ask(due, text):
        stream = await free.get()
        lengths.append(await one_request(stream, text))
        took.append(1000 * (time.monotonic() - due))
        free.put_nowait(stream)

    for number, text in enumerate(requests):
        due = began + number / RATE
        await asyncio.sleep(max(0, due - time.monotonic()))
        tasks.append(asyncio.create_task(ask(due, text)))
    await asyncio.gather(*tasks)
    for _, writer in streams:
        writer.close()
    return took, lengths


def percentile(values, share):
    return sorted(values)[int(share * (len(values) - 1))]


def request_text(method, target, token, body=None):
    data = b"" if body is None else json.dumps(body).encode()
    head = f"{method} {target} HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer {token}\r\n"
    if body is not None:
        head += f"Content-Type: application/json\r\nContent-Length: {len(data)}\r\n"
    return head.encode() + b"\r\n" + data


def mixture(token, incidents, fact):
    """What fifty consoles ask: an incident that changed, its duties, the measures; now and then a list or the whole state; one in
    twenty writes, and waits for the disk. An incident whole is 16 kB, a list of five 80, the state 260."""
    choose = random.Random(22032020)
    for _ in range(RATE * SECONDS):
        incident, kind = choose.choice(incidents), choose.random()
        if kind < 0.05:
            yield request_text("POST", f"/api/v1/incidents/{incident}/facts", token, {"name": fact, "value": "oui"})
        elif kind < 0.50:
            yield request_text("GET", f"/api/v1/incidents/{incident}", token)
        elif kind < 0.70:
            yield request_text("GET", f"/api/v1/obligations?incident={incident}", token)
        elif kind < 0.95:
            yield request_text("GET", "/api/v1/measures", token)
        elif kind < 0.98:
            yield request_text("GET", f"/api/v1/incidents?limit=5&after={incident}", token)
        else:
            yield request_text("GET", "/api/v1/status", token)


# ---- the peer ----

NGINX = """\
worker_processes 1; daemon off; pid {folder}/pid; error_log stderr crit;
events {{ worker_connections 256; }}
http {{ access_log off; keepalive_requests 100000; client_body_temp_path {folder}/b; proxy_temp_path {folder}/p;
 fastcgi_temp_path {folder}/f; uwsgi_temp_path {folder}/u; scgi_temp_path {folder}/s;
 server {{ listen 127.0.0.1:{port}; root {folder}; }} }}
"""


def free_port():
    with socket.create_server(("127.0.0.1", 0)) as held:
        return held.getsockname()[1]


def nginx_p99(length):
    nginx = shutil.which("nginx") or "/usr/sbin/nginx"
    if not os.path.exists(nginx):
        return None
    folder, port = tempfile.mkdtemp(prefix="garde-nginx-"), free_port()
    os.chmod(folder, 0o755)
    pathlib.Path(folder, "file").write_bytes(b"x" * length)
    pathlib.Path(folder, "conf").write_text(NGINX.format(folder=folder, port=port))
    server = subprocess.Popen([nginx, "-c", f"{folder}/conf", "-p", folder], stderr=subprocess.DEVNULL)
    try:
        def answers():
            with socket.socket() as probe:
                return probe.connect_ex(("127.0.0.1", port)) == 0
        wait_until(answers, seconds=10, what="nginx listens")
        took, _ = asyncio.run(drive(port, [request_text("GET", "/file", "x")] * (RATE * SECONDS)))
        return round(percentile(took, 0.99), 2)
    finally:
        server.terminate()
        server.wait(timeout=20)
        shutil.rmtree(folder, ignore_errors=True)


def main():
    with House(lambda name: str(BUILD / "bin" / name), edge=False) as house:
        house.write_config(console.CONFIG_PLAIN)
        house.start()
        director = console.set_up(house)
        token = console.token(director, ["director"]).token
        fact = next(one["name"] for one in director.get("/facts")["facts"] if one["type"] == "boolean")
        opened_per_second, incidents = load(house, matters())
        row("hub.rss_mb", round(resident_mb(house), 1), "MB", "less")
        per_second, stormy = load(house, storm())
        row("hub.findings_per_s", round(per_second), "findings/s", "more")
        print(f"{len(incidents)} incidents opened at {opened_per_second:.0f}/s; the storm is in {len(stormy)}", file=sys.stderr)
        took, lengths = asyncio.run(drive(director.url.port, mixture(token, incidents, fact)))
        print(f"median {percentile(took, 0.5):.2f} ms, p99 {percentile(took, 0.99):.2f} ms, most {max(took):.1f} ms; "
              f"answers of {percentile(lengths, 0.5)} bytes; then {resident_mb(house):.1f} MB", file=sys.stderr)
        row("hub.api_p99_ms", round(percentile(took, 0.99), 2), "ms", "less", "nginx, a file of the same length",
            nginx_p99(int(percentile(lengths, 0.5))))


if __name__ == "__main__":
    main()
