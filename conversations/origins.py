"""Where this site is, and what to say where somebody finds it at another address.

SITE_URL alone decides which hosts are answered, whose forms and sockets are taken, and
whether cookies are secure. Who has it wrong is told the line to write into `.env`, made
of nothing but the address they asked for.
"""

import logging
import re
import time
from urllib.parse import urlsplit

from channels.security.websocket import OriginValidator
from django.conf import settings
from django.http.request import split_domain_port

logger = logging.getLogger(__name__)

_PAUSE_SECONDS = 60
_ADDRESS = re.compile(r"https?://[a-z0-9.:\[\]_-]{1,255}", re.IGNORECASE)


def asked_for(request):
    """Return the origin by which `request` came, "" where that is no address."""
    forwarded = request.headers.get("X-Forwarded-Proto", "").partition(",")[0].strip()
    scheme = forwarded if forwarded in ("http", "https") else request.scheme
    return _sane(f"{scheme}://{request._get_raw_host()}")


def lines_for(origin):
    """Return the lines of `.env` with which the site would be at `origin`."""
    host, _port = split_domain_port(urlsplit(origin).netloc)
    lines = [f"SITE_URL={origin}"]
    if settings.ALLOWED_HOSTS_ARE_SET:
        lines.append(f"ALLOWED_HOSTS=…,{host}")
    return lines


def misplaced(request):
    """Return the lines to write where sockets of this page are refused, else []."""
    origin = asked_for(request)
    return lines_for(origin) if origin and origin not in settings.SITE_ORIGINS else []


def is_own_page(request, origin):
    """Whether `origin` is the host that was asked: a page of ours, told another way."""
    asked = asked_for(request)
    return bool(asked and _host(_sane(origin)) == _host(asked))


def is_sites(origin):
    """Whether a page at `origin` is this site's; ValueError for what is no address."""
    validator = OriginValidator(None, settings.SITE_ORIGINS)
    return validator.valid_origin(urlsplit(origin))


class SiteOriginValidator(OriginValidator):
    """Refuses sockets of other origins; the log says which line would let them in."""

    said_at = float("-inf")

    def valid_origin(self, parsed_origin):
        is_valid = super().valid_origin(parsed_origin)
        if not is_valid and parsed_origin is not None:
            self._say(_sane(f"{parsed_origin.scheme}://{parsed_origin.netloc}"))
        return is_valid

    def _say(self, origin):
        """Once a minute at most: anybody may send what they like."""
        now = time.monotonic()
        if origin and now - self.said_at > _PAUSE_SECONDS:
            self.said_at = now
            logger.warning(
                "A socket of a page at %s was refused. If that is where people find "
                "this site, write into .env: %s",
                origin,
                " and ".join(lines_for(origin)),
            )


def _host(origin):
    return split_domain_port(urlsplit(origin).netloc)[0]


def _sane(origin):
    """Return it as it stands in `.env`; "" for what is no address of a site."""
    try:
        urlsplit(origin)  # minds its brackets
    except ValueError:
        return ""
    return origin.lower() if _ADDRESS.fullmatch(origin) else ""
