"""A small OpenID Connect provider, in a process of its own on loopback.

    with Provider() as provider:
        provider.sign_in_as({"sub": "1", "email": "ada@school.example"})
        ...                        # point the site at provider.url

It speaks the code flow with PKCE: discovery, authorize, token, userinfo and keys, and
signs with a key of its own. `provider.change(...)` has it break the rules.
"""

import base64
import hashlib
import json
import secrets
import select
import subprocess
import sys
import time
import urllib.request
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, urlencode, urlsplit

import jwt
from cryptography.hazmat.primitives.asymmetric import rsa

from tests.environment import ROOT

CLIENT_ID, CLIENT_SECRET = "chatsite", "the secret of the client"
DRIPS, DRIP_SECONDS = 100, 0.05


class Provider:
    """The process; `url` is its issuer."""

    def __enter__(self):
        self._process = subprocess.Popen(
            [sys.executable, "-m", "tests.oidc"],
            cwd=ROOT,
            stdout=subprocess.PIPE,
            text=True,
        )
        self.url = self._process.stdout.readline().strip()
        return self

    def __exit__(self, *exc_info):
        self._process.kill()
        self._process.wait()
        self._process.stdout.close()

    def sign_in_as(self, claims):
        """Have whoever comes from now on be this person."""
        self.change(claims=claims)

    def change(self, **rules):
        """See `Rules`. Whatever is not named is as it should be again, but claims."""
        request = urllib.request.Request(
            f"{self.url}/rules", json.dumps(rules).encode()
        )
        urllib.request.urlopen(request).close()

    def asked(self):
        """Return what it was asked so far: `[path, {field: value}]` each."""
        with urllib.request.urlopen(f"{self.url}/asked") as answer:
            return json.load(answer)

    @property
    def settings(self):
        """The provider as one of OIDC_PROVIDERS."""
        return {
            "name": "School",
            "url": self.url,
            "client_id": CLIENT_ID,
            "client_secret": CLIENT_SECRET,
        }


class Rules:
    """How it behaves. Each field but the claims breaks something."""

    claims = {"sub": "1"}
    token_claims = {}  # what the token says instead
    userinfo_claims = {}
    discovery = {}
    algorithm = "RS256"
    is_signed_by_another = False
    redirects = ""  # the path that answers with a redirect
    floods = ""  # the path whose answer does not end
    garbles = ""  # the path that answers with something else
    breaks = ""  # the path whose answer is cut off
    nests = ""  # the path whose answer is deeper than it can be read
    drips = ""  # the path whose headers come byte by byte, for some seconds


class State:
    def __init__(self):
        self.key, self.another_key = (
            rsa.generate_private_key(public_exponent=65537, key_size=2048)
            for _ in range(2)
        )
        self.rules = Rules()
        self.asked = []
        self.codes = {}

    def keys(self):
        public = jwt.algorithms.RSAAlgorithm.to_jwk(self.key.public_key(), as_dict=True)
        return {"keys": [public | {"kid": "one", "use": "sig", "alg": "RS256"}]}

    def token(self, issuer, nonce):
        rules = self.rules
        claims = {
            "iss": issuer,
            "aud": CLIENT_ID,
            "iat": int(time.time()),
            "exp": int(time.time()) + 300,
            "nonce": nonce,
        }
        claims |= rules.claims | rules.token_claims
        if rules.algorithm == "none":
            return jwt.encode(claims, None, "none", headers={"kid": "one"})
        if rules.algorithm == "HS256":
            return jwt.encode(
                claims, CLIENT_SECRET * 2, "HS256", headers={"kid": "one"}
            )
        key = self.another_key if rules.is_signed_by_another else self.key
        return jwt.encode(claims, key, rules.algorithm, headers={"kid": "one"})


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.0"

    def log_message(self, *args):
        pass

    @property
    def state(self):
        return self.server.state

    @property
    def issuer(self):
        return f"http://127.0.0.1:{self.server.server_port}"

    def do_GET(self):
        address = urlsplit(self.path)
        self.fields = {
            name: found[0] for name, found in parse_qs(address.query).items()
        }
        self._answer(address.path)

    def do_POST(self):
        body = self.rfile.read(int(self.headers["Content-Length"])).decode()
        if self.path == "/rules":
            self._set_rules(json.loads(body))
            return
        self.fields = {name: found[0] for name, found in parse_qs(body).items()}
        self._answer(self.path)

    def _set_rules(self, changes):
        claims = self.state.rules.claims
        self.state.rules = rules = Rules()
        rules.claims = claims
        vars(rules).update(changes)
        self._say({})

    def _answer(self, path):
        if path == "/asked":
            self._say(self.state.asked)
            return
        self.state.asked.append([path, self.fields])
        rules = self.state.rules
        if path == rules.redirects:
            self._redirect(f"{self.issuer}/elsewhere")
        elif path == rules.floods:
            self._flood()
        elif path == rules.garbles:
            self._say(["nothing", "of", "use"])
        elif path == rules.breaks:
            self._begin(b"{", size=1000)
        elif path == rules.nests:
            self._begin(b"[" * 100_000, size=100_000)
        elif path in ANSWERS:
            try:
                if path == rules.drips:
                    self._drip()
                getattr(self, ANSWERS[path])()
            except ConnectionError:
                pass  # they had enough
        else:
            self.send_error(404)

    def _discover(self):
        self._say(
            {
                "issuer": self.issuer,
                "authorization_endpoint": f"{self.issuer}/authorize",
                "token_endpoint": f"{self.issuer}/token",
                "userinfo_endpoint": f"{self.issuer}/userinfo",
                "jwks_uri": f"{self.issuer}/keys",
                "token_endpoint_auth_methods_supported": ["client_secret_post"],
            }
            | self.state.rules.discovery
        )

    def _authorize(self):
        """Ask nothing: whoever comes is who the rules say."""
        code = secrets.token_urlsafe()
        self.state.codes[code] = self.fields
        back = urlencode({"code": code, "state": self.fields["state"]})
        self._redirect(f"{self.fields['redirect_uri']}?{back}")

    def _token(self):
        asked = self.state.codes.pop(self.fields.get("code"), None)
        digest = hashlib.sha256(self.fields.get("code_verifier", "").encode()).digest()
        challenge = base64.urlsafe_b64encode(digest).decode().rstrip("=")
        known = (self.fields.get("client_id"), self.fields.get("client_secret"))
        if (
            asked is None
            or known != (CLIENT_ID, CLIENT_SECRET)
            or asked.get("code_challenge") != challenge
            or asked["redirect_uri"] != self.fields.get("redirect_uri")
        ):
            self.send_error(400)
            return
        token = self.state.token(self.issuer, asked.get("nonce"))
        said = {"access_token": "an access token", "token_type": "Bearer"}
        self._say(said | {"id_token": token, "expires_in": 300})

    def _userinfo(self):
        if self.headers["Authorization"] != "Bearer an access token":
            self.send_error(401)
            return
        self._say(self.state.rules.claims | self.state.rules.userinfo_claims)

    def _keys(self):
        self._say(self.state.keys())

    def _redirect(self, address):
        self.send_response(302)
        self.send_header("Location", address)
        self.end_headers()

    def _flood(self):
        self.send_response(200)
        self.send_header("Content-Type", "application/json")
        self.end_headers()
        try:
            while True:
                self.wfile.write(b" " * 65_536)
        except OSError:
            pass  # they had enough

    def _drip(self):
        self.wfile.write(b"HTTP/1.0 100 Continue\r\nX: ")
        for _ in range(DRIPS):
            self.wfile.write(b"x")
            # A pause, or less where they have hung up.
            if select.select([self.connection], [], [], DRIP_SECONDS)[0]:
                return
        self.wfile.write(b"\r\n\r\n")
        self.state.asked.append(["dripped", {}])

    def _say(self, answer):
        body = json.dumps(answer).encode()
        self._begin(body, size=len(body))

    def _begin(self, body, *, size):
        self.send_response(200)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(size))
        self.end_headers()
        self.wfile.write(body)


ANSWERS = {
    "/.well-known/openid-configuration": "_discover",
    "/authorize": "_authorize",
    "/token": "_token",
    "/userinfo": "_userinfo",
    "/keys": "_keys",
}


def main():
    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.state = State()
    sys.stdout.write(f"http://127.0.0.1:{server.server_port}\n")
    sys.stdout.flush()
    server.serve_forever()


if __name__ == "__main__":
    main()
