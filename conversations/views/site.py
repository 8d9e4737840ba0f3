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
    site_settings = SiteSettings.current()
    logo = site_settings.logo
    if not logo:
        raise Http404
    try:
        file = logo.storage.open(logo.name)  # its own file would be everybody's
    except FileNotFoundError:
        raise Http404 from None
    response = FileResponse(file, content_type="image/webp")
    response["Cache-Control"] = _lifetime(request, site_settings.logo_url)
    response["Content-Security-Policy"] = "default-src 'none'; sandbox"
    response["X-Content-Type-Options"] = "nosniff"
    return response


@require_GET
@login_not_required
def accent_detail(request):
    """The sheet that sets the site's own colour."""
    site_settings = SiteSettings.current()
    colour = site_settings.accent_colour
    if not colour:
        raise Http404
    response = HttpResponse(accents.tokens(colour), content_type="text/css")
    response["Cache-Control"] = _lifetime(request, site_settings.accent_url)
    return response


def _lifetime(request, current_url):
    """What another process knows already is not kept as we still have it."""
    is_asked_for = request.get_full_path() == current_url
    return FOR_A_YEAR if is_asked_for else "no-cache"
