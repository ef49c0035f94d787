# SPDX-License-Identifier: EUPL-1.2
"""An authority for one test, and what it signs; made with the openssl command.

    authority = Authority(folder)
    server = authority.issue("mail", "DNS:mail.example", "IP:127.0.0.1")      # server.certificate, server.key: files
"""
import collections
import os
import pathlib
import subprocess

Issued = collections.namedtuple("Issued", "certificate key")

EC = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes"]


def _openssl(*words):
    subprocess.run(["openssl", *map(str, words)], check=True, stdin=subprocess.DEVNULL, capture_output=True)


class Authority:
    def __init__(self, folder, name="authority"):
        self.folder = pathlib.Path(folder)
        self.certificate = self.folder / f"{name}.crt"
        self.key = self.folder / f"{name}.key"
        _openssl("req", "-x509", *EC, "-days", "2", "-keyout", self.key, "-out", self.certificate, "-subj", f"/CN={name} of a test")
        self.certificate.chmod(0o644)

    def issue(self, name, *alternatives, owner=None):
        """For the names and addresses ("DNS:…", "IP:…"); the key is `owner`'s alone, else root's."""
        issued = Issued(self.folder / f"{name}.crt", self.folder / f"{name}.key")
        request, extensions = self.folder / f"{name}.csr", self.folder / f"{name}.ext"
        _openssl("req", *EC, "-keyout", issued.key, "-out", request, "-subj", f"/CN={name}")
        extensions.write_text(f"subjectAltName={','.join(alternatives)}\n" if alternatives else "basicConstraints=CA:FALSE\n")
        _openssl("x509", "-req", "-in", request, "-CA", self.certificate, "-CAkey", self.key, "-CAcreateserial", "-days", "2",
                 "-extfile", extensions, "-out", issued.certificate)
        issued.certificate.chmod(0o644)
        issued.key.chmod(0o600)
        if owner is not None:
            os.chown(issued.key, owner, owner)
        return issued
