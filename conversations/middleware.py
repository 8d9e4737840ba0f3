from urllib.parse import quote, urlencode, urlsplit

from django.conf import settings
from django.contrib.auth import middleware as auth
from django.contrib.auth.models import AnonymousUser
from django.contrib.auth.views import redirect_to_login
from django.http import QueryDict
from django.shortcuts import redirect, render, resolve_url
from django.urls import reverse
from django.utils.cache import patch_vary_headers
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.defaults import bad_request

from conversations import locales, tracing
from conversations.models.factors import lacks_factor
from conversations.rendering import clean

from .models import Terms
from .views import health, metrics, terms

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


class NulMiddleware:
    """Replace NUL, which no database takes, wherever somebody may have put one.

    In the path, the query and the fields of forms, by the sign that stands for it in
    all texts. Behind the check of the token: that reads forms as well, and who has
    none is refused before.
    """

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        request.path_info = request.path_info.replace("\0", clean("\0"))
        query = request.META["QUERY_STRING"]
        request.META["QUERY_STRING"] = query.replace("%00", quote(clean("\0")))
        return self.get_response(request)

    def process_view(self, request, view, args, kwargs):
        reads_itself = getattr(view, "csrf_exempt", False)
        if request.method != "POST" or reads_itself:
            return
        if any(
            "\0" in text for field in request.POST.lists() for text in _texts(field)
        ):
            request.POST = _without_nul(request.POST)


def _texts(field):
    name, values = field
    return [name, *values]


def _without_nul(fields):
    found = QueryDict(mutable=True)
    for field in fields.lists():
        name, *values = map(clean, _texts(field))
        found.setlist(name, values)
    return found


class HugeNumberMiddleware:
    """Refuse a number that no row can have, where SQLite breaks on it.

    Django looks whether one fits that is asked for alone, not among several.
    """

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        return self.get_response(request)

    def process_exception(self, request, exception):
        if isinstance(exception, OverflowError) and "SQLite" in str(exception):
            return bad_request(request, exception)
        return None


class LoginRequiredMiddleware(auth.LoginRequiredMiddleware):
    """Whoever was signed out and pressed a button comes back to its page.

    The button's own address takes a form only.
    """

    def handle_no_permission(self, request, view_func):
        if request.method in ("GET", "HEAD"):
            return super().handle_no_permission(request, view_func)
        sign_in = resolve_url(self.get_login_url(view_func))
        return redirect_to_login(_page_before(request), sign_in)


def _page_before(request):
    """The page of ours that the request came from, as a path."""
    address = request.headers.get("Referer", "")
    if not url_has_allowed_host_and_scheme(address, {request.get_host()}):
        return "/"
    return urlsplit(address)._replace(scheme="", netloc="").geturl() or "/"


class NoPageMiddleware:
    """Say something where Django leaves a page empty: it takes a form only."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        response = self.get_response(request)
        is_refused = response.status_code == 405 and request.method == "GET"
        if is_refused and not response.content:
            response.content = render(request, "405.html").content
        return response


class TermsMiddleware:
    """Nobody goes on before they have accepted the terms in force, whatever the verb.

    What never waits for that: leaving, with all that is one's own.
    """

    FREE = {
        "account_logout",
        "account_reauthenticate",
        "admin:logout",
        *(
            f"conversations:{name}"
            for name in (
                "terms_detail",
                "terms_accept",
                "language_choose",
                "account_remove",
                "transfer_list",
                "transfer_detail",
                "transfer_download",
                "transfer_cancel",
                "transfer_remove",
                "export_create",
                "conversation_export",
                "logo_detail",
                "accent_detail",
                "favicon_detail",
                "manifest_detail",
                "service_worker_detail",
                "offline_detail",
                "health_detail",
                "health_live",
                "health_ready",
                "metrics_list",
            )
        ),
    }

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        return self.get_response(request)

    def process_view(self, request, view, args, kwargs):
        user = request.user
        name = request.resolver_match.view_name
        # A second factor that is required comes first.
        if not user.is_authenticated or name in self.FREE or name.startswith("mfa_"):
            return None
        if Terms.owed_by(user) is None:
            return None
        if request.method == "GET" and _is_page(request):
            query = urlencode({"next": request.get_full_path()})
            return redirect(f"{reverse('conversations:terms_detail')}?{query}")
        response = terms.render_terms(request, status=403)
        response["X-Terms-Owed"] = "yes"  # for scripts: 403 has other reasons too
        return response


def _is_page(request):
    """Whether somebody goes there, rather than a script that fetches."""
    return request.headers.get("Sec-Fetch-Mode", "navigate") == "navigate"


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
