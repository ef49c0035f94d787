# SPDX-License-Identifier: EUPL-1.2
"""Network namespaces for scenarios: unique names, no uplink, gone when the test ends.

    with Namespaces() as net:
        inside, outside = net.add("inside"), net.add("outside")
        net.link(outside, "up0", inside, "in0")
        inside.run("ip", "addr", "add", "192.0.2.1/24", "dev", "in0")
"""
import itertools
import os
import signal
import subprocess

from support.wait import wait_until

_numbers = itertools.count()


def _ip(*words):
    subprocess.run(["ip", *words], check=True, stdin=subprocess.DEVNULL)


class Namespace:
    def __init__(self, name):
        self.name = name

    def command(self, *words):
        """Enters the network alone: `ip netns exec` would hide /sys/fs/bpf."""
        return ["nsenter", f"--net=/run/netns/{self.name}", *map(str, words)]

    def run(self, *words, check=True, **options):
        """Runs to the end; options as for subprocess.run()."""
        options.setdefault("stdin", subprocess.DEVNULL)
        return subprocess.run(self.command(*words), check=check, **options)

    def output(self, *words, **options):
        return self.run(*words, stdout=subprocess.PIPE, text=True, **options).stdout


class Namespaces:
    def __init__(self):
        self.namespaces = []
        self.children = []

    def __enter__(self):
        return self

    def __exit__(self, *_):
        for child in reversed(self.children):
            self.stop(child)
        for namespace in reversed(self.namespaces):
            subprocess.run(["ip", "netns", "delete", namespace.name], check=False, stdin=subprocess.DEVNULL)

    def add(self, name):
        namespace = Namespace(f"garde-{os.getpid()}-{next(_numbers)}-{name}")
        _ip("netns", "add", namespace.name)
        self.namespaces.append(namespace)
        namespace.run("ip", "link", "set", "lo", "up")
        return namespace

    def link(self, one, one_device, other, other_device):
        """A veth pair between two namespaces, both ends up. No IPv6 address detection: ready at once."""
        _ip("link", "add", one_device, "netns", one.name, "type", "veth",
            "peer", "name", other_device, "netns", other.name)
        for namespace, device in ((one, one_device), (other, other_device)):
            namespace.run("sysctl", "-q", "-w", f"net.ipv6.conf.{device}.accept_dad=0")
            namespace.run("ip", "link", "set", device, "up")

    def start(self, namespace, *words, **options):
        """A program that keeps running until the test ends or stop() is called."""
        options.setdefault("stdin", subprocess.DEVNULL)
        child = subprocess.Popen(namespace.command(*words), start_new_session=True, **options)
        self.children.append(child)
        return child

    @staticmethod
    def stop(child, seconds=10):
        if child.poll() is None:
            child.send_signal(signal.SIGTERM)
            try:
                child.wait(timeout=seconds)
            except subprocess.TimeoutExpired:
                os.killpg(child.pid, signal.SIGKILL)
        return child.wait()


def wait_for_port(namespace, port, seconds=10):
    """Until something listens on this TCP port."""
    wait_until(lambda: namespace.output("ss", "-Hltn", f"sport = :{port}").strip(), seconds,
               f"a listener on port {port} in {namespace.name}")
