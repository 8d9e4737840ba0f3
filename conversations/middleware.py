from zoneinfo import ZoneInfo, available_timezones

from django.utils import timezone

COOKIE = "time_zone"


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
