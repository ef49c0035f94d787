# SPDX-License-Identifier: EUPL-1.2
"""Servers as others run them, from Debian, on loopback and out of a folder of their own; nothing of the machine's is touched.

    with Postfix(folder, certificate, {"garde": "secret"}) as post:      # STARTTLS and passwords by Dovecot's SASL
        post.messages()
    with Rsyslog(folder, certificate, authority) as log:                 # RFC 5425
        log.lines()

Each can be stopped and started again on the same port.
"""
import contextlib
import email
import email.policy
import json
import os
import pathlib
import pwd
import signal
import socket
import subprocess

from support.wait import wait_until


def free_port():
    with socket.create_server(("127.0.0.1", 0)) as probe:
        return probe.getsockname()[1]


def is_open(port):
    with contextlib.suppress(OSError):
        socket.create_connection(("127.0.0.1", port), timeout=5).close()
        return True
    return False


class Server:
    """A program in the foreground that is ready when its port answers; what it says is in `log`."""

    def __init__(self, folder, port=None):
        self.folder = pathlib.Path(folder)
        self.folder.mkdir(exist_ok=True)
        self.folder.chmod(0o755)
        self.port = port or free_port()
        self.log = self.folder / "log"
        self.child = None

    def command(self):
        raise NotImplementedError

    def is_ready(self):
        return is_open(self.port)

    def said(self):
        return self.log.read_text(errors="replace") if self.log.exists() else ""

    def start(self):
        with open(self.log, "ab") as log:
            self.child = subprocess.Popen([str(word) for word in self.command()], stdin=subprocess.DEVNULL, stdout=log, stderr=log,
                                          start_new_session=True)
        name = type(self).__name__
        wait_until(lambda: self.is_ready() or self.child.poll() is not None, seconds=30, what=f"{name} answers")
        assert self.child.poll() is None, f"{name} ended: {self.said()}"
        return self

    def stop(self):
        if self.child is None:
            return
        self.child.terminate()
        try:
            self.child.wait(timeout=10)
        except subprocess.TimeoutExpired:
            os.killpg(self.child.pid, signal.SIGKILL)
            self.child.wait()
        self.child = None
        wait_until(lambda: not is_open(self.port), seconds=10, what=f"{type(self).__name__} is gone")

    def __enter__(self):
        return self.start()

    def __exit__(self, *what):
        self.stop()
        if what[0]:
            print(f"---- {type(self).__name__}\n{self.said()}")


class Dnsmasq(Server):
    """A name server for which every name is 192.0.2.1."""

    def command(self):
        return ["/usr/sbin/dnsmasq", "-k", "-C", "/dev/null", "-p", self.port, "-i", "lo", "--bind-interfaces", "-a", "127.0.0.1", "-R", "-h",
                "-u", "root", "-x", self.folder / "pid", "--address=/#/192.0.2.1"]


class Unbound(Server):
    """A resolver with a response policy zone, in front of that name server."""

    def __init__(self, folder, zone, file, upstream):
        super().__init__(folder)
        (self.folder / "unbound.conf").write_text(f"""\
server:
  interface: 127.0.0.1@{self.port}
  do-not-query-localhost: no
  username: ""
  chroot: ""
  directory: "{self.folder}"
  pidfile: ""
  use-syslog: no
  module-config: "respip iterator"
forward-zone:
  name: "."
  forward-addr: 127.0.0.1@{upstream}
rpz:
  name: {zone}
  zonefile: {file}
""")

    def command(self):
        return ["/usr/sbin/unbound", "-d", "-c", self.folder / "unbound.conf"]

    def ask(self, name, kind="A"):
        """Status and data of the answer, as dig says it."""
        done = subprocess.run(["dig", "@127.0.0.1", "-p", str(self.port), "+tries=1", "+time=5", name, kind], capture_output=True,
                              text=True, timeout=30, check=True)
        status = done.stdout.split("status: ")[1].split(",")[0]
        answer = [line.split()[-1] for line in done.stdout.splitlines() if line.startswith(f"{name}.") and line.split()[-2] == kind]
        return status, answer


class DovecotSasl(Server):
    """Dovecot's authentication alone: who may send by Postfix, with which password."""

    def __init__(self, folder, passwords):
        super().__init__(folder)
        self.socket = self.folder / "auth"
        users = self.folder / "users"
        users.write_text("".join(f"{name}:{{PLAIN}}{password}\n" for name, password in passwords.items()))
        (self.folder / "dovecot.conf").write_text(f"""\
base_dir = {self.folder}/run
state_dir = {self.folder}/state
log_path = /dev/stderr
protocols =
ssl = no
auth_mechanisms = plain login
passdb {{
  driver = passwd-file
  args = scheme=PLAIN {users}
}}
service auth {{
  unix_listener {self.socket} {{
    mode = 0666
  }}
}}
""")
        users.chmod(0o644)

    def command(self):
        return ["/usr/sbin/dovecot", "-F", "-c", self.folder / "dovecot.conf"]

    def is_ready(self):
        return self.socket.exists()


# name, type, private, unprivileged, wake-up, most at once, program; what a server that takes mail in and delivers it needs.
POSTFIX_SERVICES = """\
127.0.0.1:{port} inet n - n - - smtpd
postlog unix-dgram n - n - 1 postlogd
cleanup unix n - n - 0 cleanup
qmgr unix n - n 300 1 qmgr
tlsmgr unix - - n 1000? 1 tlsmgr
rewrite unix - - n - - trivial-rewrite
bounce unix - - n - 0 bounce
defer unix - - n - 0 bounce
trace unix - - n - 0 bounce
flush unix n - n 1000? 0 flush
proxymap unix - - n - - proxymap
virtual unix - n n - - virtual
error unix - - n - - error
retry unix - - n - - error
anvil unix - - n - 1 anvil
"""


class Postfix(Server):
    """Takes mail for region.example by STARTTLS from who has a password, and puts it into one maildir. Nothing leaves it."""

    def __init__(self, folder, certificate, passwords, **settings):
        super().__init__(folder)
        self.sasl = DovecotSasl(self.folder / "sasl", passwords)
        self.maildir = self.folder / "mail" / "inbox"
        self.recipients = self.folder / "recipients"
        self.recipients.write_text("soc@region.example inbox/\n")
        self.write_config(certificate, settings)

    def write_config(self, certificate, settings):
        owner = pwd.getpwnam("postfix")
        for name in ("queue", "data", "mail"):
            (self.folder / name).mkdir()
        for name in ("active", "bounce", "corrupt", "defer", "deferred", "flush", "hold", "incoming", "maildrop", "pid", "private", "public",
                     "saved", "trace"):
            (self.folder / "queue" / name).mkdir(mode=0o755)
            if name != "pid":
                os.chown(self.folder / "queue" / name, owner.pw_uid, -1)
        for name in ("data", "mail"):
            os.chown(self.folder / name, owner.pw_uid, owner.pw_gid)
        (self.folder / "master.cf").write_text(POSTFIX_SERVICES.format(port=self.port))
        main = {"compatibility_level": "3.6", "queue_directory": self.folder / "queue", "data_directory": self.folder / "data",
                "maillog_file": self.folder / "maillog", "maillog_file_prefixes": self.folder, "myhostname": "mail.region.example",
                "mydestination": "", "alias_maps": "", "inet_protocols": "ipv4", "smtpd_peername_lookup": "no", "mynetworks": "",
                "default_transport": "error:nothing leaves a test", "relay_transport": "error:nothing leaves a test",
                "virtual_transport": "virtual", "virtual_mailbox_domains": "region.example", "virtual_mailbox_base": self.folder / "mail",
                "virtual_mailbox_maps": f"texthash:{self.recipients}", "virtual_uid_maps": f"static:{owner.pw_uid}",
                "virtual_gid_maps": f"static:{owner.pw_gid}", "virtual_minimum_uid": "1",
                "smtpd_tls_cert_file": certificate.certificate, "smtpd_tls_key_file": certificate.key,
                "smtpd_tls_security_level": "may", "smtpd_tls_auth_only": "yes", "smtpd_tls_loglevel": "1",
                "smtpd_sasl_auth_enable": "yes", "smtpd_sasl_type": "dovecot", "smtpd_sasl_path": self.sasl.socket,
                "smtpd_client_restrictions": "permit_sasl_authenticated,reject", "smtpd_delay_reject": "yes",
                "smtpd_recipient_restrictions": "permit_sasl_authenticated,reject", **settings}
        (self.folder / "main.cf").write_text("".join(f"{name} = {value}\n" for name, value in main.items()))

    def command(self):
        return ["/usr/lib/postfix/sbin/master", "-d", "-c", self.folder]

    def said(self):
        maillog = self.folder / "maillog"
        return super().said() + (maillog.read_text(errors="replace") if maillog.exists() else "")

    def start(self):
        self.sasl.start()
        return super().start()

    def stop(self):
        super().stop()
        self.sasl.stop()

    def messages(self):
        """What was delivered, in order."""
        files = sorted((self.maildir / "new").glob("*"), key=lambda path: path.stat().st_mtime_ns)
        return [email.message_from_bytes(path.read_bytes(), policy=email.policy.default) for path in files]


class Rsyslog(Server):
    """A receiver of RFC 5425. It asks for a certificate of `authority` when `peer` names who may come."""

    def __init__(self, folder, certificate, authority, peer=None):
        super().__init__(folder)
        self.out = self.folder / "messages"
        mode = f'StreamDriver.AuthMode="x509/name" PermittedPeer="{peer}"' if peer else 'StreamDriver.AuthMode="anon"'
        (self.folder / "rsyslog.conf").write_text(f"""\
global(workDirectory="{self.folder}" DefaultNetstreamDriver="gtls" DefaultNetstreamDriverCAFile="{authority.certificate}"
       DefaultNetstreamDriverCertFile="{certificate.certificate}" DefaultNetstreamDriverKeyFile="{certificate.key}")
module(load="imtcp" StreamDriver.Name="gtls" StreamDriver.Mode="1" {mode})
template(name="parts" type="list" option.jsonf="on") {{
  property(outname="facility" name="syslogfacility-text" format="jsonf")
  property(outname="severity" name="syslogseverity-text" format="jsonf")
  property(outname="at" name="timereported" dateFormat="rfc3339" format="jsonf")
  property(outname="app" name="app-name" format="jsonf")
  property(outname="msgid" name="msgid" format="jsonf")
  property(outname="data" name="structured-data" format="jsonf")
  property(outname="text" name="msg" format="jsonf")
}}
ruleset(name="take") {{ action(type="omfile" file="{self.out}" template="parts" fileCreateMode="0644") }}
input(type="imtcp" address="127.0.0.1" port="{self.port}" ruleset="take")
*.* action(type="omfile" file="{self.folder}/own" fileCreateMode="0644")
""")

    def command(self):
        return ["/usr/sbin/rsyslogd", "-n", "-f", self.folder / "rsyslog.conf", "-i", self.folder / "pid"]

    def said(self):
        own = self.folder / "own"
        return super().said() + (own.read_text(errors="replace") if own.exists() else "")

    def lines(self):
        """What arrived, as rsyslog understood it: facility, severity, at, app, msgid, data, text."""
        return [json.loads(line) for line in self.out.read_text().splitlines()] if self.out.exists() else []
