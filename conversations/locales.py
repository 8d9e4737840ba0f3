"""The language and the time zone in which somebody is spoken to."""

from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache
from types import SimpleNamespace
from zoneinfo import ZoneInfo, available_timezones

from django.conf import settings
from django.utils import timezone, translation

# Told by the browser on its first page.
ZONE_COOKIE = "time_zone"


@dataclass(frozen=True, slots=True)
class Locale:
    """`zone` is None where nobody has said: the site's own."""

    language: str
    zone: ZoneInfo | None

    @contextmanager
    def active(self):
        """Speak this language and tell these times meanwhile."""
        with translation.override(self.language), timezone.override(self.zone):
            yield


def of_visitor(user, *, cookies, accept_language=""):
    """Return the Locale of somebody who is here.

    It is what they have chosen, else what their browser says, else the site's. `user`
    may be anonymous.
    """
    asked = SimpleNamespace(
        COOKIES=cookies, META={"HTTP_ACCEPT_LANGUAGE": accept_language}
    )
    language = _chosen_language(user) or translation.get_language_from_request(asked)
    return Locale(language, _chosen_zone(user) or _zone(cookies.get(ZONE_COOKIE, "")))


def of_user(user):
    """Return the Locale of somebody who is not here: mail, work in the background."""
    language = _chosen_language(user) or settings.LANGUAGE_CODE
    return Locale(language, _chosen_zone(user))


def _chosen_language(user):
    """Return "" for who has chosen none, or one the site speaks no more."""
    language = getattr(user, "language", "")
    return language if language in dict(settings.LANGUAGES) else ""


def _chosen_zone(user):
    return _zone(getattr(user, "time_zone", ""))


def _zone(name):
    return ZoneInfo(name) if name in zone_names() else None


@cache
def zone_names():
    """Return the names we know, read once: a cookie may say anything."""
    return frozenset(available_timezones())
