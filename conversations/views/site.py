"""What administrators have given the site to wear: its logo and its colour."""

from django.contrib.auth.decorators import login_not_required
from django.http import FileResponse, Http404, HttpResponse
from django.views.decorators.http import require_GET

from conversations import accents
from conversations.models import SiteSettings

# Their addresses name the version.
FOR_A_YEAR = "public, max-age=31536000, immutable"


@require_GET
@login_not_required
def logo_detail(request):
    """The logo, as we made it of what was uploaded."""
    logo = SiteSettings.current().logo
    if not logo:
        raise Http404
    try:
        file = logo.open()
    except FileNotFoundError:
        raise Http404 from None
    response = FileResponse(file, content_type="image/webp")
    response["Cache-Control"] = FOR_A_YEAR
    response["Content-Security-Policy"] = "default-src 'none'; sandbox"
    response["X-Content-Type-Options"] = "nosniff"
    return response


@require_GET
@login_not_required
def accent_detail(request):
    """The sheet that sets the site's own colour."""
    colour = SiteSettings.current().accent_colour
    if not colour:
        raise Http404
    response = HttpResponse(accents.tokens(colour), content_type="text/css")
    is_asked_for = request.GET.get("v") == colour[1:]
    response["Cache-Control"] = FOR_A_YEAR if is_asked_for else "no-cache"
    return response
