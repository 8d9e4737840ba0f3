from ipaddress import ip_address

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.core.exceptions import DisallowedHost
from django.http import HttpResponse, HttpResponseNotFound
from django.utils.crypto import constant_time_compare
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from conversations.metrics.exposition import expose

PROXIED = ("forwarded", "x-forwarded-", "x-real-ip", "via")


@login_not_required
@never_cache
@require_safe
def metrics_list(request):
    """Every figure, for who has the token; without one set, for this machine."""
    if not may_read(request):
        return HttpResponseNotFound(content_type="text/plain")
    text, content_type = expose()
    return HttpResponse(text, content_type=content_type)


def may_read(request):
    if not settings.METRICS_TOKEN:
        return came_from_here(request)
    kind, _, token = request.headers.get("Authorization", "").partition(" ")
    return kind.lower() == "bearer" and constant_time_compare(
        token, settings.METRICS_TOKEN
    )


def came_from_here(request):
    """Whether a program on this machine asks, itself and by a name of ours.

    A proxy on this machine asks for others, and a page elsewhere may have a browser
    here ask, under that page's own name.
    """
    if any(name.lower().startswith(PROXIED) for name in request.headers):
        return False
    try:
        request.get_host()
        peer = ip_address(request.META.get("REMOTE_ADDR") or "")
    except (DisallowedHost, ValueError):
        return False
    return (getattr(peer, "ipv4_mapped", None) or peer).is_loopback
