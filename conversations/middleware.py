from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.shortcuts import redirect
from django.utils.cache import patch_vary_headers

from conversations import locales, tracing
from conversations.models.factors import lacks_factor

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


# Where somebody goes who has to set up a second factor first, and what the way takes.
ON_THE_WAY = ("mfa_", "account_reauthenticate", "account_logout")


class SecondFactorMiddleware:
    """Send those who need a second factor and have none to set one up.

    Until then the pages for everybody do not know them, and all others are closed: the
    admin, too.
    """

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        return self.get_response(request)

    def process_view(self, request, view, args, kwargs):
        if not request.user.is_authenticated or not lacks_factor(request.user):
            return None
        if (request.resolver_match.url_name or "").startswith(ON_THE_WAY):
            return None
        if getattr(view, "login_required", True):
            return redirect("mfa_index")
        request.user = AnonymousUser()
        return None
