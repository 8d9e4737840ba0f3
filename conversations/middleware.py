from zoneinfo import ZoneInfo, available_timezones

from django.utils import timezone

from conversations import tracing

from .views import health, metrics

COOKIE = "time_zone"
REQUEST_ID = "X-Request-ID"
PROBES = {
    "/health": health.health_detail,
    "/health/live": health.health_live,
    "/health/ready": health.health_ready,
    "/metrics": metrics.metrics_list,
}


class RequestIdMiddleware:
    """Give each request an id, its proxy's if that is sane, and tell it back."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        request_id = tracing.begin(request.headers.get(REQUEST_ID))
        response = self.get_response(request)
        response[REQUEST_ID] = request_id
        return response


class ProbeMiddleware:
    """Answer probes at once: for any host, with or without the last slash.

    They ask by IP address, they may follow no redirect or take one for a yes, and what
    they ask after may hang: nothing on their way looks at sessions or the database.
    """

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        probe = PROBES.get(request.path_info.rstrip("/"))
        return probe(request) if probe else self.get_response(request)


class TimeZoneMiddleware:
    """Tell times in the reader's zone: the one they chose, else their browser's."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        name = request.COOKIES.get(COOKIE, "")
        zone = getattr(request.user, "zone", None)
        if zone is None and name in _zones():
            zone = ZoneInfo(name)
        with timezone.override(zone):
            return self.get_response(request)


def _zones():
    """The names we know, read once: the cookie may say anything."""
    global _known
    if not _known:
        _known = available_timezones()
    return _known


_known = frozenset()
