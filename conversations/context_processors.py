from functools import partial

from django.conf import settings
from django.contrib.auth.models import AnonymousUser

from conversations import origins, reachability
from conversations.actions.sign_up import is_open_to
from conversations.models import Notice, Provider, SiteSettings, Terms


def site(request):
    """What every page may say of the site."""
    user = getattr(request, "user", None) or AnonymousUser()
    site_settings = SiteSettings.current()
    return {
        "site_settings": site_settings,
        "site_name": site_settings.name,
        "sign_up_mode": site_settings.sign_up_mode,
        "sign_up_open": is_open_to(),
        "mail_is_set_up": settings.MAIL_IS_SET_UP,
        "misplaced": partial(origins.misplaced, request),
        "sockets_missed": reachability.are_missed,  # asked only where it is shown
        "demo_model": Provider.is_demo_site(),
        "site_notices": partial(Notice.objects.current, user),  # asked only where shown
        "site_terms": Terms.current,
        "site_languages": settings.LANGUAGES,
    }
