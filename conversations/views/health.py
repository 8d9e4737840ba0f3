"""For whoever supervises the site. Nothing here is anybody's secret."""

from django.contrib.auth.decorators import login_not_required
from django.http import HttpResponse, HttpResponseNotFound, JsonResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from conversations import health
from conversations.doctor import proxy


@login_not_required
@never_cache
@require_safe
def health_live(request):
    """The process answers. What else fails is not mended by starting it anew."""
    return HttpResponse("ok", content_type="text/plain")


@login_not_required
@never_cache
@require_safe
def health_ready(request):
    """Whether new visitors should be sent here: 200, or 503."""
    parts = health.examine()
    ready = health.is_ready(parts)
    return JsonResponse({"ready": ready, **parts}, status=200 if ready else 503)


@login_not_required
@never_cache
@require_safe
def health_detail(request):
    """How all parts are, for a person or a dashboard; 503 only without a database."""
    parts = health.examine()
    status = "ok" if health.is_whole(parts) else "degraded"
    works = parts["database"] == health.OK
    return JsonResponse({"status": status, **parts}, status=200 if works else 503)


@login_not_required
@never_cache
@require_safe
def health_seen(request):
    """What a proxy told of this request, for the doctor that made it."""
    if not proxy.is_ours(request.headers.get(proxy.HEADER, "")):
        return HttpResponseNotFound(content_type="text/plain")
    return JsonResponse(proxy.seen(request))
