from django.conf import settings

from conversations import reachability


def site(request):
    """What every page may say of the site."""
    return {
        "site_name": settings.SITE_NAME,
        "sign_up_open": settings.SIGN_UP_OPEN,
        "sockets_missed": reachability.are_missed,  # asked only where it is shown
        "demo_model": not (settings.OPENAI_API_KEY or settings.OPENAI_BASE_URL),
        "site_languages": settings.LANGUAGES,
    }
