from django.conf import settings
from django.utils.cache import patch_vary_headers

from conversations import locales, tracing

from .views import health, metrics

REQUEST_ID = "X-Request-ID"
PROBES = {
    "/health": health.health_detail,
    "/health/live": health.health_live,
    "/health/ready": health.health_ready,
    "/health/seen": health.health_seen,
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


class ResponseHeadersMiddleware:
    """Put on each answer what it does not say itself: files, probes and errors too."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        response = self.get_response(request)
        for name, value in settings.RESPONSE_HEADERS.items():
            response.headers.setdefault(name, value)
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


class LocaleMiddleware:
    """Speak the reader's language and tell times in their zone.

    Behind the one that knows who they are: what they have chosen counts first.
    """

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        locale = locales.of_visitor(
            request.user,
            cookies=request.COOKIES,
            accept_language=request.headers.get("Accept-Language", ""),
        )
        with locale.active():
            response = self.get_response(request)
        response.headers.setdefault("Content-Language", locale.language)
        patch_vary_headers(response, ["Accept-Language", "Cookie"])
        return response
