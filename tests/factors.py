"""Authenticator apps and passkeys, as tests have them."""

import base64
import hmac
import json
import secrets
import struct
import time

from allauth.mfa.totp.internal.auth import TOTP
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from fido2.cose import ES256
from fido2.utils import sha256, websafe_encode
from fido2.webauthn import (
    AttestationObject,
    AttestedCredentialData,
    AuthenticatorData,
    CollectedClientData,
)

PERIOD_SECONDS = 30


def add_app(user):
    """Set up an authenticator app for `user`; return its secret."""
    secret = base64.b32encode(secrets.token_bytes(20)).decode()
    TOTP.activate(user, secret)
    return secret


def code_of(secret, *, steps=0):
    """Compute, by RFC 6238, what the app shows `steps` half minutes from now."""
    counter = struct.pack(">Q", int(time.time()) // PERIOD_SECONDS + steps)
    digest = hmac.digest(base64.b32decode(secret), counter, "sha1")
    at = digest[-1] & 15
    number = struct.unpack(">I", digest[at : at + 4])[0] & 0x7FFFFFFF
    return f"{number % 1_000_000:06}"


class Passkey:
    """One that says what it is told to, as of the page at `origin`.

    `is_verified` False: nobody was asked for a finger, a face or a PIN.
    """

    def __init__(self, host):
        self._id = secrets.token_bytes(16)
        self._host, self._key = host, ec.generate_private_key(ec.SECP256R1())

    def made(self, challenge, *, origin):
        """Return the credential that makes it known, as a browser spells it."""
        public = ES256.from_cryptography_key(self._key.public_key())
        known = AttestedCredentialData.create(bytes(16), self._id, public)
        facts = self._facts(AuthenticatorData.FLAG.AT, known)
        attestation = AttestationObject.create("none", facts, {})
        page = CollectedClientData.create("webauthn.create", challenge, origin)
        return self._spelled(page, attestationObject=attestation)

    def used(self, challenge, *, origin, user=b"", is_verified=True):
        """Return the credential that signs `user` in."""
        facts = self._facts(is_verified=is_verified)
        page = CollectedClientData.create("webauthn.get", challenge, origin)
        signature = self._key.sign(facts + page.hash, ec.ECDSA(hashes.SHA256()))
        return self._spelled(
            page, authenticatorData=facts, signature=signature, userHandle=user
        )

    def _facts(self, flags=0, known=b"", *, is_verified=True):
        flag = AuthenticatorData.FLAG
        flags |= flag.UP | (flag.UV if is_verified else 0)
        return AuthenticatorData.create(sha256(self._host.encode()), flags, 1, known)

    def _spelled(self, page, **said):
        said = {name: websafe_encode(value) for name, value in said.items()}
        name = websafe_encode(self._id)
        return json.dumps(
            {
                "id": name,
                "rawId": name,
                "type": "public-key",
                "clientExtensionResults": {},
                "response": said | {"clientDataJSON": websafe_encode(page)},
            }
        )
