"""The environment, read so that what is wrong in it is said in a sentence."""

import warnings
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import environ
from django.core.exceptions import ImproperlyConfigured


class Env(environ.Env):
    """Names the variable that cannot be read, and never its value: it may be secret."""

    def get_value(self, var, *args, **kwargs):
        try:
            return super().get_value(var, *args, **kwargs)
        except ValueError:
            raise ImproperlyConfigured(f"{var} has a value of another kind.") from None

    def db_url(self, var, *args, **kwargs):
        try:
            with warnings.catch_warnings(action="ignore"):  # of what is refused here
                found = super().db_url(var, *args, **kwargs)
        except ValueError:
            found = {}
        if not found.get("ENGINE"):
            raise ImproperlyConfigured(
                f"{var} cannot be read. Write it like "
                "postgres://NAME:PASSWORD@HOST/DATABASE"
            )
        return found


def site(url):
    """Return the parts of SITE_URL."""
    parts = urlsplit(url)
    if parts.scheme not in ("http", "https") or not parts.hostname:
        raise ImproperlyConfigured(
            f"SITE_URL is no address: “{url}”. Write it like https://chat.example.org"
        )
    return parts


def redis(url):
    """Return REDIS_URL, which may be empty."""
    if url and urlsplit(url).scheme not in ("redis", "rediss", "unix"):
        raise ImproperlyConfigured(
            "REDIS_URL is no address of a Redis. Write it like redis://127.0.0.1:6379/0"
        )
    return url


def time_zone(name):
    """Return TIME_ZONE."""
    try:
        ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        raise ImproperlyConfigured(
            f"TIME_ZONE is no time zone: “{name}”. Write it like Asia/Jakarta"
        ) from None
    return name
