"""What a proxy tells the site of a visitor: the host, the scheme, the address.

The site is asked through SITE_URL what it saw of that very request. Only who knows the
secret key is told: it names machines inside.
"""

from urllib.parse import urlsplit

from django.conf import settings
from django.core.signing import BadSignature, TimestampSigner
from django.utils.translation import gettext as _

from .asking import FAILURES, fetch, site_origin
from .findings import ok, warning, wrong

PATH = "/health/seen/"
HEADER = "X-Doctor"
_SALT = "conversations.doctor.proxy"
_FRESH_SECONDS = 60


def token():
    return TimestampSigner(salt=_SALT).sign("seen")


def is_ours(value):
    """Whether `value` is a token that this site made a moment ago."""
    try:
        TimestampSigner(salt=_SALT).unsign(value, max_age=_FRESH_SECONDS)
    except BadSignature:
        return False
    return True


def seen(request):
    """Return what the site sees of `request`, as JSON takes it."""
    forwarded = request.headers.get("X-Forwarded-For", "")
    return {
        "host": request.META.get("HTTP_HOST", ""),
        "is_secure": request.is_secure(),
        "hops": len([hop for hop in forwarded.split(",") if hop.strip()]),
    }


def through_site_url():
    """Ask the site, through whatever stands before it, what it saw."""
    try:
        status, found = fetch(site_origin(), PATH, {HEADER: token()})
    except FAILURES:
        return []  # the sockets have said so
    if status != 200:
        return wrong(
            _("%(address)s does not lead to this site: HTTP %(status)d.")
            % {"address": site_origin(), "status": status},
            _("Have the proxy pass every address to the site, /health/ too."),
        )
    return judge(found)


def judge(found):
    """Say what is wrong with what the site saw: `seen` of a request."""
    return [_host(found), _scheme(found), _visitor(found)]


def _host(found):
    wanted = urlsplit(settings.SITE_URL).netloc
    if found["host"] == wanted:
        return ok(_("The site is asked by its name: %(host)s.") % {"host": wanted})
    return wrong(
        _("The site is asked for “%(seen)s”, and SITE_URL says “%(host)s”.")
        % {"seen": found["host"], "host": wanted},
        _(
            "Have the proxy pass the name: proxy_set_header Host $http_host; "
            "or write into .env the SITE_URL that people use."
        ),
    )


def _scheme(found):
    is_https = urlsplit(settings.SITE_URL).scheme == "https"
    if found["is_secure"] == is_https:
        return ok(
            _("The site knows that it is reached by https.")
            if is_https
            else _("The site is reached by http, as SITE_URL says.")
        )
    if is_https:
        return wrong(
            _("The site does not hear that people come by https: it would redirect."),
            _("Have the proxy say so: proxy_set_header X-Forwarded-Proto $scheme;"),
        )
    return wrong(
        _("People come by https, and SITE_URL says http."),
        _("Write SITE_URL=https://… into .env: it makes cookies secure."),
    )


def _visitor(found):
    hops, trusted = found["hops"], settings.ALLAUTH_TRUSTED_PROXY_COUNT
    facts = {"hops": hops, "trusted": trusted}
    if hops == trusted:
        return ok(
            _("X-Forwarded-For names %(hops)d addresses, as TRUSTED_PROXY_COUNT says.")
            % facts
        )
    told = _(
        "X-Forwarded-For names %(hops)d addresses, and TRUSTED_PROXY_COUNT is "
        "%(trusted)d."
    )
    if hops > trusted:
        return warning(
            told % facts,
            _(
                "Where the proxies are yours, write TRUSTED_PROXY_COUNT=%(hops)d into "
                ".env: now all visitors share one limit on sign-ins."
            )
            % facts,
        )
    return wrong(
        told % facts,
        _(
            "Write TRUSTED_PROXY_COUNT=%(hops)d into .env, or have the proxy pass "
            "X-Forwarded-For: now a visitor can pretend to be another."
        )
        % facts,
    )
