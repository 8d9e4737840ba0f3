"""What is kept encrypted in the database: keys, the secrets of second factors."""

import base64
import hashlib

from cryptography.fernet import Fernet, MultiFernet
from django.conf import settings


def cipher(purpose):
    """Encrypt with SECRET_KEY; still read what SECRET_KEY_FALLBACKS encrypted.

    What was encrypted for one `purpose` cannot be read for another. To decrypt what no
    key of ours has encrypted raises cryptography.fernet.InvalidToken.
    """
    secrets = [settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS]
    keys = [hashlib.sha256(f"{purpose}:{s}".encode()).digest() for s in secrets]
    return MultiFernet([Fernet(base64.urlsafe_b64encode(key)) for key in keys])
