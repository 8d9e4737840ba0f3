"""Authenticator apps, as tests have them."""

import base64
import hmac
import secrets
import struct
import time

from allauth.mfa.totp.internal.auth import TOTP

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
