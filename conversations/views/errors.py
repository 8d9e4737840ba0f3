"""What is said where Django itself refuses."""

from django.contrib.auth.models import AnonymousUser
from django.core.exceptions import DisallowedHost
from django.http import HttpResponse, QueryDict
from django.middleware import csrf as csrf_reasons
from django.template.loader import render_to_string
from django.views import csrf, defaults

from conversations import locales, origins

_OF_ORIGIN = csrf_reasons.REASON_BAD_ORIGIN.partition("%")[0]


def bad_request(request, exception=None):
    """Of a host that the site does not answer to, say how it would."""
    asked = origins.asked_for(request)
    if isinstance(exception, DisallowedHost) and asked:
        return _misplaced(request, asked, 400)
    # What could not be read cannot be read for this page either.
    request.POST = QueryDict()
    return defaults.bad_request(request, exception)


def csrf_failure(request, reason=""):
    """Of a page of ours at another address than SITE_URL says, say how it would do.

    A page of anybody else is refused without such advice.
    """
    origin = request.META.get("HTTP_ORIGIN", "")
    if reason.startswith(_OF_ORIGIN) and origins.is_own_page(request, origin):
        return _misplaced(request, origin.lower(), 403)
    return csrf.csrf_failure(request, reason)


def _misplaced(request, origin, status):
    """Without the request: that would ask for its host, and for who it is."""
    locale = locales.of_visitor(
        AnonymousUser(),
        cookies=request.COOKIES,
        accept_language=request.headers.get("Accept-Language", ""),
    )
    with locale.active():
        context = {"origin": origin, "lines": origins.lines_for(origin)}
        page = render_to_string("misplaced.html", context | {"status": status})
    return HttpResponse(page, status=status)
