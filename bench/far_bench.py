#!/usr/bin/python3
# SPDX-License-Identifier: EUPL-1.2
"""What compressing answers costs the hub and gives the line: hub_bench's mixture, asked as from another machine.

hub.far_p99_ms    500 requests a second by clients that take gzip and come through a proxy, so that they count as far.
hub.far_cpu_us    CPU time of the hub for each of them.
hub.far_bytes     of an answer's body, on average.

Peer of each: the same requests to the same hub by clients here, which get their answers plain. Both in turn.
"""
import asyncio
import itertools
import os
import pathlib
import statistics

from hub_bench import BUILD, RATE, drive, load, matters, mixture, percentile, row
from support import console
from support.house import House

SECONDS, RUNS, INCIDENTS = 10, 3, 1000
CONFIG = 'console: {listen: "127.0.0.1:0", tls: off, proxy: {addresses: ["127.0.0.1"]}}\n'
FAR = b"\r\nAccept-Encoding: gzip\r\nX-Forwarded-For: 192.0.2.7\r\n\r\n"
NEAR = b"\r\nAccept-Encoding: gzip\r\nX-Forwarded-For: 127.0.0.2\r\n\r\n"


def cpu_seconds(house):
    fields = pathlib.Path(f"/proc/{house.pid('garde-hub')}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def measure(house, port, requests, heads):
    """p99 in ms, CPU µs and bytes a request."""
    texts = [text.replace(b"\r\n\r\n", heads, 1) for text in requests]
    before = cpu_seconds(house)
    took, lengths = asyncio.run(drive(port, texts))
    return percentile(took, 0.99), 1e6 * (cpu_seconds(house) - before) / len(texts), statistics.mean(lengths)


def main():
    with House(lambda name: str(BUILD / "bin" / name), edge=False) as house:
        house.write_config(CONFIG)
        house.start()
        director = console.set_up(house)
        token = console.token(director, ["director"]).token
        fact = next(one["name"] for one in director.get("/facts")["facts"] if one["type"] == "boolean")
        _, incidents = load(house, matters()[:INCIDENTS])
        requests = list(itertools.islice(mixture(token, incidents, fact), RATE * SECONDS))
        rounds = [[measure(house, director.url.port, requests, heads) for heads in (FAR, NEAR)] for _ in range(RUNS)]
    for place, (name, unit, digits) in enumerate((("hub.far_p99_ms", "ms", 2), ("hub.far_cpu_us", "us", 0), ("hub.far_bytes", "B", 0))):
        far, near = (statistics.median(one[way][place] for one in rounds) for way in (0, 1))
        row(name, round(far, digits), unit, "less", "the same, not compressed", round(near, digits), RUNS)


if __name__ == "__main__":
    main()
