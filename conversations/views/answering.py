"""How a verb is answered: to a script with frames, else with another page."""

from django.contrib import messages
from django.http import JsonResponse
from django.shortcuts import redirect
from django.template.loader import render_to_string
from django.utils.http import url_has_allowed_host_and_scheme


def done(request, *, frames=(), words="", undo="", then="/", **facts):
    """Say `words`, with Undo where `undo` is a token, and show what has changed.

    A script is told `facts`, too.

    A page without a script goes to `then`, or where its form says by `next`.
    """
    if not wants_frames(request):
        if words:
            messages.success(request, words, extra_tags=undo)
        return redirect(_next(request) or then)
    notice = _notice(request, "success", words, undo) if words else ""
    return JsonResponse({"frames": list(frames), "notice": notice, **facts})


def refused(request, refusal, *, then="/"):
    """Say why not."""
    if not wants_frames(request):
        messages.error(request, refusal.detail)
        return redirect(_next(request) or then)
    notice = _notice(request, "error", refusal.detail)
    return JsonResponse({"frames": [], "notice": notice}, status=422)


def wants_frames(request):
    """Whether a script asks, and shows what has changed by itself."""
    return request.headers.get("Accept") == "application/json"


def _notice(request, level, words, undo=""):
    notice = {"level_tag": level, "message": words, "extra_tags": undo}
    return render_to_string("_notices.html", {"pending": [notice]}, request)


def _next(request):
    """Return where the form wants to go on; "" for nowhere of ours."""
    address = request.POST.get("next", "")
    safe = url_has_allowed_host_and_scheme(address, {request.get_host()})
    return address if safe and address.startswith("/") else ""
