"""The one SITE_URL, and what is made of it: hosts, origins, cookies."""

from urllib.parse import urlsplit

from django.conf import settings
from django.http.request import validate_host
from django.utils.translation import gettext as _

from conversations.oidc.addresses import is_here

from .asking import site_origin
from .findings import ok, warning, wrong


def site_url():
    parts = urlsplit(settings.SITE_URL)
    facts = {"address": settings.SITE_URL}
    if parts.path.strip("/") or parts.query or parts.fragment:
        return wrong(
            _("SITE_URL has more than a host: %(address)s") % facts,
            _("Write it without a path: SITE_URL=%(origin)s")
            % {"origin": site_origin()},
        )
    if parts.scheme == "http" and not is_local():
        return warning(
            _("%(address)s is not encrypted: anybody on the way reads along.") % facts,
            _("Put a proxy with a certificate before the site and write https://."),
        )
    return ok(_("The site is at %(address)s.") % facts)


def hosts():
    host = urlsplit(settings.SITE_URL).hostname or ""
    facts = {"host": host, "hosts": ", ".join(dict.fromkeys(settings.ALLOWED_HOSTS))}
    if "*" in settings.ALLOWED_HOSTS:
        return warning(
            _("The site answers to any name: ALLOWED_HOSTS is *."),
            _("Take ALLOWED_HOSTS out of .env: SITE_URL says it."),
        )
    if not validate_host(host, settings.ALLOWED_HOSTS):
        return wrong(
            _("The site does not answer to its own name, %(host)s.") % facts,
            _("Take ALLOWED_HOSTS out of .env, or add %(host)s to it.") % facts,
        )
    return ok(_("It answers to %(hosts)s.") % facts)


def origins():
    """Whose pages may open a socket and send forms: CSRF knows the same list."""
    origin = site_origin()
    facts = {"origin": origin}
    for name in ("SITE_ORIGINS", "CSRF_TRUSTED_ORIGINS"):
        if origin not in getattr(settings, name):
            return wrong(
                _("%(name)s lacks %(origin)s: sockets or forms are refused.")
                % (facts | {"name": name}),
                _("Leave it as SITE_URL makes it."),
            )
    return ok(_("Sockets and forms are taken from pages of %(origin)s.") % facts)


def csrf():
    guard = "django.middleware.csrf.CsrfViewMiddleware"
    if guard in settings.MIDDLEWARE:
        return ok(_("Forms carry a token: no other site can send one for a visitor."))
    return wrong(
        _("Forms are not protected against other sites."),
        _("Put %(guard)s back into MIDDLEWARE.") % {"guard": guard},
    )


def cookies():
    if urlsplit(settings.SITE_URL).scheme != "https":
        return []  # site_url has said so
    if settings.SESSION_COOKIE_SECURE and settings.CSRF_COOKIE_SECURE:
        return ok(_("Cookies travel by https alone."))
    return wrong(
        _("Cookies also travel unencrypted."),
        _("Leave SESSION_COOKIE_SECURE and CSRF_COOKIE_SECURE as SITE_URL makes them."),
    )


def is_local():
    """Whether SITE_URL can be reached from this machine only."""
    return is_here(settings.SITE_URL)
