"""A mail server on loopback: what the site sends goes there by SMTP and is kept."""

import email
import logging
import queue
import re
from email import policy

from aiosmtpd.controller import Controller
from django.test import override_settings

from tests.daemon import free_port
from tests.patience import PATIENCE_SECONDS

# It would tell of every connection.
logging.getLogger("mail.log").setLevel(logging.WARNING)
LINK = re.compile(r"https?://\S+/accounts/\S+")


class Postbox:
    """Takes every mail while the block lasts."""

    def __init__(self):
        self._letters = queue.Queue()
        self._server = Controller(self, "127.0.0.1", free_port())

    def __enter__(self):
        self._server.start()
        return self

    def __exit__(self, *exc_info):
        self._server.stop()

    async def handle_DATA(self, server, session, envelope):
        letter = email.message_from_bytes(envelope.content, policy=policy.default)
        self._letters.put(letter)
        return "250 OK"

    @property
    def url(self):
        """What EMAIL_URL says of it."""
        return f"smtp://127.0.0.1:{self._server.port}"

    @property
    def settings(self):
        """The same as Django's settings."""
        return {
            "EMAIL_BACKEND": "django.core.mail.backends.smtp.EmailBackend",
            "EMAIL_HOST": "127.0.0.1",
            "EMAIL_PORT": self._server.port,
            "MAIL_IS_SET_UP": True,
        }

    def next(self):
        """Return the next mail, oldest first."""
        return self._letters.get(timeout=PATIENCE_SECONDS)

    @property
    def is_empty(self):
        return self._letters.empty()


class PostboxMixin:
    """Mixed into a TestCase: the site's mail goes to `self.postbox`."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.postbox = cls.enterClassContext(Postbox())
        cls.enterClassContext(override_settings(**cls.postbox.settings))


def link_in(letter):
    """Return the address that a mail asks to go to."""
    (link,) = LINK.findall(letter.get_content())
    return link
