"""What makes the site one that can be installed, and opened without a network."""

import hashlib
import json

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.http import HttpResponse, JsonResponse
from django.shortcuts import redirect
from django.template.loader import render_to_string
from django.templatetags.static import static
from django.urls import reverse
from django.utils.translation import get_language, get_language_bidi
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET
from django.views.decorators.vary import vary_on_headers

from conversations.models import SiteSettings

PAGE_COLOUR = "#fbfaf7"
ICONS = [
    ("icon-192.png", "192x192", "any"),
    ("icon-512.png", "512x512", "any"),
    ("icon-maskable-512.png", "512x512", "maskable"),
]
# What a page is drawn with, the same for everybody.
SHELL = ["css/site.css", "js/app.js", "icons/icons.svg", "favicon.svg"]


@require_GET
@login_not_required
def favicon_detail(request):
    """Where a browser looks for an icon when a page names none."""
    return redirect(static("favicon.svg"))


@require_GET
@login_not_required
@vary_on_headers("Accept-Language", "Cookie")
def manifest_detail(request):
    new_chat = reverse("conversations:conversation_new")
    icons = [
        {
            "src": static(f"icons/{name}"),
            "sizes": sizes,
            "type": "image/png",
            "purpose": purpose,
        }
        for name, sizes, purpose in ICONS
    ]
    name = SiteSettings.current().name
    manifest = {
        "id": new_chat,
        "name": name,
        "short_name": name,
        "lang": get_language(),
        "dir": "rtl" if get_language_bidi() else "ltr",
        "start_url": new_chat,
        "scope": new_chat,
        "display": "standalone",
        "background_color": PAGE_COLOUR,
        "theme_color": PAGE_COLOUR,
        "icons": icons,
        "shortcuts": [{"name": _("New chat"), "url": new_chat}],
    }
    return JsonResponse(manifest, content_type="application/manifest+json")


@require_GET
@login_not_required
@vary_on_headers("Accept-Language", "Cookie")
def service_worker_detail(request):
    """The script that answers when the network does not.

    It names what it keeps, so that it is another script, and is installed anew, as soon
    as one of those files or the reader's language changes.
    """
    offline = reverse("conversations:offline_detail")
    # While the site is worked on, its files change and keep their names.
    shell = [] if settings.DEBUG else [static(name) for name in SHELL]
    kept = {"offline": offline, "shell": shell}
    version = json.dumps([kept, get_language(), _offline_page()])
    kept["name"] = f"shell-{hashlib.sha256(version.encode()).hexdigest()[:12]}"
    script = render_to_string("service-worker.js", {"kept": json.dumps(kept)})
    response = HttpResponse(script, content_type="text/javascript; charset=utf-8")
    response["Cache-Control"] = "no-cache"
    return response


@require_GET
@login_not_required
@vary_on_headers("Accept-Language", "Cookie")
def offline_detail(request):
    """What is shown without a network. It is kept: nobody's name stands on it."""
    response = HttpResponse(_offline_page())
    response["Cache-Control"] = "no-cache"
    return response


def _offline_page():
    return render_to_string("offline.html", {"site_name": SiteSettings.current().name})
