# SPDX-License-Identifier: EUPL-1.2
"""Signing in by OpenID Connect, with servers as others run them: Glewlwyd is the provider, Apache httpd with mod_auth_openidc the
reverse proxy in front of a hub. Browser does what a browser does, but for the scripts of Glewlwyd's login page.

    with Glewlwyd(folder, certificate, {"nadia": "secret"}) as provider, Apache(folder, certificate, authority, provider, hub, secret) as apache:
        browser = Browser(authority)
        browser.sign_in(apache, provider, "nadia", "secret")
        browser.get(f"{apache.url}/api/v1/session")
"""
import http.client
import http.cookies
import json
import os
import pathlib
import pwd
import ssl
import subprocess
import urllib.parse

from support.console import Answer
from support.servers import Server, free_port

SCHEMA = "/usr/share/dbconfig-common/data/glewlwyd/install/sqlite3"
MODULES = "/usr/lib/apache2/modules"
CLIENT_SECRET = "ce-que-fournisseur-et-mandataire-savent"
CONTEXT_SECONDS = 30


class Browser:
    """Cookies by host and port, and no redirect that is not asked for. `authority` signs who may be spoken to."""

    def __init__(self, authority):
        self.context = ssl.create_default_context(cafile=str(authority.certificate))
        self.jars = {}

    def send(self, method, url, body=None, headers=None):
        parts = urllib.parse.urlsplit(url)
        jar = self.jars.setdefault(parts.netloc, http.cookies.SimpleCookie())
        sent = {"Accept": "text/html,*/*;q=0.8"}
        if jar:
            sent["Cookie"] = self.cookies(parts.netloc)
        data = json.dumps(body).encode() if body is not None else None
        if data is not None:
            sent["Content-Type"] = "application/json"
        connection = http.client.HTTPSConnection(parts.netloc, context=self.context, timeout=CONTEXT_SECONDS)
        try:
            connection.request(method, urllib.parse.urlunsplit(("", "", parts.path or "/", parts.query, "")), data, {**sent, **(headers or {})})
            response = connection.getresponse()
            answer = Answer(response, response.read())
        finally:
            connection.close()
        for text in answer.headers.get_all("Set-Cookie") or []:
            for name, morsel in http.cookies.SimpleCookie(text).items():
                if morsel.value:
                    jar[name] = morsel.value
                else:
                    jar.pop(name, None)
        return answer

    def cookies(self, place):
        """The header Cookie for "host:port"."""
        return "; ".join(f"{name}={one.value}" for name, one in self.jars[place].items())

    def get(self, url, **headers):
        return self.send("GET", url, headers=headers)

    def follow(self, url):
        """The page at the end, and its address."""
        for _ in range(10):
            answer = self.get(url)
            if answer.status not in (302, 303):
                return url, answer
            url = urllib.parse.urljoin(url, answer.headers["Location"])
        raise AssertionError(f"redirected in circles: {url}")

    def sign_in(self, apache, provider, name, password, path="/"):
        """From a page of ours to the provider and back; the answer of the page."""
        login, page = self.follow(apache.url + path)
        assert login.startswith(f"{provider.url}/login.html?") and page.status in (200, 404), (login, page)
        back = urllib.parse.parse_qs(urllib.parse.urlsplit(login).query)["callback_url"][0]
        # What the login page's script does: the password, the consent, and on.
        assert self.send("POST", f"{provider.url}/api/auth/", {"username": name, "password": password}).status == 200
        assert self.send("PUT", f"{provider.url}/api/auth/grant/garde", {"scope": "openid"}).status == 200
        url, answer = self.follow(f"{back}&g_continue")
        assert url == apache.url + path, (url, answer)
        return answer


class Glewlwyd(Server):
    """The provider, for one client "garde" that must use PKCE; each user's name is the claim preferred_username."""

    ADMIN = {"username": "admin", "password": "password"}  # of the database as the package makes it

    def __init__(self, folder, certificate, authority, passwords):
        super().__init__(folder)
        self.url = f"https://localhost:{self.port}"
        self.issuer = f"{self.url}/api/oidc"
        self.authority, self.passwords = authority, passwords
        subprocess.run(["sqlite3", self.folder / "db"], input=pathlib.Path(SCHEMA).read_text(encoding="utf-8"), text=True, check=True)
        self.config = self.folder / "glewlwyd.conf"
        self.config.write_text(f"""\
port={self.port}
bind_address="127.0.0.1"
external_url="{self.url}"
login_url="login.html"
api_prefix="api"
log_mode="console"
log_level="WARNING"
session_key="GLEWLWYD2_SESSION_ID"
session_expiration=3600
cookie_secure=1
admin_session_authentication="cookie"
profile_session_authentication="cookie"
login_api_enabled=true
admin_scope="g_admin"
profile_scope="g_profile"
user_module_path="/usr/lib/glewlwyd/user"
client_module_path="/usr/lib/glewlwyd/client"
user_auth_scheme_module_path="/usr/lib/glewlwyd/scheme"
plugin_module_path="/usr/lib/glewlwyd/plugin"
use_secure_connection=true
secure_connection_key_file="{certificate.key}"
secure_connection_pem_file="{certificate.certificate}"
secure_connection_ca_file="{authority.certificate}"
hash_algorithm="SHA512"
database={{ type="sqlite3"; path="{self.folder}/db"; }};
""")

    def command(self):
        return ["/usr/bin/glewlwyd", "-c", self.config]

    def keys(self):
        private = subprocess.run(["openssl", "genrsa", "2048"], check=True, capture_output=True, text=True).stdout
        public = subprocess.run(["openssl", "rsa", "-pubout"], input=private, check=True, capture_output=True, text=True).stdout
        return private, public

    def configure(self, redirect):
        """By its own interface, as its administrator does: the plugin, the client that comes back to `redirect`, the users."""
        admin = Browser(self.authority)

        def tell(path, body):
            answer = admin.send("POST", f"{self.url}/api/{path}/", body)
            assert answer.status == 200, answer

        private, public = self.keys()
        tell("auth", self.ADMIN)
        tell("mod/plugin", {"module": "oidc", "name": "oidc", "display_name": "OpenID Connect", "parameters": {
            "iss": self.issuer, "jwt-type": "rsa", "jwt-key-size": "256", "key": private, "cert": public, "jwks-show": True,
            "access-token-duration": 3600, "refresh-token-duration": 3600, "code-duration": 60, "refresh-token-rolling": False,
            "allow-non-oidc": False, "auth-type-code-enabled": True, "auth-type-token-enabled": False, "auth-type-id-token-enabled": False,
            "auth-type-none-enabled": False, "auth-type-password-enabled": False, "auth-type-client-enabled": False,
            "auth-type-device-enabled": False, "auth-type-refresh-enabled": False, "subject-type": "public", "pkce-allowed": True,
            "pkce-method-plain-allowed": False, "pkce-required": True, "scope": [],
            "claims": [{"name": "preferred_username", "type": "string", "user-property": "username", "mandatory": True}]}})
        tell("client", {"client_id": "garde", "name": "Garde", "confidential": True, "client_secret": CLIENT_SECRET, "redirect_uri": [redirect],
                        "authorization_type": ["code"], "token_endpoint_auth_method": ["client_secret_basic"], "scope": ["openid"], "enabled": True})
        for name, password in self.passwords.items():
            tell("user", {"username": name, "password": password, "name": name, "scope": ["openid"], "enabled": True})


APACHE = """\
ServerRoot {folder}
DefaultRuntimeDir {folder}
PidFile {folder}/pid
ErrorLog /dev/stderr
LogLevel warn
ServerName localhost
User {user}
Group {group}
Listen 127.0.0.1:{port}
{modules}

SSLEngine on
SSLCertificateFile {certificate.certificate}
SSLCertificateKeyFile {certificate.key}

OIDCProviderMetadataURL {provider.issuer}/.well-known/openid-configuration
OIDCCABundlePath {authority.certificate}
OIDCClientID garde
OIDCClientSecret "{client_secret}"
OIDCRedirectURI {url}/oidc
OIDCCryptoPassphrase {passphrase}
OIDCPKCEMethod S256
OIDCScope openid
OIDCRemoteUserClaim preferred_username
OIDCPassClaimsAs none
OIDCCookieSameSite On
OIDCStripCookies mod_auth_openidc_session

<Location />
  AuthType openid-connect
  Require valid-user
</Location>
<LocationMatch "^/(aide|etat|assets/.*|api/v1/(report|report/.*|public/status|openapi\\.json))$">
  Require all granted
</LocationMatch>

RequestHeader set X-Remote-User expr=%{{REMOTE_USER}}
RequestHeader set X-Garde-Proxy "{secret}"
RequestHeader set X-Forwarded-Proto https
ProxyPreserveHost On
ProxyPass /oidc !
ProxyPass / {hub} flushpackets=on
"""


class Apache(Server):
    """In front of the hub at `hub` ("http://127.0.0.1:…/"); who has signed in at `provider` is named to it, with the proxy's secret."""

    def __init__(self, folder, certificate, authority, provider, hub, secret):
        super().__init__(folder, free_port())
        self.url = f"https://localhost:{self.port}"
        nobody = pwd.getpwnam("www-data")
        modules = ["mpm_event", "authn_core", "authz_core", "authz_user", "headers", "proxy", "proxy_http", "socache_shmcb", "ssl",
                   "auth_openidc"]
        (self.folder / "apache.conf").write_text(APACHE.format(
            folder=self.folder, user=nobody.pw_name, group="www-data", port=self.port, url=self.url, certificate=certificate,
            authority=authority, provider=provider, hub=hub, secret=secret, client_secret=CLIENT_SECRET, passphrase=os.urandom(16).hex(),
            modules="\n".join(f"LoadModule {name}_module {MODULES}/mod_{name}.so" for name in modules)))
        (self.folder / "apache.conf").chmod(0o600)

    def command(self):
        return ["/usr/sbin/apache2", "-D", "FOREGROUND", "-f", self.folder / "apache.conf"]
