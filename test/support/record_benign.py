#!/usr/bin/python3
# SPDX-License-Identifier: EUPL-1.2
"""Records ordinary traffic of a small hospital server, both ways, for replay tests.

    visitors (any address) -- out0 | in0 -- server (203.0.113.10, 2001:db8:d::10)

What is real: two kernels' TCP and UDP, nginx over HTTP and HTTPS, curl, dnsmasq. What is made: who calls and how often,
the session on port 22 (keystrokes and answers, no SSH inside) and the tunnel on UDP 4500 (random bytes in both
directions, as IPsec's would look). Visitors use thousands of addresses of several countries, all local to
their own namespace, and each address keeps the TTL and the segment size that its distance and its line would give it
(set on the socket). Delays come from netem where the kernel has it. There is no uplink, nothing leaves the machine.

    record_benign.py OUT.pcap [SECONDS]
"""
import asyncio
import os
import pathlib
import random
import socket
import ssl
import subprocess
import sys
import tempfile

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent))

from support.netns import Namespaces, wait_for_port  # noqa: E402
from support.wait import wait_until  # noqa: E402

SERVER4, SERVER6 = "203.0.113.10", "2001:db8:d::10"
# Networks the visitors come from, and how often: mostly French, some of Europe, some from elsewhere.
NETWORKS4 = [("81.64", 30), ("90.0", 30), ("109.8", 15), ("84.96", 10), ("87.128", 5), ("62.2", 3), ("81.240", 3),
             ("73.32", 2), ("41.96", 1), ("101.0", 1)]
NETWORKS6 = [("2a01:e0a", 6), ("2a01:cb00", 5), ("2003:c0", 1), ("2601:600", 1)]
PARTNERS = ["81.64.200.1", "90.0.200.2", "87.128.200.3"]  # of the tunnel and the long sessions
SIZES = {"page.html": 6000, "style.css": 14000, "photo.jpg": 90000, "result.pdf": 300000, "small.json": 400}
SEED = 20200322

NGINX = """
daemon off; worker_processes 1; pid {folder}/nginx.pid; error_log {folder}/error.log crit;
events {{ worker_connections 4096; }}
http {{
  access_log off; keepalive_timeout 5; client_body_temp_path {folder}/body;
  proxy_temp_path {folder}/proxy; fastcgi_temp_path {folder}/fcgi; uwsgi_temp_path {folder}/uwsgi; scgi_temp_path {folder}/scgi;
  server {{
    listen 80; listen [::]:80; listen 443 ssl; listen [::]:443 ssl;
    ssl_certificate {folder}/cert.pem; ssl_certificate_key {folder}/key.pem;
    root {folder}/www;
    location /upload {{ client_max_body_size 5m; return 204; }}
  }}
}}
"""


def visitor(rng, family):
    networks = NETWORKS4 if family == 4 else NETWORKS6
    network = rng.choices([name for name, _ in networks], [often for _, often in networks])[0]
    if family == 4:
        return f"{network}.{rng.randrange(1, 199)}.{rng.randrange(1, 255)}"
    return f"{network}:{rng.randrange(1, 65535):x}::{rng.randrange(1, 65535):x}"


def line_of(source):
    """The same for one address every time: hops away, system, line."""
    rng = random.Random(source)
    return rng.choice([64, 64, 128]) - rng.randrange(4, 20), rng.choice([1460, 1460, 1452, 1412, 1380, 1220])


async def connect(source, host, port, **options):
    ttl, segment = line_of(source)
    family = socket.AF_INET6 if ":" in source else socket.AF_INET
    sock = socket.socket(family, socket.SOCK_STREAM)
    sock.setblocking(False)
    if family == socket.AF_INET6:
        sock.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_UNICAST_HOPS, ttl)
    else:
        sock.setsockopt(socket.IPPROTO_IP, socket.IP_TTL, ttl)
    sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_MAXSEG, segment)
    try:
        sock.bind((source, 0))
        await asyncio.get_running_loop().sock_connect(sock, (host, port))
    except BaseException:
        sock.close()
        raise
    return await asyncio.open_connection(sock=sock, server_hostname="portail" if options.get("ssl") else None, **options)


async def fetch(rng, source, host, port, tls):
    """One visitor: a few requests over one connection, then away."""
    reader, writer = await connect(source, host, port, ssl=tls)
    try:
        for _ in range(rng.randrange(1, 5)):
            if rng.random() < 0.08:
                body = rng.randbytes(rng.randrange(1000, 120000))
                writer.write(b"POST /upload HTTP/1.1\r\nHost: portail\r\nContent-Length: %d\r\n\r\n" % len(body) + body)
            else:
                name = rng.choices(list(SIZES), [5, 3, 3, 1, 6])[0]
                writer.write(f"GET /{name} HTTP/1.1\r\nHost: portail\r\nUser-Agent: visitor\r\n"
                             f"Cookie: s={rng.randrange(1 << 60):x}\r\n\r\n".encode())
            await writer.drain()
            head = await reader.readuntil(b"\r\n\r\n")
            length = [int(line.split(b":")[1]) for line in head.split(b"\r\n") if line.lower().startswith(b"content-length")]
            await reader.readexactly(length[0] if length else 0)
            await asyncio.sleep(rng.random() * 0.5)
    finally:
        writer.close()


async def quietly(work):
    try:
        await asyncio.wait_for(work, 15)
    except (OSError, asyncio.TimeoutError, asyncio.IncompleteReadError):
        pass  # a visitor who gives up is ordinary, too


async def visitors(rng, seconds, rate):
    tls = ssl.create_default_context()
    tls.check_hostname, tls.verify_mode = False, ssl.CERT_NONE
    end = asyncio.get_running_loop().time() + seconds
    regulars = [visitor(rng, 4 if rng.random() < 0.7 else 6) for _ in range(150)]
    tasks = []
    while asyncio.get_running_loop().time() < end:
        source = rng.choice(regulars) if rng.random() < 0.6 else visitor(rng, 4 if rng.random() < 0.7 else 6)
        secure = rng.random() < 0.7
        tasks.append(asyncio.create_task(quietly(fetch(
            rng, source, SERVER6 if ":" in source else SERVER4, 443 if secure else 80, tls if secure else None))))
        await asyncio.sleep(rng.expovariate(rate))
    await asyncio.gather(*tasks)


class Datagrams(asyncio.DatagramProtocol):
    def __init__(self, answer=None):
        self.answer = answer

    def connection_made(self, transport):
        self.transport = transport

    def datagram_received(self, data, addr):
        if self.answer:
            self.answer(self.transport, data, addr)


async def questions(rng, seconds, rate):
    """DNS over UDP, each from its own port, as resolvers ask."""
    loop = asyncio.get_running_loop()
    end = loop.time() + seconds
    while loop.time() < end:
        name = rng.choice(["portail", "rdv", "mail", "vpn", "www"]).encode()
        query = (rng.randbytes(2) + b"\x01\x00\x00\x01\x00\x00\x00\x00\x00\x00" + bytes([len(name)]) + name +
                 b"\x07hopital\x07example\x00\x00\x01\x00\x01")
        transport, _ = await loop.create_datagram_endpoint(
            Datagrams, local_addr=(visitor(rng, 4), 0), remote_addr=(SERVER4, 53))
        transport.get_extra_info("socket").setsockopt(socket.IPPROTO_IP, socket.IP_TTL, rng.randrange(45, 62))
        transport.sendto(query)
        loop.call_later(2, transport.close)
        await asyncio.sleep(rng.expovariate(rate))


async def tunnel(rng, source, seconds):
    loop = asyncio.get_running_loop()
    transport, _ = await loop.create_datagram_endpoint(Datagrams, local_addr=(source, 4500),
                                                       remote_addr=(SERVER4, 4500))
    end = loop.time() + seconds
    number, spi = 0, rng.randbytes(4)
    while loop.time() < end:
        number += 1
        transport.sendto(spi + number.to_bytes(4, "big") + rng.randbytes(rng.choice([72, 120, 1340])))
        await asyncio.sleep(0.01 + rng.random() * 0.03)
    transport.close()


async def session(rng, source, seconds):
    reader, writer = await connect(source, SERVER4, 22)
    loop = asyncio.get_running_loop()
    end = loop.time() + seconds
    while loop.time() < end:
        writer.write(rng.randbytes(36))
        await reader.readexactly(52)
        await asyncio.sleep(rng.random() * 0.3)
    writer.close()


async def strays(rng, seconds):
    """What every public address gets: knocks at closed doors."""
    loop = asyncio.get_running_loop()
    end = loop.time() + seconds
    while loop.time() < end:
        knock = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
        knock.setblocking(False)
        knock.bind((visitor(rng, 4), 0))
        knock.connect_ex((SERVER4, rng.choice([23, 445, 3389, 8080, 5060, 6379])))
        loop.call_later(1, knock.close)
        await asyncio.sleep(rng.expovariate(0.3))


async def outside(seconds):
    rng = random.Random(SEED)
    mirror = await asyncio.start_server(lambda r, w: answer_lines(r, w, 400), "81.64.200.1", 8443)
    await asyncio.gather(visitors(rng, seconds, 25), questions(rng, seconds, 20), strays(rng, seconds),
                         *[tunnel(rng, partner, seconds) for partner in PARTNERS],
                         *[quietly(session(rng, partner, min(seconds, 12))) for partner in PARTNERS])
    mirror.close()


async def answer_lines(reader, writer, size):
    try:
        while await reader.read(4096):
            writer.write(os.urandom(size))
            await writer.drain()
    except OSError:
        pass
    writer.close()


async def inside():
    """The doors that are made, and the server's own errands to the outside."""
    loop = asyncio.get_running_loop()
    await loop.create_datagram_endpoint(
        lambda: Datagrams(lambda t, data, addr: t.sendto(data[:8] + os.urandom(len(data) - 8), addr)),
        local_addr=(SERVER4, 4500))
    server = await asyncio.start_server(lambda r, w: answer_lines(r, w, 52), SERVER4, 22)
    while server.is_serving():
        try:
            reader, writer = await asyncio.open_connection("81.64.200.1", 8443)
            writer.write(b"?" * 200)
            await reader.read(400)
            writer.close()
        except OSError:
            pass
        await asyncio.sleep(1)


def prepare(net):
    out, server = net.add("visitors"), net.add("server")
    net.link(out, "out0", server, "in0")
    server.run("ip", "addr", "add", f"{SERVER4}/24", "dev", "in0")
    server.run("ip", "addr", "add", f"{SERVER6}/64", "dev", "in0", "nodad")
    out.run("ip", "addr", "add", "203.0.113.1/24", "dev", "out0")
    out.run("ip", "addr", "add", "2001:db8:d::1/64", "dev", "out0", "nodad")
    server.run("ip", "route", "add", "default", "via", "203.0.113.1")
    server.run("ip", "-6", "route", "add", "default", "via", "2001:db8:d::1")
    for network, _ in NETWORKS4:
        out.run("ip", "route", "add", "local", f"{network}.0.0/16", "dev", "lo")
    for network, _ in NETWORKS6:
        out.run("ip", "-6", "route", "add", "local", f"{network}::/32", "dev", "lo")
    out.run("sysctl", "-q", "-w", "net.ipv6.ip_nonlocal_bind=1")
    for namespace, device in ((out, "out0"), (server, "in0")):
        namespace.run("ethtool", "-K", device, "tso", "off", "gso", "off", "gro", "off", check=False,
                      stderr=subprocess.DEVNULL)
    out.run("tc", "qdisc", "add", "dev", "out0", "root", "netem", "delay", "15ms", "10ms", "25%", "limit", "100000",
            check=False, stderr=subprocess.DEVNULL)
    return out, server


def serve(net, server, folder):
    www = folder / "www"
    www.mkdir()
    for name, size in SIZES.items():
        (www / name).write_bytes(os.urandom(size))
    (folder / "nginx.conf").write_text(NGINX.format(folder=folder))
    subprocess.run(["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-days", "2",
                    "-subj", "/CN=portail", "-keyout", folder / "key.pem", "-out", folder / "cert.pem"],
                   check=True, stderr=subprocess.DEVNULL)
    folder.chmod(0o755)
    net.start(server, "nginx", "-p", folder, "-c", folder / "nginx.conf", stderr=subprocess.DEVNULL)
    net.start(server, "dnsmasq", "--keep-in-foreground", "--conf-file=/dev/null", "--no-resolv", "--no-hosts", "--pid-file",
              "--address=/hopital.example/203.0.113.10", f"--listen-address={SERVER4}", "--bind-interfaces", "--user=root")
    net.start(server, sys.executable, __file__, "--inside")
    for port in (80, 443, 53, 22):
        wait_for_port(server, port)


def record(path, seconds=15):
    """Writes the capture; returns its path."""
    path = pathlib.Path(path)
    with tempfile.TemporaryDirectory(prefix="garde-benign-") as name, Namespaces() as net:
        out, server = prepare(net)
        serve(net, server, pathlib.Path(name))
        tcpdump = net.start(server, "tcpdump", "-i", "in0", "-w", path, "-U", "-s", "200", "-B", "16384",
                            "ip or ip6", stderr=subprocess.DEVNULL)
        wait_until(lambda: path.exists() and path.stat().st_size >= 24, 10, "tcpdump has begun")
        out.run(sys.executable, __file__, "--outside", seconds, timeout=seconds + 60)
        net.stop(tcpdump)
    return path


if __name__ == "__main__":
    if sys.argv[1] == "--outside":
        asyncio.run(outside(float(sys.argv[2])))
    elif sys.argv[1] == "--inside":
        asyncio.run(inside())
    else:
        record(sys.argv[1], float(sys.argv[2]) if len(sys.argv) > 2 else 15)
